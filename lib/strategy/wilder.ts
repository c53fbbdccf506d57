import { Sma } from "./sma.ts";

/** Wilder's smoothing: the simple average of the first `length` values, then (previous × (length − 1) + value) ÷ length. */
export class Wilder {
  readonly #seed: Sma;
  readonly #length: number;
  #value: number | null = null;

  constructor(length: number) {
    this.#seed = new Sma(length);
    this.#length = length;
  }

  push(value: number): number | null {
    this.#value = this.#value === null
      ? this.#seed.push(value)
      : (this.#value * (this.#length - 1) + value) / this.#length;
    return this.#value;
  }

  get value(): number | null {
    return this.#value;
  }
}
