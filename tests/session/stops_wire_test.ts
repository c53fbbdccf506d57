import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { formatMicros, toNumber } from "../../lib/money.ts";
import { Market } from "../../lib/simulator/market.ts";
import { listingOf } from "../../lib/simulator/universe.ts";
import { decodeRequest } from "../../lib/wire/requests.ts";
import { at, DATE, DAY } from "./run.ts";
import { scripted, want } from "./scripted.ts";
import { minuteBars, overTcp, type World } from "./wire.ts";

/** Stops at the simulated Gateway, over the real wire and through the real client. */

/** Buys in the fifth minute, with its stop at 98. */
const BUYER = scripted((minute) => minute === 5 ? [want("enter", 98)] : []);
const SELLER = scripted((minute) => minute === 5 ? [{ ...want("enter", 102), side: "SELL" }] : []);
const flat = (minutes: number, price: number): number[] => Array<number>(minutes).fill(price);

/** `SELL 97.9` for each fill of the Gateway, and how many seconds after the open. */
function fills({ gateway }: World): { said: string; second: number }[] {
  return gateway.truth().executions.map(({ side, price, timeMs }) => ({
    said: `${side} ${formatMicros(price)}`,
    second: (timeMs - DAY.opensAt) / 1_000,
  }));
}

/** Where each placeOrder frame that reached the Gateway put the stop, oldest first. */
function stopFrames({ journal }: World): string[] {
  return journal.flatMap((line) => {
    if (line.kind !== "in" || line.fields[0] !== "3") return [];
    const request = decodeRequest([...line.fields], 178);
    return request.type === "placeOrder" && request.order.orderType === "STP"
      ? [`${request.orderId} ${formatMicros(request.order.auxPrice ?? 0n)}`]
      : [];
  });
}

/** The second after the open at which the market first prints at or below this price. */
function firstPrintAt(bars: ReturnType<typeof minuteBars>, price: number): number {
  const recorded = (symbol: string, date: string) => symbol === "AAPL" && date === DATE ? bars : [];
  const apple = listingOf("AAPL");
  const day = apple && new Market({ seed: 1, stepMs: 1_000, recorded }).day(apple, DATE);
  const step = day?.lowE4.findIndex((low, at) =>
    (day.count[at] ?? 0) > 0 && low <= Math.round(price * 10_000)
  );
  if (step === undefined || step < 0) throw new Error(`Nothing prints at ${price}`);
  return step + 1;
}

Deno.test("S1, S2: long at 100 with its stop at 98 at the broker, 97.9 prints: sold within 2 s, at the market's price, and the books show it", async () => {
  const bars = minuteBars([...flat(11, 100), 97.9, ...flat(5, 97.9)]);
  await overTcp(bars, async (world) => {
    const ledger = openLedger(":memory:");
    await world.session({ ledger, chosen: BUYER, untilMinute: 14 });
    const [bought, sold, ...others] = fills(world);
    ok(bought !== undefined && sold !== undefined && others.length === 0);
    ok(bought.said.startsWith("BUY 100"), bought.said);
    const late = sold.second - firstPrintAt(bars, 98);
    ok(late >= 0 && late <= 2, `${late} s`);
    const price = Number(sold.said.split(" ")[1]);
    ok(price <= 98 && price > 97.5, sold.said);
    deepStrictEqual(world.gateway.truth().positions, []);
    const entries = [...ledger.read()];
    deepStrictEqual(
      bodiesOf(entries, "execution").map(({ side, price }) => `${side} ${formatMicros(price)}`),
      [bought.said, sold.said],
    );
  });
});

Deno.test("S9: the session is dead when the price gaps through the stop: the broker sells, the next session books it", async () => {
  const bars = minuteBars([...flat(11, 100), 96, ...flat(10, 96)]);
  await overTcp(bars, async (world) => {
    const ledger = openLedger(":memory:");
    await world.session({ ledger, chosen: BUYER, untilMinute: 8 });
    const held = world.gateway.truth().positions;
    strictEqual(held.length, 1);
    await new Promise<void>((resolve) => world.clock.at(at(15), resolve));
    deepStrictEqual(world.gateway.truth().positions, []);
    await world.session({ ledger, chosen: BUYER, untilMinute: 18 });
    const entries = [...ledger.read()];
    deepStrictEqual(bodiesOf(entries, "reconciled").at(-1)?.differences, []);
    deepStrictEqual(bodiesOf(entries, "execution").map(({ side }) => side), ["BUY", "SELL"]);
    strictEqual(world.gateway.truth().orders.length, 2);
  });
});

const RISE_AND_FALL = minuteBars([
  ...flat(8, 100),
  ...Array.from({ length: 20 }, (_, n) => 100 + (n + 1) * 0.25),
  ...Array.from({ length: 20 }, (_, n) => 105 - (n + 1) * 0.25),
]);

