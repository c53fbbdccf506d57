import { Ema } from "./ema.ts";

/** The difference of two averages, its own average, and how far it is from that. */
export interface MacdValue {
  readonly macd: number;
  readonly signal: number;
  readonly histogram: number;
}

/**
 * Moving average convergence divergence. As in TA-Lib the fast average starts late, so that its seed and the slow
 * one's end on the same value.
 */
export class Macd {
  readonly #fast: Ema;
  readonly #slow: Ema;
  readonly #signal: Ema;
  #skip: number;
  #value: MacdValue | null = null;

  constructor(fastLength = 12, slowLength = 26, signalLength = 9) {
    if (fastLength >= slowLength) {
      throw new RangeError(
        `Cannot compare ${fastLength} with ${slowLength} values: fast must be shorter`,
      );
    }
    this.#fast = new Ema(fastLength);
    this.#slow = new Ema(slowLength);
    this.#signal = new Ema(signalLength);
    this.#skip = slowLength - fastLength;
  }

  push(value: number): MacdValue | null {
    const slow = this.#slow.push(value);
    const fast = this.#skip > 0 ? null : this.#fast.push(value);
    this.#skip--;
    if (fast === null || slow === null) return null;
    const macd = fast - slow;
    const signal = this.#signal.push(macd);
    if (signal !== null) this.#value = { macd, signal, histogram: macd - signal };
    return this.#value;
  }

  get value(): MacdValue | null {
    return this.#value;
  }
}
