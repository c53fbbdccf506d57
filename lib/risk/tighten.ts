import type { Instrument, Quote } from "../market/market.ts";
import { priceDown, priceUp } from "../market/tick_grid.ts";
import { formatMicros, fromNumber, type Micros, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import type { Limits } from "./limits.ts";
import { checkQuote } from "./prices.ts";
import { type Refusal, refusal } from "./refusals.ts";

/** A working stop and where it should go. */
export interface StopWish {
  readonly intentId: string;
  readonly symbol: string;
  /** Of the stop: SELL protects a long position. */
  readonly side: Side;
  /** Where it stands. */
  readonly from: Micros;
  /** Any price; what is approved lies on the tick grid. */
  readonly to: Micros;
}

/** What of the book such a wish is held against. */
export interface StopMarket {
  readonly now: number;
  readonly quotes: ReadonlyMap<string, Quote>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly quarantined: ReadonlyMap<string, number>;
}

/** A stop proven to tighten. Not exported, with a private field: nothing outside this file can make one. */
class TightenedStop {
  readonly outcome = "tightened";
  readonly intentId: string;
  /** On the tick grid, nearer to the market than before and not beyond it. */
  readonly stopPrice: Micros;
  readonly #reviewed = true;

  constructor(intentId: string, stopPrice: Micros) {
    this.intentId = intentId;
    this.stopPrice = stopPrice;
  }
}

export type Tightened = TightenedStop;

export type TightenDecision = Tightened | (Refusal & { readonly outcome: "refused" });

/**
 * A stop only ever moves towards the market: that of a long position up, that of a short one down. It never goes
 * beyond the market, where it would sell at once, and never moves on a quote that an entry could not rely on: where
 * the market is, it is not known then. It reduces risk, so no halt and no limit stands against it.
 */
export function reviewTighten(
  wish: StopWish,
  limits: Limits,
  market: StopMarket,
): TightenDecision {
  const { symbol, side, from, to } = wish;
  const no = (found: Refusal): TightenDecision => ({ outcome: "refused", ...found });
  const instrument = market.instruments.get(symbol);
  if (instrument === undefined) return no(refusal("UNKNOWN_SYMBOL"));
  const suspect = market.quarantined.get(symbol);
  if (suspect !== undefined) {
    return no(refusal("PRICE_QUARANTINED", String(suspect), String(limits.outlierPct)));
  }
  const quote = market.quotes.get(symbol);
  if (quote === undefined) return no(refusal("NO_QUOTE"));
  const flaw = checkQuote(quote, limits, market.now);
  if (flaw !== null) return no(flaw);
  const isSell = side === "SELL";
  // Away from the market, as the first stop was.
  const stop = isSell ? priceDown(to, instrument) : priceUp(to, instrument);
  if (stop <= ZERO) return no(refusal("INVALID_PRICE", formatMicros(stop)));
  if (isSell ? stop <= from : stop >= from) {
    return no(refusal("STOP_NOT_TIGHTER", formatMicros(stop), formatMicros(from)));
  }
  const near = fromNumber((isSell ? quote.bid : quote.ask) ?? 0);
  if (isSell ? stop >= near : stop <= near) {
    return no(refusal("STOP_WRONG_SIDE", formatMicros(stop), formatMicros(near)));
  }
  return new TightenedStop(wish.intentId, stop);
}
