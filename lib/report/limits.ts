import { type Micros, toNumber } from "../money.ts";
import type { EntryOf } from "../ledger/entry.ts";
import type { Day } from "./day.ts";
import type { Row, Section, Table, Unit } from "./figure.ts";
import { decimal, plural } from "./format.ts";
import { blocksByCode, codeTable, refusalTable } from "./refusals.ts";

/** How near the day came to each limit, and what the limits stopped. */
export function limitsSection(day: Day): Section {
  const limits = day.facts.opened.at(-1)?.body.limits ?? {};
  const blocked = day.facts.refusals.size;
  return {
    id: "risk",
    title: "Limits and refusals",
    lead: blocked === 0
      ? "No signal was refused."
      : `${blocked} of ${plural(day.facts.signals.size, "signal")} ${
        blocked === 1 ? "was" : "were"
      } refused before anything was sent.`,
    blocks: [
      { type: "table", table: limitTable(day, limits) },
      { type: "table", table: codeTable(day) },
      { type: "table", table: refusalTable(day) },
    ],
  };
}

interface Measured {
  /** In the limit's own unit. */
  readonly value: number;
  readonly at: number;
  readonly seqs: readonly number[];
}

interface LimitKind {
  readonly label: string;
  readonly unit: Unit;
  readonly code: string;
  readonly formula: string;
  peak(day: Day): Measured | null;
}

/** Limits by the name the session wrote down, each with the way its peak is found in the ledger. */
const KINDS: Readonly<Record<string, LimitKind>> = {
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

function limitTable(day: Day, limits: Readonly<Record<string, string>>): Table {
  const blocks = blocksByCode(day);
  const rows = Object.entries(limits).flatMap(([name, text]): Row[] => {
    const kind = KINDS[name];
    if (kind === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return [];
    const peak = kind.peak(day);
    const limit = Number(text);
    const used = peak === null || limit === 0 ? null : (peak.value / limit) * 100;
    return [{
      id: name,
      cells: [
        `${kind.label}${kind.unit === "percent" ? ", % of equity" : ""}`,
        decimal(limit),
        peak === null ? null : decimal(peak.value),
        peak === null ? null : String(peak.at),
        used === null ? null : decimal(used),
        String(blocks.get(kind.code) ?? 0),
        kind.formula,
      ],
      inputs: { seqs: peak?.seqs ?? [] },
      n: peak === null ? 0 : 1,
      reason: "Nothing to measure: no sample, entry or order",
    }];
  });
  return {
    id: "limits",
    caption: "Limits",
    columns: [
      { id: "limit", label: "Limit", unit: "text", formula: null },
      { id: "value", label: "Allowed", unit: "number", formula: null },
      {
        id: "peak",
        label: "Highest",
        unit: "number",
        formula: "As the last column says",
      },
      { id: "when", label: "When", unit: "time", formula: null },
      { id: "used", label: "Used", unit: "percent", formula: "Highest over allowed" },
      {
        id: "blocks",
        label: "Blocks",
        unit: "count",
        formula: "Signals refused with this limit's code",
      },
      { id: "how", label: "Highest means", unit: "text", formula: null },
    ],
    rows,
    empty: "The session wrote down no limit that can be measured.",
  };
}
