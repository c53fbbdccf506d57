import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { foldPositions } from "../../lib/ledger/positions.ts";
import type { Bar } from "../../lib/market/market.ts";
import { formatMicros, formatMoney, parseMicros, toNumber } from "../../lib/money.ts";
import { tripsOf } from "../../lib/report/trips.ts";
import { DEFAULT_LIMITS } from "../../lib/risk/limits.ts";
import { type BacktestPlan, runBacktest } from "../../lib/session/backtest.ts";
import type { ChosenStrategy } from "../../lib/strategy/registry.ts";
import type { Signal, Strategy } from "../../lib/strategy/strategy.ts";
import { bareLoop, INSTRUMENT, referencePlan, SYMBOL, walk } from "./reference_market.ts";

const MINUTE_MS = 60_000;

function closedTrades(ledger: MemoryLedger): number {
  const books = foldPositions(ledger.read());
  const tape = books.tape(SYMBOL);
  if (tape === null) return 0;
  const commissionOf = (execId: string): bigint => books.commissionOf(execId)?.amount ?? 0n;
  return tripsOf(SYMBOL, tape, { commissionOf, samples: [] })
    .filter(({ closedAt }) => closedAt !== null).length;
}

Deno.test("runBacktest() agrees with backtrader and vectorbt on 100,000 bars, to the cent", () => {
  const bars = walk(12_345, 100_000);
  const ledger = new MemoryLedger();
  const result = runBacktest(referencePlan(bars), bars, ledger);
  strictEqual(closedTrades(ledger), 1_948);
  strictEqual(formatMoney(result.finalEquity), "80,698.91");
});

for (const seed of [1, 777, 2_026]) {
  Deno.test(`runBacktest() agrees with a bare loop on the walk of seed ${seed}`, () => {
    const bars = walk(seed, 10_000);
    const ledger = new MemoryLedger();
    const result = runBacktest(referencePlan(bars), bars, ledger);
    const expected = bareLoop(bars);
    strictEqual(closedTrades(ledger), expected.trades);
    ok(Math.abs(toNumber(result.finalEquity) - expected.equity) < 1e-5);
  });
}

Deno.test("runBacktest() decides the same on a bar whatever comes after it", () => {
  const bars = walk(12_345, 3_000);
  const facts = (length: number, untilMs: number): unknown[] => {
    const ledger = new MemoryLedger();
    const days = referencePlan(bars).days;
    runBacktest(referencePlan(bars, { days }), bars.slice(0, length), ledger);
    return [...ledger.read()].filter(({ at }) => at < untilMs).map(({ at, body }) => ({
      at,
      body,
    }));
  };
  for (const length of [500, 1_234, 2_999]) {
    deepStrictEqual(facts(length, length * MINUTE_MS), facts(3_000, length * MINUTE_MS));
  }
});

Deno.test("runBacktest() takes a bar from its source only after it has decided on all before the last", () => {
  const bars = walk(1, 100);
  let given = -1;
  const seen: number[] = [];
  const lagging = scripted((bar) => {
    seen.push(given - bar.time / MINUTE_MS);
    return [];
  });
  function* source(): Iterable<Bar> {
    for (const [index, bar] of bars.entries()) {
      given = index;
      yield bar;
    }
  }
  runBacktest(referencePlan(bars, { strategy: lagging }), source(), new MemoryLedger());
  // One more is read to see that the instant is over; it is not shown.
  ok(seen.every((ahead) => ahead <= 1));
  strictEqual(seen.length, 100);
});

/** A strategy that answers each bar as it is told. */
function scripted(next: (bar: Bar) => readonly Signal[], warmupBars = 0): ChosenStrategy {
  const create = (): Strategy => ({ warmupBars, init: () => {}, warmUp: () => {}, next });
  return { name: "scripted", summary: "", barMs: MINUTE_MS, parameters: {}, create };
}

function signal(purpose: "enter" | "exit", symbol = SYMBOL, stopPrice = 90): Signal {
  const reason = { rule: "script", text: "The script says so", inputs: {} };
  return purpose === "enter"
    ? { symbol, side: "BUY", purpose, stopPrice, reason }
    : { symbol, side: "SELL", purpose, stopPrice: null, reason };
}

function flat(index: number, rest: Partial<Bar> = {}): Bar {
  return {
    symbol: SYMBOL,
    time: index * MINUTE_MS,
    durationMs: MINUTE_MS,
    open: 100,
    high: 100,
    low: 100,
    close: 100,
    volume: 100,
    wap: 100,
    count: 1,
    ...rest,
  };
}

