import type { Bar, FeedEvent, Quote } from "../market/market.ts";
import { midpoint } from "../market/market.ts";
import { BarBuilder, type BuiltBar } from "../market/bars.ts";
import type { QuoteSeen } from "../ledger/entry.ts";
import { Returns } from "./returns.ts";
import { Tape } from "./tape.ts";
import { type Outlier, PriceGuard } from "./price_guard.ts";
import { Volumes } from "./volumes.ts";

const NO_QUOTE: QuoteSeen = { bid: null, ask: null, time: 0 };

/** The newest the session knows of each symbol's market, and the bars being built of it. */
export class MarketView {
  /** symbol → newest quote */
  readonly quotes = new Map<string, Quote>();
  /** Symbols the exchange has halted. */
  readonly halted = new Set<string>();
  /** The day's short bars. */
  readonly tape = new Tape();
  /** symbol → bars of the strategy's length */
  readonly #builders = new Map<string, BarBuilder>();
  /** symbol → close of its newest 5-second bar, and when that ended, epoch ms */
  readonly #lastClose = new Map<string, { readonly price: number; readonly at: number }>();
  /** symbol → the quote last asked for, as entries keep it: those of one instant share it */
  readonly #seen = new Map<string, { readonly quote: Quote; readonly seen: QuoteSeen }>();
  readonly #volumes = new Volumes();
  readonly #returns = new Returns();
  readonly #guard: PriceGuard;
  readonly #barMs: number;
  readonly #originMs: number;

  constructor(
    options: { readonly barMs: number; readonly opensAt: number; readonly outlierPct: number },
  ) {
    this.#guard = new PriceGuard(options.outlierPct);
    this.#barMs = options.barMs;
    this.#originMs = options.opensAt;
  }

  /** symbol → shares of its average bar of the strategy's length */
  averageVolume(): ReadonlyMap<string, number> {
    return this.#volumes.averages();
  }

  /** symbol → its newest price, while it is too far from the last good one and not confirmed */
  get quarantined(): ReadonlyMap<string, number> {
    return this.#guard.quarantined;
  }

  /** Outliers kept out since the last call. */
  takeOutliers(): readonly Outlier[] {
    return this.#guard.takeNews();
  }

  /** How alike two symbols move; null while too few bars say so. */
  correlation(a: string, b: string): number | null {
    return this.#returns.correlation(a, b);
  }

  /** Takes a finished bar of the strategy's length, of history or of now, into what is known of its market. */
  learn(bar: Bar): void {
    this.#volumes.add(bar);
    this.#returns.add(bar);
  }

  /** Takes a bar of history: what of it is today's has traded before anything that is heard from now on. */
  recall(bar: Bar): void {
    this.learn(bar);
    if (bar.time >= this.#originMs) this.tape.add(bar);
  }

  /** The bars this event finishes: of the strategy's length, at the instant their time is up. */
  apply(event: FeedEvent): readonly BuiltBar[] {
    switch (event.type) {
      case "quote":
        if (this.#guard.admitsQuote(event.quote)) this.quotes.set(event.quote.symbol, event.quote);
        return [];
      case "trading-halt":
        if (event.halted) this.halted.add(event.symbol);
        else this.halted.delete(event.symbol);
        return [];
      case "bar": {
        const { bar } = event;
        const endMs = bar.time + bar.durationMs;
        // Bars of before the open (a late start of the auction) belong to no bar of the session.
        if (bar.time < this.#originMs || !this.#guard.admitsBar(bar)) return [];
        this.#lastClose.set(bar.symbol, { price: bar.close, at: endMs });
        this.tape.add(bar);
        const builder = this.#builder(bar.symbol);
        return [builder.push(bar), builder.close(endMs)].filter((built) => built !== null);
      }
    }
  }

  /** When anything was last heard of a symbol, epoch ms; null when nothing ever was. */
  heardAt(symbol: string): number | null {
    const times = [this.quotes.get(symbol)?.time, this.#lastClose.get(symbol)?.at]
      .filter((time) => time !== undefined);
    return times.length === 0 ? null : Math.max(...times);
  }

  /** What one share is worth now: the middle of the quote, else the last bar's close; null when unknown. */
  mark(symbol: string): number | null {
    const quote = this.quotes.get(symbol);
    const middle = quote === undefined ? null : midpoint(quote);
    return middle ?? this.#lastClose.get(symbol)?.price ?? null;
  }

  /** The quote as an entry keeps it. */
  seen(symbol: string): QuoteSeen {
    const quote = this.quotes.get(symbol);
    if (quote === undefined) return NO_QUOTE;
    const known = this.#seen.get(symbol);
    if (known?.quote === quote) return known.seen;
    const { bid, ask, time } = quote;
    const seen = { bid, ask, time };
    this.#seen.set(symbol, { quote, seen });
    return seen;
  }

  #builder(symbol: string): BarBuilder {
    let builder = this.#builders.get(symbol);
    if (builder === undefined) {
      builder = new BarBuilder(symbol, this.#barMs, this.#originMs);
      this.#builders.set(symbol, builder);
    }
    return builder;
  }
}
