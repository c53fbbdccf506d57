/**
 * A turn is one piece of synchronous work: a received chunk, a timer. What it writes leaves at its end, one write
 * per connection, so that the same work gives the same pieces every time.
 */
export class Turns {
  readonly #before: () => void;
  readonly #after: () => void;
  #isRunning = false;

  /** `before` brings the market up to the clock; `after` flushes the connections. */
  constructor({ before, after }: { readonly before: () => void; readonly after: () => void }) {
    this.#before = before;
    this.#after = after;
  }

  /** Within a turn the work belongs to it. */
  readonly run = (work: () => void): void => {
    if (this.#isRunning) return work();
    this.#isRunning = true;
    try {
      this.#before();
      work();
      this.#after();
    } finally {
      this.#isRunning = false;
    }
  };
}
