import type { Side } from "../strategy/strategy.ts";

/** One order against the price its decision was made at (Perold), split after Wagner. Prices are observed numbers. */
export interface ShortfallInput {
  readonly side: Side;
  /** Shares the decision wanted. */
  readonly quantity: number;
  /** Middle of the quote at the decision. */
  readonly decisionPrice: number;
  /** Middle of the quote when the order went to the wire. */
  readonly arrivalPrice: number;
  readonly fills: readonly { readonly quantity: number; readonly price: number }[];
  /** Price when the rest was given up; null when unknown, which matters only when there is a rest. */
  readonly endPrice: number | null;
  readonly fees: number;
}

/** In basis points of quantity × decision price. Cost is positive. */
export interface Shortfall {
  readonly explicit: number;
  readonly execution: number;
  readonly delay: number;
  /** Null when shares were not filled and nobody knows what they would have cost. */
  readonly opportunity: number | null;
  readonly total: number | null;
}

const BPS = 10_000;

/**
 * Delay: what the price did between decision and arrival, on the shares filled. Execution: what the fills cost
 * beyond arrival. Opportunity: what the shares never filled moved away by. Explicit: fees.
 */
export function shortfall(input: ShortfallInput): Shortfall {
  const { quantity, decisionPrice, arrivalPrice, fills, endPrice, fees } = input;
  const sign = input.side === "BUY" ? 1 : -1;
  const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
  const missed = quantity - filled;
  const bps = (amount: number): number => (BPS * amount) / (quantity * decisionPrice);
  const explicit = bps(fees);
  const execution = bps(
    fills.reduce((sum, fill) => sum + fill.quantity * sign * (fill.price - arrivalPrice), 0),
  );
  const delay = bps(filled * sign * (arrivalPrice - decisionPrice));
  const opportunity = missed === 0
    ? 0
    : endPrice === null
    ? null
    : bps(missed * sign * (endPrice - decisionPrice));
  const total = opportunity === null ? null : explicit + execution + delay + opportunity;
  return { explicit, execution, delay, opportunity, total };
}

/** Cost of a price against a benchmark in basis points, positive when it is worse for this side. */
export function slippageBps(side: Side, price: number, benchmark: number): number {
  return (BPS * (side === "BUY" ? 1 : -1) * (price - benchmark)) / benchmark;
}
