import type { Session } from "../calendar/calendar.ts";
import type { Clock } from "../clock.ts";
import { type Notify, NotifyError } from "./notify.ts";
import type { Run, Step } from "./plan.ts";
import { readState, type ScheduleState, type StepRecord, writeState } from "./state.ts";

/** The third failure in a row is no accident any more. */
const FAILURES_BEFORE_NOTICE = 3;

export interface LogbookOptions {
  readonly clock: Clock;
  readonly statePath: string;
  /** Null: nobody is told. */
  readonly notify: Notify | null;
  readonly log: (line: string) => void;
}

/** Keeps what was done in the state file, and tells a person when it keeps going wrong. */
export class Logbook {
  readonly #options: LogbookOptions;
  readonly #state: ScheduleState;
  /** The day being served. It takes the place of the last one in the file with its first step, not before. */
  #day: ScheduleState["day"] = null;

  /** @throws {ScheduleStateError} when the state file cannot be understood */
  constructor(options: LogbookOptions) {
    this.#options = options;
    this.#state = readState(options.statePath);
  }

  /** The last day of which a step is on record. */
  get lastDay(): ScheduleState["day"] {
    return this.#state.day;
  }

  record(step: Step): StepRecord | undefined {
    return this.#day?.steps[step];
  }

  /** Begins a day, or takes it up where it was left. */
  begin({ exchange, date }: Session): void {
    const { day } = this.#state;
    this.#day = day?.date === date && day.exchange === exchange
      ? day
      : { exchange, date, complete: false, steps: {} };
  }

  complete(): void {
    if (this.#day !== null) this.#day.complete = true;
    this.#save();
  }

  write(run: Run, change: Pick<StepRecord, "outcome" | "because"> & Partial<StepRecord>): void {
    const day = this.#day;
    if (day === null) throw new TypeError("Cannot record a step before its day has begun");
    const before = day.steps[run.step] ?? { attempts: 0, exitCode: null };
    day.steps[run.step] = { ...before, at: this.#now(), ...change };
    this.#state.day = day;
    this.#save();
  }

  done(run: Run): void {
    const { exchange, date } = run.session;
    this.#state.lastCompleted = { exchange, date, step: run.step, exitCode: 0, at: this.#now() };
    this.#state.failures[run.step] = { inARow: 0, notified: false };
    this.write(run, { outcome: "done", exitCode: 0, because: "" });
  }

  next(run: Run, atMs: number): void {
    const { exchange, date } = run.session;
    this.#state.next = { exchange, date, step: run.step, at: isoTime(atMs) };
    this.#save();
  }

  /** Counts, and notifies once from the third in a row on, until the step is done again. */
  async failed(run: Run, text: string): Promise<void> {
    const failures = this.#state.failures[run.step];
    failures.inARow++;
    this.#save();
    if (failures.inARow < FAILURES_BEFORE_NOTICE || failures.notified) return;
    const notice = { title: `${run.step} failed`, text: `${text}; ${failures.inARow} in a row` };
    failures.notified = await this.tell(notice.title, notice.text);
    this.#save();
  }

  /** False when nobody was reached. */
  async tell(title: string, text: string): Promise<boolean> {
    const { notify, log } = this.#options;
    if (notify === null) {
      log(`${text} (nobody is notified: notifications are off)`);
      return false;
    }
    try {
      await notify({ title: `robo-trader: ${title}`, text });
      return true;
    } catch (error) {
      if (!(error instanceof NotifyError)) throw error;
      log(error.message);
      return false;
    }
  }

  #now(): string {
    return isoTime(this.#options.clock.now());
  }

  #save(): void {
    writeState(this.#options.statePath, this.#state);
  }
}

export function isoTime(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString();
}
