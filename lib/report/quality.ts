import { midpoint } from "../market/market.ts";
import { toNumber } from "../money.ts";
import { type Day, figure } from "./day.ts";
import type { Figure, Inputs, Row, Section, Table } from "./figure.ts";
import { decimal, plural } from "./format.ts";
import { type OrderResult, orderResults, orderText } from "./order_results.ts";
import { latencyTable } from "./latencies.ts";
import { markoutTable } from "./markouts.ts";
import { type Shortfall, shortfall, slippageBps } from "./shortfall.ts";

/** What it cost to trade, beyond what was decided. */
export function qualitySection(day: Day): Section {
  const results = orderResults(day).filter(({ record }) => record.intent !== null);
  const measured = results.flatMap((result) => {
    const one = measure(result, day);
    return one === null ? [] : [one];
  });
  return {
    id: "quality",
    title: "Execution",
    lead: lead(measured),
    blocks: [
      { type: "figures", figures: [...costFigures(measured), ...rateFigures(results)] },
      { type: "table", table: shortfallTable(measured) },
      { type: "table", table: markoutTable(day) },
      { type: "table", table: latencyTable(day, results) },
    ],
  };
}

interface Measured {
  readonly result: OrderResult;
  readonly decision: number;
  readonly arrival: number;
  /** Average fill against the middle at arrival, in basis points; null when nothing was filled. */
  readonly slippage: number | null;
  /** Twice the distance of the fills from the middle at that moment, by shares; null without quotes. */
  readonly effectiveSpread: number | null;
  readonly split: Shortfall;
  /** Quantity × decision price: the weight in averages. */
  readonly notional: number;
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

function measure(result: OrderResult, { facts }: Day): Measured | null {
  const intent = result.record.intent?.body;
  if (intent === undefined || intent.signalId === null) return null;
  // Stops and targets wait for a price on purpose; only orders meant to trade now are measured.
  if (intent.role === "stop" || intent.role === "target") return null;
  const signal = facts.signals.get(intent.signalId)?.body;
  const decision = signal === undefined ? null : midpoint(signal.quote);
  const arrival = midpoint(intent.quote);
  if (decision === null || arrival === null) return null;
  const fills = result.fills.map(({ quantity, price }) => ({
    quantity: toNumber(quantity),
    price: toNumber(price),
  }));
  const quantity = toNumber(intent.quantity);
  const split = shortfall({
    side: intent.side,
    quantity,
    decisionPrice: decision,
    arrivalPrice: arrival,
    fills,
    endPrice: null,
    fees: toNumber(result.commissions),
  });
  const { avgPrice } = result;
  return {
    result,
    decision,
    arrival,
    slippage: avgPrice === null ? null : slippageBps(intent.side, toNumber(avgPrice), arrival),
    effectiveSpread: effectiveSpread(result),
    split,
    notional: quantity * decision,
  };
}

function effectiveSpread({ fills }: OrderResult): number | null {
  let shares = 0;
  let sum = 0;
  for (const fill of fills) {
    const middle = midpoint(fill.quote);
    if (middle === null) continue;
    const quantity = toNumber(fill.quantity);
    shares += quantity;
    sum += quantity * 2 * slippageBps(fill.side, toNumber(fill.price), middle);
  }
  return shares === 0 ? null : sum / shares;
}

/** Average by notional over those that have a value. */
function averageOf(
  measured: readonly Measured[],
  pick: (one: Measured) => number | null,
): { readonly value: number | null; readonly n: number; readonly inputs: Inputs } {
  const known = measured.flatMap((one) => {
    const value = pick(one);
    return value === null ? [] : [{ value, weight: one.notional, key: one.result.record.key }];
  });
  const weight = known.reduce((sum, one) => sum + one.weight, 0);
  const value = weight === 0
    ? null
    : known.reduce((sum, one) => sum + one.value * one.weight, 0) / weight;
  return { value, n: known.length, inputs: { intentIds: known.map(({ key }) => key) } };
}

function costFigures(measured: readonly Measured[]): readonly Figure[] {
  const cost = (
    id: string,
    label: string,
    { formula, pick }: { formula: string; pick: (one: Measured) => number | null },
  ): Figure => {
    const { value, n, inputs } = averageOf(measured, pick);
    return figure({
      id,
      label,
      unit: "bps",
      value: value === null ? null : decimal(value),
      formula,
      n,
      inputs,
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
  ];
}

function rateFigures(results: readonly OrderResult[]): readonly Figure[] {
  const sent = results.filter(({ record }) => record.sent.length > 0);
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
      reason: sent.length === 0 ? "No order was sent" : null,
    });
  return [
    rate("quality.filled", "Orders filled in full", {
      formula: "Filled over sent",
      is: ({ status }) => status === "Filled",
    }),
    rate("quality.cancelled", "Orders cancelled", {
      formula: "Cancelled over sent",
      is: ({ status }) => status.startsWith("Cancelled") || status.startsWith("ApiCancelled"),
    }),
    rate("quality.rejected", "Orders rejected", {
      formula: "Inactive, or cancelled with code 201, over sent",
      is: ({ status, record }) =>
        status === "Inactive" || record.messages.some(({ body }) => body.code === 201),
    }),
  ];
}

function shortfallTable(measured: readonly Measured[]): Table {
  const bps = (value: number | null): string | null => value === null ? null : decimal(value);
  return {
    id: "shortfall",
    caption: "Cost against the decision, order by order",
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
    rows: measured.map(({ result, decision, arrival, split }): Row => ({
      id: result.record.key,
      cells: [
        result.symbol,
        result.record.intent === null ? "" : orderText(result.record.intent.body),
        decimal(decision),
        decimal(arrival),
        bps(split.delay),
        bps(split.execution),
        bps(split.opportunity),
        bps(split.explicit),
        bps(split.total),
      ],
      n: result.fills.length,
      inputs: {
        intentIds: [result.record.key],
        execIds: result.fills.map(({ execId }) => execId),
      },
      reason: "Not all was filled, and the ledger keeps no price at the time the rest was given up",
    })),
    empty: "No order with two-sided quotes at decision and arrival.",
    long: true,
  };
}
