import { type Cancel, WallClock } from "../lib/clock.ts";
import type { Progress } from "../lib/probe/deps.ts";
import { ProgressLine } from "../lib/terminal.ts";

/** How often the line counts on. */
const TICK_MS = 100;

/** A line on the terminal that says what is waited for, and how long already. Nothing where nobody watches. */
export class Waiting implements Disposable {
  readonly #line = new ProgressLine();
  readonly #clock = new WallClock();
  #progress: Progress | null = null;
  #sinceMs = 0;
  #stop: Cancel;

  constructor() {
    this.#stop = this.#arm();
  }

  readonly update = (progress: Progress): void => {
    // The same wait said again goes on counting where it was.
    if (progress.text === this.#progress?.text) return;
    this.#progress = progress;
    this.#sinceMs = this.#clock.now();
  };

  [Symbol.dispose](): void {
    this.#stop();
    this.#line.clear();
  }

  #arm(): Cancel {
    return this.#clock.at(this.#clock.now() + TICK_MS, () => {
      const { text, limitMs } = this.#progress ?? { text: "", limitMs: null };
      const seconds = ((this.#clock.now() - this.#sinceMs) / 1000).toFixed(1);
      const limit = limitMs === null ? "" : ` of ${(limitMs / 1000).toFixed(1)}`;
      if (text !== "") this.#line.update(() => `  ${text} (${seconds}${limit} s)`);
      this.#stop = this.#arm();
    });
  }
}
