import { type Day, figure } from "./day.ts";
import type { Figure, Row, Section, Table } from "./figure.ts";
import { decimal, plural } from "./format.ts";
import { latencyTable } from "./latencies.ts";
import { markoutTable } from "./markouts.ts";
import { averageOf, type Measured, measuredOf } from "./measured.ts";
import type { OrderResult } from "./order_results.ts";
import { parentTable } from "./parents.ts";
import { splitTable } from "./quality_splits.ts";

/** What it cost to trade, beyond what was decided. */
export function qualitySection(day: Day, all: readonly OrderResult[]): Section {
  const results = all.filter(({ record }) => record.intent !== null);
  const measured = measuredOf(day, results);
  return {
    id: "quality",
    title: "Execution",
    lead: lead(measured),
    blocks: [
      { type: "figures", figures: [...costFigures(measured), ...rateFigures(results)] },
      { type: "table", table: splitTable(measured, day.times) },
      ...(day.facts.parents.size === 0
        ? []
        : [{ type: "table" as const, table: parentTable(measured) }]),
      { type: "table", table: shortfallTable(measured) },
      { type: "table", table: markoutTable(day) },
      { type: "table", table: latencyTable(day, results) },
    ],
  };
}

function lead(measured: readonly Measured[]): string {
  const total = averageOf(measured, ({ split }) => split.total);
  if (measured.length === 0) {
    return "No order has a two-sided quote at its decision, so nothing can be measured.";
  }
  const cost = total.value === null
    ? "cannot be summed up"
    : `cost ${total.value.toFixed(2)} basis points against their decision prices`;
  return `${
    plural(measured.length, "order")
  } decided on a two-sided quote ${cost}. Costs are positive.`;
}

function costFigures(measured: readonly Measured[]): readonly Figure[] {
  const cost = (
    id: string,
    label: string,
    { formula, pick }: { formula: string; pick: (one: Measured) => number | null },
  ): Figure => {
    const { value, of } = averageOf(measured, pick);
    return figure({
      id,
      label,
      unit: "bps",
      value: value === null ? null : decimal(value),
      formula,
      n: of.length,
      inputs: { intentIds: of.flatMap(({ intentIds }) => intentIds) },
      reason: value === null ? "No order with the quotes and fills that this needs" : null,
    });
  };
  return [
    cost("quality.shortfall", "Implementation shortfall", {
      formula: "Delay + execution + opportunity + explicit, over shares wanted × decision price",
      pick: ({ split }) => split.total,
    }),
    cost("quality.delay", "of it delay", {
      formula: "Shares filled × side × (middle at arrival − middle at decision)",
      pick: ({ split }) => split.delay,
    }),
    cost("quality.execution", "of it execution", {
      formula: "Sum of shares × side × (fill − middle at arrival)",
      pick: ({ split }) => split.execution,
    }),
    cost("quality.opportunity", "of it opportunity", {
      formula: "Shares not filled × side × (middle when given up − middle at decision)",
      pick: ({ split }) => split.opportunity,
    }),
    cost("quality.explicit", "of it commissions", {
      formula: "Commissions of the order's fills",
      pick: ({ split }) => split.explicit,
    }),
    cost("quality.slippage", "Arrival slippage", {
      formula: "Side × (average fill − middle at arrival) over middle at arrival",
      pick: ({ slippage }) => slippage,
    }),
    cost("quality.spread", "Effective spread", {
      formula: "2 × side × (fill − middle when the fill was heard) over that middle",
      pick: ({ effectiveSpread }) => effectiveSpread,
    }),
    cost("quality.improvement", "Price improvement, gain positive", {
      formula: "Side × (ask, of a sale bid, at arrival − average fill) over it",
      pick: ({ improvement }) => improvement,
    }),
    cost("quality.vwap", "Against the interval's VWAP", {
      formula: "Side × (average fill − the market's average by volume, start to end) over it",
      pick: ({ intervalVwap }) => intervalVwap,
    }),
    cost("quality.day_vwap", "Against the day's VWAP", {
      formula: "Side × (average fill − the day's average by volume) over it",
      pick: ({ dayVwap }) => dayVwap,
    }),
    cost("quality.close", "Against the close", {
      formula: "Side × (average fill − the day's last price) over it",
      pick: ({ close }) => close,
    }),
  ];
}

