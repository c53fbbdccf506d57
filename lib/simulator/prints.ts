import type { MarketDay } from "./market_day.ts";

/** Single trades out of a step, which knows only their number, their sum and their extremes. */
export interface Print {
  readonly priceE4: number;
  readonly shares: number;
}

/**
 * Up to four trades that agree with the step: first, high, low, last, in that order, volumes adding up to its volume.
 * Steps with more trades show fewer and larger ones than the market had.
 */
export function printsOf(day: MarketDay, step: number): Print[] {
  const count = day.count[step] ?? 0;
  if (count === 0) return [];
  const first = day.firstE4[step] ?? 0;
  const high = day.highE4[step] ?? 0;
  const low = day.lowE4[step] ?? 0;
  const last = day.lastE4[step] ?? 0;
  const prices = count === 1
    ? [last]
    : count === 2
    ? [first, last]
    : count === 3
    ? [first, high === first || high === last ? low : high, last]
    : [first, high, low, last];
  const volume = day.volume[step] ?? 0;
  const each = Math.max(1, Math.floor(volume / prices.length));
  return prices.map((priceE4, index) => ({
    priceE4,
    shares: index === 0 ? Math.max(1, volume - each * (prices.length - 1)) : each,
  }));
}
