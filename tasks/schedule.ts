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
  type ScheduleSetup,
  type ScheduleTaskOptions,
  ScheduleUsageError,
  setUpSchedule,
} from "../lib/schedule/options.ts";
import { Scheduler } from "../lib/schedule/scheduler.ts";
import { ScheduleStateError } from "../lib/schedule/state.ts";
import { systemdScript } from "../lib/schedule/systemd.ts";
import { UnitPathError } from "../lib/schedule/units.ts";
import { interruptSignal } from "./interrupt.ts";

export type { ScheduleTaskOptions };

/** What the task touches; a test brings its own. */
export interface ScheduleEnvironment {
  readonly clock: Clock;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

const USAGE_ERROR = 2;
const FAILED = 1;
const OWNED_ELSEWHERE = 5;

/** `deno task schedule`: 130 when told to end, 1 failed, 2 usage, 5 another schedule runs; 0 after listing or printing. */
export async function runSchedule(
  options: ScheduleTaskOptions,
  environment: Partial<ScheduleEnvironment> = {},
): Promise<number> {
  const { stdout = write, stderr = say, clock = new WallClock() } = environment;
  try {
    const setup = setUpSchedule(options);
    if (options.print !== undefined) {
      stdout(printed(options.print, setup));
      return 0;
    }
    if (options.dryRun === true) {
      const asked = { ...setup, nowMs: clock.now() };
      stdout(options.json === true ? `${JSON.stringify(listRuns(asked))}\n` : formatDryRun(asked));
      return 0;
    }
    return await keepSchedule(setup, { clock, stderr });
  } catch (error) {
    if (error instanceof LockedError) {
      stderr(`Another schedule is running: ${error.owner}\n`);
      return OWNED_ELSEWHERE;
    }
    if (!USER_ERRORS.some((userError) => error instanceof userError)) throw error;
    stderr(`${error instanceof Error ? error.message : error}\n`);
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
  { clock, stderr }: Pick<ScheduleEnvironment, "clock" | "stderr">,
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
    log: (line) => stderr(`${isoTime(clock.now())} ${line}\n`),
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

function write(text: string): void {
  writeTo(Deno.stdout, text);
}

/** Messages. When nobody reads them any more, the work goes on without. */
function say(text: string): void {
  try {
    writeTo(Deno.stderr, text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function writeTo(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
}
