import { type Bar, midpoint, type Quote } from "../market/market.ts";
import { NO_TRUST, type PriceTrust, withPrice } from "../market/quality.ts";

/** A price that was put into quarantine. */
export interface Outlier {
  readonly symbol: string;
  readonly price: number;
  readonly good: number;
}

/** A symbol whose ticks keep jumping is told of this often at most; every one of them is still kept out. */
const TELL_EVERY_MS = 60_000;

/** Keeps prices out that are too far from the last good one and not confirmed. */
export class PriceGuard {
  /** symbol → its newest price, while that is not believed */
  readonly quarantined = new Map<string, number>();
  readonly #trust = new Map<string, PriceTrust>(); // symbol → PriceTrust
  readonly #toldAt = new Map<string, number>(); // symbol → when an outlier was last told of, epoch ms
  readonly #outlierPct: number;
  #news: Outlier[] = [];

  constructor(outlierPct: number) {
    this.#outlierPct = outlierPct;
  }

  /** False when the quote must move nothing. A quote without two sides names no price to judge. */
  admitsQuote(quote: Quote): boolean {
    const price = midpoint(quote);
    return price === null || this.#admits(quote.symbol, { price, at: quote.time });
  }

  /** False when the bar must move nothing: its extreme farthest from the last good price decides. */
  admitsBar({ symbol, time, durationMs, high, low }: Bar): boolean {
    const good = this.#trust.get(symbol)?.good ?? null;
    const farthest = good !== null && good - low > high - good ? low : high;
    return this.#admits(symbol, { price: farthest, at: time + durationMs });
  }

  /** Outliers not told of before. */
  takeNews(): readonly Outlier[] {
    const news = this.#news;
    if (news.length > 0) this.#news = [];
    return news;
  }

  #admits(symbol: string, seen: { readonly price: number; readonly at: number }): boolean {
    const before = this.#trust.get(symbol) ?? NO_TRUST;
    const after = withPrice(before, seen, this.#outlierPct);
    this.#trust.set(symbol, after);
    if (after.suspect === null) {
      this.quarantined.delete(symbol);
      return true;
    }
    this.quarantined.set(symbol, after.suspect.price);
    const toldAt = this.#toldAt.get(symbol) ?? -Infinity;
    if (before.suspect === null && after.good !== null && seen.at - toldAt >= TELL_EVERY_MS) {
      this.#toldAt.set(symbol, seen.at);
      this.#news.push({ symbol, price: readable(seen.price), good: readable(after.good) });
    }
    return false;
  }
}

/** The middle of a quote as people write it, without its last binary digits. */
function readable(price: number): number {
  return Number(price.toFixed(6));
}
