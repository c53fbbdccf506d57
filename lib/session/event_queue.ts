/**
 * Events in arrival order, for one consumer. Quotes do not pass through here (they only update the newest quote
 * of their symbol), so what waits is bars and order events: a few hundred at the busiest instant.
 */
const WAITING_MAX = 100_000;

/** The session fell hopelessly behind its broker; going on would trade on the past. */
export class QueueOverflowError extends Error {
  override readonly name = "QueueOverflowError";
}

export class EventQueue<T> {
  #waiting: T[] = [];
  #taken = 0;
  #wake: (() => void) | null = null;
  #overflowed = false;

  /** Never throws: the caller is a socket. An overflow surfaces at the consumer. */
  push(event: T): void {
    if (this.#waiting.length - this.#taken >= WAITING_MAX) this.#overflowed = true;
    else this.#waiting.push(event);
    this.#wake?.();
    this.#wake = null;
  }

  /** @throws {QueueOverflowError} when events were lost */
  async next(): Promise<T> {
    for (;;) {
      if (this.#overflowed) {
        throw new QueueOverflowError(`More than ${WAITING_MAX} events wait for the session`);
      }
      const event = this.#waiting[this.#taken];
      if (event !== undefined) {
        this.#taken++;
        if (this.#taken === this.#waiting.length) {
          this.#waiting = [];
          this.#taken = 0;
        }
        return event;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
