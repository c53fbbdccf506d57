import { midpoint } from "../market/market.ts";
import { type Day, figure } from "./day.ts";
import type { EntryOf } from "../ledger/entry.ts";
import type { Figure, Row, Section, Table } from "./figure.ts";
import { decisionTable } from "./decisions.ts";
import { decimal, plural } from "./format.ts";
import { timesRefused } from "./refusals.ts";

/** Refusals that are the data's fault, not the signal's. */
const DATA_CODES: ReadonlySet<string> = new Set([
  "NO_QUOTE",
  "QUOTE_NOT_LIVE",
  "STALE_QUOTE",
  "INVALID_PRICE",
  "PRICE_QUARANTINED",
  "WIDE_SPREAD",
  "OUTSIDE_COLLAR",
  "VALUATION_UNKNOWN",
  "LIQUIDITY_UNKNOWN",
  "TRADING_HALTED",
]);
/** A sample later than so many times the usual interval left a gap. */
const GAP_FACTOR = 1.5;

/** Could the numbers be trusted that the day was traded on? */
export function dataSection(day: Day): Section {
  const rows = symbolRows(day);
  const bad = [...day.facts.refusals.values()].filter(({ body }) => DATA_CODES.has(body.code));
  return {
    id: "data",
    title: "Data",
    lead: bad.length === 0
      ? "No signal was refused for its data."
      : `${plural(bad.length, "signal")} ${
        bad.length === 1 ? "was" : "were"
      } refused because a quote was missing, old, wide or implausible.`,
    blocks: [
      { type: "figures", figures: gapFigures(day) },
      { type: "table", table: symbolTable(rows) },
      { type: "table", table: decisionTable(day) },
    ],
  };
}

function gapFigures({ facts, opensAt, closesAt }: Day): readonly Figure[] {
  const times = facts.equity.map(({ at }) => at);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)];
  const wide = usual === undefined ? [] : gaps.filter((gap) => gap > usual * GAP_FACTOR);
  const longest = gaps.reduce((a, b) => Math.max(a, b), 0);
  const expected = usual === undefined ? null : Math.floor((closesAt - opensAt) / usual);
  const none = usual === undefined ? "Fewer than two equity samples" : null;
  const seqs = facts.equity.map(({ seq }) => seq);
  return [
    figure({
      id: "data.samples",
      label: "Equity samples",
      unit: "count",
      value: String(times.length),
      formula: "Own valuations in the ledger; missing while a share held has no price",
      n: times.length,
      inputs: { seqs },
    }),
    figure({
      id: "data.expected",
      label: "Expected",
      unit: "count",
      value: expected === null ? null : String(expected),
      formula: "Open to close over the usual interval",
      n: times.length,
      inputs: { seqs },
      reason: none,
    }),
    figure({
      id: "data.gaps",
      label: "Gaps",
      unit: "count",
      value: none === null ? String(wide.length) : null,
      formula: `Times more than ${GAP_FACTOR} usual intervals passed between samples`,
      n: gaps.length,
      inputs: { seqs },
      reason: none,
    }),
    figure({
      id: "data.longest_gap",
      label: "Longest without a sample",
      unit: "ms",
      value: none === null ? String(longest) : null,
      formula: "Longest time between two samples",
      n: gaps.length,
      inputs: { seqs },
      reason: none,
    }),
  ];
}

/** symbol → bars the strategy was asked about, and those that came too late */
function barsAsked(
  { decisions }: Day["facts"],
): ReadonlyMap<string, { bars: number; late: number }> {
  const asked = new Map<string, { bars: number; late: number }>();
  for (const { symbol, bars, late } of decisions.flatMap(({ body }) => body.symbols)) {
    const sum = asked.get(symbol) ?? { bars: 0, late: 0 };
    asked.set(symbol, { bars: sum.bars + bars, late: sum.late + late });
  }
  return asked;
}

