import { greatest, least, type Micros, multiply, ZERO } from "../money.ts";

/**
 * IB's fixed schedule for US stocks, per order: 0.005 dollars a share, at least 1.00, at most 1 % of the trade's
 * value. On top the fees that regulators take: CAT on both sides, FINRA's TAF on sales. The SEC's fee on sales
 * has been zero since May 2025 and is left out.
 */
const PER_SHARE: Micros = 5_000n;
const ORDER_MIN: Micros = 1_000_000n;
const VALUE_SHARE_MAX: Micros = 10_000n;
/** 0.000003 a share: a first share bought costs the 1.000003 that live Gateways report. */
const CAT_PER_SHARE: Micros = 3n;
const TAF_PER_SHARE: Micros = 166n;
const TAF_MAX: Micros = 8_300_000n;

export interface Traded {
  readonly side: "BUY" | "SELL";
  /** All of the order so far. */
  readonly quantity: Micros;
  readonly value: Micros;
}

/** What an order owes once this much of it has traded. */
export function orderCommission({ side, quantity, value }: Traded): Micros {
  const byShare = greatest(multiply(quantity, PER_SHARE), ORDER_MIN);
  const own = least(byShare, multiply(value, VALUE_SHARE_MAX));
  const taf = side === "SELL" ? least(multiply(quantity, TAF_PER_SHARE), TAF_MAX) : ZERO;
  return own + taf + multiply(quantity, CAT_PER_SHARE);
}

/** What one more execution adds: the minimum is charged once an order, with its first execution. */
export function executionCommission(before: Traded, after: Traded): Micros {
  const charged = before.quantity === ZERO ? ZERO : orderCommission(before);
  return orderCommission(after) - charged;
}
