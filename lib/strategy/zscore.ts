import { Deviation } from "./deviation.ts";

/** How many standard deviations the newest value lies from the mean of its window; 0 when nothing in it differs. */
export class ZScore {
  readonly #deviation: Deviation;
  #newest = 0;

  constructor(length: number) {
    this.#deviation = new Deviation(length);
  }

  push(value: number): number | null {
    this.#newest = value;
    this.#deviation.push(value);
    return this.value;
  }

  get value(): number | null {
    const moments = this.#deviation.value;
    if (moments === null) return null;
    return moments.deviation === 0 ? 0 : (this.#newest - moments.mean) / moments.deviation;
  }
}
