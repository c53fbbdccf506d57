import type { BrokerEvent } from "./broker.ts";

/**
 * Hands events to the one listener, in order. Before there is one they wait; a listener that throws costs nobody
 * else an event, and its error is not swallowed.
 */

/** TWS says a few dozen things before a session listens. Beyond this nobody is ever going to. */
const WAITING_MAX = 10_000;

export type Listener = (event: BrokerEvent) => void;

export class EventOutlet {
  #listener: Listener | null = null;
  #waiting: BrokerEvent[] = [];

  /** True when events pile up and nobody has come to listen: the connection is of no use. */
  get abandoned(): boolean {
    return this.#waiting.length >= WAITING_MAX;
  }

  /**
   * What waited is told at once.
   *
   * @throws {TypeError} when there is a listener already
   */
  listen(listener: Listener): void {
    if (this.#listener !== null) throw new TypeError("Cannot listen: there is a listener already");
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) this.emit(event);
  }

  emit(event: BrokerEvent): void {
    const listener = this.#listener;
    if (listener === null) {
      if (!this.abandoned) this.#waiting.push(event);
      return;
    }
    try {
      listener(event);
    } catch (error) {
      // Not ours to judge. The rest of what came is handled first; then the error is thrown where nothing catches
      // it, as if the listener had been called by the event loop itself.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
