/**
 * Seeded randomness. Every stream is named by a path of keys, so drawing more from one (a symbol, a date) never
 * moves another.
 */
export class Random {
  readonly #path: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  #spareNormal: number | null = null;

  private constructor(path: string) {
    this.#path = path;
    this.#a = hash(path, 0x9e3779b9);
    this.#b = hash(path, 0x85ebca6b);
    this.#c = hash(path, 0xc2b2ae35);
    // sfc32 needs some rounds before neighbouring seeds look unrelated.
    for (let round = 0; round < 12; round++) this.next();
  }

  static seeded(seed: number): Random {
    return new Random(String(seed));
  }

  /** An independent stream; the same for the same key, however much was drawn from this one. */
  split(key: string): Random {
    return new Random(`${this.#path}/${key}`);
  }

  /** Uniform in [0, 1), with 32 random bits (sfc32). */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  /** Standard normal (Box–Muller, both of the pair used). */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Number of events when `mean` are expected. */
  poisson(mean: number): number {
    if (mean > POISSON_EXACT_MEAN_MAX) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    }
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count++;
    return count;
  }
}

/** Beyond this the normal approximation is off by less than the noise, and counting would be slow. */
const POISSON_EXACT_MEAN_MAX = 16;

/** FNV-1a with a chosen basis and a final avalanche. */
function hash(text: string, basis: number): number {
  let value = basis;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return value ^ (value >>> 16);
}