function test(
  bars: readonly Bar[],
  strategy: ChosenStrategy,
  rest: Partial<BacktestPlan> = {},
): { readonly ledger: MemoryLedger; readonly result: ReturnType<typeof runBacktest> } {
  const ledger = new MemoryLedger();
  const result = runBacktest(
    referencePlan(bars, { strategy, commission: () => 0n, ...rest }),
    bars,
    ledger,
  );
  return { ledger, result };
}

function bodies<K extends EntryBody["kind"]>(
  ledger: MemoryLedger,
  kind: K,
): Extract<EntryBody, { kind: K }>[] {
  return [...ledger.read()].map(({ body }: Entry) => body)
    .filter((body): body is Extract<EntryBody, { kind: K }> => body.kind === kind);
}

function fills(ledger: MemoryLedger): string[] {
  return bodies(ledger, "execution").map(({ side, quantity, price, time }) =>
    `${side} ${formatMicros(quantity)} at ${formatMicros(price)} in minute ${time / MINUTE_MS}`
  );
}

Deno.test("O14: runBacktest() enters both legs of a pair or none", () => {
  const other = { ...INSTRUMENT, symbol: "OTHER", conId: 2 };
  const leg = (symbol: string): Signal => ({ ...signal("enter", symbol), group: "pair" });
  const script = scripted((bar) =>
    bar.time === 0 && bar.symbol === "OTHER" ? [leg(SYMBOL), leg("OTHER")] : []
  );
  const bars = [0, 1].flatMap((index) => [flat(index), flat(index, { symbol: "OTHER" })]);
  const slots = (maxOpenPositions: number): MemoryLedger =>
    test(bars, script, {
      instruments: [INSTRUMENT, other],
      limits: { ...referencePlan(bars).limits, maxOpenPositions },
    }).ledger;
  strictEqual(fills(slots(2)).length, 2);
  deepStrictEqual(fills(slots(1)), []);
  deepStrictEqual(bodies(slots(1), "refused").map(({ code }) => code), [
    "OTHER_LEG_REFUSED",
    "EXCEEDS_OPEN_POSITIONS",
  ]);
});

Deno.test("runBacktest() fills what was decided on a bar at the next one's open", () => {
  const script = scripted((bar) =>
    bar.time === 0 ? [signal("enter")] : bar.time === 2 * MINUTE_MS ? [signal("exit")] : []
  );
  const bars = [0, 1, 2, 3, 4].map((index) => flat(index, { open: 100 + index, high: 105 }));
  const { ledger, result } = test(bars, script);
  deepStrictEqual(fills(ledger), ["BUY 100 at 101 in minute 1", "SELL 100 at 103 in minute 3"]);
  strictEqual(formatMicros(result.finalEquity), "100200");
});

Deno.test("runBacktest() sells at the stop in the very bar that reaches it, and books the loss", () => {
  const script = scripted((bar) => bar.time === 0 ? [signal("enter")] : []);
  const bars = [flat(0), flat(1), flat(2, { low: 89 }), flat(3)];
  const { ledger, result } = test(bars, script);
  deepStrictEqual(fills(ledger), ["BUY 100 at 100 in minute 1", "SELL 100 at 90 in minute 2"]);
  strictEqual(formatMicros(result.finalEquity), "99000");
  strictEqual(result.maxDrawdownPct, 1);
});

Deno.test("runBacktest() closes everything before the close, and takes no entry near it", () => {
  const day = { exchange: "XNYS", date: "1970-01-01", opensAt: 0, closesAt: 10 * MINUTE_MS };
  const entries = [0, 7].map((minute) => minute * MINUTE_MS);
  const script = scripted((bar) => entries.includes(bar.time) ? [signal("enter")] : []);
  const bars = Array.from({ length: 12 }, (_, index) => flat(index));
  const { ledger, result } = test(bars, script, {
    days: [day],
    atClose: "flatten",
    noEntriesBeforeCloseMs: 5 * MINUTE_MS,
    flattenBeforeCloseMs: 2 * MINUTE_MS,
  });
  deepStrictEqual(fills(ledger), ["BUY 100 at 100 in minute 1", "SELL 100 at 100 in minute 8"]);
  deepStrictEqual(bodies(ledger, "refused").map(({ code }) => code), ["ENTRIES_CLOSED"]);
  strictEqual(result.bars, 10);
  strictEqual(result.outside, 2);
  deepStrictEqual(bodies(ledger, "account-snapshot").map(({ at }) => at), ["start", "end"]);
});

