import type { Cancel, Clock } from "../clock.ts";
import { exchangeDate, type TradingDays, type TradingSession } from "./trading_days.ts";

export interface PulseListener {
  opened(session: TradingSession): void;
  /** A step of the market is over. */
  stepped(): void;
  closed(): void;
}

/**
 * Beats with the market: at the opening, at the end of each step, at the close. A clock that runs ahead of its
 * timers (a busy machine, a high speed) is caught up beat by beat, each at its own time.
 */
export class Pulse {
  readonly #clock: Clock;
  readonly #days: TradingDays;
  readonly #stepMs: number;
  readonly #listener: PulseListener;
  #session: TradingSession | null;
  /** Time of the beat being processed, or of the newest one. */
  #beatMs: number;
  /** Null past the calendar's horizon. */
  #nextMs: number | null;
  #beating = false;
  #cancel: Cancel = () => {};

  constructor(
    { clock, days, stepMs, listener }: {
      readonly clock: Clock;
      readonly days: TradingDays;
      readonly stepMs: number;
      readonly listener: PulseListener;
    },
  ) {
    this.#clock = clock;
    this.#days = days;
    this.#stepMs = stepMs;
    this.#listener = listener;
    const nowMs = clock.now();
    this.#beatMs = nowMs;
    const today = days.on(exchangeDate(nowMs));
    const isOpen = today !== null && today.opensAt <= nowMs && nowMs < today.closesAt;
    this.#session = isOpen ? today : null;
    this.#nextMs = this.#after(nowMs);
  }

  /** The Gateway's time: while a beat is processed, the beat's. */
  now(): number {
    return this.#beating ? this.#beatMs : this.#clock.now();
  }

  get isOpen(): boolean {
    return this.#session !== null;
  }

  /** Arms the timer of the next beat; `turn` shall call `catchUp`. */
  start(turn: () => void): void {
    this.#cancel();
    if (this.#nextMs === null) return;
    this.#cancel = this.#clock.at(this.#nextMs, () => {
      turn();
      this.start(turn);
    });
  }

  stop(): void {
    this.#cancel();
    this.#nextMs = null;
  }

  /** Processes every beat that is due. */
  catchUp(): void {
    if (this.#beating) return;
    this.#beating = true;
    try {
      for (let due = this.#due(); due !== null; due = this.#due()) this.#beat(due);
    } finally {
      this.#beating = false;
    }
  }

  #due(): number | null {
    return this.#nextMs !== null && this.#nextMs <= this.#clock.now() ? this.#nextMs : null;
  }

  #beat(dueMs: number): void {
    this.#beatMs = dueMs;
    const session = this.#session;
    if (session === null) {
      this.#session = this.#days.on(exchangeDate(dueMs));
      if (this.#session !== null) this.#listener.opened(this.#session);
    } else {
      this.#listener.stepped();
      if (dueMs >= session.closesAt) {
        this.#session = null;
        this.#listener.closed();
      }
    }
    this.#nextMs = this.#after(dueMs);
  }

  #after(nowMs: number): number | null {
    const session = this.#session;
    if (session !== null) {
      const steps = Math.floor((nowMs - session.opensAt) / this.#stepMs) + 1;
      return Math.min(session.opensAt + steps * this.#stepMs, session.closesAt);
    }
    const date = exchangeDate(nowMs);
    const today = this.#days.on(date);
    if (today !== null && nowMs < today.opensAt) return today.opensAt;
    return this.#days.after(date)?.opensAt ?? null;
  }
}
