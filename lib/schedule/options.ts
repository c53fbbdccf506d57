import { isAbsolute, resolve } from "node:path";
import { z } from "zod";
import type { Calendar } from "../calendar/calendar.ts";
import type { ExchangeCode } from "../calendar/exchange.ts";
import { loadCalendar } from "../calendar/load.ts";
import { DEFAULT_TIMING, type MissedPolicy, type Timing } from "./plan.ts";

/** As the command line gives them; what is absent has the default named here. */
export interface ScheduleTaskOptions {
  /** XNYS */
  readonly exchange?: ExchangeCode | undefined;
  /** File of calendar overrides: data/calendar.json, if there is one. */
  readonly calendar?: string | undefined;
  /** Minutes before the open: 20. */
  readonly probeBefore?: number | undefined;
  /** Minutes before the open: 10. */
  readonly sessionBefore?: number | undefined;
  /** What to do about a session whose start was missed: late. */
  readonly missed?: MissedPolicy["kind"] | undefined;
  /** With `late`: minutes after the open until which a session still starts: 30. */
  readonly lateUntil?: number | undefined;
  /** Restarts of a failed session a day: 2. */
  readonly restarts?: number | undefined;
  /** URL that is POSTed to after the third failure in a row: nobody is told. */
  readonly notify?: string | undefined;
  /** data/schedule.json */
  readonly state?: string | undefined;
  /** Absolute path of the folder with deno.json: the working directory. */
  readonly project?: string | undefined;
  /** Absolute path of deno: the one that runs this. */
  readonly deno?: string | undefined;
  /** List the next ten runs and stop. */
  readonly dryRun?: boolean | undefined;
  /** With `dryRun`: the exchange's date to list from, such as 2027-03-12; now. */
  readonly from?: string | undefined;
  /** Print units for the operating system and stop. */
  readonly print?: "crontab" | "systemd" | "launchd" | undefined;
  /** With `dryRun`: as JSON. */
  readonly json?: boolean | undefined;
}

const BEFORE_OPEN_MAX_MIN = 240;
const LATE_MAX_MIN = 390;
/** With the waits between them growing fourfold, a sixth attempt would come after the close. */
const RESTARTS_MAX = 5;
const DEFAULT_RESTARTS = 2;
const DEFAULT_STATE = "data/schedule.json";

const MINUTE_MS = 60_000;

/** An option cannot be used; the message says which. */
export class ScheduleUsageError extends Error {
  override readonly name = "ScheduleUsageError";
}

/** What the options come to. */
export interface ScheduleSetup {
  readonly calendar: Calendar;
  readonly timing: Timing;
  readonly restartsMax: number;
  readonly notify: string | null;
  readonly statePath: string;
  readonly project: string;
  readonly deno: string;
}

/**
 * @throws {ScheduleUsageError} when an option cannot be used
 * @throws {CalendarOverrideError} when the override file cannot be
 */
export function setUpSchedule(options: ScheduleTaskOptions): ScheduleSetup {
  const paths = { project: options.project ?? Deno.cwd(), deno: options.deno ?? Deno.execPath() };
  for (const [flag, path] of Object.entries(paths)) {
    if (!isAbsolute(path)) {
      throw new ScheduleUsageError(`Cannot use --${flag} "${path}": give it from the root`);
    }
  }
  if (
    options.notify !== undefined && !/^https?:$/.test(URL.parse(options.notify)?.protocol ?? "")
  ) {
    throw new ScheduleUsageError("Cannot use --notify: it is no http(s) address");
  }
  return {
    ...paths,
    calendar: loadCalendar(options.exchange ?? "XNYS", options.calendar),
    timing: timingOf(options),
    restartsMax: within("restarts", options.restarts ?? DEFAULT_RESTARTS, RESTARTS_MAX),
    notify: options.notify ?? null,
    statePath: resolve(paths.project, options.state ?? DEFAULT_STATE),
  };
}

/**
 * When a dry run begins: now, or at midnight of the exchange's date that was asked for.
 *
 * @throws {ScheduleUsageError} when the date is none, or nothing is listed
 */
export function listedFromMs(
  { from, dryRun }: ScheduleTaskOptions,
  { calendar, nowMs }: { readonly calendar: Calendar; readonly nowMs: number },
): number {
  if (from === undefined) return nowMs;
  if (dryRun !== true) {
    throw new ScheduleUsageError(
      `Cannot use --from ${from} without --dry-run: runs start by the clock`,
    );
  }
  const { first, last } = calendar.horizon;
  if (!z.iso.date().safeParse(from).success || from < first || from > last) {
    throw new ScheduleUsageError(`Cannot use --from ${from}: give a date from ${first} to ${last}`);
  }
  return Temporal.PlainDate.from(from).toZonedDateTime(calendar.zone).epochMilliseconds;
}

function timingOf(options: ScheduleTaskOptions): Timing {
  const minutes = (
    flag: string,
    given: number | undefined,
    defaultMs: number,
    max: number,
  ): number => given === undefined ? defaultMs : within(flag, given, max) * MINUTE_MS;
  const { probeBeforeOpenMs, sessionBeforeOpenMs, missed } = DEFAULT_TIMING;
  const probeMs = minutes(
    "probe-before",
    options.probeBefore,
    probeBeforeOpenMs,
    BEFORE_OPEN_MAX_MIN,
  );
  const sessionMs = minutes(
    "session-before",
    options.sessionBefore,
    sessionBeforeOpenMs,
    BEFORE_OPEN_MAX_MIN,
  );
  if (probeMs <= sessionMs) {
    throw new ScheduleUsageError(
      "Cannot probe after the session has started: raise --probe-before",
    );
  }
  const defaultLateMs = missed.kind === "late" ? missed.untilMs : 0;
  const kind = options.missed ?? missed.kind;
  return {
    probeBeforeOpenMs: probeMs,
    sessionBeforeOpenMs: sessionMs,
    missed: kind === "late"
      ? { kind, untilMs: minutes("late-until", options.lateUntil, defaultLateMs, LATE_MAX_MIN) }
      : { kind },
  };
}

function within(flag: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new ScheduleUsageError(
    `Cannot use --${flag} ${value}: give a whole number from 0 to ${max}`,
  );
}