Deno.test("a trailing stop over the wire: the frames, the Gateway's order and the ledger agree, and it is one order", async () => {
  await overTcp(RISE_AND_FALL, async (world) => {
    const ledger = openLedger(":memory:");
    const toml = '[risk]\nstop_rule = "trailing"\n';
    await world.session({ ledger, chosen: BUYER, toml, untilMinute: 45 });
    const entries = [...ledger.read()];
    const changed = bodiesOf(entries, "order-changed");
    deepStrictEqual([...new Set(changed.map(({ rule }) => rule))], ["trailing"]);
    const [placed, ...moved] = stopFrames(world);
    // 1 asked for the margin, 2 is the entry.
    strictEqual(placed, "3 98");
    deepStrictEqual(moved, changed.map(({ auxPrice }) => `3 ${formatMicros(auxPrice ?? 0n)}`));
    const prices = changed.map(({ auxPrice }) => toNumber(auxPrice ?? 0n));
    ok(prices.length > 5 && prices.every((price, n) => n === 0 || price > (prices[n - 1] ?? 0)));
    strictEqual(world.gateway.truth().orders.length, 2);
    const sold = Number(fills(world)[1]?.said.split(" ")[1]);
    ok(sold <= (prices.at(-1) ?? 0) && sold > 102, `${sold} after ${prices.at(-1)}`);
  });
});

Deno.test("a short position's trailing stop over the wire comes down and buys back", async () => {
  const mirrored = RISE_AND_FALL.map((bar) => ({
    ...bar,
    open: 200 - bar.open,
    close: 200 - bar.close,
    high: 200 - bar.low,
    low: 200 - bar.high,
  }));
  await overTcp(mirrored, async (world) => {
    const ledger = openLedger(":memory:");
    const toml = '[risk]\nallow_short = true\nstop_rule = "trailing"\n';
    await world.session({ ledger, chosen: SELLER, toml, untilMinute: 45 });
    const changed = bodiesOf([...ledger.read()], "order-changed");
    const prices = changed.map(({ auxPrice }) => toNumber(auxPrice ?? 0n));
    ok(prices.length > 5 && prices.every((price, n) => n === 0 || price < (prices[n - 1] ?? 0)));
    deepStrictEqual(world.gateway.truth().positions, []);
    ok(Number(fills(world)[1]?.said.split(" ")[1]) < 98);
  });
});

class KilledError extends Error {
  override readonly name = "KilledError";
}

/**
 * The process dies with its n-th change of a stop: before it is written down, after that but before the wire, or once
 * it is on the wire and nothing was heard of it.
 */
function dyingWithChange(inner: Ledger, nth: number, when: "before" | "after" | "sent"): Ledger {
  let changes = 0;
  let isDead = false;
  const append: Ledger["append"] = (sessionId, atMs, bodies) => {
    const isIt = bodies.some(({ kind }) => kind === "order-changed") && ++changes === nth;
    isDead ||= isIt && when === "before";
    if (isDead) throw new KilledError(`Killed ${when}`);
    const entries = inner.append(sessionId, atMs, bodies);
    isDead = isIt;
    if (isIt && when === "after") throw new KilledError("Killed after the ledger");
    return entries;
  };
  return new Proxy(inner, {
    get: (target, name) => {
      if (name === "append") return append;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

const DEATHS = {
  before: { title: "before the change was written down", frames: 5, first: "trailing" },
  after: { title: "between the ledger and the wire", frames: 5, first: "broker" },
  sent: { title: "after the wire, before the answer", frames: 6, first: "trailing" },
} as const;

for (const when of ["before", "after", "sent"] as const) {
  const { title, frames, first } = DEATHS[when];
  Deno.test(`over the wire, killed ${title}: the restart ends with the tighter stop, one order`, async () => {
    await overTcp(RISE_AND_FALL, async (world) => {
      const ledger = openLedger(":memory:");
      const toml = '[risk]\nstop_rule = "trailing"\n';
      const dying = dyingWithChange(ledger, 5, when);
      await rejects(world.session({ ledger: dying, chosen: BUYER, toml }), KilledError);
      strictEqual(stopFrames(world).length, frames);
      const before = bodiesOf([...ledger.read()], "order-changed");
      await world.session({ ledger, chosen: BUYER, toml, untilMinute: 45 });
      const changed = bodiesOf([...ledger.read()], "order-changed");
      strictEqual(changed[before.length]?.rule, first);
      const last = changed.at(-1)?.auxPrice ?? 0n;
      ok(last > (before.at(-1)?.auxPrice ?? 0n));
      strictEqual(stopFrames(world).at(-1), `3 ${formatMicros(last)}`);
      strictEqual(world.gateway.truth().orders.length, 2);
      deepStrictEqual(world.gateway.truth().positions, []);
    });
  });
}
