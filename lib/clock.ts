/**
 * The one source of time. Production runs on the wall clock, a session against a simulated Gateway on a scaled
 * one, tests and the demo on a virtual one that jumps from timer to timer.
 */

/** Stops a timer; calling it twice, or after it fired, does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since the Unix epoch, UTC. */
  now(): number;
  /** Calls back once when the clock reads `atMs` or later, never synchronously. */
  at(atMs: number, callback: () => void): Cancel;
}

/**
 * Longest single wait. A 32-bit timer fires at once beyond 24.8 days, and a laptop that slept through a long
 * timer wakes late; in short slices the clock is read again.
 */
const SLICE_MAX_MS = 30_000;

/** Wall time, or wall time `speed` times as fast starting from `originMs`. */
export class WallClock implements Clock {
  readonly #startedAtMs = Date.now();
  readonly #originMs: number;
  readonly speed: number;

  constructor(options: { originMs?: number; speed?: number } = {}) {
    this.#originMs = options.originMs ?? this.#startedAtMs;
    this.speed = options.speed ?? 1;
    if (!(this.speed > 0)) throw new RangeError(`Cannot run a clock at speed ${this.speed}`);
  }

  now(): number {
    return Math.floor(this.#originMs + (Date.now() - this.#startedAtMs) * this.speed);
  }

  at(atMs: number, callback: () => void): Cancel {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (): void => {
      const leftMs = Math.max(0, (atMs - this.now()) / this.speed);
      timer = setTimeout(
        () => this.now() >= atMs ? callback() : arm(),
        Math.min(Math.ceil(leftMs), SLICE_MAX_MS),
      );
    };
    arm();
    return () => clearTimeout(timer);
  }
}

interface Timer {
  readonly atMs: number;
  /** Order of creation: timers due at the same instant fire in it. */
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Time that stands still until `step()` fires the next timer. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  /** A binary heap, earliest first. */
  readonly #timers: Timer[] = [];

  constructor(originMs: number) {
    this.#nowMs = originMs;
  }

  now(): number {
    return this.#nowMs;
  }

  at(atMs: number, callback: () => void): Cancel {
    const timer: Timer = { atMs, order: this.#order++, callback, cancelled: false };
    push(this.#timers, timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** When the earliest timer is due; null when there is none. */
  get nextMs(): number | null {
    for (let timer = this.#timers[0]; timer !== undefined; timer = this.#timers[0]) {
      if (!timer.cancelled) return timer.atMs;
      pop(this.#timers);
    }
    return null;
  }

  /** Fires everything that is due up to `toMs`, in order, and lets the rest of the time pass. */
  advanceTo(toMs: number): void {
    for (let next = this.nextMs; next !== null && next <= toMs; next = this.nextMs) this.step();
    this.#nowMs = Math.max(this.#nowMs, toMs);
  }

  /** Jumps to the earliest timer and fires it. False when there is none. */
  step(): boolean {
    for (let timer = pop(this.#timers); timer !== undefined; timer = pop(this.#timers)) {
      if (timer.cancelled) continue;
      this.#nowMs = Math.max(this.#nowMs, timer.atMs);
      timer.callback();
      return true;
    }
    return false;
  }
}

function earlier(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !earlier(timer, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): Timer | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let index = 0;
  for (;;) {
    const leftIndex = 2 * index + 1;
    const left = heap[leftIndex];
    if (left === undefined) break;
    const right = heap[leftIndex + 1];
    const [childIndex, child] = right !== undefined && earlier(right, left)
      ? [leftIndex + 1, right]
      : [leftIndex, left];
    if (!earlier(child, last)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
  return top;
}

/** Resolves after `ms` on `clock`; rejects with the signal's reason when it aborts first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.at(clock.now() + ms, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** The wait ran out. `what` says what was waited for. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
  constructor(readonly what: string, readonly timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms: ${what}`);
  }
}

/** `promise`, or a TimeoutError after `timeoutMs` on `clock`. The promise itself is not stopped. */
export async function withDeadline<T>(
  clock: Clock,
  promise: Promise<T>,
  timeoutMs: number,
  what: string,
): Promise<T> {
  let cancel: Cancel = () => {};
  const timeout = new Promise<never>((_, reject) => {
    cancel = clock.at(clock.now() + timeoutMs, () => reject(new TimeoutError(what, timeoutMs)));
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    cancel();
  }
}
