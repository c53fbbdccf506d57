/**
 * The greatest of the last `length` values (of their negatives, the least).
 *
 * Keeps only the values that may still become the greatest, newest last: each is added and removed once, so the
 * work per value is constant on average.
 */
export class Highest {
  readonly #length: number;
  #candidates: { readonly index: number; readonly value: number }[] = [];
  #pushed = 0;

  constructor(length: number) {
    if (!Number.isInteger(length) || length < 1) {
      throw new RangeError(
        `Cannot look back ${length} values: length must be a whole number from 1`,
      );
    }
    this.#length = length;
  }

  push(value: number): number | null {
    const index = this.#pushed++;
    let newest = this.#candidates.at(-1);
    while (newest !== undefined && newest.value <= value) {
      this.#candidates.pop();
      newest = this.#candidates.at(-1);
    }
    this.#candidates.push({ index, value });
    if ((this.#candidates[0]?.index ?? 0) <= index - this.#length) this.#candidates.shift();
    return this.value;
  }

  get value(): number | null {
    return this.#pushed < this.#length ? null : this.#candidates[0]?.value ?? null;
  }
}
