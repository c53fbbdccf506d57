import { NotReadyError } from "./broker.ts";

/** Lets a few works run at a time, the rest in the order they came, as long as the line is not too long. */
export class Turnstile {
  readonly #what: string;
  readonly #lineMax: number;
  #free: number;
  readonly #line: PromiseWithResolvers<void>[] = [];
  #closedBecause: string | null = null;

  constructor(options: {
    /** For errors: what stands in line. */
    readonly what: string;
    readonly atOnce: number;
    readonly lineMax: number;
  }) {
    this.#what = options.what;
    this.#free = options.atOnce;
    this.#lineMax = options.lineMax;
  }

  /**
   * Runs `work` when its turn comes.
   *
   * @throws {RangeError} when the line is full, {NotReadyError} when it was closed meanwhile, or what the work throws
   */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closedBecause !== null) throw this.#notReady();
    if (this.#free > 0) this.#free--;
    else await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next === undefined) this.#free++;
      else next.resolve();
    }
  }

  /** Turns away all who wait and all who come. */
  close(because: string): void {
    this.#closedBecause = because;
    for (const waiting of this.#line.splice(0)) waiting.reject(this.#notReady());
  }

  #wait(): Promise<void> {
    if (this.#line.length >= this.#lineMax) {
      throw new RangeError(`Cannot wait for ${this.#what}: ${this.#lineMax} are waiting already`);
    }
    const turn = Promise.withResolvers<void>();
    this.#line.push(turn);
    return turn.promise;
  }

  #notReady(): NotReadyError {
    return new NotReadyError("tcp", `No ${this.#what}: ${this.#closedBecause}`);
  }
}
