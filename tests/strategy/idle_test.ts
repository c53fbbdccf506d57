import { strictEqual } from "node:assert/strict";
import { chooseStrategy } from "../../lib/strategy/registry.ts";
import type { Strategy } from "../../lib/strategy/strategy.ts";
import { bar, view } from "./bars.ts";

/** What each strategy says of a symbol it does nothing about. */

function started(name: string, given: Readonly<Record<string, unknown>>): Strategy {
  const strategy = chooseStrategy(name, given).create();
  strategy.init(["AAPL", "MSFT"]);
  return strategy;
}

/** What is said after AAPL closed at these prices, minute by minute from the open. */
function said(strategy: Strategy, closes: readonly number[]): string | undefined {
  closes.forEach((close, index) => strategy.next(bar(index, close), view()));
  return strategy.idle?.("AAPL");
}

Deno.test("sma-crossover says where its two averages stand", () => {
  const strategy = started("sma-crossover", { fast: 2, slow: 3, stop: "percent" });
  strictEqual(said(strategy, [10, 11]), "the averages are not filled yet");
  strictEqual(
    said(strategy, [12, 13]),
    "the average of the last 2 closes (12.5000) did not cross: " +
      "it is above the average of the last 3 (12.0000)",
  );
});

Deno.test("opening-range says how much of the range is covered, and then where it lies", () => {
  const strategy = started("opening-range", { rangeMinutes: 5 });
  strictEqual(said(strategy, [100, 101]), "bars covered 2 of the first 5 minutes");
  const whole = started("opening-range", { rangeMinutes: 5 });
  strictEqual(
    said(whole, [100, 101, 102, 101, 100, 101]),
    "no close left the range from 99.5 to 102.5 in time for an entry",
  );
});

Deno.test("bollinger-reversion says where its bands and the RSI stand", () => {
  const strategy = started("bollinger-reversion", { length: 3, rsiLength: 2 });
  strictEqual(said(strategy, [100]), "the bands are not filled yet");
  strictEqual(
    said(strategy, [100, 103, 100]),
    "not newly oversold: the bands are at 98.1716, 101.0000 and 103.8284, the RSI at 33.3333",
  );
});

Deno.test("donchian-momentum says which closes would act", () => {
  const strategy = started("donchian-momentum", { entryLength: 3, exitLength: 2, atrLength: 2 });
  strictEqual(said(strategy, [100]), "the channels are not filled yet");
  strictEqual(
    said(strategy, [101, 102, 101]),
    "no close left the channels: above 102.5 would enter, below 100.5 exit",
  );
});

Deno.test("pairs says how far the spread is, and of other symbols that they are not its own", () => {
  const strategy = started("pairs", { window: 30 });
  strictEqual(strategy.idle?.("AAPL"), "the window of both legs is not filled yet");
  strictEqual(strategy.idle?.("NVDA"), "it is not one of the pair AAPL and MSFT");
});
