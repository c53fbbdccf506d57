import type { Clock } from "../clock.ts";
import { exchangeDate, type TradingDays, type TradingSession } from "./trading_days.ts";

export interface PulseListener {
  opened(session: TradingSession): void;
  /** A step of the market is over. */
  stepped(): void;
  closed(): void;
}

export interface PulseOptions {
  readonly clock: Clock;
  readonly days: TradingDays;
  readonly stepMs: number;
  readonly listener: PulseListener;
}

/** Beats with the market: at the opening, at the end of each step, at the close, day after day. */
export class Pulse {
  readonly #options: PulseOptions;
  #session: TradingSession | null;

  constructor(options: PulseOptions) {
    this.#options = options;
    const { clock, days } = options;
    const today = days.on(exchangeDate(clock.now()));
    const isOpen = today !== null && today.opensAt <= clock.now() && clock.now() < today.closesAt;
    this.#session = isOpen ? today : null;
    this.#plan();
  }

  #plan(): void {
    const nextMs = this.#nextMs();
    if (nextMs !== null) this.#options.clock.at(nextMs, () => this.#beat());
  }

  #beat(): void {
    const { clock, days, listener } = this.#options;
    const session = this.#session;
    if (session === null) {
      this.#session = days.on(exchangeDate(clock.now()));
      if (this.#session !== null) listener.opened(this.#session);
    } else {
      listener.stepped();
      if (clock.now() >= session.closesAt) {
        this.#session = null;
        listener.closed();
      }
    }
    this.#plan();
  }

  /** Null past the calendar's horizon. */
  #nextMs(): number | null {
    const { clock, days, stepMs } = this.#options;
    const nowMs = clock.now();
    const session = this.#session;
    if (session !== null) {
      const steps = Math.floor((nowMs - session.opensAt) / stepMs) + 1;
      return Math.min(session.opensAt + steps * stepMs, session.closesAt);
    }
    const date = exchangeDate(nowMs);
    const today = days.on(date);
    if (today !== null && nowMs < today.opensAt) return today.opensAt;
    return days.after(date)?.opensAt ?? null;
  }
}
