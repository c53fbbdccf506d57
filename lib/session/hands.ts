import type { Instrument } from "../market/market.ts";
import type { Journal } from "./journal.ts";
import type { Trader } from "./trader.ts";

/** An exit that was given up or did not fill is tried again this much later, not with every look. */
const AGAIN_MS = 60_000;

/** Carries out what people have said from outside: entries leave the market, positions are closed. */
export class Hands {
  readonly #journal: Journal;
  readonly #trader: Trader;
  #flattenedAt: number | null = null;

  constructor(journal: Journal, trader: Trader) {
    this.#journal = journal;
    this.#trader = trader;
  }

  /** What is in force, in words for a person who watches a session start; empty when nothing is. */
  get inForce(): string {
    const { halt, pause, flatten } = this.#journal.standing;
    const words = [
      halt === null ? null : `halted by ${halt.actor}: ${halt.because}`,
      flatten === null ? null : "every position is to be closed",
      pause === null ? null : `entries paused by ${pause.actor}: ${pause.because}`,
    ].filter((word) => word !== null);
    return words.join("; ");
  }

  /** Why a person wants no entries for now; null when nobody said so. */
  get pausedBecause(): string | null {
    const { pause } = this.#journal.standing;
    return pause === null ? null : `paused by ${pause.actor}: ${pause.because}`;
  }

  /** Nothing of these is held, and nothing works that could change that. */
  isFlat(instruments: readonly Instrument[]): boolean {
    const { books, intents } = this.#journal;
    return intents.open().length === 0 &&
      instruments.every(({ symbol }) => (books.position(symbol)?.quantity ?? 0n) === 0n);
  }

  /** Every few seconds, where exits may go out. */
  check(now: number): void {
    const { standing } = this.#journal;
    if (standing.blocksEntries) this.#trader.cancelEntries(this.inForce);
    if (standing.flatten === null) {
      this.#flattenedAt = null;
      return;
    }
    if (this.#flattenedAt !== null && now - this.#flattenedAt < AGAIN_MS) return;
    this.#flattenedAt = now;
    const { actor, because } = standing.flatten;
    this.#trader.flatten(`${actor} wants everything closed: ${because}`);
  }
}
