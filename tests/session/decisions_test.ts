import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import type { Bar } from "../../lib/market/market.ts";
import { Decisions } from "../../lib/session/decisions.ts";
import type { Signal, Strategy } from "../../lib/strategy/strategy.ts";
import { at, run } from "./run.ts";

function bar(symbol: string, minute: number): Bar {
  const prices = { open: 1, high: 1, low: 1, close: 1, wap: 1 };
  return { symbol, time: at(minute), durationMs: 60_000, ...prices, volume: 1, count: 1 };
}

const BUY: Signal = {
  symbol: "AAPL",
  side: "BUY",
  purpose: "enter",
  stopPrice: 1,
  reason: { rule: "test", text: "it is Friday", inputs: {} },
};

const silent: Strategy = { warmupBars: 0, init: () => {}, warmUp: () => {}, next: () => [] };

Deno.test("Decisions counts bars, answers and late bars, and keeps the last word on each symbol", () => {
  const decisions = new Decisions();
  decisions.add(bar("AAPL", 0), { signals: [], isLate: false });
  decisions.add(bar("AAPL", 1), { signals: [BUY], isLate: false });
  decisions.add(bar("MSFT", 1), { signals: [BUY], isLate: true });
  decisions.add(bar("NVDA", 1), { signals: [], isLate: false });
  const talkative = { ...silent, idle: (symbol: string) => `${symbol} stands still` };
  deepStrictEqual(decisions.summary(talkative), [
    {
      symbol: "AAPL",
      bars: 2,
      withSignal: 1,
      late: 0,
      lastBarAt: at(2),
      last: "enter BUY AAPL, because it is Friday",
    },
    {
      symbol: "MSFT",
      bars: 1,
      withSignal: 1,
      late: 1,
      lastBarAt: at(2),
      last: "nothing, because the bar came too late to act on",
    },
    {
      symbol: "NVDA",
      bars: 1,
      withSignal: 0,
      late: 0,
      lastBarAt: at(2),
      last: "nothing, because NVDA stands still",
    },
  ]);
  strictEqual(decisions.summary(silent)[2]?.last, "nothing, because the strategy does not say");
});

Deno.test("a session says once what became of its bars, and of the newest one why nothing", async () => {
  const { entries } = await run({ path: () => 100 });
  const summaries = bodiesOf(entries, "decisions-summary");
  strictEqual(summaries.length, 1);
  const [aapl, ...others] = summaries[0]?.symbols ?? [];
  deepStrictEqual(others, []);
  deepStrictEqual([aapl?.symbol, aapl?.bars, aapl?.withSignal, aapl?.late], ["AAPL", 389, 0, 0]);
  match(
    aapl?.last ?? "",
    /^nothing, because the average of the last 10 closes \(100.0000\) did not cross/,
  );
  strictEqual(entries.at(-1)?.body.kind, "session-closed");
});