Deno.test("runBacktest() halts on the day's loss and begins the next day afresh", () => {
  const day = (date: string, firstMinute: number): BacktestPlan["days"][number] => ({
    exchange: "XNYS",
    date,
    opensAt: firstMinute * MINUTE_MS,
    closesAt: (firstMinute + 10) * MINUTE_MS,
  });
  const wanted = [0, 4, 10].map((minute) => minute * MINUTE_MS);
  const script = scripted((bar) => wanted.includes(bar.time) ? [signal("enter", SYMBOL, 50)] : []);
  const bars = Array.from({ length: 20 }, (_, index) => flat(index));
  bars[2] = flat(2, { low: 40, close: 60 });
  const { ledger } = test(bars, script, {
    days: [day("1970-01-01", 0), day("1970-01-02", 10)],
    limits: { ...referencePlan(bars).limits, maxDailyLossPct: 2 },
  });
  deepStrictEqual(fills(ledger), [
    "BUY 100 at 100 in minute 1",
    "SELL 100 at 50 in minute 2",
    "BUY 100 at 100 in minute 11",
  ]);
  strictEqual(bodies(ledger, "halted").length, 1);
  deepStrictEqual(bodies(ledger, "refused").map(({ code }) => code), ["HALTED"]);
  strictEqual(bodies(ledger, "halt-lifted")[0]?.actor, "backtest");
  // A day is a session that ends, so that it has a report of its own.
  deepStrictEqual(ledger.sessions(), [
    { sessionId: "reference-1970-01-01", date: "1970-01-01" },
    { sessionId: "reference-1970-01-02", date: "1970-01-02" },
  ]);
  deepStrictEqual(bodies(ledger, "session-closed").map(({ outcome }) => outcome), [
    "halted",
    "done",
  ]);
});

Deno.test("runBacktest() does not fill one symbol from a bar of the instant in which another decided", () => {
  const other = { ...INSTRUMENT, symbol: "OTHER", conId: 2 };
  const script = scripted((bar) =>
    bar.symbol === SYMBOL && bar.time === MINUTE_MS ? [signal("enter", "OTHER")] : []
  );
  const bars = [0, 1, 2, 3].flatMap((index) => [
    flat(index),
    flat(index, { symbol: "OTHER", open: 100 + index, high: 104 }),
  ]);
  const quotesFirst = test(bars, script, { instruments: [INSTRUMENT, other] });
  deepStrictEqual(fills(quotesFirst.ledger), ["BUY 100 at 102 in minute 2"]);
});

Deno.test("runBacktest() builds the strategy's bars out of shorter ones", () => {
  const seen: string[] = [];
  const slow: ChosenStrategy = {
    ...scripted((bar) => {
      seen.push(`${bar.time / MINUTE_MS}: ${bar.open} to ${bar.close}`);
      return [];
    }),
    barMs: 5 * MINUTE_MS,
  };
  const bars = Array.from(
    { length: 10 },
    (_, index) => flat(index, { open: 100 + index, close: 101 + index }),
  );
  test(bars, slow);
  deepStrictEqual(seen, ["0: 100 to 105", "5: 105 to 110"]);
});

Deno.test("runBacktest() warms the strategy up before it asks it", () => {
  let warmed = 0;
  let asked = 0;
  const create = (): Strategy => ({
    warmupBars: 3,
    init: () => {},
    warmUp: () => void warmed++,
    next: () => {
      asked++;
      return [];
    },
  });
  test([0, 1, 2, 3, 4].map((index) => flat(index)), { ...scripted(() => []), create });
  deepStrictEqual([warmed, asked], [3, 2]);
});

Deno.test("runBacktest() refuses bars out of order", () => {
  throws(() => test([flat(2), flat(1)], scripted(() => [])), /bars out of order/);
});

Deno.test("runBacktest() gives the same ledger hash for the same bars", () => {
  const hash = (): string | undefined => {
    const bars = walk(5, 2_000);
    const ledger = new MemoryLedger();
    runBacktest(referencePlan(bars), bars, ledger);
    return ledger.head()?.hash;
  };
  strictEqual(hash(), hash());
});

Deno.test("runBacktest() runs under the default limits too", () => {
  const bars = walk(12_345, 5_000).map((bar) => ({ ...bar }));
  const { ledger, result } = test(bars, referencePlan(bars).strategy, { limits: DEFAULT_LIMITS });
  ok(bodies(ledger, "refused").some(({ code }) => code === "COOLDOWN"));
  ok(result.finalEquity > parseMicros("98000"));
});
