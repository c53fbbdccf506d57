/** The last `length` values pushed, oldest overwritten first. */
export class Window {
  readonly #values: Float64Array;
  #next = 0;
  #full = false;

  constructor(readonly length: number) {
    if (!Number.isInteger(length) || length < 1) {
      throw new RangeError(
        `Cannot average over ${length} values: length must be a whole number from 1`,
      );
    }
    this.#values = new Float64Array(length);
  }

  get full(): boolean {
    return this.#full;
  }

  /** True when the newest value filled the last slot: the moment to sum afresh. */
  get wrapped(): boolean {
    return this.#next === 0 && this.#full;
  }

  /** The value that fell out; null while the window is filling. */
  push(value: number): number | null {
    const oldest = this.#full ? this.#values[this.#next] ?? null : null;
    this.#values[this.#next++] = value;
    if (this.#next === this.length) {
      this.#next = 0;
      this.#full = true;
    }
    return oldest;
  }

  /** In no particular order. */
  get values(): Float64Array {
    return this.#values;
  }
}
