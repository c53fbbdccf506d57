import type { Bar } from "../market/market.ts";

/** Bars that the average remembers: of minutes, the last third of an hour. */
const BARS = 20;

/** How much of each symbol is traded in a bar: the plain mean of its first bars, then leaning to the newest. */
export class Volumes {
  /** symbol → shares of its average bar */
  readonly averages = new Map<string, number>();
  readonly #seen = new Map<string, number>(); // symbol → bars, up to BARS

  add({ symbol, volume }: Bar): void {
    const seen = Math.min((this.#seen.get(symbol) ?? 0) + 1, BARS);
    const average = this.averages.get(symbol) ?? 0;
    this.#seen.set(symbol, seen);
    this.averages.set(symbol, average + (volume - average) / seen);
  }
}
