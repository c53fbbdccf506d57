import {
  absolute,
  formatMicros,
  fromNumber,
  least,
  type Micros,
  MICROS_PER_UNIT,
} from "../money.ts";
import { percentOf } from "./gates.ts";
import type { Limits } from "./limits.ts";
import { type Refusal, refusal } from "./refusals.ts";

/** How many shares, and why in words. */
export interface Size {
  readonly quantity: Micros;
  readonly text: string;
}

export interface SizingFacts {
  readonly equity: Micros;
  /** The most a share can cost, so that no fill carries the size past a cap. */
  readonly costPrice: Micros;
  /** The worst price the entry can be filled at, from which the stop is farthest. */
  readonly limitPrice: Micros;
  readonly stopPrice: Micros;
}

/**
 * Whole shares by the rule in force, always rounded down. A size computed from equity is cut to the order and
 * position limits; a size a person fixed is taken as it is, and refused later when it is too large.
 */
export function sizeOf(limits: Limits, facts: SizingFacts): Size | Refusal {
  const { equity, costPrice, limitPrice, stopPrice } = facts;
  switch (limits.sizing) {
    case "fixed-shares": {
      const quantity = BigInt(limits.sizeShares) * MICROS_PER_UNIT;
      return { quantity, text: `${limits.sizeShares} shares, fixed` };
    }
    case "fixed-notional": {
      const amount = fromNumber(limits.sizeNotionalUsd);
      return sharesFor(amount, costPrice, `${formatMicros(amount)} USD, fixed`);
    }
    case "percent-of-equity": {
      const wanted = percentOf(equity, limits.sizePct);
      const rule = `${limits.sizePct} % of equity ${formatMicros(equity)}`;
      return sharesFor(least(wanted, capOf(limits, equity)), costPrice, rule);
    }
    case "stop-risk": {
      const atRisk = percentOf(equity, limits.sizeRiskPct);
      const perShare = absolute(limitPrice - stopPrice);
      const rule = `${limits.sizeRiskPct} % of equity ${formatMicros(equity)} at risk, ` +
        `${formatMicros(perShare)} a share to the stop at ${formatMicros(stopPrice)}`;
      const byRisk = sharesFor(atRisk, perShare, rule);
      const byCap = sharesFor(capOf(limits, equity), costPrice, rule);
      if ("code" in byRisk) return byRisk;
      return "code" in byCap || byCap.quantity < byRisk.quantity ? byCap : byRisk;
    }
  }
}

/** The largest single order the order and position limits leave. */
function capOf(limits: Limits, equity: Micros): Micros {
  return least(fromNumber(limits.maxOrderNotionalUsd), percentOf(equity, limits.maxPositionPct));
}

function sharesFor(amount: Micros, perShare: Micros, rule: string): Size | Refusal {
  // Division of whole numbers rounds towards zero, and neither is negative here but an empty account's amount.
  const shares = perShare > 0n ? amount / perShare : 0n;
  if (shares <= 0n) return refusal("SIZE_ZERO", formatMicros(amount), formatMicros(perShare));
  return {
    quantity: shares * MICROS_PER_UNIT,
    text: `${rule}: ${formatMicros(amount)} ÷ ${formatMicros(perShare)} is ${shares} shares`,
  };
}
