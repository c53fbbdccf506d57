import assert from "node:assert/strict";
import type { Bar } from "../../lib/market/market.ts";
import { fromNumber, MICROS_PER_UNIT, parseMicros, toNumber } from "../../lib/money.ts";
import { Random } from "../../lib/simulator/random.ts";
import type { WireOrder } from "../../lib/wire/order.ts";
import { at, DATE, placing, withGateway } from "./raw_client.ts";

const MINUTE = 60_000;
const STEP = 5_000;
const MINUTES = 120;

/** Two hours of minutes that jump about, with gaps between one bar's close and the next one's open. */
function walk(random: Random): Bar[] {
  const cents = (dollars: number): number => Math.round(dollars * 100) / 100;
  let price = 100;
  return Array.from({ length: MINUTES }, (_, minute) => {
    const open = cents(price + random.normal() * 0.2);
    const close = cents(open + random.normal() * 0.3);
    const high = cents(Math.max(open, close) + random.next() * 0.3);
    const low = cents(Math.min(open, close) - random.next() * 0.3);
    price = close;
    const head = { symbol: "AAPL", time: at("09:30") + minute * MINUTE, durationMs: MINUTE };
    return { ...head, open, high, low, close, volume: 20_000, wap: null, count: 50 };
  });
}

function anyOrder(random: Random, price: number): Partial<WireOrder> {
  const pick = <T>(...choices: readonly T[]): T => {
    const chosen = choices[Math.floor(random.next() * choices.length)];
    assert.ok(chosen !== undefined);
    return chosen;
  };
  const near = (): bigint => fromNumber(Math.round((price + random.normal() * 0.4) * 100) / 100);
  const base = {
    action: pick("BUY", "SELL"),
    totalQuantity: BigInt(1 + Math.floor(random.next() * 300)) * MICROS_PER_UNIT,
  };
  return pick<() => Partial<WireOrder>>(
    () => ({ ...base, orderType: "MKT" }),
    () => ({ ...base, orderType: "LMT", lmtPrice: near() }),
    () => ({ ...base, orderType: "LMT", lmtPrice: near(), displaySize: 1 }),
    () => ({ ...base, orderType: "LMT", lmtPrice: near(), hidden: true }),
    () => ({ ...base, orderType: "LMT", lmtPrice: near(), tif: "IOC" }),
    () => ({ ...base, orderType: "STP", auxPrice: near() }),
    () => ({ ...base, orderType: "STP LMT", auxPrice: near(), lmtPrice: near() }),
    () => ({ ...base, orderType: "MIT", auxPrice: near() }),
    () => ({ ...base, orderType: "TRAIL", auxPrice: parseMicros("0.3") }),
    () => ({ ...base, orderType: "MKT", algoStrategy: "Adaptive" }),
    () => ({ ...base, orderType: "MKT", algoStrategy: "Twap" }),
  )();
}

for (const seed of [1, 2, 3]) {
  Deno.test(`recorded bars, seed ${seed}: no fill of any kind of order is better than its bar allows`, async () => {
    const random = Random.seeded(seed);
    const bars = walk(random);
    const recorded = (symbol: string, date: string): readonly Bar[] =>
      symbol === "AAPL" && date === DATE ? bars : [];
    await withGateway({ from: "09:29", recorded }, async ({ connect, clock, gateway }) => {
      const client = await connect();
      await client.reply("nextValidId");
      for (let orderId = 1; clock.now() < at("11:30"); orderId++) {
        const now = bars.findLast(({ time }) => time <= clock.now())?.close ?? 100;
        client.send(placing(orderId, "AAPL", anyOrder(random, now)));
        await client.pass(20_000 * random.next());
      }
      const { executions } = gateway.truth();
      assert.ok(executions.length > 200, `${executions.length} fills`);
      for (const { side, price, timeMs, execId } of executions) {
        // Fills come at the end of a step, or meet the quote that the last one left.
        const around = bars.filter(({ time }) => time < timeMs && timeMs <= time + MINUTE + STEP);
        const dollars = toNumber(price);
        const isFair = side === "BUY"
          ? dollars >= Math.min(...around.map(({ low }) => low))
          : dollars <= Math.max(...around.map(({ high }) => high));
        assert.ok(isFair, `${execId} ${side} ${dollars} at ${new Date(timeMs).toISOString()}`);
      }
    });
  });
}
