import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { criticalValue, dickeyFuller, regress } from "../../lib/strategy/cointegration.ts";
import { pairs } from "../../lib/strategy/pairs.ts";
import type { Signal, Strategy } from "../../lib/strategy/strategy.ts";
import { bar, told, view } from "./bars.ts";
import reference from "./cointegration_reference.json" with { type: "json" };

const near = (actual: number, expected: number): boolean => Math.abs(actual - expected) < 1e-9;

Deno.test("regress() and dickeyFuller() equal statsmodels", () => {
  for (const [expected, length] of [[reference.full, 120], [reference.last60, 60]] as const) {
    const logs = (prices: readonly number[]): Float64Array =>
      Float64Array.from(prices.slice(-length), Math.log);
    const fit = regress(logs(reference.a), logs(reference.b));
    ok(fit !== null);
    ok(near(fit.alpha, expected.alpha) && near(fit.beta, expected.beta));
    ok(near(fit.deviation, expected.deviation));
    ok(near(fit.residuals.at(-1) ?? NaN, expected.last));
    ok(near(dickeyFuller(fit.residuals) ?? NaN, expected.statistic));
  }
});

Deno.test("criticalValue() equals MacKinnon's as statsmodels has it", () => {
  ok(near(criticalValue(58), reference.critical["58"]));
  ok(near(criticalValue(118), reference.critical["118"]));
});

Deno.test("regress() of a price that never moves, and dickeyFuller() of no residuals, are unknown", () => {
  strictEqual(regress(Float64Array.of(1, 2, 3), Float64Array.of(5, 5, 5)), null);
  strictEqual(dickeyFuller(new Float64Array(50)), null);
  strictEqual(dickeyFuller(Float64Array.of(1, -1)), null);
});

const WINDOW = 60;

function strategy(rest: Readonly<Record<string, unknown>> = {}): Strategy {
  const created = pairs.create(pairs.parameters.parse({ window: WINDOW, ...rest }));
  created.init(["AAPL", "MSFT"]);
  return created;
}

/** MSFT wanders, AAPL is twice it with an error that swings back within a few bars: surely cointegrated. */
function prices(minute: number, error = 0.0015 * Math.sin(minute * 2.1)): [number, number] {
  const second = 100 + 5 * Math.sin(minute / 7);
  return [2 * second * (1 + error), second];
}

function pair(of: Strategy, minute: number, error?: number, held = {}): readonly Signal[] {
  const [first, second] = prices(minute, error);
  const before = of.next(bar(minute, first), view(held));
  deepStrictEqual(before, [], "half a pair decides nothing");
  return of.next(bar(minute, second, { symbol: "MSFT" }), view(held));
}

/** Warm on a window of bars. */
function warm(rest: Readonly<Record<string, unknown>> = {}): Strategy {
  const created = strategy(rest);
  for (let minute = 0; minute < WINDOW; minute++) {
    const [first, second] = prices(minute);
    created.warmUp(bar(minute, first));
    created.warmUp(bar(minute, second, { symbol: "MSFT" }));
  }
  return created;
}

Deno.test("pairs buys the first leg and sells the second when the spread is low, as one group", () => {
  const signals = pair(warm(), WINDOW, -0.0035);
  strictEqual(told(signals), "BUY enter AAPL: pair-spread-out, SELL enter MSFT: pair-spread-out");
  deepStrictEqual(signals.map(({ group }) => group), ["pair", "pair"]);
  const [first, second] = prices(WINDOW, -0.0035);
  deepStrictEqual(signals.map(({ stopPrice }) => stopPrice), [
    first - first * 5 / 100,
    second + second * 5 / 100,
  ]);
  const { zScore, statistic, critical } = signals[0]?.reason.inputs ?? {};
  ok(Number(zScore) < -2 && Number(statistic) < Number(critical));
});

Deno.test("pairs sells the first leg and buys the second when the spread is high", () => {
  const signals = pair(warm(), WINDOW, 0.0035);
  strictEqual(told(signals), "SELL enter AAPL: pair-spread-out, BUY enter MSFT: pair-spread-out");
});

Deno.test("pairs does nothing while the spread is within its bounds", () => {
  deepStrictEqual(pair(warm(), WINDOW, 0.001), []);
});

Deno.test("pairs does not enter prices that are not cointegrated, however far their spread", () => {
  const created = strategy();
  // A spread that only ever grows does not come back.
  for (let minute = 0; minute < WINDOW - 1; minute++) pair(created, minute, minute * 0.0005);
  deepStrictEqual(pair(created, WINDOW, WINDOW * 0.0005 + 0.04), []);
});

Deno.test("pairs leaves both legs when the spread is back", () => {
  const held = { AAPL: 10, MSFT: -20 };
  deepStrictEqual(pair(warm(), WINDOW, -0.0035, held), []);
  strictEqual(
    told(pair(warm(), WINDOW, 0.0001, held)),
    "SELL exit AAPL: pair-spread-back, BUY exit MSFT: pair-spread-back",
  );
});

Deno.test("pairs gives both legs up when the spread runs away", () => {
  const held = { AAPL: 10, MSFT: -20 };
  strictEqual(
    told(pair(warm(), WINDOW, -0.02, held)),
    "SELL exit AAPL: pair-spread-lost, BUY exit MSFT: pair-spread-lost",
  );
});

Deno.test("pairs closes a leg that is held alone for more than two bars", () => {
  const created = warm();
  const alone = { AAPL: 10 };
  deepStrictEqual(pair(created, WINDOW, -0.0035, alone), []);
  deepStrictEqual(pair(created, WINDOW + 1, -0.0035, alone), []);
  strictEqual(told(pair(created, WINDOW + 2, -0.0035, alone)), "SELL exit AAPL: pair-naked-leg");
});

Deno.test("pairs leaves out a bar whose partner never came", () => {
  const created = warm();
  created.next(bar(WINDOW, 300), view());
  strictEqual(
    told(pair(created, WINDOW + 1, -0.0035)),
    "BUY enter AAPL: pair-spread-out, SELL enter MSFT: pair-spread-out",
  );
});

Deno.test("pairs refuses to start without two different symbols", () => {
  const created = pairs.create(pairs.parameters.parse({}));
  throws(() => created.init(["AAPL"]), /among the symbols "AAPL": it takes two/);
  const other = pairs.create(pairs.parameters.parse({ first: "AAPL", second: "NVDA" }));
  throws(() => other.init(["AAPL", "MSFT"]), /"NVDA" is missing/);
  const same = pairs.create(pairs.parameters.parse({ first: "AAPL", second: "AAPL" }));
  throws(() => same.init(["AAPL", "MSFT"]), /with itself/);
});
