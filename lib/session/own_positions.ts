import type { Position } from "../ledger/positions.ts";
import type { Instrument } from "../market/market.ts";
import type { Journal } from "./journal.ts";

/** Tells the session's positions from a person's. */
export class OwnPositions {
  readonly #journal: Journal;
  /** Symbols held that were reported as not ours. */
  readonly #foreign = new Set<string>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Those in symbols this session trades. Another one is a person's: it is reported once and left alone. */
  among(instruments: ReadonlyMap<string, Instrument>): readonly Position[] {
    const positions = this.#journal.books.positions();
    for (const { symbol } of positions) {
      if (instruments.has(symbol) || this.#foreign.has(symbol)) continue;
      this.#foreign.add(symbol);
      const text = `${symbol} is held, but not among the session's symbols; it is left alone`;
      this.#journal.incident({ code: "foreign-position", text, symbol });
    }
    return positions.filter(({ symbol }) => instruments.has(symbol));
  }
}
