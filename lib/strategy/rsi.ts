import { Wilder } from "./wilder.ts";

/** Wilder's relative strength index, 0 to 100, from the `length + 1`-th value on; 0 when nothing moved (TA-Lib). */
export class Rsi {
  readonly #gain: Wilder;
  readonly #loss: Wilder;
  #previous: number | null = null;

  constructor(length = 14) {
    this.#gain = new Wilder(length);
    this.#loss = new Wilder(length);
  }

  push(value: number): number | null {
    if (this.#previous !== null) {
      const change = value - this.#previous;
      this.#gain.push(Math.max(change, 0));
      this.#loss.push(Math.max(-change, 0));
    }
    this.#previous = value;
    return this.value;
  }

  get value(): number | null {
    const gain = this.#gain.value;
    const loss = this.#loss.value;
    if (gain === null || loss === null) return null;
    return gain + loss === 0 ? 0 : (100 * gain) / (gain + loss);
  }
}
