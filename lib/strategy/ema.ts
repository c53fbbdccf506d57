import { Sma } from "./sma.ts";

/** Exponential moving average with k = 2 ÷ (length + 1), seeded by the simple average of the first `length` values. */
export class Ema {
  readonly #seed: Sma;
  readonly #weight: number;
  #value: number | null = null;

  constructor(length: number) {
    this.#seed = new Sma(length);
    this.#weight = 2 / (length + 1);
  }

  push(value: number): number | null {
    this.#value = this.#value === null
      ? this.#seed.push(value)
      : this.#value + this.#weight * (value - this.#value);
    return this.#value;
  }

  get value(): number | null {
    return this.#value;
  }
}
