import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import type { Bar } from "../../lib/market/market.ts";
import { Decisions } from "../../lib/session/decisions.ts";
import type { Signal, Strategy } from "../../lib/strategy/strategy.ts";
import { StrategyStoppedError } from "../../lib/strategy/strategy_error.ts";
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

const talkative = { ...silent, idle: (symbol: string) => `${symbol} stands still` };

Deno.test("Decisions counts bars, answers and late bars, and keeps the last word on each symbol", () => {
  const decisions = new Decisions(talkative);
  decisions.add(bar("AAPL", 0), { signals: [], isLate: false });
  decisions.add(bar("AAPL", 1), { signals: [BUY], isLate: false });
  decisions.add(bar("MSFT", 1), { signals: [BUY], isLate: true });
  decisions.add(bar("NVDA", 1), { signals: [], isLate: false });
  const bought = "enter BUY AAPL, because it is Friday";
  const late = "nothing, because the bar came too late to act on";
  const still = "nothing, because NVDA stands still";
  const alone = (minute: number, answer: string): unknown => ({
    from: at(minute + 1),
    to: at(minute + 1),
    bars: 1,
    answer,
  });
  deepStrictEqual(decisions.take(), [
    {
      symbol: "AAPL",
      bars: 2,
      withSignal: 1,
      late: 0,
      lastBarAt: at(2),
      last: bought,
      spans: [alone(0, "nothing, because AAPL stands still"), alone(1, bought)],
    },
    {
      symbol: "MSFT",
      bars: 1,
      withSignal: 1,
      late: 1,
      lastBarAt: at(2),
      last: late,
      spans: [alone(1, late)],
    },
    {
      symbol: "NVDA",
      bars: 1,
      withSignal: 0,
      late: 0,
      lastBarAt: at(2),
      last: still,
      spans: [alone(1, still)],
    },
  ]);
});

/** What was said of AAPL: the bars of each span, and its answer. */
function spansOf(decisions: Decisions): unknown {
  return decisions.take()[0]?.spans.map(({ bars, answer }) => `${bars} ${answer}`);
}

Deno.test("every bar's answer is in one of the spans, with where the rule stood when it began", () => {
  let asked = 0;
  const decisions = new Decisions({ ...silent, idle: () => `asked ${++asked} times` });
  for (let minute = 0; minute < 390; minute++) {
    const signals = minute === 100 || minute === 101 ? [BUY] : [];
    decisions.add(bar("AAPL", minute), { signals, isLate: minute >= 380 });
  }
  deepStrictEqual(spansOf(decisions), [
    "100 nothing, because asked 1 times",
    "1 enter BUY AAPL, because it is Friday",
    "1 enter BUY AAPL, because it is Friday",
    "278 nothing, because asked 2 times",
    "10 nothing, because the bar came too late to act on",
  ]);
  strictEqual(asked, 2);
});

Deno.test("a strategy that signals all day does not flood the ledger, and no bar is lost count of", () => {
  const decisions = new Decisions(silent);
  for (let minute = 0; minute < 1_000; minute++) {
    decisions.add(bar("AAPL", minute), { signals: minute % 2 === 0 ? [BUY] : [], isLate: false });
  }
  const [{ spans, bars } = { spans: [], bars: 0 }] = decisions.take();
  strictEqual(spans.length, 200);
  strictEqual(spans.reduce((sum, span) => sum + span.bars, 0), bars);
  strictEqual(spans[1]?.answer, "nothing, because the strategy does not say");
  match(spans.at(-1)?.answer ?? "", /^more than 200 changes/);
});

Deno.test("a strategy that is stopped while it is asked why it does nothing has no more to say", () => {
  const idle = (): string => {
    throw new StrategyStoppedError("it did not answer within 2000 ms");
  };
  const decisions = new Decisions({ ...silent, idle });
  decisions.add(bar("AAPL", 0), { signals: [], isLate: false });
  deepStrictEqual(spansOf(decisions), [
    "1 nothing, because the strategy was stopped: it did not answer within 2000 ms",
  ]);
});

Deno.test("what is taken is not told again, and the bars after it begin a span of their own", () => {
  const decisions = new Decisions(talkative);
  decisions.add(bar("AAPL", 0), { signals: [], isLate: false });
  deepStrictEqual(spansOf(decisions), ["1 nothing, because AAPL stands still"]);
  deepStrictEqual(decisions.take(), []);
  for (const minute of [1, 2]) decisions.add(bar("AAPL", minute), { signals: [], isLate: false });
  deepStrictEqual(spansOf(decisions), ["2 nothing, because AAPL stands still"]);
});

Deno.test("a session says every hour what became of its bars, so that a death loses an hour of it at most", async () => {
  const { entries } = await run({ path: () => 100 });
  const summaries = bodiesOf(entries, "decisions-summary");
  const told = summaries.flatMap(({ symbols }) => symbols);
  deepStrictEqual(told.map(({ symbol, withSignal, late }) => [symbol, withSignal, late]), [
    ...Array.from({ length: 7 }, () => ["AAPL", 0, 0]),
  ]);
  deepStrictEqual(told.flatMap(({ spans }) => spans.map(({ from, to }) => [from, to])), [
    [at(1), at(59)], // the bar that ends with the hour comes after the summary of the hour
    ...[60, 120, 180, 240, 300].map((minute) => [at(minute), at(minute + 59)]),
    [at(360), at(389)],
  ]);
  strictEqual(told.reduce((sum, { bars }) => sum + bars, 0), 389);
  match(
    told.at(-1)?.last ?? "",
    /^nothing, because the average of the last 10 closes \(100.0000\) did not cross/,
  );
  strictEqual(entries.at(-1)?.body.kind, "session-closed");
});
