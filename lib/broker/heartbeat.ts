import { type Cancel, type Clock, TimeoutError } from "../clock.ts";
import { NotReadyError } from "./broker.ts";
import type { Link } from "./link.ts";

/**
 * Finds a half-open link: one whose other end is gone without a word (a pulled cable, a sleeping machine, a frozen
 * TWS) looks to TCP like one with nothing to say. So TWS is asked for the time now and then, and a link on which
 * nothing at all comes until the answer is overdue is dead.
 */
export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly link: Link;
  readonly everyMs: number;
  readonly ask: () => Promise<unknown>;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancel: Cancel = () => {};
  #stopped = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #arm(): void {
    if (this.#stopped) return;
    const { clock, everyMs } = this.#options;
    this.#cancel = clock.at(clock.now() + everyMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    const { link, ask } = this.#options;
    const framesBefore = link.framesReceived;
    try {
      await ask();
    } catch (error) {
      if (error instanceof TimeoutError) {
        if (link.framesReceived === framesBefore) {
          const detail = `half-open: TWS has said nothing for ${error.timeoutMs} ms`;
          link.reset({ cause: "silent", detail });
        }
      } else if (!(error instanceof NotReadyError) && !(error instanceof RangeError)) {
        // NotReadyError: the link is down already. RangeError: too much waits to be sent; the next beat will tell.
        throw error;
      }
    }
    this.#arm();
  }
}
