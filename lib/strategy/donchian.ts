import { Highest } from "./extreme.ts";

/** Highest high and lowest low of a window of bars. */
export interface Channel {
  readonly upper: number;
  readonly lower: number;
}

/** Donchian channel of the last `length` bars, the newest included; a breakout compares with the value before it. */
export class Donchian {
  readonly #high: Highest;
  readonly #negativeLow: Highest;

  constructor(length = 20) {
    this.#high = new Highest(length);
    this.#negativeLow = new Highest(length);
  }

  push(bar: { readonly high: number; readonly low: number }): Channel | null {
    this.#high.push(bar.high);
    this.#negativeLow.push(-bar.low);
    return this.value;
  }

  get value(): Channel | null {
    const upper = this.#high.value;
    const negativeLow = this.#negativeLow.value;
    return upper === null || negativeLow === null ? null : { upper, lower: -negativeLow };
  }
}
