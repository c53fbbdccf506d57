import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Bar } from "../../lib/market/market.ts";
import { MICROS_PER_UNIT } from "../../lib/money.ts";
import { iceberg } from "../../lib/orders/iceberg.ts";
import { marketOrder } from "../../lib/orders/market_order.ts";
import type { Algorithm, ParentOrder } from "../../lib/orders/parent.ts";
import { pov } from "../../lib/orders/pov.ts";
import { twap } from "../../lib/orders/twap.ts";
import { execute, type LabMarket, spreadOf } from "../../lib/session/execution_lab.ts";

const SECONDS_5 = 5_000;
const HOUR = 3_600_000;

function parent(shares: number, rest: Partial<ParentOrder> = {}): ParentOrder {
  const quantity = BigInt(shares) * MICROS_PER_UNIT;
  return { side: "BUY", quantity, startMs: 0, endMs: HOUR, seed: 1, ...rest };
}

/** An hour at 100 dollars, 200 shares a bar, a cent of spread, a million shares and 1 % a day. */
function market(price: (index: number) => number = () => 100): LabMarket {
  const bars = Array.from({ length: HOUR / SECONDS_5 + 1 }, (_, index): Bar => ({
    symbol: "AAPL",
    time: index * SECONDS_5,
    durationMs: SECONDS_5,
    open: price(index),
    high: price(index) + 0.02,
    low: price(index) - 0.02,
    close: price(index),
    volume: 200,
    wap: price(index),
    count: 2,
  }));
  return { bars, dailyVolume: 1_000_000, dailyVolatility: 0.01, spread: 0.01 };
}

const near = (actual: number, expected: number): boolean => Math.abs(actual - expected) < 1e-9;

Deno.test("execute() charges half the spread and the square root of size to an order sent at once", () => {
  const { impactBps, shortfallBps, filledPart, slices } = execute(
    marketOrder,
    parent(10_000),
    market(),
  );
  // 1 % × √(10,000 ÷ 1,000,000) is 10 basis points at the end, two thirds of it on average; half a cent is 0.5.
  ok(near(impactBps, 10 * 2 / 3 + 0.5), String(impactBps));
  ok(near(shortfallBps, impactBps));
  deepStrictEqual([filledPart, slices], [1, 1]);
});

Deno.test("execute() does not make an order cheaper that is only cut up, without taking time", () => {
  const halves: Algorithm = {
    name: "HALVES",
    next: ({ quantity }, { filled }) =>
      filled >= quantity ? null : { quantity: quantity / 2n, limitPrice: null, restMs: 0 },
  };
  const once = execute(marketOrder, parent(10_000), market()).impactBps;
  const cut = execute(halves, parent(10_000), market()).impactBps;
  ok(cut < once && cut > once * 0.98, `${cut} of ${once}`);
});

Deno.test("execute() makes a large order cheaper that takes its time, for a buyer and a seller alike", () => {
  for (const side of ["BUY", "SELL"] as const) {
    const order = parent(10_000, { side });
    const once = execute(marketOrder, order, market()).impactBps;
    const slowly = execute(twap(), order, market()).impactBps;
    ok(slowly < once * 0.7, `${slowly} of ${once}`);
  }
});

Deno.test("execute() counts what the price did meanwhile in shortfall, and not in impact", () => {
  const rising = market((index) => 100 + index * 0.001);
  const { shortfallBps, impactBps } = execute(twap(), parent(10_000), rising);
  ok(
    shortfallBps - impactBps > 30 && shortfallBps - impactBps < 42,
    `${shortfallBps} ${impactBps}`,
  );
  const selling = execute(twap(), parent(10_000, { side: "SELL" }), rising);
  ok(selling.shortfallBps - selling.impactBps < -30);
});

Deno.test("execute() counts what was not filled at the price at the end", () => {
  const rising = market((index) => 100 + index * 0.001);
  const { filledPart, shortfallBps, participation } = execute(pov(0.01), parent(100_000), rising);
  ok(filledPart < 0.02);
  ok(shortfallBps > 70, "nearly all of it missed a rise of 72 basis points");
  ok(participation <= 0.01);
});

Deno.test("execute() fills a resting order only when a bar trades through it, a fifth of its volume at most", () => {
  const { filledPart, impactBps } = execute(
    iceberg(1_000n * MICROS_PER_UNIT),
    parent(40),
    market(),
  );
  strictEqual(filledPart, 1);
  ok(near(impactBps, -0.5), "it earns half the spread");
  const gone = market((index) => index === 0 ? 100 : 101);
  const still = { ...gone, bars: gone.bars.map((bar) => ({ ...bar, low: bar.open })) };
  strictEqual(
    execute(iceberg(1_000n * MICROS_PER_UNIT), parent(40, { endMs: 10_000 }), still).filledPart,
    0,
  );
});

Deno.test("execute() refuses a parent without a bar in its time", () => {
  throws(
    () => execute(marketOrder, parent(1, { startMs: 2 * HOUR, endMs: 3 * HOUR }), market()),
    /no bar/,
  );
});

Deno.test("spreadOf() knows no deviation of a single value", () => {
  deepStrictEqual(spreadOf([3]), { mean: 3, deviation: null });
  deepStrictEqual(spreadOf([1, 3]), { mean: 2, deviation: Math.SQRT2 });
});