/** Of those that mean to trade now: a stop that was never hit is cancelled, and that is no failure. */
function rateFigures(results: readonly OrderResult[]): readonly Figure[] {
  const sent = results.filter(({ record }) => {
    const role = record.intent?.body.role;
    return record.sent.length > 0 && (role === "entry" || role === "exit");
  });
  const rate = (
    id: string,
    label: string,
    { formula, is }: { formula: string; is: (result: OrderResult) => boolean },
  ): Figure =>
    figure({
      id,
      label,
      unit: "percent",
      value: sent.length === 0 ? null : decimal((sent.filter(is).length / sent.length) * 100),
      formula,
      n: sent.length,
      inputs: { intentIds: sent.filter(is).map(({ record }) => record.key) },
      reason: sent.length === 0 ? "No entry or exit was sent" : null,
    });
  return [
    rate("quality.filled", "Entries and exits filled in full", {
      formula: "Filled over sent, of entries and exits",
      is: ({ status }) => status === "Filled",
    }),
    rate("quality.cancelled", "cancelled", {
      formula: "Cancelled over sent, of entries and exits",
      is: ({ status }) => status.startsWith("Cancelled") || status.startsWith("ApiCancelled"),
    }),
    rate("quality.rejected", "rejected", {
      formula: "Inactive, or cancelled with code 201, over sent, of entries and exits",
      is: ({ status, record }) =>
        status === "Inactive" || record.messages.some(({ body }) => body.code === 201),
    }),
  ];
}

/** Who looks for what was dear finds it on top; a page of all of them would be half the report. */
const DEAREST = 100;

function shortfallTable(measured: readonly Measured[]): Table {
  const cost = ({ split, notional }: Measured): number => (split.total ?? 0) * notional;
  const dearestFirst = measured.toSorted((a, b) => cost(b) - cost(a) || a.at - b.at);
  return {
    id: "shortfall",
    caption: "Cost against the decision, the dearest first",
    columns: [
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "order", label: "Order", unit: "text", formula: null },
      {
        id: "decision",
        label: "Decision",
        unit: "price",
        formula: "Middle of the quote at the signal",
      },
      {
        id: "arrival",
        label: "Arrival",
        unit: "price",
        formula: "Middle of the quote when written down",
      },
      { id: "delay", label: "Delay", unit: "bps", formula: "See quality.delay" },
      { id: "execution", label: "Execution", unit: "bps", formula: "See quality.execution" },
      {
        id: "opportunity",
        label: "Opportunity",
        unit: "bps",
        formula: "Shares not filled × side × (price at the end − middle at decision)",
      },
      { id: "explicit", label: "Commissions", unit: "bps", formula: "See quality.explicit" },
      { id: "total", label: "Total", unit: "bps", formula: "Sum of the four" },
    ],
    get rows(): readonly Row[] {
      return dearestFirst.map(shortfallRow);
    },
    empty: "No order with two-sided quotes at decision and arrival.",
    long: true,
    pageRows: DEAREST,
  };
}

function shortfallRow({ key, symbol, text, decision, arrival, split, ...one }: Measured): Row {
  const bps = (value: number | null): string | null => value === null ? null : decimal(value);
  return {
    id: key,
    cells: [
      symbol,
      text,
      decimal(decision),
      decimal(arrival),
      bps(split.delay),
      bps(split.execution),
      bps(split.opportunity),
      bps(split.explicit),
      bps(split.total),
    ],
    n: one.execIds.length,
    inputs: { intentIds: one.intentIds, execIds: one.execIds },
    reason: "Not all was filled, and the ledger keeps no price at the time the rest was given up",
  };
}
