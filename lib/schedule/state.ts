import { dirname } from "node:path";
import { z } from "zod";
import { STEPS } from "./plan.ts";

/**
 * What the schedule remembers over a restart, in `data/schedule.json`: how far the day has come, how often each
 * step failed, and the last completed step. That one is its sign of life; a log can grow while nothing gets done.
 */

/** What a restarted schedule takes up again: a child under way, one that waits for its next attempt, one cut short. */
const UNFINISHED = ["running", "again", "stopped"] as const;
const FINISHED = ["done", "failed", "elsewhere", "interrupted", "missed", "skipped"] as const;

const time = z.iso.datetime();
const exchangeDay = { exchange: z.string(), date: z.iso.date() };

const record = z.strictObject({
  outcome: z.enum([...UNFINISHED, ...FINISHED]),
  /** Starts so far, over restarts of the schedule too. */
  attempts: z.int().min(0),
  exitCode: z.int().nullable(),
  because: z.string(),
  at: time,
});

const failures = z.strictObject({
  inARow: z.int().min(0),
  notified: z.boolean(),
});

const state = z.strictObject({
  schema: z.literal("robo-trader/schedule@1"),
  day: z.strictObject({
    ...exchangeDay,
    complete: z.boolean(),
    steps: z.partialRecord(z.enum(STEPS), record),
  }).nullable(),
  lastCompleted: z.strictObject({
    ...exchangeDay,
    step: z.enum(STEPS),
    exitCode: z.int(),
    at: time,
  }).nullable(),
  next: z.strictObject({ ...exchangeDay, step: z.enum(STEPS), at: time }).nullable(),
  failures: z.record(z.enum(STEPS), failures),
});

export type StepRecord = Readonly<z.infer<typeof record>>;
export type Outcome = StepRecord["outcome"];
export type ScheduleState = z.infer<typeof state>;

export function isUnfinished(outcome: Outcome): boolean {
  return UNFINISHED.some((unfinished) => unfinished === outcome);
}

/** The file does not say what was done today, so nothing can be started on its word. */
export class ScheduleStateError extends Error {
  override readonly name = "ScheduleStateError";
}

export function emptyState(): ScheduleState {
  return {
    schema: "robo-trader/schedule@1",
    day: null,
    lastCompleted: null,
    next: null,
    failures: {
      probe: { inARow: 0, notified: false },
      session: { inARow: 0, notified: false },
      report: { inARow: 0, notified: false },
    },
  };
}

/**
 * The state in a file; an empty one when there is no file yet. For the schedule, and for whoever shows it.
 *
 * @throws {ScheduleStateError} when the file is not a state
 */
export function readState(path: string): ScheduleState {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return emptyState();
    throw error;
  }
  const parsed = state.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new ScheduleStateError(
    `Cannot read schedule state "${path}": look whether a session is running, then delete the file\n` +
      z.prettifyError(parsed.error),
  );
}

/** Undefined for what is no JSON; the schema refuses it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Replaces the file whole: a power cut leaves the old state or the new one. */
export function writeState(path: string, value: ScheduleState): void {
  const temporary = `${path}.new`;
  {
    using file = Deno.openSync(temporary, { create: true, write: true, truncate: true });
    const bytes = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    file.syncSync();
  }
  Deno.renameSync(temporary, path);
  // The new name itself is durable only when its folder is.
  using folder = Deno.openSync(dirname(path), { read: true });
  folder.syncSync();
}
