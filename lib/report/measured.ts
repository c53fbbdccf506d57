import type { ExecutionBooked, IntentRecorded, QuoteSeen } from "../ledger/entry.ts";
import { midpoint } from "../market/market.ts";
import { type Micros, multiply, toNumber, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import type { Day } from "./day.ts";
import type { ParentRecord } from "./facts.ts";
import { type OrderResult, orderText } from "./order_results.ts";
import { type Shortfall, shortfall, slippageBps } from "./shortfall.ts";

/** A decision to trade now, held against the prices it was made and began at: an order, or an algorithm's parent. */
export interface Measured {
  /** intentId, or parentOrderId. */
  readonly key: string;
  readonly symbol: string;
  readonly text: string;
  readonly at: number;
  readonly type: string;
  readonly isMarketable: boolean;
  readonly side: Side;
  readonly quantity: number;
  readonly filled: number;
  readonly avgPrice: number | null;
  readonly decision: number;
  readonly arrival: number;
  /** Average fill against the middle at arrival; null when nothing was filled. All in basis points, cost positive. */
  readonly slippage: number | null;
  /** Twice the distance of the fills from the middle at that moment, by shares; null without quotes. */
  readonly effectiveSpread: number | null;
  /** Against the far side of the quote at arrival: what the order was better than taking it. Gain positive. */
  readonly improvement: number | null;
  /** Against the volume-weighted average between arrival and end; null where nobody measured it. */
  readonly intervalVwap: number | null;
  readonly dayVwap: number | null;
  readonly close: number | null;
  readonly split: Shortfall;
  /** Quantity × decision price: the weight in averages. */
  readonly notional: number;
  readonly intentIds: readonly string[];
  readonly execIds: readonly string[];
  /** Null of an order sent whole. */
  readonly parent: ParentRecord | null;
}

/** Those that have a two-sided quote at decision and arrival, in the order they were made. */
export function measuredOf(day: Day, results: readonly OrderResult[]): readonly Measured[] {
  const whole: OrderResult[] = [];
  const slices = new Map<string, OrderResult[]>(); // parentOrderId → its slices
  for (const result of results) {
    const intent = result.record.intent?.body;
    // Stops and targets wait for a price on purpose; only orders meant to trade now are measured.
    if (intent === undefined || intent.role === "stop" || intent.role === "target") continue;
    if (intent.parentOrderId === null) whole.push(result);
    else {
      const known = slices.get(intent.parentOrderId);
      if (known === undefined) slices.set(intent.parentOrderId, [result]);
      else known.push(result);
    }
  }
  const parents = [...day.facts.parents.values()].flatMap((parent) =>
    ofParent(day, parent, slices.get(parent.started.body.parentOrderId) ?? []) ?? []
  );
  return [...whole.flatMap((result) => ofOrder(day, result) ?? []), ...parents]
    .toSorted((a, b) => a.at - b.at);
}

function ofOrder(day: Day, result: OrderResult): Measured | null {
  const intent = result.record.intent;
  const signalId = intent?.body.signalId ?? null;
  if (intent === null || signalId === null) return null;
  const { body } = intent;
  return measure(day, {
    key: body.intentId,
    signalId,
    symbol: body.symbol,
    text: orderText(body),
    at: intent.at,
    type: body.orderType,
    isMarketable: isMarketable(body),
    side: body.side,
    quantity: body.quantity,
    arrival: body.quote,
    end: null,
    intervalVwap: null,
    results: [result],
    parent: null,
  });
}

function ofParent(
  day: Day,
  parent: ParentRecord,
  slices: readonly OrderResult[],
): Measured | null {
  const { body, at } = parent.started;
  return measure(day, {
    key: body.parentOrderId,
    signalId: body.signalId,
    symbol: body.symbol,
    text: `${body.side} ${toNumber(body.quantity)} by ${body.algorithm}`,
    at,
    type: body.algorithm,
    isMarketable: slices.some(({ record }) =>
      record.intent !== null && isMarketable(record.intent.body)
    ),
    side: body.side,
    quantity: body.quantity,
    arrival: body.quote,
    end: parent.ended?.body.quote ?? null,
    intervalVwap: parent.ended?.body.intervalVwap ?? null,
    results: slices,
    parent,
  });
}

/** A market order, or a limit at or through the other side of the quote when it was written down. */
function isMarketable({ side, lmtPrice, orderType, quote }: IntentRecorded): boolean {
  if (orderType === "MKT") return true;
  const touch = side === "BUY" ? quote.ask : quote.bid;
  if (lmtPrice === null || touch === null) return false;
  const limit = toNumber(lmtPrice);
  return side === "BUY" ? limit >= touch : limit <= touch;
}

interface Decision {
  readonly key: string;
  readonly signalId: string;
  readonly symbol: string;
  readonly text: string;
  readonly at: number;
  readonly type: string;
  readonly isMarketable: boolean;
  readonly side: Side;
  readonly quantity: Micros;
  readonly arrival: QuoteSeen;
  /** When the rest was given up. */
  readonly end: QuoteSeen | null;
  readonly intervalVwap: number | null;
  readonly results: readonly OrderResult[];
  readonly parent: ParentRecord | null;
}

function measure({ facts }: Day, order: Decision): Measured | null {
  const { key, symbol, text, at, type, side, parent } = order;
  const signal = facts.signals.get(order.signalId)?.body;
  const decision = signal === undefined ? null : midpoint(signal.quote);
  const arrival = midpoint(order.arrival);
  if (decision === null || arrival === null) return null;
  const fills = order.results.flatMap((result) => result.fills);
  const filled = fills.reduce((sum, fill) => sum + fill.quantity, ZERO);
  const notional = fills.reduce((sum, fill) => sum + multiply(fill.quantity, fill.price), ZERO);
  const fees = order.results.reduce((sum, result) => sum + result.commissions, ZERO);
  const quantity = toNumber(order.quantity);
  const avgPrice = filled === 0n ? null : toNumber(notional) / toNumber(filled);
  const against = (price: number | null | undefined): number | null =>
    avgPrice === null || price === null || price === undefined
      ? null
      : slippageBps(side, avgPrice, price);
  const touch = side === "BUY" ? order.arrival.ask : order.arrival.bid;
  const better = against(touch);
  const prices = facts.dayPrices.get(symbol);
  return {
    ...{ key, symbol, text, at, type, side, parent, quantity, avgPrice, decision, arrival },
    isMarketable: order.isMarketable,
    filled: toNumber(filled),
    slippage: against(arrival),
    effectiveSpread: effectiveSpread(fills),
    improvement: better === null ? null : -better,
    intervalVwap: against(order.intervalVwap),
    dayVwap: against(prices?.vwap),
    close: against(prices?.close),
    split: shortfall({
      side,
      quantity,
      decisionPrice: decision,
      arrivalPrice: arrival,
      fills: fills.map((fill) => ({
        quantity: toNumber(fill.quantity),
        price: toNumber(fill.price),
      })),
      endPrice: order.end === null ? null : midpoint(order.end),
      fees: toNumber(fees),
    }),
    notional: quantity * decision,
    intentIds: order.results.map(({ record }) => record.key),
    execIds: fills.map(({ execId }) => execId),
  };
}

function effectiveSpread(fills: readonly ExecutionBooked[]): number | null {
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
export function averageOf(
  measured: readonly Measured[],
  pick: (one: Measured) => number | null,
): { readonly value: number | null; readonly of: readonly Measured[] } {
  const known = measured.flatMap((one) => {
    const value = pick(one);
    return value === null ? [] : [{ one, value }];
  });
  const weight = known.reduce((sum, { one }) => sum + one.notional, 0);
  return {
    value: weight === 0
      ? null
      : known.reduce((sum, { one, value }) => sum + value * one.notional, 0) / weight,
    of: known.map(({ one }) => one),
  };
}
