import { type Calendar, CalendarHorizonError, type Session } from "../calendar/calendar.ts";

/** What runs when, relative to a session of the calendar. Pure. */

export const STEPS = ["probe", "session", "report"] as const;
export type Step = typeof STEPS[number];

/** What to do about a session whose start was slept through. */
export type MissedPolicy =
  /** Leave the day alone. */
  | { readonly kind: "skip" }
  /** Start it until so long after the open; later, leave the day alone and count a failure. */
  | { readonly kind: "late"; readonly untilMs: number }
  /** Leave the day alone and notify at once. */
  | { readonly kind: "alert" };

export interface Timing {
  readonly probeBeforeOpenMs: number;
  readonly sessionBeforeOpenMs: number;
  readonly missed: MissedPolicy;
}

const MINUTE_MS = 60_000;

export const DEFAULT_TIMING: Timing = {
  probeBeforeOpenMs: 20 * MINUTE_MS,
  sessionBeforeOpenMs: 10 * MINUTE_MS,
  missed: { kind: "late", untilMs: 30 * MINUTE_MS },
};

/** Waits end within a slice of 30 s; a run that starts later than this after its time is late. */
export const ON_TIME_MS = MINUTE_MS;
/** A session settles within minutes of the close; one that is still there after this hangs. */
const SESSION_OVERRUN_MAX_MS = 120 * MINUTE_MS;
/** A report reads one file, whenever it is made. */
const REPORT_MAX_MS = 30 * MINUTE_MS;

/** One start of one task. Times in epoch ms. */
export interface Run {
  readonly step: Step;
  readonly session: Session;
  /** When it starts; of a report: not before this, and not before the session has ended. */
  readonly atMs: number;
  /** From here on it is missed; null: better late than never. */
  readonly lateUntilMs: number | null;
  /** One that still runs then hangs, and is stopped; null: it has 30 minutes from its start. */
  readonly endsByMs: number | null;
}

/** Probe, session and report of one exchange day, in order. */
export function runsOf(session: Session, timing: Timing): readonly Run[] {
  const { opensAt, closesAt } = session;
  const probeAt = opensAt - timing.probeBeforeOpenMs;
  const sessionAt = opensAt - timing.sessionBeforeOpenMs;
  return [
    {
      step: "probe",
      session,
      atMs: probeAt,
      lateUntilMs: sessionAt,
      // It must not hold up the session, which looks at the Gateway itself.
      endsByMs: sessionAt,
    },
    {
      step: "session",
      session,
      atMs: sessionAt,
      lateUntilMs: timing.missed.kind === "late"
        ? Math.min(opensAt + timing.missed.untilMs, closesAt)
        : sessionAt + ON_TIME_MS,
      endsByMs: closesAt + SESSION_OVERRUN_MAX_MS,
    },
    {
      step: "report",
      session,
      atMs: closesAt,
      lateUntilMs: null,
      endsByMs: null,
    },
  ];
}

export type Timeliness = "on-time" | "late" | "missed";

export function timeliness(run: Run, nowMs: number): Timeliness {
  if (nowMs <= run.atMs + ON_TIME_MS) return "on-time";
  return run.lateUntilMs === null || nowMs < run.lateUntilMs ? "late" : "missed";
}

/** How long a run that starts now may take. */
export function timeLimitMs(run: Run, nowMs: number): number {
  return run.endsByMs === null ? REPORT_MAX_MS : Math.max(0, run.endsByMs - nowMs);
}

/** The runs that start later than `afterMs`, as many as `count` or as the calendar knows. */
export function nextRuns(
  calendar: Calendar,
  afterMs: number,
  options: { readonly count: number; readonly timing: Timing },
): readonly Run[] {
  const runs: Run[] = [];
  try {
    let session = calendar.sessionAt(afterMs) ?? calendar.nextSession(afterMs);
    for (;;) {
      for (const run of runsOf(session, options.timing)) {
        if (run.atMs > afterMs) runs.push(run);
        if (runs.length === options.count) return runs;
      }
      session = calendar.nextSession(session.opensAt);
    }
  } catch (error) {
    if (!(error instanceof CalendarHorizonError)) throw error;
    return runs;
  }
}
