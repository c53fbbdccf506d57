import type { EntryOf } from "../ledger/entry.ts";
import { type Micros, toNumber } from "../money.ts";
import type { Day } from "./day.ts";
import type { Unit } from "./figure.ts";

/** How near a day came to each limit, by the names the session writes them down with. */

export interface Measured {
  /** In the limit's own unit. */
  readonly value: number;
  readonly at: number;
  readonly seqs: readonly number[];
}

export interface LimitKind {
  readonly label: string;
  readonly unit: Unit;
  readonly code: string;
  readonly formula: string;
  peak(day: Day): Measured | null;
}

const NOT_KEPT = "Not in the ledger: only its refusals are";

/** Limits by the name the session wrote down, each with the way its peak is found in the ledger. */
export const LIMIT_KINDS: Readonly<Record<string, LimitKind>> = {
  maxDailyLossPct: {
    label: "Loss of the day",
    unit: "percent",
    code: "EXCEEDS_DAILY_LOSS",
    formula: "Opening NAV less equity at a sample, over opening NAV",
    peak: (day) => {
      const start = day.facts.start?.body.netLiquidation;
      if (start === undefined || start <= 0n) return null;
      return highest(
        day.facts.equity,
        ({ body }) => Math.max(0, (toNumber(start - body.equity) / toNumber(start)) * 100),
      );
    },
  },
  maxGrossExposurePct: {
    label: "Gross exposure",
    unit: "percent",
    code: "EXCEEDS_GROSS_EXPOSURE",
    formula: "Long and short market value over equity at a sample",
    peak: (day) =>
      highest(
        day.facts.equity,
        ({ body }) =>
          body.equity <= 0n ? null : (toNumber(body.grossExposure) / toNumber(body.equity)) * 100,
      ),
  },
  maxNetExposurePct: {
    label: "Net exposure, either way",
    unit: "percent",
    code: "EXCEEDS_NET_EXPOSURE",
    formula: "Long less short market value, without its sign, over equity at a sample",
    peak: (day) =>
      highest(
        day.facts.equity,
        ({ body }) =>
          body.equity <= 0n
            ? null
            : (Math.abs(toNumber(body.netExposure)) / toNumber(body.equity)) * 100,
      ),
  },
  maxDayDrawdownPct: {
    label: "Fall from the day's highest",
    unit: "percent",
    code: "EXCEEDS_DAY_DRAWDOWN",
    formula: "Highest equity so far less equity at a sample, over that highest",
    peak: (day) => {
      let height = toNumber(day.facts.start?.body.netLiquidation ?? 0n);
      return highest(day.facts.equity, ({ body }) => {
        const equity = toNumber(body.equity);
        height = Math.max(height, equity);
        return height <= 0 ? null : ((height - equity) / height) * 100;
      });
    },
  },
  maxConsecutiveLosses: {
    label: "Losing round trips in a row",
    unit: "count",
    code: "LOSING_STREAK",
    formula: "Closed round trips with a net loss, one after another",
    peak: ({ trips, facts }) => {
      const closed = trips.flatMap(({ closedBy, net }) =>
        closedBy === null ? [] : [{ closedBy, net }]
      )
        .toSorted((a, b) => a.closedBy.time - b.closedBy.time);
      let run = 0;
      const ends = closed.map(({ closedBy, net }) => {
        run = net < 0n ? run + 1 : 0;
        return { at: closedBy.time, seq: facts.executions.get(closedBy.execId)?.seq ?? 0, run };
      });
      return highest(ends, (end) => end.run);
    },
  },
  maxOrdersPerSymbolDay: {
    label: "Orders in one symbol",
    unit: "count",
    code: "EXCEEDS_SYMBOL_ORDERS",
    formula: "Orders sent in the symbol with most of them",
    peak: ({ facts }) => {
      const counts = new Map<string, number>();
      const sent = [...facts.orders.values()].flatMap(({ intent, sent }) =>
        sent.map(({ at, seq }) => ({ at, seq, symbol: intent?.body.symbol ?? "" }))
      ).toSorted((a, b) => a.seq - b.seq);
      return highest(sent, ({ symbol }) => {
        const count = (counts.get(symbol) ?? 0) + 1;
        counts.set(symbol, count);
        return count;
      });
    },
  },
  maxDrawdownPct: unmeasured("Fall from the highest since a halt was lifted", "EXCEEDS_DRAWDOWN"),
  maxLeverage: unmeasured("Leverage", "EXCEEDS_LEVERAGE"),
  maxSectorPct: unmeasured("One industry", "EXCEEDS_SECTOR"),
  maxHeatPct: unmeasured("Loss if every stop were hit", "EXCEEDS_HEAT"),
  maxBarVolumePct: unmeasured("Entry over the volume of a bar", "EXCEEDS_LIQUIDITY"),
  maxOpenPositions: {
    label: "Positions at once",
    unit: "count",
    code: "EXCEEDS_OPEN_POSITIONS",
    formula: "Symbols held at a sample; working entries, which count too, are not sampled",
    peak: (day) => highest(day.facts.equity, ({ body }) => Object.keys(body.marks).length),
  },
  maxPositionPct: {
    label: "One position",
    unit: "percent",
    code: "EXCEEDS_POSITION_LIMIT",
    formula: "Quantity × limit price of an entry over opening NAV",
    peak: (day) => {
      const start = day.facts.start?.body.netLiquidation;
      if (start === undefined || start <= 0n) return null;
      return highest(entries(day), ({ body }) => {
        const notional = entryNotional(body);
        return notional === null ? null : (notional / toNumber(start)) * 100;
      });
    },
  },
  maxOrderNotionalUsd: {
    label: "One entry",
    unit: "money",
    code: "EXCEEDS_ORDER_NOTIONAL",
    formula: "Quantity × limit price of an entry",
    peak: (day) => highest(entries(day), ({ body }) => entryNotional(body)),
  },
  maxDailyNotionalUsd: {
    label: "Entries of the day together",
    unit: "money",
    code: "EXCEEDS_DAILY_NOTIONAL",
    formula: "Sum of quantity × price of the entry fills",
    peak: (day) => {
      const fills = [...day.facts.executions.values()].filter(({ body }) =>
        body.intentId !== null &&
        day.facts.orders.get(body.intentId)?.intent?.body.role === "entry"
      );
      const value = fills.reduce(
        (sum, { body }) => sum + toNumber(body.quantity) * toNumber(body.price),
        0,
      );
      const at = fills.at(-1)?.at;
      return at === undefined ? null : { value, at, seqs: fills.map(({ seq }) => seq) };
    },
  },
  maxOrdersPerMinute: {
    label: "Orders within a minute",
    unit: "count",
    code: "EXCEEDS_ORDER_RATE",
    formula: "Orders sent within any 60 seconds",
    peak: (day) => {
      const sent = [...day.facts.orders.values()].flatMap(({ sent }) => sent)
        .toSorted((a, b) => a.at - b.at);
      let first = 0;
      return highest(sent, ({ at }, index) => {
        while ((sent[first]?.at ?? at) <= at - 60_000) first++;
        return index - first + 1;
      });
    },
  },
};

/** Checked at every entry, but no entry of the ledger keeps the number: only its blocks are known. */
function unmeasured(label: string, code: string): LimitKind {
  return { label, unit: "number", code, formula: NOT_KEPT, peak: () => null };
}

function highest<E extends { readonly at: number; readonly seq: number }>(
  entries: readonly E[],
  measure: (entry: E, index: number) => number | null,
): Measured | null {
  let peak: Measured | null = null;
  for (const [index, entry] of entries.entries()) {
    const value = measure(entry, index);
    if (value === null || (peak !== null && value <= peak.value)) continue;
    peak = { value, at: entry.at, seqs: [entry.seq] };
  }
  return peak;
}

function entries({ facts }: Day): readonly EntryOf<"intent">[] {
  return [...facts.orders.values()].flatMap(({ intent }) =>
    intent !== null && intent.body.role === "entry" ? [intent] : []
  );
}

function entryNotional(
  { quantity, lmtPrice }: { readonly quantity: Micros; readonly lmtPrice: Micros | null },
): number | null {
  return lmtPrice === null ? null : toNumber(quantity) * toNumber(lmtPrice);
}
