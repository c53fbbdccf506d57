import type { Broker } from "../broker/broker.ts";
import type { Clock } from "../clock.ts";
import type { ClockCompared } from "../ledger/entry.ts";
import { isBrokerSilence } from "./failures.ts";
import type { Journal } from "./journal.ts";

/** A computer without a time service drifts by less than a second within this. */
export const COMPARE_EVERY_MS = 10 * 60_000;
/**
 * Bars end, deadlines pass and exchanges open to the second. Further apart than this, a quote's age, an order's
 * deadline and the time of the close are not what they seem.
 */
export const SKEW_MAX_MS = 2_000;
/** TWS tells whole seconds: on average half of one has passed since. */
const HALF_SECOND_MS = 500;

/** What TWS's clock says against ours; null when it gave no answer, which the heartbeat sees to. */
export async function compareClocks(
  connection: { readonly broker: Broker },
  clock: Clock,
): Promise<ClockCompared | null> {
  const askedAt = clock.now();
  try {
    const theirs = await connection.broker.currentTime();
    const roundTripMs = clock.now() - askedAt;
    const offsetMs = Math.round(theirs + HALF_SECOND_MS - (askedAt + roundTripMs / 2));
    return { kind: "clock-compared", offsetMs, roundTripMs };
  } catch (error) {
    // RangeError: too much waits to be sent, or the answer held no time; the next comparison will tell.
    if (!isBrokerSilence(error) && !(error instanceof RangeError)) throw error;
    return null;
  }
}

/** Books comparisons of the clocks, and tells a person once when they differ and once when they agree again. */
export class ClockWatch {
  readonly #journal: Journal;
  #differsSince: number | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  book(compared: ClockCompared, now: number): void {
    this.#journal.write(compared);
    const { offsetMs, roundTripMs } = compared;
    // What the answer took on its way could all be on one side of it.
    const differs = Math.abs(offsetMs) - roundTripMs / 2 > SKEW_MAX_MS;
    if (differs && this.#differsSince === null) {
      this.#differsSince = now;
      const [seconds, word] = [Math.abs(offsetMs) / 1_000, offsetMs > 0 ? "behind" : "ahead of"];
      const text = `This machine's clock is ${seconds.toFixed(1)} s ${word} TWS's; the limit is ` +
        `${SKEW_MAX_MS / 1_000} s. Turn on its time service`;
      this.#journal.incident({ code: "clock-skew", text });
    } else if (!differs && this.#differsSince !== null) {
      const durationMs = now - this.#differsSince;
      this.#differsSince = null;
      const text = "This machine's clock agrees with TWS's again";
      this.#journal.incident({ code: "clock-agrees", severity: "note", text, durationMs });
    }
  }
}
