import { type Broker, NotReadyError } from "../broker/broker.ts";
import { type Clock, sleep } from "../clock.ts";

/** A Gateway that restarts is back within minutes; asking more often than this only fills its accept queue. */
const WAIT_FIRST_MS = 1_000;
const WAIT_MAX_MS = 60_000;
/** At the longest wait, a whole trading day of trying. */
const ATTEMPTS_MAX = 500;

/**
 * Connects, and on failure tries again with growing waits, always with the same client id, until the day is over.
 *
 * @throws {NotReadyError} the last one, when `untilMs` has passed or it can never succeed
 */
export async function connectPatiently(options: {
  connect(signal: AbortSignal): Promise<Broker>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly untilMs: number;
  onFailure(text: string, waitMs: number): void;
}): Promise<Broker> {
  const { connect, clock, signal, untilMs, onFailure } = options;
  for (let attempt = 1;; attempt++) {
    try {
      return await connect(signal);
    } catch (error) {
      if (!(error instanceof NotReadyError) || signal.aborted) throw error;
      const waitMs = waitBefore(attempt);
      const late = clock.now() + waitMs >= untilMs;
      if (late || attempt >= ATTEMPTS_MAX) throw error;
      onFailure(error.message, waitMs);
      await sleep(clock, waitMs, signal);
    }
  }
}

/**
 * Doubles up to the cap. The jitter comes from the attempt itself: two programs that lost the same Gateway have
 * different counts, and the same session waits the same way in every replay.
 */
export function waitBefore(attempt: number): number {
  const doubled = Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return Math.round(doubled * (0.8 + 0.2 * ((attempt * 0.618_034) % 1)));
}
