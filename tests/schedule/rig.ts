import { calendar } from "../../lib/calendar/calendar.ts";
import { VirtualClock } from "../../lib/clock.ts";
import type { Child, Spawn } from "../../lib/schedule/child.ts";
import type { Notice } from "../../lib/schedule/notify.ts";
import { DEFAULT_TIMING, type Step } from "../../lib/schedule/plan.ts";
import { Scheduler, type SchedulerOptions } from "../../lib/schedule/scheduler.ts";
import { readState, type ScheduleState } from "../../lib/schedule/state.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";

export const utc = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
export const MINUTE_MS = 60_000;

/** How a task behaves: the exit codes of its starts, one after the other (the last one for good), and how long it takes. */
export interface Act {
  readonly codes: readonly number[];
  readonly lastsMs: number;
  /** False: SIGTERM changes nothing. */
  readonly heedsStop?: boolean;
}

/** A session that ends ten minutes after the close of a full day that it joined at 09:20. */
export const FULL_DAY_MS = 410 * MINUTE_MS;

export interface Rig extends Disposable {
  readonly statePath: string;
  /** `2026-11-20T14:10:00Z probe` for each start, and ` stop`, ` kill`, ` leave` for what was done to it. */
  readonly events: string[];
  readonly notices: Notice[];
  readonly lines: string[];
  /** Runs a schedule on this state file in virtual time, then tells it to end. Answers its exit code. */
  run(fromTo: { readonly from: string; readonly to: string }, change?: Change): Promise<number>;
  state(): ScheduleState;
}

export type Change = Partial<SchedulerOptions> & { readonly acts?: Partial<Record<Step, Act>> };

export function rig(): Rig {
  const folder = Deno.makeTempDirSync();
  const statePath = `${folder}/schedule.json`;
  const events: string[] = [];
  const notices: Notice[] = [];
  const lines: string[] = [];
  return {
    statePath,
    events,
    notices,
    lines,
    state: () => readState(statePath),
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
    run: ({ from, to }, { acts = {}, ...change } = {}) => {
      const clock = new VirtualClock(utc(from));
      const stopping = new AbortController();
      clock.at(utc(to), () => stopping.abort(new Error("The test is over")));
      const work = new Scheduler({
        calendar: calendar("XNYS"),
        clock,
        timing: DEFAULT_TIMING,
        restartsMax: 2,
        spawn: actors(clock, events, acts),
        statePath,
        notify: (notice) => {
          notices.push(notice);
          return Promise.resolve();
        },
        log: (line) => lines.push(line),
        signal: stopping.signal,
        ...change,
      }).run();
      return driveVirtualTime(work, { clock, traffic: new Traffic() });
    },
  };
}

const DEFAULT_ACTS: Readonly<Record<Step, Act>> = {
  probe: { codes: [0], lastsMs: 3_000 },
  session: { codes: [0], lastsMs: FULL_DAY_MS },
  report: { codes: [0], lastsMs: 2_000 },
};

function actors(clock: VirtualClock, events: string[], acts: Partial<Record<Step, Act>>): Spawn {
  const starts: Record<Step, number> = { probe: 0, session: 0, report: 0 };
  const note = (text: string): void => {
    events.push(`${Temporal.Instant.fromEpochMilliseconds(clock.now())} ${text}`);
  };
  return (step): Child => {
    const { codes, lastsMs, heedsStop = true } = acts[step] ?? DEFAULT_ACTS[step];
    const code = codes[starts[step]++] ?? codes.at(-1) ?? 0;
    const { promise, resolve } = Promise.withResolvers<number>();
    const cancel = clock.at(clock.now() + lastsMs, () => resolve(code));
    const end = (exitCode: number): void => {
      cancel();
      resolve(exitCode);
    };
    note(step);
    return {
      pid: 4711,
      exitCode: promise,
      stop: () => {
        note(`${step} stop`);
        if (heedsStop) end(130);
      },
      kill: () => {
        note(`${step} kill`);
        end(137);
      },
      leave: () => note(`${step} leave`),
    };
  };
}
