import {
  absolute,
  divide,
  formatMicros,
  fromNumber,
  least,
  type Micros,
  MICROS_PER_UNIT,
  toNumber,
  ZERO,
} from "../money.ts";
import type { TripRecord } from "./book.ts";
import { percentOf } from "./gates.ts";
import type { Limits } from "./limits.ts";
import { type Refusal, refusal } from "./refusals.ts";

/** Finer than any account can tell, and short enough to read. */
const PERCENT_DECIMALS = 4;

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
  readonly record: () => TripRecord;
}

/**
 * Whole shares by the rule in force, always rounded down. A size computed from equity is cut to the order and
 * position limits; a size a person fixed is taken as it is, and refused later when it is too large.
 */
export function sizeOf(limits: Limits, facts: SizingFacts): Size | Refusal {
  const { equity, costPrice } = facts;
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
    case "stop-risk":
      return atRisk(limits, facts, { pct: limits.sizeRiskPct, why: "" });
    case "half-kelly":
      return atRisk(limits, facts, halfKelly(limits, facts.record()));
  }
}

/** How much of equity an entry may lose at its stop, and where that figure comes from. */
interface Risk {
  readonly pct: number;
  readonly why: string;
}

function atRisk(limits: Limits, facts: SizingFacts, { pct, why }: Risk): Size | Refusal {
  const { equity, costPrice, limitPrice, stopPrice } = facts;
  const amount = pct > 0 ? percentOf(equity, pct) : ZERO;
  const perShare = absolute(limitPrice - stopPrice);
  const rule = `${why}${pct} % of equity ${formatMicros(equity)} at risk, ` +
    `${formatMicros(perShare)} a share to the stop at ${formatMicros(stopPrice)}`;
  const byRisk = sharesFor(amount, perShare, rule);
  const byCap = sharesFor(capOf(limits, equity), costPrice, rule);
  if ("code" in byRisk) return byRisk;
  return "code" in byCap || byCap.quantity < byRisk.quantity ? byCap : byRisk;
}

/**
 * Kelly (1956): with a share p of wins, each b times as large as a loss, growth is fastest when p − (1 − p) ÷ b of
 * equity is at risk. Half of it keeps three quarters of the growth and forgives a record that flatters; without an
 * edge nothing is risked.
 */
function halfKelly(limits: Limits, { wins, losses, won, lost }: TripRecord): Risk {
  const trips = wins + losses;
  if (trips < limits.kellyMinTrips) {
    const why = `${trips} of ${limits.kellyMinTrips} round trips for half Kelly, so `;
    return { pct: limits.sizeRiskPct, why };
  }
  const share = wins / trips;
  // Without a single loss or win the ratio is unknown: all wins earn the cap, all losses nothing.
  const kelly = losses === 0 || lost === ZERO
    ? 1
    : wins === 0 || won === ZERO
    ? 0
    : share - (1 - share) / toNumber(divide(won * BigInt(losses), lost * BigInt(wins)));
  const half = Math.max(kelly, 0) * 50;
  const pct = Number(Math.min(half, limits.kellyMaxRiskPct).toFixed(PERCENT_DECIMALS));
  return { pct, why: `half Kelly of ${wins} wins and ${losses} losses, ` };
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
