import type { Clock } from "../clock.ts";
import { orAborted } from "./abort.ts";
import type { Connection } from "./connection.ts";
import { isBrokerSilence } from "./failures.ts";
import type { Journal } from "./journal.ts";
import { TRIES } from "./recovery.ts";
import type { Trader } from "./trader.ts";

interface InquiryOptions {
  readonly connection: Connection;
  readonly trader: Trader;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/**
 * The broker owes us a word: its lists are asked for and booked, once a minute for as long as it does. A silence is
 * told once, and once more when it is over; when it lasts, what nobody acknowledged is frozen.
 */
export class Inquiry {
  readonly #options: InquiryOptions;
  #silentSince: number | null = null;
  #silences = 0;

  constructor(options: InquiryOptions) {
    this.#options = options;
  }

  async ask(): Promise<void> {
    const { connection, trader, stop } = this.#options;
    if (!trader.isOwedAnAnswer) return;
    try {
      // Once: the minute comes again, and the session waits for the answer.
      await orAborted(connection.recover("reconnect", 1), stop);
    } catch (error) {
      if (stop.aborted || !isBrokerSilence(error)) throw error;
      return this.#hearNothing(error.message);
    }
    this.#hearAgain();
    trader.giveUpOverdue();
  }

  #hearNothing(text: string): void {
    const { journal, trader, clock } = this.#options;
    if (this.#silentSince === null) {
      this.#silentSince = clock.now();
      journal.incident({ code: "broker-silent", text });
    }
    if (++this.#silences >= TRIES) trader.freezeUnanswered(text);
  }

  #hearAgain(): void {
    const { journal, clock } = this.#options;
    this.#silences = 0;
    if (this.#silentSince === null) return;
    const durationMs = clock.now() - this.#silentSince;
    this.#silentSince = null;
    const text = "TWS answers again";
    journal.incident({ code: "broker-answers", severity: "note", text, durationMs });
  }
}
