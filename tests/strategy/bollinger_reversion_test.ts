import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { bollingerReversion } from "../../lib/strategy/bollinger_reversion.ts";
import type { Strategy } from "../../lib/strategy/strategy.ts";
import { answers, bar, told, view } from "./bars.ts";

/** Bands of 5 bars one deviation wide, RSI of 3 bars below 30. */
function strategy(rest: Readonly<Record<string, unknown>> = {}): Strategy {
  const created = bollingerReversion.create(
    bollingerReversion.parameters.parse({ length: 5, width: 1, rsiLength: 3, ...rest }),
  );
  created.init(["AAPL"]);
  return created;
}

const QUIET = Array.from({ length: 16 }, (_, index) => 100 + (index % 2) * 0.2);

Deno.test("bollinger-reversion buys a close below the lower band while RSI is low", () => {
  const said = answers(strategy(), [...QUIET, 98]);
  strictEqual(said.at(-1), "BUY enter AAPL: bollinger-oversold");
  ok(said.slice(0, -1).every((one) => one === ""));
});

Deno.test("bollinger-reversion gives the numbers it saw, and a stop three average ranges below", () => {
  const one = strategy();
  for (const [minute, close] of QUIET.entries()) one.next(bar(minute, close), view());
  const [signal] = one.next(bar(16, 98), view());
  // The last five closes are 100.2, 100, 100.2, 100 … and 98.
  const closes = [...QUIET.slice(-4), 98];
  const mean = closes.reduce((sum, close) => sum + close, 0) / 5;
  const { middle, rsi, atr } = signal?.reason.inputs ?? {};
  ok(Math.abs(Number(middle) - mean) < 1e-9);
  ok(Number(rsi) < 30);
  strictEqual(signal?.stopPrice, 98 - 3 * Number(atr));
});

Deno.test("bollinger-reversion does not buy below the band while RSI is not low", () => {
  strictEqual(answers(strategy({ rsiBelow: 1 }), [...QUIET, 98]).at(-1), "");
});

Deno.test("bollinger-reversion enters a dip once, however long it lasts", () => {
  const said = answers(strategy(), [...QUIET, 98, 96, 93]);
  deepStrictEqual(said.slice(-3), ["BUY enter AAPL: bollinger-oversold", "", ""]);
});

Deno.test("bollinger-reversion sells what it holds once a close is back at the middle band", () => {
  const one = strategy();
  for (const [minute, close] of QUIET.entries()) one.next(bar(minute, close), view());
  strictEqual(told(one.next(bar(16, 98), view({ AAPL: 0 }))), "BUY enter AAPL: bollinger-oversold");
  strictEqual(told(one.next(bar(17, 98.5), view({ AAPL: 10 }))), "");
  strictEqual(told(one.next(bar(18, 100), view({ AAPL: 10 }))), "SELL exit AAPL: bollinger-middle");
});

Deno.test("bollinger-reversion states its warm-up: the longest of bands, RSI and range", () => {
  strictEqual(strategy().warmupBars, 15);
  strictEqual(strategy({ length: 40 }).warmupBars, 40);
});
