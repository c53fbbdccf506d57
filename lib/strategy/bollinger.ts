import { Deviation } from "./deviation.ts";

/** The moving average and the lines `width` standard deviations above and below it. */
export interface Bands {
  readonly upper: number;
  readonly middle: number;
  readonly lower: number;
}

/** Bollinger bands: simple average, population standard deviation. */
export class Bollinger {
  readonly #deviation: Deviation;
  readonly #width: number;

  constructor(length = 20, width = 2) {
    this.#deviation = new Deviation(length);
    this.#width = width;
  }

  push(value: number): Bands | null {
    this.#deviation.push(value);
    return this.value;
  }

  get value(): Bands | null {
    const moments = this.#deviation.value;
    if (moments === null) return null;
    const distance = this.#width * moments.deviation;
    return {
      upper: moments.mean + distance,
      middle: moments.mean,
      lower: moments.mean - distance,
    };
  }
}
