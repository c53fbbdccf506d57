import type { DayPlan } from "./daily_plan.ts";
import {
  averageQuoteShares,
  averageTradeShares,
  CLOSING_AUCTION_SHARE,
  OPENING_AUCTION_SHARE,
  type Profiles,
  relativeSpread,
  roundToTick,
  tickE4,
} from "./microstructure.ts";
import type { Random } from "./random.ts";
import type { SegmentKind, TradingSession } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

/**
 * One session of one stock on its grid, or the early or late trading of a date. Step k covers the time from `opensAt + k·stepMs` to the next; the quote is
 * the one standing at its end, the trades are those within. A step without trades repeats the last price.
 */
export interface MarketDay {
  readonly kind: SegmentKind;
  readonly listing: Listing;
  readonly plan: DayPlan;
  readonly session: TradingSession;
  /** Of `opensAt`, since midnight at the exchange. */
  readonly openingTimeOfDayMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly bidE4: Int32Array;
  readonly askE4: Int32Array;
  readonly bidSize: Int32Array;
  readonly askSize: Int32Array;
  readonly firstE4: Int32Array;
  readonly highE4: Int32Array;
  readonly lowE4: Int32Array;
  readonly lastE4: Int32Array;
  readonly volume: Int32Array;
  readonly count: Int32Array;
  /** Dollars traded ÷ shares, in E4, unrounded. */
  readonly wapE4: Float64Array;
}

/** Independent standard normals that all stocks of a date share, one per step. */
export function commonShocks(random: Random, steps: number): Float64Array {
  return Float64Array.from({ length: steps }, () => random.normal());
}

export interface DayInput {
  readonly kind: SegmentKind;
  readonly openingTimeOfDayMs: number;
  readonly listing: Listing;
  readonly plan: DayPlan;
  readonly session: TradingSession;
  readonly stepMs: number;
  readonly random: Random;
  readonly common: Float64Array;
  readonly profiles: Profiles;
}

export function stepsOf(session: TradingSession, stepMs: number): number {
  return Math.floor((session.closesAt - session.opensAt) / stepMs);
}

export function generateDay(input: DayInput): MarketDay {
  const day = emptyDay({ ...input, steps: stepsOf(input.session, input.stepMs) });
  const path = logPath(input, day.steps);
  quote(day, path, input);
  trade(day, input);
  return day;
}

type DayHead = Pick<
  MarketDay,
  "kind" | "listing" | "plan" | "session" | "openingTimeOfDayMs" | "stepMs" | "steps"
>;

export function emptyDay(head: DayHead): MarketDay {
  const { kind, listing, plan, session, openingTimeOfDayMs, stepMs, steps } = head;
  const column = (): Int32Array => new Int32Array(steps);
  return {
    kind,
    listing,
    plan,
    session,
    openingTimeOfDayMs,
    stepMs,
    steps,
    bidE4: column(),
    askE4: column(),
    bidSize: column(),
    askSize: column(),
    firstE4: column(),
    highE4: column(),
    lowE4: column(),
    lastE4: column(),
    volume: column(),
    count: column(),
    wapE4: new Float64Array(steps),
  };
}

/** Log price against the open at the end of each step: a bridge that ends at the planned close. */
function logPath(input: DayInput, steps: number): Float64Array {
  const { listing, plan, common, profiles } = input;
  const own = input.random.split("path");
  const ownWeight = Math.sqrt(1 - listing.correlation ** 2);
  const path = new Float64Array(steps);
  const variance = new Float64Array(steps);
  let level = 0;
  let spent = 0;
  for (let step = 0; step < steps; step++) {
    const share = (profiles.variance[step] ?? 0) / steps;
    const shock = listing.correlation * (common[step] ?? 0) + ownWeight * own.normal();
    level += plan.volatility * Math.sqrt(share) * shock;
    spent += share;
    path[step] = level;
    variance[step] = spent;
  }
  const missing = Math.log(plan.closeE4 / plan.openE4) - level;
  for (let step = 0; step < steps; step++) {
    path[step] = (path[step] ?? 0) + missing * (variance[step] ?? 0) / spent;
  }
  return path;
}

/** A quote is renewed when the price has moved this share of the spread: thin stocks stand still for long. */
const REQUOTE_SHARE = 0.3;

