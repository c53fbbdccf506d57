import { greatest, least, type Micros, multiply, ZERO } from "../money.ts";

/**
 * IB's schedules for US stocks, per order. On top of both come the fees that regulators take: CAT on both sides, FINRA's
 * TAF on sales. The SEC's fee on sales has been zero since May 2025 and is left out.
 *
 * `fixed`: 0.005 dollars a share, at least 1.00, at most 1 % of the trade's value.
 * `tiered`: 0.0035 a share (the tier below 300,000 shares a month), at least 0.35, at most 1 %, and clearing. What
 * exchanges take and give depends on the venue; half a cent's worth less or more a share is left out.
 */
export type CommissionSchedule = "fixed" | "tiered";

interface Rates {
  readonly perShare: Micros;
  readonly orderMin: Micros;
  /** On top of the capped part. */
  readonly clearingPerShare: Micros;
}

const RATES: Readonly<Record<CommissionSchedule, Rates>> = {
  fixed: { perShare: 5_000n, orderMin: 1_000_000n, clearingPerShare: 0n },
  tiered: { perShare: 3_500n, orderMin: 350_000n, clearingPerShare: 200n },
};
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
export function orderCommission(
  { side, quantity, value }: Traded,
  schedule: CommissionSchedule = "fixed",
): Micros {
  const { perShare, orderMin, clearingPerShare } = RATES[schedule];
  const byShare = greatest(multiply(quantity, perShare), orderMin);
  const own = least(byShare, multiply(value, VALUE_SHARE_MAX));
  const taf = side === "SELL" ? least(multiply(quantity, TAF_PER_SHARE), TAF_MAX) : ZERO;
  return own + taf + multiply(quantity, CAT_PER_SHARE + clearingPerShare);
}

/** What one more execution adds: the minimum is charged once an order, with its first execution. */
export function executionCommission(
  before: Traded,
  after: Traded,
  schedule: CommissionSchedule = "fixed",
): Micros {
  const charged = before.quantity === ZERO ? ZERO : orderCommission(before, schedule);
  return orderCommission(after, schedule) - charged;
}
