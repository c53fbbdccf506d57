import { dirname } from "node:path";
import { CalendarOverrideError } from "../lib/calendar/overrides.ts";
import { type Clock, WallClock } from "../lib/clock.ts";
import { LockedError, takeLock } from "../lib/lock.ts";
import { taskSpawner } from "../lib/schedule/child.ts";
import { crontab } from "../lib/schedule/crontab.ts";
import { formatDryRun, listRuns } from "../lib/schedule/dry_run.ts";
import { launchdPlist } from "../lib/schedule/launchd.ts";
import { isoTime } from "../lib/schedule/logbook.ts";
import { webhook } from "../lib/schedule/notify.ts";
import {
  listedFromMs,
  type ScheduleSetup,
  type ScheduleTaskOptions,
  ScheduleUsageError,
  setUpSchedule,
} from "../lib/schedule/options.ts";
import { Scheduler } from "../lib/schedule/scheduler.ts";
import { ScheduleStateError } from "../lib/schedule/state.ts";
import { systemdScript } from "../lib/schedule/systemd.ts";
import { UnitPathError } from "../lib/schedule/units.ts";
import { complain, note, print } from "../lib/terminal.ts";
import { interruptSignal } from "./interrupt.ts";

export type { ScheduleTaskOptions };

/** What the task touches; a test brings its own. */
export interface ScheduleEnvironment {
  readonly clock: Clock;
  /** A result on stdout, a message on stderr, an error on stderr. */
  readonly print: (text: string) => void;
  readonly note: (text: string) => void;
  readonly complain: (text: string) => void;
}

const USAGE_ERROR = 2;
const FAILED = 1;
const OWNED_ELSEWHERE = 5;

/** `deno task schedule`: 130 when told to end, 1 failed, 2 usage, 5 another schedule runs; 0 after listing or printing. */
export async function runSchedule(
  options: ScheduleTaskOptions,
  environment: Partial<ScheduleEnvironment> = {},
): Promise<number> {
  const io = { clock: new WallClock(), print, note, complain, ...environment };
  try {
    const setup = setUpSchedule(options);
    if (options.print !== undefined) {
      io.print(printed(options.print, setup).trimEnd());
      return 0;
    }
    const nowMs = listedFromMs(options, { calendar: setup.calendar, nowMs: io.clock.now() });
    if (options.dryRun === true) {
      const asked = { ...setup, nowMs };
      io.print(
        options.json === true ? JSON.stringify(listRuns(asked)) : formatDryRun(asked).trimEnd(),
      );
      return 0;
    }
    return await keepSchedule(setup, io);
  } catch (error) {
    if (error instanceof LockedError) {
      io.complain(`Another schedule is running: ${error.owner}`);
      return OWNED_ELSEWHERE;
    }
    if (!USER_ERRORS.some((userError) => error instanceof userError)) throw error;
    io.complain(error instanceof Error ? error.message : String(error));
    return error instanceof ScheduleStateError ? FAILED : USAGE_ERROR;
  }
}

/** What a user can mend, and needs no stack trace for. */
const USER_ERRORS = [ScheduleUsageError, CalendarOverrideError, UnitPathError, ScheduleStateError];

function printed(kind: "crontab" | "systemd" | "launchd", setup: ScheduleSetup): string {
  if (kind === "crontab") return crontab(setup);
  return kind === "systemd" ? systemdScript(setup) : launchdPlist(setup);
}

async function keepSchedule(
  setup: ScheduleSetup,
  { clock, note }: Pick<ScheduleEnvironment, "clock" | "note">,
): Promise<number> {
  checkPermissions(setup);
  Deno.mkdirSync(dirname(setup.statePath), { recursive: true });
  using _lock = takeLock(`${setup.statePath}.lock`, {
    pid: Deno.pid,
    task: "schedule",
    since: Date.now(),
  });
  using interrupt = interruptSignal();
  const { signal } = interrupt;
  return await new Scheduler({
    ...setup,
    clock,
    signal,
    spawn: taskSpawner(setup),
    notify: setup.notify === null ? null : webhook({ url: setup.notify, signal }),
    log: (line) => note(`${isoTime(clock.now())} ${line}`),
  }).run();
}

/** Better to be refused now than at 09:10. */
function checkPermissions({ notify }: ScheduleSetup): void {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") {
    throw new ScheduleUsageError(
      'Cannot start tasks: set "run": true in the permission set "schedule" of deno.json',
    );
  }
  if (notify === null) return;
  const { host } = new URL(notify);
  if (Deno.permissions.querySync({ name: "net", host }).state !== "granted") {
    throw new ScheduleUsageError(
      `Cannot use --notify: add "${host}" to "net" in the permission set "schedule" of deno.json`,
    );
  }
}
