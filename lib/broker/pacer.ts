import type { Cancel, Clock } from "../clock.ts";
import { NotReadyError } from "./broker.ts";

/**
 * Decides when each message leaves: cancels first, then orders, then everything else, and never more than the
 * limit in any second. What cannot leave at once waits here and nowhere else, in the open.
 */
export type Lane = "cancel" | "order" | "rest";

export interface Parcel {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  /** It must not leave later than this, epoch ms; absent means it may wait. */
  readonly deadlineMs?: number;
  /** Called when the bytes went to the socket. */
  readonly sent?: () => void;
  /** Called when it is certain that they never will. */
  readonly dropped?: (because: string) => void;
}

export interface PacerOptions {
  readonly clock: Clock;
  readonly maxPerSecond: number;
  readonly write: (bytes: Uint8Array) => void;
}

/** IB allows 50; five below, for its clock and the kernel's buffers are not ours. */
export const MESSAGES_PER_SECOND_DEFAULT = 45;
/**
 * A second, and a margin: the clock is cut to whole milliseconds, and messages spaced well here may bunch up a
 * little under way.
 */
const WINDOW_MS = 1_010;
/** Per lane. A longer queue is not patience but a loop that went wrong. */
const WAITING_MAX = 1_000;

const LANES: readonly Lane[] = ["cancel", "order", "rest"];

export class Pacer {
  readonly #clock: Clock;
  readonly #write: (bytes: Uint8Array) => void;
  /** Messages of the last second a lane may be the next after: some slots are kept free for the lanes above. */
  readonly #limits: Readonly<Record<Lane, number>>;
  /** When the messages of the last second left, oldest first. */
  #sentAt: number[] = [];
  readonly #waiting: Readonly<Record<Lane, Parcel[]>> = { cancel: [], order: [], rest: [] };
  #timer: Cancel | null = null;
  #stoppedBecause: string | null = null;

  constructor({ clock, maxPerSecond, write }: PacerOptions) {
    if (!Number.isSafeInteger(maxPerSecond) || maxPerSecond < 1) {
      throw new RangeError(
        `Cannot send ${maxPerSecond} messages a second: use a whole number from 1`,
      );
    }
    this.#clock = clock;
    this.#write = write;
    const ninth = Math.floor(maxPerSecond / 9);
    this.#limits = {
      cancel: maxPerSecond,
      order: maxPerSecond - ninth,
      rest: maxPerSecond - 3 * ninth,
    };
  }

  /**
   * Sends now, or as soon as the lane's turn comes.
   *
   * @throws {RangeError} when the deadline is past or cannot be met, or too much is waiting, {NotReadyError} when
   * stopped; then it never leaves
   */
  submit(parcel: Parcel): void {
    const waiting = this.#waiting[parcel.lane];
    if (this.#stoppedBecause !== null) {
      throw new NotReadyError("tcp", `Cannot send: ${this.#stoppedBecause}`);
    }
    if (waiting.length >= WAITING_MAX) {
      throw new RangeError(`Cannot send: ${WAITING_MAX} messages are waiting already`);
    }
    const { deadlineMs } = parcel;
    if (deadlineMs !== undefined && this.#sendTime(parcel.lane) > deadlineMs) {
      throw new RangeError(
        `Cannot send before the deadline ${new Date(deadlineMs).toISOString()}: ` +
          (this.#clock.now() > deadlineMs ? "it has passed" : "the message rate is used up"),
      );
    }
    waiting.push(parcel);
    this.#flush();
  }

  /** Sends a courtesy, such as "stop sending": dropped when the connection is closed or has too much to send. */
  offer(bytes: Uint8Array): void {
    if (this.#stoppedBecause !== null || this.#waiting.rest.length >= WAITING_MAX) return;
    this.submit({ lane: "rest", bytes });
  }

  /** Takes a waiting parcel back. False when it has left already. */
  withdraw(parcel: Parcel, because: string): boolean {
    const waiting = this.#waiting[parcel.lane];
    const index = waiting.indexOf(parcel);
    if (index < 0) return false;
    waiting.splice(index, 1);
    parcel.dropped?.(because);
    return true;
  }

  /** Drops all that waits, and sends nothing more. */
  stop(because: string): void {
    this.#stoppedBecause = because;
    this.#timer?.();
    this.#timer = null;
    for (const lane of LANES) {
      for (const parcel of this.#waiting[lane].splice(0)) parcel.dropped?.(because);
    }
  }

  /** When a parcel handed in now would leave, if nothing of a higher lane came after it. */
  #sendTime(lane: Lane): number {
    const now = this.#forget();
    const limit = this.#limits[lane];
    let ahead = 0;
    for (const other of LANES) {
      ahead += this.#waiting[other].length;
      if (other === lane) break;
    }
    const times = [...this.#sentAt];
    for (let i = 0; i <= ahead; i++) {
      const blocking = times[times.length - limit];
      times.push(blocking === undefined ? now : Math.max(now, blocking + WINDOW_MS));
    }
    return times[times.length - 1] ?? now;
  }

  #flush(): void {
    for (const lane of LANES) {
      const waiting = this.#waiting[lane];
      while (waiting.length > 0 && this.#stoppedBecause === null) {
        const now = this.#forget();
        if (this.#sentAt.length >= this.#limits[lane]) break;
        const parcel = waiting.shift();
        if (parcel === undefined) break;
        if (parcel.deadlineMs !== undefined && now > parcel.deadlineMs) {
          parcel.dropped?.("its deadline passed while the message rate was used up");
          continue;
        }
        this.#sentAt.push(now);
        this.#write(parcel.bytes);
        parcel.sent?.();
      }
    }
    this.#arm();
  }

  /** Wakes up when the highest lane that waits gets its next slot. */
  #arm(): void {
    this.#timer?.();
    this.#timer = null;
    const lane = LANES.find((candidate) => this.#waiting[candidate].length > 0);
    if (lane === undefined || this.#stoppedBecause !== null) return;
    const blocking = this.#sentAt[this.#sentAt.length - this.#limits[lane]];
    const atMs = blocking === undefined ? this.#clock.now() : blocking + WINDOW_MS;
    this.#timer = this.#clock.at(atMs, () => this.#flush());
  }

  /** Forgets what left more than a second ago, and says what time it is. */
  #forget(): number {
    const now = this.#clock.now();
    // The host's clock may be set back; what then lies in the future was sent just now at the earliest.
    if ((this.#sentAt.at(-1) ?? now) > now) this.#sentAt = this.#sentAt.map(() => now);
    const first = this.#sentAt.findIndex((atMs) => atMs > now - WINDOW_MS);
    if (first !== 0) this.#sentAt = first < 0 ? [] : this.#sentAt.slice(first);
    return now;
  }
}
