import type { Clock } from "../clock.ts";
import type { IntentState } from "./intents.ts";
import type { Journal } from "./journal.ts";
import type { OrderDesk } from "./desk.ts";
import type { Signal } from "../strategy/strategy.ts";

/** A position someone wants closed, and the signal that wants it. */
export interface WantedExit {
  readonly symbol: string;
  readonly signal: Signal;
  readonly signalId: string;
}

/**
 * How long the broker may take to confirm the cancel of a protective stop. Beyond it we ask what became of it;
 * when it still works then, the exit is given up: a protected position that is not closed beats two sells of the
 * same shares.
 */
const CANCEL_CONFIRM_MS = 10_000;
const NONE: readonly WantedExit[] = [];

/**
 * Closes positions without ever having two orders that could both sell them: first every working order of the
 * symbol is cancelled, and only when the broker has confirmed that, the exit goes out, sized to what is left.
 */
export class Exits {
  readonly #journal: Journal;
  readonly #desk: OrderDesk;
  readonly #clock: Clock;
  readonly #mayLeave: () => boolean;
  /** symbol → exit waiting for its cancels, and until when */
  readonly #waiting = new Map<string, WantedExit & { untilMs: number }>();

  constructor(options: {
    readonly journal: Journal;
    readonly desk: OrderDesk;
    readonly clock: Clock;
    /** False while nothing reaches IB: a stop cancelled then could not be followed by its exit. */
    readonly mayLeave: () => boolean;
  }) {
    this.#journal = options.journal;
    this.#desk = options.desk;
    this.#clock = options.clock;
    this.#mayLeave = options.mayLeave;
  }

  isWaiting(symbol: string): boolean {
    return this.#waiting.has(symbol);
  }

  /** Cancels what works in the symbol. The exit itself comes out of `ready` once that is confirmed. */
  want(exit: WantedExit): void {
    if (this.#waiting.has(exit.symbol)) return;
    const waiting = { ...exit, untilMs: this.#clock.now() + CANCEL_CONFIRM_MS };
    this.#waiting.set(exit.symbol, waiting);
    if (this.#mayLeave()) this.#clear(waiting);
  }

  /** The exits whose way is free now; each is given once. */
  ready(): readonly WantedExit[] {
    // Asked after each event, and nearly always nobody waits.
    if (this.#waiting.size === 0 || !this.#mayLeave()) return NONE;
    const free: WantedExit[] = [];
    for (const exit of this.#waiting.values()) {
      if (!this.#clear(exit)) continue;
      this.#waiting.delete(exit.symbol);
      free.push(exit);
    }
    return free;
  }

  /** The exits whose cancels should have been confirmed by now. */
  overdue(): readonly WantedExit[] {
    if (!this.#mayLeave()) return [];
    return [...this.#waiting.values()].filter(({ symbol, untilMs }) =>
      untilMs <= this.#clock.now() && !this.#isOwed(symbol)
    );
  }

  giveUp({ symbol }: WantedExit): void {
    this.#waiting.delete(symbol);
  }

  /**
   * True when nothing is in the exit's way. While fills are owed nobody knows what is held: sized by the books the exit
   * would sell some of it twice, or leave some; until they are booked the stop stays where it is.
   */
  #clear(exit: WantedExit & { untilMs: number }): boolean {
    const working = this.#working(exit.symbol);
    const isOwed = this.#isOwed(exit.symbol);
    this.#cancel(exit, working.filter(({ intent }) => !isOwed || intent.role !== "stop"));
    return working.length === 0 && !isOwed;
  }

  /** Once each; again over a new connection, as the first may never have left. */
  #cancel(exit: { untilMs: number }, working: readonly IntentState[]): void {
    const unasked = working.filter((state) => state.orderId !== null && !state.cancelRequested);
    for (const state of unasked) this.#desk.cancel(state);
    if (unasked.length > 0) exit.untilMs = this.#clock.now() + CANCEL_CONFIRM_MS;
  }

  #isOwed(symbol: string): boolean {
    return this.#journal.intents.owing(this.#clock.now())
      .some(({ intent }) => intent.symbol === symbol);
  }

  /** What may still sell the same shares; of an entry nobody knows of, an exit does not wait. */
  #working(symbol: string): readonly IntentState[] {
    return this.#journal.intents.undecided().filter(({ intent, frozen }) =>
      intent.symbol === symbol && !(frozen && intent.role === "entry")
    );
  }
}
