import { type Cancel, type Clock, VirtualClock } from "../clock.ts";

/**
 * The Gateway's own time. It goes from event to event, each at the time it was planned for, and catches up with the
 * clock it follows whenever something happens: a timer, a message. So a machine that is late, or a clock that runs
 * sixty times as fast as the wall, does not move a single fill; what a client did and when is all that counts.
 */
export class Agenda implements Clock {
  readonly #clock: Clock;
  readonly #own: VirtualClock;
  /** Brings the Gateway up to date, in a turn of its own. */
  #wake: (() => void) | null = null;
  #armedMs = Infinity;
  #disarm: Cancel = () => {};

  /** From `originMs` on; when that is in the clock's past, `catchUp` replays what was planned since. */
  constructor(clock: Clock, originMs: number = clock.now()) {
    this.#clock = clock;
    this.#own = new VirtualClock(originMs);
  }

  now(): number {
    return this.#own.now();
  }

  at(atMs: number, callback: () => void): Cancel {
    const cancel = this.#own.at(atMs, callback);
    this.#arm();
    return cancel;
  }

  /** Lets `wake` be called when the next event is due, from now on. */
  follow(wake: () => void): void {
    this.#wake = wake;
    this.#arm();
  }

  stop(): void {
    this.#wake = null;
    this.#disarm();
  }

  /** Processes everything that is due, in order. */
  catchUp(): void {
    this.advanceTo(this.#clock.now());
  }

  /** The same up to a time of one's own, before following the clock. */
  advanceTo(toMs: number): void {
    this.#own.advanceTo(toMs);
  }

  #arm(): void {
    const nextMs = this.#own.nextMs;
    if (this.#wake === null || nextMs === null || nextMs >= this.#armedMs) return;
    this.#disarm();
    this.#armedMs = nextMs;
    this.#disarm = this.#clock.at(nextMs, () => {
      this.#armedMs = Infinity;
      this.#wake?.();
      this.#arm();
    });
  }
}
