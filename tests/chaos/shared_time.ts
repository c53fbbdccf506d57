import type { Cancel, Clock } from "../../lib/clock.ts";
import { VirtualClock } from "../../lib/clock.ts";

/**
 * Virtual time of two processes, in a file: whoever lets time pass writes it there before anything happens, and the
 * other reads it. What a message causes thereby happens at the time of the message, whichever way was faster.
 */

const BYTES = 8;

export class TimeFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #view = new DataView(new ArrayBuffer(BYTES));
  readonly #bytes = new Uint8Array(this.#view.buffer);

  constructor(path: string) {
    this.#file = Deno.openSync(path, { read: true, write: true, create: true });
  }

  write(epochMs: number): void {
    this.#view.setFloat64(0, epochMs);
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#file.writeSync(this.#bytes);
  }

  read(): number {
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#file.readSync(this.#bytes);
    return this.#view.getFloat64(0);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Reads the time from the file; its timers fire when the rig says so. */
export class SharedClock implements Clock {
  readonly #file: TimeFile;
  readonly #timers: VirtualClock;

  constructor(file: TimeFile) {
    this.#file = file;
    this.#timers = new VirtualClock(file.read());
  }

  now(): number {
    return this.#file.read();
  }

  at(atMs: number, callback: () => void): Cancel {
    return this.#timers.at(atMs, callback);
  }

  /** When the earliest timer is due; null when there is none. */
  get nextMs(): number | null {
    return this.#timers.nextMs;
  }

  /** Lets time pass to the earliest timer and fires it. False when there is none. */
  step(): boolean {
    const { nextMs } = this.#timers;
    if (nextMs === null) return false;
    if (nextMs > this.now()) this.#file.write(nextMs);
    return this.#timers.step();
  }
}
