import { type Range, trueRange } from "./atr.ts";
import { Wilder } from "./wilder.ts";

/** Strength of the trend (0 to 100) and the two directions it is made of. */
export interface AdxValue {
  readonly adx: number;
  readonly plusDi: number;
  readonly minusDi: number;
}

/**
 * Wilder's average directional index by TA-Lib: movements and ranges start as sums over the first `length − 1`
 * steps, each further step takes off a `length`-th and adds the new one; the index is Wilder's average of `length`
 * directional values, so the first comes with the `2 × length`-th bar.
 */
export class Adx {
  readonly #length: number;
  readonly #index: Wilder;
  #previous: Range | null = null;
  #steps = 0;
  #plus = 0;
  #minus = 0;
  #range = 0;
  #lastDx = 0;

  constructor(length = 14) {
    if (!Number.isInteger(length) || length < 2) {
      throw new RangeError(
        `Cannot find a trend over ${length} bars: length must be a whole number from 2`,
      );
    }
    this.#length = length;
    this.#index = new Wilder(length);
  }

  push(bar: Range): AdxValue | null {
    const previous = this.#previous;
    this.#previous = { high: bar.high, low: bar.low, close: bar.close };
    if (previous === null) return null;
    this.#step(bar, previous);
    if (this.#steps >= this.#length) this.#index.push(this.#dx());
    return this.value;
  }

  get value(): AdxValue | null {
    const adx = this.#index.value;
    return adx === null
      ? null
      : { adx, plusDi: this.#share(this.#plus), minusDi: this.#share(this.#minus) };
  }

  #step(bar: Range, previous: Range): void {
    this.#steps++;
    const up = bar.high - previous.high;
    const down = previous.low - bar.low;
    const kept = this.#steps < this.#length ? 1 : 1 - 1 / this.#length;
    this.#plus = this.#plus * kept + (up > 0 && up > down ? up : 0);
    this.#minus = this.#minus * kept + (down > 0 && down > up ? down : 0);
    this.#range = this.#range * kept + trueRange(bar, previous.close);
  }

  /** When nothing moves there is no direction to measure, and the last one stands, as in TA-Lib. */
  #dx(): number {
    const plusDi = this.#share(this.#plus);
    const minusDi = this.#share(this.#minus);
    const sum = plusDi + minusDi;
    if (sum > 0) this.#lastDx = (100 * Math.abs(plusDi - minusDi)) / sum;
    return this.#lastDx;
  }

  #share(movement: number): number {
    return this.#range > 0 ? (100 * movement) / this.#range : 0;
  }
}
