import type { Bar } from "../market/market.ts";

/** What everybody traded in a stretch of time. */
export interface Traded {
  /** Shares. */
  readonly volume: number;
  /** Volume-weighted average price; null when nothing traded, or a bar came without its average. */
  readonly vwap: number | null;
  /** Milliseconds of the stretch that bars cover. */
  readonly coveredMs: number;
  /** Price of the last bar that traded; null when none did. */
  readonly last: number | null;
}

/** A day of 5-second bars from 04:00 to 20:00; what is more is not kept. */
const BARS_MAX = 11_520;

/** Remembers the day's short bars of each symbol: for averages to measure an execution by, and for volume to follow. */
export class Tape {
  readonly #bars = new Map<string, Bar[]>(); // symbol → bars, oldest first

  /** Takes the next bar; one that overlaps the newest (TWS repeats itself after a reconnect) is dropped. */
  add(bar: Bar): void {
    let bars = this.#bars.get(bar.symbol);
    if (bars === undefined) {
      bars = [];
      this.#bars.set(bar.symbol, bars);
    }
    const newest = bars.at(-1);
    const isLater = newest === undefined || bar.time >= newest.time + newest.durationMs;
    if (isLater && bars.length < BARS_MAX) bars.push(bar);
  }

  /** Of the bars that lie wholly within these instants, epoch ms. */
  between(symbol: string, fromMs: number, toMs: number): Traded {
    let [volume, coveredMs] = [0, 0];
    let turnover: number | null = 0;
    let last: number | null = null;
    for (const bar of this.#within(symbol, fromMs, toMs)) {
      coveredMs += bar.durationMs;
      if (bar.volume <= 0) continue;
      volume += bar.volume;
      last = bar.close;
      turnover = turnover === null || bar.wap === null ? null : turnover + bar.wap * bar.volume;
    }
    const vwap = turnover === null || volume === 0 ? null : turnover / volume;
    return { volume, vwap, coveredMs, last };
  }

  /** From the newest back, as what is asked for is mostly of a moment ago. */
  #within(symbol: string, fromMs: number, toMs: number): readonly Bar[] {
    const bars = this.#bars.get(symbol) ?? [];
    const first = bars.findLastIndex(({ time }) => time < fromMs) + 1;
    return bars.slice(first).filter(({ time, durationMs }) => time + durationMs <= toMs);
  }
}
