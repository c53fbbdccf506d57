import { Window } from "./window.ts";

/**
 * Simple moving average of the last `length` values.
 *
 * A running sum collects rounding errors for as long as it runs, so once per window the sum is taken afresh over
 * the values: still constant work per value, and the error never outlives one window.
 */
export class Sma {
  readonly #window: Window;
  #sum = 0;

  constructor(length: number) {
    this.#window = new Window(length);
  }

  /** The average once the window is full; null before. */
  push(value: number): number | null {
    const oldest = this.#window.push(value);
    this.#sum += value - (oldest ?? 0);
    if (this.#window.wrapped) {
      this.#sum = 0;
      for (const kept of this.#window.values) this.#sum += kept;
    }
    return this.value;
  }

  get value(): number | null {
    return this.#window.full ? this.#sum / this.#window.length : null;
  }
}
