import { type Calendar, CalendarHorizonError, type Session } from "../calendar/calendar.ts";
import { sleep } from "../clock.ts";
import { type Child, exitWithin, type Spawn, superviseChild } from "./child.ts";
import { isoTime, Logbook, type LogbookOptions } from "./logbook.ts";
import { describeExit, verdict } from "./outcome.ts";
import { type Run, runsOf, timeLimitMs, timeliness, type Timing } from "./plan.ts";
import { isUnfinished } from "./state.ts";

export interface SchedulerOptions extends LogbookOptions {
  readonly calendar: Calendar;
  readonly timing: Timing;
  /** A session that fails is started again at most so often a day, restarts of the schedule included. */
  readonly restartsMax: number;
  readonly spawn: Spawn;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Before the first restart; four times as long before each further one. */
const RESTART_WAIT_MS = 30_000;
/** A session in other hands ends some minutes after the close. */
const SETTLE_ELSEWHERE_MS = 15 * 60_000;
/** The schedule itself must end within 2 s of a signal; a session that needs longer goes on without it. */
const LEAVE_AFTER_MS = 1_500;

const FAILED = 1;
const USAGE = 2;
const INTERRUPTED = 130;

/** Serves one exchange day after the other: probe, session, report. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #logbook: Logbook;

  /** @throws {ScheduleStateError} when the state file cannot be understood */
  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#logbook = new Logbook(options);
  }

  /** Ends when told to (130), or where the calendar ends (1). */
  async run(): Promise<number> {
    const { signal, log } = this.#options;
    try {
      // Each pass serves a later day than the one before, so the calendar's horizon ends the loop.
      for (;;) await this.#serve(this.#nextDay());
    } catch (error) {
      if (signal.aborted && error === signal.reason) return INTERRUPTED;
      if (!(error instanceof CalendarHorizonError)) throw error;
      log(error.message);
      await this.#logbook.tell("the calendar ends", error.message);
      return FAILED;
    }
  }

  /** The day left unfinished, one that went by unserved, or the one that is on or comes next. */
  #nextDay(): Session {
    const { calendar, clock, log } = this.#options;
    const now = clock.now();
    const upcoming = calendar.sessionAt(now) ?? calendar.nextSession(now);
    const { lastDay: day } = this.#logbook;
    const served = day?.exchange === calendar.exchange ? calendar.session(day.date) : null;
    if (day === null || served === null) return upcoming;
    if (!day.complete) return served;
    const following = calendar.nextSession(served.opensAt);
    if (following.date >= upcoming.date) return following;
    const missed = calendar.previousSession(now);
    log(`From ${following.date} to ${missed.date} no session was served: the schedule did not run`);
    return missed;
  }

  async #serve(session: Session): Promise<void> {
    this.#logbook.begin(session);
    for (const run of runsOf(session, this.#options.timing)) {
      const record = this.#logbook.record(run.step);
      if (record === undefined || isUnfinished(record.outcome)) await this.#step(run);
    }
    this.#logbook.complete();
  }

  async #step(run: Run): Promise<void> {
    const { clock, log } = this.#options;
    if (run.step === "report" && !this.#sessionRan()) {
      log(`${label(run)}: skipped, no session ran`);
      return this.#logbook.write(run, { outcome: "skipped", because: "no session ran" });
    }
    await this.#wait(run, this.#dueAt(run));
    // A session that has been started is recovered, however late it is.
    const started = run.step === "session" && this.#logbook.record("session") !== undefined;
    const when = started ? "on-time" : timeliness(run, clock.now());
    if (when === "missed") return this.#missed(run);
    if (when === "late" && run.step !== "report") {
      log(`${label(run)}: late, it was due at ${isoTime(run.atMs)}`);
    }
    await this.#attempts(run);
  }

  /** The report is due when the session has ended; of a session in other hands, only the close is known. */
  #dueAt(run: Run): number {
    if (run.step !== "report") return run.atMs;
    const elsewhere = this.#logbook.record("session")?.outcome === "elsewhere";
    return elsewhere ? run.session.closesAt + SETTLE_ELSEWHERE_MS : this.#options.clock.now();
  }

  /** A session with a wrong configuration never began. */
  #sessionRan(): boolean {
    const { outcome, exitCode } = this.#logbook.record("session") ?? { outcome: "missed" };
    return outcome !== "missed" && exitCode !== USAGE;
  }

  async #wait(run: Run, untilMs: number): Promise<void> {
    const { clock, signal, log } = this.#options;
    const waitMs = untilMs - clock.now();
    if (waitMs <= 0) return signal.throwIfAborted();
    this.#logbook.next(run, untilMs);
    log(`${label(run)}: waits until ${localTime(untilMs, run.session.zone)}`);
    await sleep(clock, waitMs, signal);
  }

  async #missed(run: Run): Promise<void> {
    const { timing, log } = this.#options;
    const because = `not started by ${isoTime(run.lateUntilMs ?? run.atMs)}`;
    const text = `${label(run)}: missed, ${because}`;
    log(text);
    this.#logbook.write(run, { outcome: "missed", because });
    if (run.step !== "session" || timing.missed.kind === "skip") return;
    if (timing.missed.kind === "alert") await this.#logbook.tell("session missed", text);
    else await this.#logbook.failed(run, text);
  }

  /** Starts it until it is done, cannot be helped, or was started often enough. */
  async #attempts(run: Run): Promise<void> {
    const { clock, log, restartsMax } = this.#options;
    const attemptsMax = run.step === "session" ? 1 + restartsMax : 1;
    for (let attempts = this.#logbook.record(run.step)?.attempts ?? 0; attempts < attemptsMax;) {
      if (attempts > 0) await this.#wait(run, clock.now() + RESTART_WAIT_MS * 4 ** (attempts - 1));
      if (run.step === "session" && clock.now() >= run.session.closesAt) break;
      attempts++;
      log(`${label(run)}: starts, attempt ${attempts} of ${attemptsMax}`);
      this.#logbook.write(run, { outcome: "running", attempts, because: "" });
      if (await this.#attempt(run)) return;
    }
    const { attempts = 0, because = "" } = this.#logbook.record(run.step) ?? {};
    const text = `given up after attempt ${attempts} of ${attemptsMax}`;
    log(`${label(run)}: ${text}`);
    this.#logbook.write(run, {
      outcome: "failed",
      because: because === "" ? text : `${text}: ${because}`,
    });
  }

  /** False when another attempt may help. */
  async #attempt(run: Run): Promise<boolean> {
    const exitCode = await this.#runChild(run);
    const judged = exitCode === null ? "again" : verdict(run.step, exitCode);
    if (judged === "done") {
      this.#options.log(`${label(run)}: done`);
      this.#logbook.done(run);
      return true;
    }
    const because = exitCode === null ? `did not end in time, stopped` : describeExit(exitCode);
    this.#options.log(`${label(run)}: ${because}`);
    this.#logbook.write(run, { outcome: judged, exitCode, because });
    if (judged === "again" || judged === "failed") {
      await this.#logbook.failed(run, `${label(run)}: ${because}`);
    }
    return judged !== "again";
  }

  /** Null when it had to be stopped because it would not end. */
  async #runChild(run: Run): Promise<number | null> {
    const { clock, signal, spawn } = this.#options;
    const child = spawn(run.step);
    try {
      const limitMs = timeLimitMs(run, clock.now());
      return await superviseChild(child, { clock, limitMs, signal });
    } catch (error) {
      if (signal.aborted && error === signal.reason) await this.#leave(run, child);
      throw error;
    }
  }

  /** We were told to end: so is the child. An attempt that we cut short ourselves does not count. */
  async #leave(run: Run, child: Child): Promise<void> {
    const { clock, log } = this.#options;
    child.stop();
    const { attempts = 1 } = this.#logbook.record(run.step) ?? {};
    const because = "the schedule was told to end";
    this.#logbook.write(run, { outcome: "stopped", attempts: attempts - 1, because });
    if (await exitWithin(child, LEAVE_AFTER_MS, { clock }) !== null) return;
    child.leave();
    log(`${label(run)}: still winding down as process ${child.pid}`);
  }
}

function label({ session, step }: Run): string {
  return `${session.exchange} ${session.date} ${step}`;
}

/** `2026-11-23T09:20:00-05:00[America/New_York]` */
function localTime(epochMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone)
    .toString({ smallestUnit: "second" });
}
