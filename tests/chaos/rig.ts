import { setImmediate } from "node:timers";
import { type Cancel, type Clock, VirtualClock } from "../../lib/clock.ts";
import type { Program } from "./program.ts";
import type { Job } from "./protocol.ts";
import { RigTraffic } from "./rig_traffic.ts";
import { SessionLife } from "./session_life.ts";
import { TimeFile } from "./shared_time.ts";

/** Nothing moves and nothing is planned for this long on the wall: a bug in the rig or a process that hangs. */
const STUCK_MS = 60_000;

export class StuckError extends Error {
  override readonly name = "StuckError";
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The owner of virtual time: the Gateway lives here, the session in a process of its own. Time goes on only when
 * every byte between them has arrived, all it caused is done, and both are idle. At the same instant the Gateway's
 * timers come before the session's.
 */
export class Rig implements Clock, Disposable {
  readonly traffic = new RigTraffic();
  readonly #clock: VirtualClock;
  readonly #time: TimeFile;
  #life: SessionLife | null = null;
  #isLent = false;

  constructor(originMs: number, timePath: string) {
    this.#clock = new VirtualClock(originMs);
    this.#time = new TimeFile(timePath);
    this.#time.write(originMs);
  }

  /** While the session lets time pass by itself, its time is ours. */
  now(): number {
    return this.#isLent ? this.#time.read() : this.#clock.now();
  }

  at(atMs: number, callback: () => void): Cancel {
    return this.#clock.at(atMs, callback);
  }

  /** Starts a session process; it is the only one. */
  start(job: Job, program: Program): SessionLife {
    this.#life = new SessionLife(job, { traffic: this.traffic, program });
    return this.#life;
  }

  /** Lets time pass until the work is done. @throws {StuckError} when it never will be */
  async drive<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
      this.traffic.wake();
    });
    // The work's failure is thrown below; until then it must not count as unhandled.
    settled.catch(() => {});
    let movedMs = performance.now();
    const watchdog = setInterval(() => {
      if (performance.now() - movedMs > STUCK_MS) this.traffic.wake();
    }, STUCK_MS / 4);
    try {
      for (;;) {
        await turn();
        if (done) return await settled;
        if (this.#isIdle() && this.#step()) movedMs = performance.now();
        else if (performance.now() - movedMs > STUCK_MS) throw new StuckError(this.#describe());
        else await this.traffic.change();
      }
    } finally {
      clearInterval(watchdog);
      this.#life?.kill();
      await this.#life?.ended;
    }
  }

  [Symbol.dispose](): void {
    this.#time[Symbol.dispose]();
  }

  #isIdle(): boolean {
    return this.traffic.quiet && this.#life?.isBusy !== true;
  }

  /** Fires one timer, here or there. False when there is none. */
  #step(): boolean {
    if (this.#isLent) this.#clock.advanceTo(this.#time.read());
    this.#isLent = false;
    const ours = this.#clock.nextMs ?? Infinity;
    const theirs = this.#life?.next ?? Infinity;
    if (ours === Infinity && theirs === Infinity) return false;
    if (ours <= theirs) {
      this.#time.write(Math.max(this.now(), ours));
      this.#clock.step();
    } else {
      this.#isLent = true;
      this.#life?.step(ours);
    }
    return true;
  }

  #describe(): string {
    const { quiet } = this.traffic;
    const at = new Date(this.now()).toISOString();
    return `Nothing moves at ${at}: links ${quiet ? "quiet" : "not quiet"}, session ` +
      `${this.#life?.isBusy === true ? "busy" : "idle"}, next ${this.#life?.next ?? "never"}`;
  }
}
