/** The last `length` values pushed, oldest overwritten first. */
export class Window {
  readonly #values: Float64Array;
  #pushed = 0;

  constructor(readonly length: number) {
    if (!Number.isInteger(length) || length < 1) {
      throw new RangeError(
        `Cannot average over ${length} values: length must be a whole number from 1`,
      );
    }
    this.#values = new Float64Array(length);
  }

  get full(): boolean {
    return this.#pushed >= this.length;
  }

  /** True when the newest value filled the last slot: the moment to sum afresh. */
  get wrapped(): boolean {
    return this.#pushed % this.length === 0;
  }

  /** The value that fell out; null while the window is filling. */
  push(value: number): number | null {
    const slot = this.#pushed++ % this.length;
    const oldest = this.#pushed > this.length ? this.#values[slot] ?? null : null;
    this.#values[slot] = value;
    return oldest;
  }

  /** In no particular order. */
  get values(): Float64Array {
    return this.#values;
  }
}
