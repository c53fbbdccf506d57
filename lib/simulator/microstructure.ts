import type { Listing } from "./universe.ts";

/**
 * How a stock trades within a day: ticks, spreads, sizes, and the shapes of volume and volatility. Rules of thumb
 * fitted by eye to US stocks.
 *
 * Prices inside the simulator are whole numbers of 0.0001 dollars, the smallest tick there is; their names end
 * in E4. They are exact, fit typed arrays, and convert to Micros without rounding.
 */

export const E4_PER_DOLLAR = 10_000;
const CENT_E4 = 100;

/** The tick in force at a price. */
export function tickE4(listing: Listing, priceE4: number): number {
  return listing.subPenny && priceE4 < E4_PER_DOLLAR ? 1 : CENT_E4;
}

/** The price on its tick nearest to `priceE4`, at least one tick. */
export function roundToTick(listing: Listing, priceE4: number): number {
  const tick = tickE4(listing, priceE4);
  return Math.max(tick, Math.round(priceE4 / tick) * tick);
}

/** Usual spread as a share of the price: 0.6 basis points for AAPL, 80 for a stock that trades a million dollars. */
export function relativeSpread(listing: Listing): number {
  const millionsADay = listing.dailyVolume * listing.referencePrice / 1e6;
  return 65e-4 / Math.sqrt(millionsADay);
}

/** Spread relative to its usual at this point of the session (0 open, 1 close): wide in the first minutes. */
function spreadProfile(point: number): number {
  return 0.85 + 2.5 * Math.exp(-point / 0.02) + 0.4 * Math.exp(-point / 0.15);
}

/** Volume per unit of time, U-shaped; its mean over the session is about 1. */
function volumeProfile(point: number): number {
  return 0.58 + 2.6 * Math.exp(-point / 0.07) + 3.4 * Math.exp(-(1 - point) / 0.07);
}

/** Variance per unit of time: highest after the open, a little higher again before the close. */
function varianceProfile(point: number): number {
  return 0.6 + 4.5 * Math.exp(-point / 0.06) + 1.2 * Math.exp(-(1 - point) / 0.06);
}

/** Shares of the day's volume that trade in the opening and in the closing auction. */
export const OPENING_AUCTION_SHARE = 0.015;
export const CLOSING_AUCTION_SHARE = 0.07;

/** Some five thousand dollars a trade, as small investors and slicing algorithms leave it. */
export function averageTradeShares(listing: Listing): number {
  return Math.min(5000, Math.max(80, 5000 / listing.referencePrice));
}

/** Shares usually shown at the best price, a few round lots. */
export function averageQuoteShares(listing: Listing): number {
  return Math.max(200, 12_000 / listing.referencePrice);
}

/** The three shapes sampled in the middle of each step, once per grid: exponentials are most of a day's cost. */
export interface Profiles {
  readonly spread: Float64Array;
  readonly volume: Float64Array;
  readonly variance: Float64Array;
}

/** Early and late trading: wide spreads, and no shape worth the name. */
export function offHoursProfiles(steps: number): Profiles {
  return {
    spread: new Float64Array(steps).fill(OFF_HOURS_SPREAD_FACTOR),
    volume: new Float64Array(steps).fill(1),
    variance: new Float64Array(steps).fill(1),
  };
}

const OFF_HOURS_SPREAD_FACTOR = 6;

export function profilesOf(steps: number): Profiles {
  const sampled = (profile: (point: number) => number): Float64Array =>
    Float64Array.from({ length: steps }, (_, step) => profile((step + 0.5) / steps));
  return {
    spread: sampled(spreadProfile),
    volume: sampled(volumeProfile),
    variance: sampled(varianceProfile),
  };
}
