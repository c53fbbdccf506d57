import { Wilder } from "./wilder.ts";

/** What a range indicator needs of a bar. */
export interface Range {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** The bar's range, stretched to the previous close when the price jumped between them. */
export function trueRange(bar: Range, previousClose: number): number {
  return Math.max(bar.high, previousClose) - Math.min(bar.low, previousClose);
}

/** Wilder's average true range, from the `length + 1`-th bar on: the first bar has no previous close. */
export class Atr {
  readonly #average: Wilder;
  #previousClose: number | null = null;

  constructor(length = 14) {
    this.#average = new Wilder(length);
  }

  push(bar: Range): number | null {
    if (this.#previousClose !== null) this.#average.push(trueRange(bar, this.#previousClose));
    this.#previousClose = bar.close;
    return this.value;
  }

  get value(): number | null {
    return this.#average.value;
  }
}
