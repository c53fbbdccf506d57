/**
 * Whether a price may be believed. One tick far from the last good price is most often a wrong one, so it moves
 * nothing until the market has stood by it.
 */

/** What is known of one symbol's prices. */
export interface PriceTrust {
  /** The last price that was believed; null before any. */
  readonly good: number | null;
  /** A price too far from it, since when, and not confirmed yet; null when there is none. */
  readonly suspect: { readonly price: number; readonly since: number } | null;
}

export const NO_TRUST: PriceTrust = { good: null, suspect: null };

/**
 * How long a far price must have stood, and be seen again, to be believed. A mistyped or misrouted tick is followed
 * by a right one within a second in anything that trades; a real gap stays.
 */
const CONFIRM_MS = 2_000;

export interface Observation {
  readonly price: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Trust after one more price. It was believed when the new `suspect` is null. */
export function withPrice(
  trust: PriceTrust,
  { price, at }: Observation,
  outlierPct: number,
): PriceTrust {
  if (!(price > 0) || price === Infinity) return trust;
  const { good, suspect } = trust;
  if (good === null || isNear(price, good, outlierPct)) return { good: price, suspect: null };
  if (suspect === null || !isNear(price, suspect.price, outlierPct)) {
    return { good, suspect: { price, since: at } };
  }
  if (at - suspect.since >= CONFIRM_MS) return { good: price, suspect: null };
  return trust;
}

function isNear(price: number, other: number, pct: number): boolean {
  return Math.abs(price - other) * 100 <= other * pct;
}
