import { type Cancel, type Clock, VirtualClock } from "../clock.ts";

/** Work after which a turn ends although more is due: a client waits no longer for its answer. */
const TURN_MAX_MS = 20;

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
  readonly #wallMs: () => number;
  readonly #turnMaxMs: number;

  /** From `originMs` on; when that is in the clock's past, `catchUp` replays what was planned since. */
  constructor(
    clock: Clock,
    { originMs = clock.now(), wallMs = () => performance.now() }: {
      readonly originMs?: number;
      /** A stopwatch for the work of a turn. */
      readonly wallMs?: () => number;
    } = {},
  ) {
    this.#clock = clock;
    this.#own = new VirtualClock(originMs);
    this.#wallMs = wallMs;
    this.#turnMaxMs = clock instanceof VirtualClock ? Infinity : TURN_MAX_MS;
  }

  now(): number {
    return this.#own.now();
  }

  at(atMs: number, callback: () => void): Cancel {
    // Times of whole milliseconds are all that dates can be made of.
    const cancel = this.#own.at(Math.ceil(atMs), callback);
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

  /**
   * Processes what is due, in order. On a machine too slow for the clock's speed it leaves the rest for the next turn
   * and the Gateway's time behind, so that sockets are served in between; in virtual time nothing is ever left.
   */
  catchUp(): void {
    const toMs = Math.floor(this.#clock.now());
    const untilMs = this.#wallMs() + this.#turnMaxMs;
    for (let next = this.#own.nextMs; next !== null && next <= toMs; next = this.#own.nextMs) {
      if (this.#wallMs() >= untilMs) return;
      this.advanceTo(next);
    }
    this.advanceTo(toMs);
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
