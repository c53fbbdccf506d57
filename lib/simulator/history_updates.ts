import type { GridBar } from "./bars.ts";
import type { Desk } from "./desk.ts";
import { historyBars, type HistoryQuery } from "./history.ts";

/** TWS sends the running bar every 4 to 6 seconds. */
const UPDATE_MS = 5000;

/**
 * What keepUpToDate sends after the history: the running bar again and again, and once it is over its last state
 * before the first of the next one.
 */
export class BarUpdates {
  readonly #desk: Desk;
  readonly #query: HistoryQuery;
  readonly #send: (bar: GridBar) => void;
  #sentAtMs: number;
  /** Start of the bar sent last. */
  #startMs: number;
  #last = "";

  constructor(
    { desk, query, lastStartMs, send }: {
      readonly desk: Desk;
      readonly query: HistoryQuery;
      readonly lastStartMs: number;
      send(bar: GridBar): void;
    },
  ) {
    this.#desk = desk;
    this.#query = query;
    this.#send = send;
    this.#sentAtMs = desk.now();
    this.#startMs = lastStartMs;
  }

  beat(): void {
    const nowMs = this.#desk.now();
    if (nowMs - this.#sentAtMs < UPDATE_MS) return;
    this.#sentAtMs = nowMs;
    const recent = historyBars(this.#desk.market, {
      ...this.#query,
      duration: { count: 1, unit: this.#query.size.unit === "month" ? "M" : "W" },
      endMs: nowMs,
      fromMs: this.#startMs,
    });
    for (const bar of recent) {
      if (bar.startMs < this.#startMs) continue;
      const text = [bar.startMs, bar.closeE4, bar.highE4, bar.lowE4, bar.volume].join();
      if (text === this.#last) continue;
      this.#last = text;
      this.#startMs = bar.startMs;
      this.#send(bar);
    }
  }
}
