import type { Bar } from "../market/market.ts";
import type { DayPlan } from "./daily_plan.ts";
import { emptyDay, type MarketDay } from "./market_day.ts";
import {
  averageQuoteShares,
  averageTradeShares,
  E4_PER_DOLLAR,
  relativeSpread,
  roundToTick,
  tickE4,
} from "./microstructure.ts";
import { OPENING_TIME_OF_DAY_MS, type TradingSession } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

/**
 * A day out of recorded bars. What a bar does not say is chosen here, and each choice errs in a direction:
 *
 * - It is walked from its open over its extremes to its close, the low first when it rose, the high first when it fell.
 *   Of a stop and a target within one bar, a long position in a rising bar has its stop hit first (against the
 *   strategy), in a falling bar its target (for it); a short one the other way round.
 * - Each of the three legs takes a third of its time, and its volume is spread evenly. Real bars rush and rest: orders
 *   that rest at an extreme find less here than in a burst, and more than in a lull (either way).
 * - Nothing trades outside the bar, so nothing fills better than it allows. Quotes are made up around the last trade
 *   from the stock's usual spread, never narrower than a tick; an order that takes them pays them, and in a quiet hour
 *   of a liquid stock that is more than it would have been (against the strategy), after bad news less (for it).
 * - Quotes show the stock's usual size whatever the bar's volume: small orders in a thin minute fill too easily (for
 *   the strategy), large ones in a busy minute too slowly (against it).
 * - The auctions have the first open and the last close as their prices, and the usual share of the day's volume.
 * - Minutes without a bar repeat the last price, and nothing trades in them; there is no early or late trading.
 */
export function recordedDay(
  { listing, plan, session, stepMs }: {
    readonly listing: Listing;
    readonly plan: DayPlan;
    readonly session: TradingSession;
    readonly stepMs: number;
  },
  bars: readonly Bar[],
): MarketDay {
  const steps = Math.floor((session.closesAt - session.opensAt) / stepMs);
  const day = emptyDay({
    kind: "regular",
    openingTimeOfDayMs: OPENING_TIME_OF_DAY_MS,
    listing,
    plan,
    session,
    stepMs,
    steps,
  });
  let next = 0;
  let last = plan.openE4;
  for (const bar of bars) {
    const first = Math.max(0, Math.round((bar.time - session.opensAt) / stepMs));
    const end = Math.min(steps, Math.round((bar.time + bar.durationMs - session.opensAt) / stepMs));
    for (; next < Math.min(first, steps); next++) stand(day, next, last);
    if (end <= next) continue;
    walk(day, bar, { fromStep: next, toStep: end });
    next = end;
    last = day.lastE4[end - 1] ?? last;
  }
  for (; next < steps; next++) stand(day, next, last);
  quote(day);
  return day;
}

/** What the day comes to, from its bars; null when there are none. */
export function recordedPlan(
  listing: Listing,
  date: string,
  { bars, previousCloseE4 }: { readonly bars: readonly Bar[]; readonly previousCloseE4: number },
): DayPlan | null {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    date,
    previousCloseE4,
    openE4: onTick(listing, first.open),
    closeE4: onTick(listing, last.close),
    volume: bars.reduce((sum, bar) => sum + bar.volume, 0),
    volatility: listing.dailyVolatility,
  };
}

function walk(
  day: MarketDay,
  bar: Bar,
  { fromStep, toStep }: { readonly fromStep: number; readonly toStep: number },
): void {
  const { listing } = day;
  const price = (dollars: number): number => onTick(listing, dollars);
  const [open, high, low, close] = [
    price(bar.open),
    price(bar.high),
    price(bar.low),
    price(bar.close),
  ];
  const corners = close >= open ? [open, low, high, close] : [open, high, low, close];
  const steps = toStep - fromStep;
  const volume = Math.floor(bar.volume / steps);
  let before = open;
  for (let index = 0; index < steps; index++) {
    const step = fromStep + index;
    const passed = cornersWithin(corners, index, steps);
    const last = index === steps - 1 ? close : along(listing, corners, (index + 1) / steps);
    const prices = [before, last, ...passed];
    day.firstE4[step] = before;
    day.lastE4[step] = last;
    day.highE4[step] = Math.max(...prices);
    day.lowE4[step] = Math.min(...prices);
    day.volume[step] = index === 0 ? bar.volume - volume * (steps - 1) : volume;
    const shares = day.volume[step] ?? 0;
    day.count[step] = shares === 0
      ? 0
      : Math.max(1, Math.round(shares / averageTradeShares(listing)));
    day.wapE4[step] = (before + last) / 2;
    before = last;
  }
}

/** The price at this part of the way over the corners. */
function along(listing: Listing, corners: readonly number[], part: number): number {
  const legs = corners.length - 1;
  const leg = Math.min(legs - 1, Math.floor(part * legs));
  const [from = 0, to = 0] = [corners[leg], corners[leg + 1]];
  return roundToTick(listing, from + (to - from) * (part * legs - leg));
}

/** Corners that the price turns at within the step. */
function cornersWithin(corners: readonly number[], index: number, steps: number): number[] {
  const legs = corners.length - 1;
  return corners.filter((_, corner) => {
    const at = corner / legs * steps;
    return at >= index && at <= index + 1;
  });
}

function stand(day: MarketDay, step: number, priceE4: number): void {
  for (const prices of [day.firstE4, day.highE4, day.lowE4, day.lastE4]) prices[step] = priceE4;
  day.wapE4[step] = priceE4;
}

function quote(day: MarketDay): void {
  const { listing } = day;
  const shares = Math.max(1, Math.round(averageQuoteShares(listing) / 100)) * 100;
  for (let step = 0; step < day.steps; step++) {
    const last = day.lastE4[step] ?? 0;
    const tick = tickE4(listing, last);
    const ticks = Math.max(1, Math.round(relativeSpread(listing) * last / tick));
    const bid = Math.max(tick, last - Math.floor(ticks / 2) * tick);
    day.bidE4[step] = bid;
    day.askE4[step] = bid + ticks * tick;
    day.bidSize[step] = shares;
    day.askSize[step] = shares;
  }
}

function onTick(listing: Listing, dollars: number): number {
  return roundToTick(listing, dollars * E4_PER_DOLLAR);
}
