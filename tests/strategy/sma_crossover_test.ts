import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Bar } from "../../lib/market/market.ts";
import { smaCrossover } from "../../lib/strategy/sma_crossover.ts";
import type { Signal, Strategy, View } from "../../lib/strategy/strategy.ts";

const OPEN = Date.parse("2026-11-20T14:30:00Z");
const MINUTE = 60_000;

function bar(index: number, close: number, symbol = "AAPL"): Bar {
  return {
    symbol,
    time: OPEN + index * MINUTE,
    durationMs: MINUTE,
    open: close,
    high: close + 0.5,
    low: close - 0.5,
    close,
    volume: 1_000,
    wap: close,
    count: 10,
  };
}

function view(held: number): View {
  return { now: OPEN, quote: () => null, position: () => held };
}

/** Averages of 2 and 3 closes, stop 2 % below the close. */
function strategy(rest: Readonly<Record<string, unknown>> = {}): Strategy {
  const created = smaCrossover.create(
    smaCrossover.parameters.parse({ fast: 2, slow: 3, stop: "percent", ...rest }),
  );
  created.init(["AAPL", "MSFT"]);
  return created;
}

function decide(of: Strategy, closes: readonly number[], held = 0): readonly (readonly Signal[])[] {
  return closes.map((close, index) => of.next(bar(index, close), view(held)));
}

Deno.test("sma-crossover buys on the bar where the fast average crosses above, with its numbers", () => {
  const decisions = decide(strategy(), [103, 102, 101, 100, 104]);
  deepStrictEqual(decisions.slice(0, 4), [[], [], [], []]);
  deepStrictEqual(decisions[4], [{
    symbol: "AAPL",
    side: "BUY",
    purpose: "enter",
    stopPrice: 104 - 2.08,
    reason: {
      rule: "sma-cross-above",
      text:
        "The average of the last 2 closes (102.0000) crossed above the average of the last 3 (101.6667)",
      inputs: { close: 104, fast: 2, slow: 3, fastSma: 102, slowSma: 305 / 3, atr: "unknown" },
    },
  }]);
});

Deno.test("sma-crossover sells what it holds on the bar where the fast average crosses below", () => {
  const [signal] = decide(strategy(), [100, 101, 102, 103, 99], 100)[4] ?? [];
  strictEqual(signal?.side, "SELL");
  strictEqual(signal?.purpose, "exit");
  strictEqual(signal?.stopPrice, null);
  strictEqual(signal?.reason.rule, "sma-cross-below");
});

Deno.test("sma-crossover takes back an entry that was never filled", () => {
  const decisions = decide(strategy(), [103, 102, 101, 100, 104, 104, 90]);
  strictEqual(decisions[4]?.[0]?.purpose, "enter");
  strictEqual(decisions[6]?.[0]?.purpose, "exit");
});

Deno.test("sma-crossover says nothing on a cross below when it never wanted in and holds nothing", () => {
  deepStrictEqual(decide(strategy(), [100, 101, 102, 103, 99]), [[], [], [], [], []]);
});

Deno.test("sma-crossover does not buy again while it holds, nor a symbol that is held short", () => {
  deepStrictEqual(decide(strategy(), [103, 102, 101, 100, 104], 100).flat(), []);
  deepStrictEqual(decide(strategy(), [103, 102, 101, 100, 104], -100).flat(), []);
});

Deno.test("sma-crossover counts no crossing before the slow average exists", () => {
  deepStrictEqual(decide(strategy(), [100, 90, 120]).flat(), []);
});

Deno.test("sma-crossover keeps the last side through equal averages", () => {
  // Averages touch at the fourth bar (101 and 101), from below and then up: one crossing, on the fifth.
  const up = decide(strategy(), [103, 102, 100, 102, 104]);
  deepStrictEqual(up.map((signals) => signals.length), [0, 0, 0, 0, 1]);
  // They touch and fall back: none.
  const back = decide(strategy(), [104, 102, 100, 102, 98]);
  deepStrictEqual(back.flat(), []);
});

Deno.test("sma-crossover takes a difference below 1e-9 for equality", () => {
  const noise = decide(strategy(), [0.3, 0.2, 0.1, 0.2 + 1e-12, 0.3 - 0.1 + 1e-12, 0.2]);
  deepStrictEqual(noise.flat().map((signal) => signal.purpose), ["enter"]);
});

Deno.test("sma-crossover warms up on history without signalling, and goes on from there", () => {
  const warm = strategy();
  for (const [index, close] of [103, 102, 101, 100].entries()) warm.warmUp(bar(index, close));
  strictEqual(warm.next(bar(4, 104), view(0)).length, 1);
});

Deno.test("sma-crossover keeps symbols apart", () => {
  const both = strategy();
  for (const [index, close] of [103, 102, 101, 100].entries()) {
    both.next(bar(index, close), view(0));
    both.next(bar(index, 50, "MSFT"), view(0));
  }
  deepStrictEqual(both.next(bar(4, 50, "MSFT"), view(0)), []);
  strictEqual(both.next(bar(4, 104), view(0)).length, 1);
});

Deno.test("sma-crossover states its warm-up: the slow average, and the true ranges its stop needs", () => {
  strictEqual(strategy().warmupBars, 3);
  strictEqual(strategy({ stop: "atr" }).warmupBars, 15);
  strictEqual(smaCrossover.create(smaCrossover.parameters.parse({})).warmupBars, 30);
});

Deno.test("sma-crossover puts an ATR stop the stated number of ranges below the close", () => {
  const atr = strategy({ stop: "atr", stopAtr: 2 });
  // Constant closes with bars one dollar high: the average true range is 1.
  for (let index = 0; index < 20; index++) atr.warmUp(bar(index, 100));
  atr.next(bar(20, 99), view(0));
  const [signal] = atr.next(bar(21, 102), view(0));
  // True ranges since: 1.5 (99.5 − 98.5 stretched to 100) and 3.5 (102.5 − 99).
  const first = (1 * 13 + 1.5) / 14;
  strictEqual(signal?.stopPrice, 102 - 2 * ((first * 13 + 3.5) / 14));
});
