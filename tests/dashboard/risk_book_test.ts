import { deepStrictEqual, ok } from "node:assert/strict";
import { valuate, type Valuation } from "../../lib/dashboard/account.ts";
import { riskBook } from "../../lib/dashboard/risk_book.ts";
import { DashboardState } from "../../lib/dashboard/state.ts";
import type { Entry, EntryKind } from "../../lib/ledger/entry.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { parseMicros } from "../../lib/money.ts";
import type { Book } from "../../lib/risk/book.ts";
import { riskToday } from "../../lib/session/risk_today.ts";
import { DATE, DAY, MINUTE, run } from "../session/run.ts";
import {
  at,
  commission,
  fill,
  intent,
  opened,
  sample,
  Script,
  sent,
  signal,
  snapshot,
  stop,
  tradingDay,
} from "./entries.ts";
import { shownAfter } from "./view_of.ts";

/** What both know of the ledger; prices that only a feed has are left out. */
function comparable(book: Book): Partial<Book> {
  const { equity, startOfDayEquity, dayPeakEquity, peakEquity, cash, positions, working } = book;
  const { dayNotional, ordersToday, losingStreak, halted } = book;
  return {
    ...{ equity, startOfDayEquity, dayPeakEquity, peakEquity, cash, positions, working },
    ...{ dayNotional, ordersToday, losingStreak, halted },
  };
}

// Up and down every 40 minutes, the two symbols half a turn apart.
const wave = (symbol: string, now: number): number =>
  100 + 3 * Math.sin((now - DAY.opensAt) / (6.4 * MINUTE) + (symbol === "AAPL" ? 0 : 3));

function stateAfter(entries: readonly Entry[]): [DashboardState, Valuation] {
  const state = new DashboardState();
  for (const entry of entries) state.apply(entry, null);
  return [state, valuate(state)];
}

/** The number of books compared in a session's ledger, entry by entry of this kind. */
function compareAll(entries: readonly Entry[], kind: EntryKind): number {
  const state = new DashboardState();
  let compared = 0;
  for (const [index, entry] of entries.entries()) {
    state.apply(entry, null);
    if (entry.body.kind !== kind) continue;
    const options = { now: entry.at, date: DATE, outlierPct: 20 };
    const theirs = riskToday(entries.slice(0, index + 1), options).book;
    const ours = riskBook(state, valuate(state));
    deepStrictEqual(comparable(ours), comparable(theirs), `entry ${entry.seq}`);
    compared++;
  }
  return compared;
}

// Between samples we know the prices of fills as well, so books are compared at samples.
Deno.test("all through a day the limits are measured on the book that risk itself would look at", async () => {
  const { entries } = await run({ symbols: ["AAPL", "NVDA"], path: wave });
  ok(compareAll(entries, "equity") > 20);
  ok(bodiesOf(entries, "execution").length > 4);
});

Deno.test("an algorithm's unsent shares are reserved on our book as they are on risk's", async () => {
  const toml = `[execution]\nstyle = "TWAP"\nhorizon_minutes = 10\n`;
  const { entries } = await run({ symbols: ["AAPL", "NVDA"], path: wave, toml });
  const slices = bodiesOf(entries, "intent").filter(({ parentOrderId }) => parentOrderId !== null);
  ok(bodiesOf(entries, "parent-order").length > 1 && slices.length > 10);
  ok(compareAll(entries, "equity") > 20);
});

Deno.test("what an order may still cost whose fate nobody knows stays reserved on our book as on risk's", () => {
  const script = tradingDay().write(
    at(3),
    signal("s2", "NVDA"),
    intent("C", { signalId: "s2", symbol: "NVDA", lmtPrice: parseMicros("50") }),
    stop("D", "45"),
    sent("C", 3),
    { kind: "intent-frozen", intentId: "C", symbol: "NVDA", because: "two lists disagree" },
  ).write(at(4), sample("10029", { AAPL: "103" }));
  const working = riskBook(...stateAfter(script.entries)).working;
  deepStrictEqual(working.map(({ symbol, reserved }) => [symbol, reserved]), [
    ["NVDA", parseMicros("500")],
  ]);
  ok(compareAll(script.entries, "equity") > 1);
});

Deno.test("losses in a row are counted net of commissions, and a lifted halt forgives them", () => {
  const script = new Script().write(at(-10), opened({ limits: { maxConsecutiveLosses: "8" } }))
    .write(at(-10), snapshot("10000"));
  const used = (): string | null => shownAfter(script.entries).panels.limits[0]?.used.value ?? null;
  const trip = (name: string, sold: string): void => {
    script.write(
      at(1),
      intent(name),
      fill(name, { execId: `${name}.01` }),
      commission(`${name}.01`, "1"),
      fill(name, { execId: `${name}s.01`, side: "SELL", price: sold }),
      commission(`${name}s.01`, "1"),
    );
  };
  trip("A", "99");
  trip("B", "100.1");
  deepStrictEqual(used(), "2");
  trip("C", "101");
  deepStrictEqual(used(), "0");
  trip("D", "99");
  script.as("operator", at(2), { kind: "halt-lifted", actor: "operator", because: "seen" });
  deepStrictEqual(used(), "0");
});

Deno.test("a fall is measured from the highest equity, and anew after a halt was lifted", () => {
  const limits = { maxDayDrawdownPct: "3", maxDrawdownPct: "10" };
  const script = tradingDay().as("2026-11-20-2", at(3), opened({ limits }))
    .write(at(4), sample("10099", { AAPL: "110" }))
    .write(at(5), sample("9999", { AAPL: "100" }));
  const used = (): readonly (string | null)[] =>
    shownAfter(script.entries).panels.limits.map((row) => row.used.value);
  const fall = "0.990197";
  deepStrictEqual(used(), [fall, fall]);
  script.as("operator", at(6), { kind: "halt-lifted", actor: "operator", because: "seen" });
  deepStrictEqual(used(), [null, null]);
  script.write(at(7), sample("9989", { AAPL: "99" }));
  deepStrictEqual(used(), ["0", "0"]);
});

Deno.test("without a stop the whole position counts as lost", () => {
  const script = new Script().write(at(-10), opened({ limits: { maxHeatPct: "6" } })).write(
    at(-10),
    {
      kind: "instrument",
      symbol: "AAPL",
      conId: 265598,
      primaryExchange: "NASDAQ",
      currency: "USD",
      minTick: parseMicros("0.01"),
      longName: "APPLE INC",
      industry: "Technology",
    },
    snapshot("10000"),
    intent("A"),
    fill("A", { execId: "e.01" }),
    sample("10000", { AAPL: "100" }),
  );
  const used = (): string | null => shownAfter(script.entries).panels.limits[0]?.used.value ?? null;
  deepStrictEqual(used(), "10");
  script.write(at(1), stop("B", "95"));
  deepStrictEqual(used(), "0.5");
});
