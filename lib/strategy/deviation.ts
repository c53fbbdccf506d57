import { Window } from "./window.ts";

/** Mean and spread of a window. */
export interface Moments {
  readonly mean: number;
  /** Population standard deviation (divided by n), as TA-Lib's STDDEV. */
  readonly deviation: number;
}

/**
 * Running mean and population standard deviation of the last `length` values.
 *
 * Sums of squares of prices lose the digits that matter, so values are measured from an origin inside the window,
 * moved and summed afresh once per window.
 */
export class Deviation {
  readonly #window: Window;
  #origin = 0;
  #sum = 0;
  #squares = 0;

  constructor(length: number) {
    this.#window = new Window(length);
  }

  push(value: number): Moments | null {
    const oldest = this.#window.push(value);
    if (this.#window.wrapped) this.#sumAfresh(value);
    else {
      this.#add(value, 1);
      if (oldest !== null) this.#add(oldest, -1);
    }
    return this.value;
  }

  get value(): Moments | null {
    if (!this.#window.full) return null;
    const offset = this.#sum / this.#window.length;
    const variance = this.#squares / this.#window.length - offset * offset;
    return { mean: this.#origin + offset, deviation: Math.sqrt(Math.max(variance, 0)) };
  }

  #add(value: number, sign: number): void {
    const distance = value - this.#origin;
    this.#sum += sign * distance;
    this.#squares += sign * distance * distance;
  }

  #sumAfresh(origin: number): void {
    this.#origin = origin;
    this.#sum = 0;
    this.#squares = 0;
    for (const kept of this.#window.values) this.#add(kept, 1);
  }
}
