import type { Cancel, Clock } from "../clock.ts";

/** Time that stands at the end of the newest bar. A backtest has no timers: everything happens on bars. */
export class BarClock implements Clock {
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  advanceTo(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  /** @throws {TypeError} always */
  at(atMs: number): Cancel {
    throw new TypeError(`Cannot wait until ${atMs}: a backtest has no timers`);
  }
}
