import { isAbsolute } from "node:path";
import type { Calendar } from "../calendar/calendar.ts";
import { type Step, STEPS, type Timing } from "./plan.ts";

/** What units of every operating system are made of. */
export interface UnitOptions {
  /** Absolute path of deno. */
  readonly deno: string;
  /** Absolute path of the folder with deno.json. */
  readonly project: string;
  readonly calendar: Calendar;
  readonly timing: Timing;
}

/** One task started at one local time of the exchange, Monday to Friday. */
export interface UnitRun {
  readonly step: Step;
  /** `09:20` */
  readonly time: string;
  readonly zone: string;
}

/** A path cannot be written into a unit; the message says why. */
export class UnitPathError extends RangeError {
  override readonly name = "UnitPathError";
}

/** The session settles for a minute; half days close hours earlier, so this time suits them too. */
const REPORT_AFTER_CLOSE_MIN = 15;

/**
 * The operating system knows no holidays: it starts the tasks on every weekday, and the session leaves with
 * "closed today".
 *
 * @throws {UnitPathError} when a path is relative or cannot be written into a unit
 */
export function unitRuns({ deno, project, calendar, timing }: UnitOptions): readonly UnitRun[] {
  for (const path of [deno, project]) {
    if (!isAbsolute(path)) {
      throw new UnitPathError(`Cannot use path "${path}": give it from the root`);
    }
    // A line break would end the line of the unit and begin another.
    if (/\p{Cc}/u.test(path)) {
      throw new UnitPathError(`Cannot use path ${JSON.stringify(path)}: it has control characters`);
    }
  }
  const { opensAt, closesAt } = calendar.hours;
  const at = (time: string, minutes: number): string =>
    Temporal.PlainTime.from(time).add({ minutes }).toString({ smallestUnit: "minute" });
  const minutes = (ms: number): number => Math.round(ms / 60_000);
  const times: Readonly<Record<Step, string>> = {
    probe: at(opensAt, -minutes(timing.probeBeforeOpenMs)),
    session: at(opensAt, -minutes(timing.sessionBeforeOpenMs)),
    report: at(closesAt, REPORT_AFTER_CLOSE_MIN),
  };
  return STEPS.map((step) => ({ step, time: times[step], zone: calendar.zone }));
}
