import type { MarketDay } from "./market_day.ts";
import { tickE4 } from "./microstructure.ts";

/**
 * What the market gives an order, as pure functions of one step of the grid. Prices in E4, quantities in shares.
 *
 * The market does not react to our orders: no fill moves it. That flatters orders which are large for the stock;
 * the limits below keep the flattery small.
 */

export type Side = "BUY" | "SELL";

export interface Fill {
  readonly priceE4: number;
  readonly shares: number;
}

/** A standing quote, and what our own orders have taken of either side since it was put up. */
export interface Depth {
  readonly bestE4: number;
  /** Shares shown at the best price. */
  readonly size: number;
  readonly spreadE4: number;
  readonly tick: number;
  readonly taken: number;
}

/**
 * Price levels behind the best quote that an order may eat into at once; the rest waits for the next quote. Real
 * books are deeper, so very large orders fill later here than they would: an error against the strategy.
 */
const LEVELS_MAX = 8;
/** Each level shows this much more than the one before it, as real books do near the best price. */
const LEVEL_GROWTH = 0.5;

/** The side of the book that an order of `side` takes from, at the end of a step. */
export function depthFor(
  day: MarketDay,
  step: number,
  { side, taken }: { side: Side; taken: number },
): Depth {
  const bidE4 = day.bidE4[step] ?? 0;
  const askE4 = day.askE4[step] ?? 0;
  const bestE4 = side === "BUY" ? askE4 : bidE4;
  const size = (side === "BUY" ? day.askSize[step] : day.bidSize[step]) ?? 0;
  return { bestE4, size, spreadE4: askE4 - bidE4, tick: tickE4(day.listing, bestE4), taken };
}

/** The levels of the book behind a side's best price, best first; what we took of it is still in. */
function levelsOf({ bestE4, size, spreadE4, tick }: Depth, side: Side): Fill[] {
  const direction = side === "BUY" ? 1 : -1;
  const gap = Math.max(tick, Math.round(spreadE4 / 2 / tick) * tick);
  return Array.from({ length: LEVELS_MAX }, (_, level) => ({
    priceE4: bestE4 + direction * level * gap,
    shares: Math.floor(size * (1 + level * LEVEL_GROWTH)),
  })).filter(({ priceE4 }) => priceE4 > 0);
}

/** The book that an order of `side` would take from, for market depth. */
export function bookLevels(day: MarketDay, step: number, side: Side): Fill[] {
  return levelsOf(depthFor(day, step, { side, taken: 0 }), side);
}

/**
 * Walks the book: each level at its price, no further than `limitE4`. Pays the whole spread and the depth; hidden
 * and midpoint liquidity, which would make it cheaper, is left out: an error against the strategy.
 */
export function takeFrom(
  depth: Depth,
  { side, shares, limitE4 }: { side: Side; shares: number; limitE4: number | null },
): Fill[] {
  const fills: Fill[] = [];
  const direction = side === "BUY" ? 1 : -1;
  let wanted = shares;
  let skip = depth.taken;
  for (const { priceE4, shares: shown } of levelsOf(depth, side)) {
    if (wanted <= 0 || (limitE4 !== null && direction * (priceE4 - limitE4) > 0)) break;
    const left = Math.max(0, shown - skip);
    skip = Math.max(0, skip - shown);
    const filled = Math.min(wanted, left);
    if (filled > 0) fills.push({ priceE4, shares: filled });
    wanted -= filled;
  }
  return fills;
}

/**
 * Share of a step's volume that a resting order may have when trades went through its price: it stands in a
 * queue. Real queues differ; a quarter is generous for large caps at the touch, stingy for thin stocks.
 */
const THROUGH_SHARE = 0.25;
/** Share when trades only reached the price: most of them were for others who came first. */
const TOUCH_SHARE = 0.05;
/** Share of an auction's volume that our orders may be. */
const AUCTION_SHARE = 0.1;

/**
 * Shares that a resting limit order gets in a step, at its own limit: those who come to it pay its price, never
 * better. Asked for steps alone during which the order stood from the beginning. What is not shown stands behind all
 * that is: trades that only reached its price never come to it. Some would in a real book, so this errs against the
 * strategy.
 */
export function restingShares(
  day: MarketDay,
  step: number,
  { side, limitE4, isShown }: { side: Side; limitE4: number; isShown: boolean },
): number {
  const traded = day.volume[step] ?? 0;
  if (traded === 0) return 0;
  const extreme = (side === "BUY" ? day.lowE4[step] : day.highE4[step]) ?? 0;
  const beyond = side === "BUY" ? limitE4 - extreme : extreme - limitE4;
  if (beyond < 0 || (beyond === 0 && !isShown)) return 0;
  return Math.floor(traded * (beyond > 0 ? THROUGH_SHARE : TOUCH_SHARE));
}

export function auctionShares(volume: number): number {
  return Math.floor(volume * AUCTION_SHARE);
}

/**
 * The price at which trades of a step set off a stop: the first trade when the stock opened beyond it, else the
 * stop itself. Null when they did not reach it.
 */
export function triggerPriceE4(
  day: MarketDay,
  step: number,
  { side, stopE4 }: { side: Side; stopE4: number },
): number | null {
  if ((day.count[step] ?? 0) === 0) return null;
  const first = day.firstE4[step] ?? 0;
  const extreme = (side === "BUY" ? day.highE4[step] : day.lowE4[step]) ?? 0;
  const beyond = (priceE4: number): boolean =>
    side === "BUY" ? priceE4 >= stopE4 : priceE4 <= stopE4;
  if (beyond(first)) return first;
  return beyond(extreme) ? stopE4 : null;
}

/**
 * A stop that went off within a step fills at the end of it, but no better than where it went off: the price may
 * have come back since, and a real stop would not have waited.
 */
export function noBetterThan(fill: Fill, worstE4: number, side: Side): Fill {
  const priceE4 = side === "BUY"
    ? Math.max(fill.priceE4, worstE4)
    : Math.min(fill.priceE4, worstE4);
  return { ...fill, priceE4 };
}
