import type { Instrument } from "../market/market.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";

/** A feed that says nothing for this many bars of the strategy is no feed. */
const SILENT_BARS = 3;

/**
 * Finds symbols of which nothing is heard while the market is open: an incident when it begins, and a note with its
 * length when the symbol speaks again. Entries on old quotes are refused by risk, whatever this finds.
 */
export class StaleFeed {
  readonly #journal: Journal;
  readonly #market: MarketView;
  readonly #silentMs: number;
  /** symbol → when it was last heard before it fell silent, epoch ms */
  readonly #silent = new Map<string, number>();
  #watchedSince: number | null = null;

  constructor(options: { journal: Journal; market: MarketView; barMs: number }) {
    this.#journal = options.journal;
    this.#market = options.market;
    this.#silentMs = SILENT_BARS * options.barMs;
  }

  /** Nothing can be expected now: the market is closed, or TWS has no line. The watch begins anew afterwards. */
  pause(): void {
    this.#watchedSince = null;
  }

  check(now: number, instruments: readonly Instrument[]): void {
    const since = this.#watchedSince ??= now;
    const fresh: string[] = [];
    for (const { symbol } of instruments) {
      const heardAt = this.#market.heardAt(symbol) ?? since;
      const silentSince = this.#silent.get(symbol);
      if (silentSince === undefined) {
        const quiet = now - Math.max(heardAt, since) > this.#silentMs;
        if (!quiet || this.#market.halted.has(symbol)) continue;
        this.#silent.set(symbol, heardAt);
        fresh.push(symbol);
      } else if (heardAt > silentSince) {
        this.#silent.delete(symbol);
        const durationMs = heardAt - silentSince;
        const text = `${symbol} is heard again`;
        this.#journal.incident({
          code: "feed-restored",
          severity: "note",
          symbol,
          text,
          durationMs,
        });
      }
    }
    this.#report(fresh);
  }

  /** Many at once have one cause and are one incident. */
  #report(symbols: readonly string[]): void {
    const [first] = symbols;
    if (first === undefined) return;
    const text = `No event of ${symbols.join(", ")} for more than ${SILENT_BARS} bars; ` +
      "entries wait until there are fresh quotes";
    this.#journal.incident({
      code: "stale-feed",
      text,
      symbol: symbols.length === 1 ? first : null,
    });
  }
}
