/** Small numerical tools of the statistics, each with the convention it follows. */

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/**
 * True when the values differ by no more than rounding does: four units in the last place of the largest. A spread
 * of that size is noise, and dividing by it gives ratios of 1e16.
 */
export function isConstant(values: readonly number[]): boolean {
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const size = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return high - low <= 4 * Number.EPSILON * size;
}

/** Sum of (value − mean)^power over n. */
export function centralMoment(values: readonly number[], power: number): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** power));
}

/** Standard deviation of a sample, n − 1 below; 0 of constants, NaN of fewer than two. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  if (isConstant(values)) return 0;
  return Math.sqrt((centralMoment(values, 2) * values.length) / (values.length - 1));
}

/** Quantile by linear interpolation (type 7, as numpy and R do). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The value below which a standard normal variable falls in 5 % of cases. */
export const NORMAL_5_PERCENT = -1.6448536269514722;

/** Below this the series for the middle converges fast; above it the fraction for the tail. */
const SERIES_MAX = 2.5;
const TERMS_MAX = 200;

/** Probability that a standard normal variable is below x, to a relative 1e-13 in either tail. */
export function normalCdf(x: number): number {
  if (Math.abs(x) < SERIES_MAX) return 0.5 + density(x) * seriesOf(x);
  const tail = density(x) / fractionOf(Math.abs(x));
  return x < 0 ? tail : 1 - tail;
}

function density(x: number): number {
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/** x + x³/3 + x⁵/15 + … */
function seriesOf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n <= TERMS_MAX && Math.abs(term) > Number.EPSILON * Math.abs(total); n++) {
    term *= (x * x) / (2 * n + 1);
    total += term;
  }
  return total;
}

/** x + 1/(x + 2/(x + 3/(x + …))), from the inside out. */
function fractionOf(x: number): number {
  let value = x;
  for (let n = TERMS_MAX; n >= 1; n--) value = x + n / value;
  return value;
}