function symbolRows({ facts, opensAt, closesAt }: Day): readonly Row[] {
  const bySymbol = new Map<string, EntryOf<"signal">[]>();
  for (const signal of facts.signals.values()) {
    const list = bySymbol.get(signal.body.symbol);
    if (list === undefined) bySymbol.set(signal.body.symbol, [signal]);
    else list.push(signal);
  }
  const incidents = facts.incidents.filter(({ body }) => body.symbol !== null);
  for (const { body } of incidents) {
    if (body.symbol !== null && !bySymbol.has(body.symbol)) bySymbol.set(body.symbol, []);
  }
  const asked = barsAsked(facts);
  const open = closesAt - opensAt;
  for (const symbol of asked.keys()) if (!bySymbol.has(symbol)) bySymbol.set(symbol, []);
  return [...bySymbol].toSorted(([a], [b]) => a < b ? -1 : 1).map(([symbol, signals]): Row => {
    const spreads = signals.flatMap(({ body }) => spreadBps(body.quote) ?? [])
      .toSorted((a, b) => a - b);
    const ages = signals.map(({ at, body }) => at - body.quote.time).filter((age) => age >= 0)
      .toSorted((a, b) => a - b);
    const refused = signals.flatMap(({ body }) => facts.refusals.get(body.signalId) ?? [])
      .filter(({ body }) => DATA_CODES.has(body.code));
    const median = spreads[Math.floor((spreads.length - 1) / 2)];
    const oldest = spreads.length === 0 ? undefined : ages.at(-1);
    const bars = asked.get(symbol);
    const covered = facts.dayPrices.get(symbol)?.coveredMs;
    return {
      id: symbol,
      cells: [
        symbol,
        bars === undefined ? null : String(bars.bars),
        bars === undefined ? null : String(bars.late),
        covered === undefined || open <= 0 ? null : decimal((covered / open) * 100),
        String(signals.length),
        String(spreads.length),
        median === undefined ? null : decimal(median),
        spreads.length === 0 ? null : decimal(spreads.at(-1) ?? NaN),
        oldest === undefined ? null : String(oldest),
        String(refused.reduce((sum, { body }) => sum + timesRefused(body.signalId, facts), 0)),
        String(incidents.filter(({ body }) => body.symbol === symbol).length),
      ],
      n: signals.length,
      inputs: { seqs: signals.map(({ seq }) => seq) },
      reason: bars === undefined || covered === undefined
        ? "The session did not come to its end, where it writes down what it was sent"
        : "No signal came with a two-sided quote",
    };
  });
}

function spreadBps(
  quote: { readonly bid: number | null; readonly ask: number | null },
): number | null {
  const middle = midpoint(quote);
  if (middle === null || quote.ask === null || quote.bid === null) return null;
  return ((quote.ask - quote.bid) / middle) * 1e4;
}

function symbolTable(rows: readonly Row[]): Table {
  return {
    id: "data",
    caption: "Bars and quotes by symbol",
    columns: [
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "bars", label: "Bars", unit: "count", formula: "Bars the strategy was asked about" },
      {
        id: "late",
        label: "Late",
        unit: "count",
        formula: "Bars that came too late to act on",
      },
      {
        id: "covered",
        label: "Covered",
        unit: "percent",
        formula: "Time from open to close with 5-second bars",
      },
      { id: "signals", label: "Signals", unit: "count", formula: "Signals given" },
      {
        id: "quoted",
        label: "Two-sided",
        unit: "count",
        formula: "Signals with bid and ask, not crossed",
      },
      {
        id: "spread",
        label: "Median spread",
        unit: "bps",
        formula: "Median of (ask − bid) over middle at the signals",
      },
      { id: "widest", label: "Widest", unit: "bps", formula: "Largest of those" },
      {
        id: "oldest",
        label: "Oldest quote",
        unit: "ms",
        formula: "Longest time from a quote to the signal that saw it",
      },
      {
        id: "refused",
        label: "Refused for data",
        unit: "count",
        formula: "Signals refused for a missing, old, wide or implausible price",
      },
      {
        id: "incidents",
        label: "Incidents",
        unit: "count",
        formula: "Incidents that name the symbol",
      },
    ],
    rows,
    empty: "No bar and no signal came, so no quote was looked at.",
  };
}
