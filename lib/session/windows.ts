import { resetWindowAt } from "../probe/reset_windows.ts";
import type { Journal } from "./journal.ts";

const MINUTE_MS = 60_000;
/** An entry placed this shortly before a restart might be acknowledged to nobody. */
const BEFORE_MS = 5 * MINUTE_MS;
/** A Gateway that restarts is back in one to five minutes; the link's own state says when it is earlier gone. */
const AFTER_MS = 5 * MINUTE_MS;
const DAYS_AROUND = [-1, 0, 1] as const;

/** When the Gateway restarts by its own timer. */
export interface PlannedRestart {
  /** `23:45` */
  readonly timeOfDay: string;
  /** IANA zone the time is in. */
  readonly zone: string;
}

/** Why entries wait at an instant; null when nothing is planned around it. Exits and stops never wait. */
export function plannedOutage(epochMs: number, restart: PlannedRestart | null): string | null {
  for (const atMs of [epochMs, epochMs + BEFORE_MS, epochMs - AFTER_MS]) {
    // Paper or live, a session trades on an exchange of America, whose accounts its servers hold.
    const reset = resetWindowAt(atMs, true);
    if (reset !== null) return `IBKR: ${reset}`;
  }
  if (restart === null || !isAround(epochMs, restart)) return null;
  return `the Gateway restarts at ${restart.timeOfDay} ${restart.zone}`;
}

function isAround(epochMs: number, { timeOfDay, zone }: PlannedRestart): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone);
  return DAYS_AROUND.some((days) => {
    // A time the clocks skip is taken an hour later, as the Gateway does.
    const { epochMilliseconds: restartMs } = local.toPlainDate().add({ days }).toZonedDateTime({
      timeZone: zone,
      plainTime: timeOfDay,
    });
    return epochMs >= restartMs - BEFORE_MS && epochMs < restartMs + AFTER_MS;
  });
}

/** Whether entries wait for something planned, and the notes of its beginning and end. */
export class Windows {
  readonly #journal: Journal;
  readonly #restart: PlannedRestart | null;
  #minute = -1;
  #because: string | null = null;
  #paused: { readonly because: string; readonly since: number } | null = null;

  constructor(journal: Journal, restart: PlannedRestart | null) {
    this.#journal = journal;
    this.#restart = restart;
  }

  pausedBecause(now: number): string | null {
    // Asked every few seconds, while the answer changes with the minute at most.
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#because = plannedOutage(now, this.#restart);
    }
    return this.#because;
  }

  /** Every few seconds. */
  check(now: number): void {
    const because = this.pausedBecause(now);
    if (because !== null && this.#paused === null) {
      this.#paused = { because, since: now };
      const text = `No entries for now: ${because}`;
      this.#journal.incident({ code: "entries-paused", severity: "note", text });
    } else if (because === null && this.#paused !== null) {
      const durationMs = now - this.#paused.since;
      const text = `Entries again after: ${this.#paused.because}`;
      this.#journal.incident({ code: "entries-resumed", severity: "note", text, durationMs });
      this.#paused = null;
    }
  }
}
