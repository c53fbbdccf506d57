import { ok, strictEqual } from "node:assert/strict";
import type { Bar } from "../../lib/market/market.ts";
import { Returns } from "../../lib/session/returns.ts";

const MINUTE_MS = 60_000;

function bar(symbol: string, minute: number, close: number): Bar {
  const price = { open: close, high: close, low: close, close, wap: null };
  return { symbol, time: minute * MINUTE_MS, durationMs: MINUTE_MS, ...price, volume: 1, count: 1 };
}

/** Up and down by 1 % in turn, with a third step of its own. */
const PATH = [100, 101, 100, 102, 101, 100, 103];
const closeAt = (minute: number): number => PATH[minute % PATH.length] ?? NaN;

Deno.test("symbols that move as one correlate with 1, against each other with −1", () => {
  const returns = new Returns();
  for (let minute = 0; minute < 30; minute++) {
    returns.add(bar("A", minute, closeAt(minute)));
    returns.add(bar("B", minute, closeAt(minute) * 7));
    returns.add(bar("C", minute, 1 / closeAt(minute)));
  }
  ok(Math.abs((returns.correlation("A", "B") ?? NaN) - 1) < 1e-12);
  ok((returns.correlation("A", "C") ?? NaN) < -0.99);
  strictEqual(returns.correlation("A", "X"), null);
});

Deno.test("Pearson's correlation of hand-made returns is the one by the formula", () => {
  const returns = new Returns();
  // Returns of A are +1, −1, +1, −1 … percent; those of B +1, +1, −1, −1 … : they have nothing to do with each other.
  let [a, b] = [100, 100];
  for (let minute = 0; minute <= 24; minute++) {
    returns.add(bar("A", minute, a));
    returns.add(bar("B", minute, b));
    a *= minute % 2 === 0 ? 1.01 : 0.99;
    b *= minute % 4 < 2 ? 1.01 : 0.99;
  }
  ok(Math.abs(returns.correlation("A", "B") ?? NaN) < 1e-9);
});

Deno.test("only bars that both have are compared, and fewer than 20 returns say nothing", () => {
  const returns = new Returns();
  for (let minute = 0; minute < 30; minute++) {
    returns.add(bar("A", minute, closeAt(minute)));
    if (minute !== 11) returns.add(bar("B", minute, closeAt(minute)));
    if (minute >= 10) returns.add(bar("LATE", minute, closeAt(minute)));
    returns.add(bar("STILL", minute, 100));
  }
  ok(Math.abs((returns.correlation("A", "B") ?? NaN) - 1) < 1e-12);
  strictEqual(returns.correlation("A", "LATE"), null);
  strictEqual(returns.correlation("A", "STILL"), null);
});

Deno.test("old bars are forgotten: what moved as one long ago need not today", () => {
  const returns = new Returns();
  for (let minute = 0; minute < 600; minute++) {
    returns.add(bar("A", minute, closeAt(minute)));
    returns.add(bar("B", minute, minute < 300 ? closeAt(minute) : 1 / closeAt(minute)));
  }
  ok((returns.correlation("A", "B") ?? NaN) < -0.99);
});
