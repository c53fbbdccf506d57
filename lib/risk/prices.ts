import { type Instrument, midpoint, type Quote } from "../market/market.ts";
import { priceDown, priceUp } from "../market/tick_grid.ts";
import { formatMicros, fromNumber, type Micros, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import type { Limits } from "./limits.ts";
import { type Refusal, refusal } from "./refusals.ts";

/** Prices of an order, all on the instrument's tick grid. */
export interface Prices {
  /** The worst an order may be filled at: the collar's edge, rounded towards the market. */
  readonly limitPrice: Micros;
  /** The most a share can count against a limit: a short sale may be filled above the bid as well. */
  readonly costPrice: Micros;
}

/** What the quote allows an order of this side to pay, or why it cannot be relied on. */
export function pricesOf(options: {
  readonly quote: Quote | undefined;
  readonly side: Side;
  readonly instrument: Instrument;
  readonly limits: Limits;
  readonly now: number;
}): Prices | Refusal {
  const { quote, side, instrument, limits, now } = options;
  if (quote === undefined) return refusal("NO_QUOTE");
  const flaw = checkQuote(quote, limits, now);
  if (flaw !== null) return flaw;
  const middle = midpoint(quote);
  const touch = side === "BUY" ? quote.ask : quote.bid;
  if (middle === null || touch === null) return refusal("NO_QUOTE");
  const collar = (middle * limits.priceCollarPct) / 100;
  const touchPrice = fromNumber(touch);
  const limitPrice = side === "BUY"
    ? priceDown(fromNumber(middle + collar), instrument)
    : priceUp(fromNumber(middle - collar), instrument);
  if (side === "BUY" ? limitPrice < touchPrice : limitPrice > touchPrice) {
    const distance = percentOfMiddle(Math.abs(touch - middle), middle);
    return refusal("OUTSIDE_COLLAR", distance, String(limits.priceCollarPct));
  }
  const costPrice = side === "BUY" ? limitPrice : fromNumber(middle + collar);
  return { limitPrice, costPrice };
}

/** The stop on the tick grid, or why it does not protect. */
export function stopOf(options: {
  readonly stopPrice: number | null;
  readonly side: Side;
  readonly quote: Quote;
  readonly instrument: Instrument;
}): Micros | Refusal {
  const { stopPrice, side, quote, instrument } = options;
  if (stopPrice === null) return refusal("STOP_MISSING");
  if (!isPrice(stopPrice)) return refusal("INVALID_PRICE", String(stopPrice));
  // Away from the market: rounded towards it, the stop could trigger at a price the strategy still called right.
  const exact = fromNumber(stopPrice);
  const stop = side === "BUY" ? priceDown(exact, instrument) : priceUp(exact, instrument);
  if (stop <= ZERO) return refusal("INVALID_PRICE", formatMicros(stop));
  const near = fromNumber((side === "BUY" ? quote.bid : quote.ask) ?? 0);
  if (side === "BUY" ? stop < near : stop > near) return stop;
  return refusal("STOP_WRONG_SIDE", formatMicros(stop), formatMicros(near));
}

export function isRefusal(answer: Prices | Micros | Refusal): answer is Refusal {
  return typeof answer === "object" && "code" in answer;
}

/** Why nothing may rely on this quote; null when an entry could. */
export function checkQuote(quote: Quote, limits: Limits, now: number): Refusal | null {
  const { bid, ask, last } = quote;
  if (bid === null || ask === null) return refusal("NO_QUOTE");
  for (const price of last === null ? [bid, ask] : [bid, ask, last]) {
    if (!isPrice(price)) return refusal("INVALID_PRICE", String(price));
  }
  if (bid > ask) return refusal("INVALID_PRICE", `${bid} ${ask}`);
  if (limits.requireLiveQuotes && quote.kind !== "live") {
    return refusal("QUOTE_NOT_LIVE", quote.kind, "live");
  }
  const ageMs = now - quote.time;
  // A negated comparison, so that a time that is not a number counts as stale.
  if (!(ageMs <= limits.maxQuoteAgeMs)) {
    return refusal("STALE_QUOTE", String(ageMs), String(limits.maxQuoteAgeMs));
  }
  const middle = (bid + ask) / 2;
  if (((ask - bid) * 100) / middle > limits.maxSpreadPct) {
    return refusal("WIDE_SPREAD", percentOfMiddle(ask - bid, middle), String(limits.maxSpreadPct));
  }
  const strayed = Math.abs((last ?? middle) - middle);
  if ((strayed * 100) / middle > limits.priceCollarPct) {
    const distance = percentOfMiddle(strayed, middle);
    return refusal("OUTSIDE_COLLAR", distance, String(limits.priceCollarPct));
  }
  return null;
}

/** Larger is no price of a share, and would not survive the arithmetic that follows. */
const PRICE_MAX = 1e9;

function isPrice(value: number): boolean {
  return value > 0 && value <= PRICE_MAX;
}

function percentOfMiddle(distance: number, middle: number): string {
  return formatMicros(fromNumber((distance * 100) / middle));
}