function quote(day: MarketDay, path: Float64Array, input: DayInput): void {
  const random = input.random.split("quotes");
  const { listing, plan, steps } = day;
  const usual = relativeSpread(listing);
  const shares = averageQuoteShares(listing);
  const size = (): number =>
    Math.max(1, Math.round(shares * Math.exp(0.7 * random.normal()) / 100)) * 100;
  let quotedAt = Number.NaN;
  for (let step = 0; step < steps; step++) {
    const mid = plan.openE4 * Math.exp(path[step] ?? 0);
    const moved = Math.abs(mid - quotedAt);
    if (moved < REQUOTE_SHARE * usual * mid) {
      day.bidE4[step] = day.bidE4[step - 1] ?? 0;
      day.askE4[step] = day.askE4[step - 1] ?? 0;
      day.bidSize[step] = day.bidSize[step - 1] ?? 0;
      day.askSize[step] = day.askSize[step - 1] ?? 0;
      continue;
    }
    quotedAt = mid;
    const tick = tickE4(listing, mid);
    const noise = 0.6 - 0.4 * Math.log(1 - random.next());
    const width = usual * mid * (input.profiles.spread[step] ?? 1) * noise;
    const spread = Math.max(1, Math.round(width / tick)) * tick;
    const bid = Math.max(tick, Math.round((mid - spread / 2) / tick) * tick);
    day.bidE4[step] = bid;
    day.askE4[step] = bid + spread;
    day.bidSize[step] = size();
    day.askSize[step] = size();
  }
}

function trade(day: MarketDay, input: DayInput): void {
  const random = input.random.split("trades");
  const { listing, plan, steps } = day;
  const tradeShares = averageTradeShares(listing);
  // Auctions are the regular session's alone.
  const hasAuctions = day.kind === "regular";
  const continuous = plan.volume *
    (hasAuctions ? 1 - OPENING_AUCTION_SHARE - CLOSING_AUCTION_SHARE : 1);
  let last = plan.openE4;
  for (let step = 0; step < steps; step++) {
    const shares = continuous * (input.profiles.volume[step] ?? 1) / steps;
    const trades = random.poisson(shares / tradeShares);
    if (trades > 0) print(day, step, { trades, tradeShares, random });
    else flat(day, step, last);
    if (hasAuctions && step === 0) openingPrint(day);
    if (hasAuctions && step === steps - 1) closingPrint(day);
    last = day.lastE4[step] ?? last;
  }
}

function flat(day: MarketDay, step: number, priceE4: number): void {
  day.firstE4[step] = priceE4;
  day.highE4[step] = priceE4;
  day.lowE4[step] = priceE4;
  day.lastE4[step] = priceE4;
  day.wapE4[step] = priceE4;
}

/** Trades within a step: the first against the quote before, the last against the quote after. */
function print(
  day: MarketDay,
  step: number,
  { trades, tradeShares, random }: { trades: number; tradeShares: number; random: Random },
): void {
  const before = Math.max(0, step - 1);
  const touch = (at: number): number => (random.next() < 0.5 ? day.bidE4[at] : day.askE4[at]) ?? 0;
  const last = touch(step);
  const first = trades > 1 ? touch(before) : last;
  let high = Math.max(first, last);
  let low = Math.min(first, last);
  if (trades > 2) {
    high = Math.max(high, day.askE4[step] ?? 0);
    low = Math.min(low, day.bidE4[step] ?? 0);
  }
  const deviation = 1 / Math.sqrt(trades);
  const noise = Math.exp(deviation * random.normal() - deviation * deviation / 2);
  day.firstE4[step] = first;
  day.highE4[step] = high;
  day.lowE4[step] = low;
  day.lastE4[step] = last;
  day.volume[step] = Math.max(trades, Math.round(trades * tradeShares * noise));
  day.count[step] = trades;
  day.wapE4[step] = trades > 2 ? (first + last + high + low) / 4 : (first + last) / 2;
}

function openingPrint(day: MarketDay): void {
  const priceE4 = day.plan.openE4;
  auction(day, 0, { priceE4, shares: day.plan.volume * OPENING_AUCTION_SHARE });
  day.firstE4[0] = priceE4;
}

function closingPrint(day: MarketDay): void {
  const step = day.steps - 1;
  const priceE4 = roundToTick(day.listing, day.plan.closeE4);
  auction(day, step, { priceE4, shares: day.plan.volume * CLOSING_AUCTION_SHARE });
  day.lastE4[step] = priceE4;
}

/** One large trade at one price, added to what else the step had. */
function auction(
  day: MarketDay,
  step: number,
  { priceE4, shares }: { readonly priceE4: number; readonly shares: number },
): void {
  const volume = Math.max(1, Math.round(shares));
  const before = day.volume[step] ?? 0;
  day.wapE4[step] = ((day.wapE4[step] ?? 0) * before + priceE4 * volume) / (before + volume);
  if (before === 0) flat(day, step, priceE4);
  day.highE4[step] = Math.max(day.highE4[step] ?? 0, priceE4);
  day.lowE4[step] = Math.min(day.lowE4[step] ?? priceE4, priceE4);
  day.volume[step] = before + volume;
  day.count[step] = (day.count[step] ?? 0) + 1;
}
