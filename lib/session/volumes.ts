import type { Bar } from "../market/market.ts";

/** Bars that the average remembers: of minutes, the last third of an hour. */
const BARS_MAX = 20;

interface Average {
  /** Up to BARS_MAX. */
  bars: number;
  shares: number;
}

/** How much of each symbol is traded in a bar: the plain mean of its first bars, then leaning to the newest. */
export class Volumes {
  readonly #averages = new Map<string, Average>(); // symbol → Average

  /** symbol → shares of its average bar */
  averages(): ReadonlyMap<string, number> {
    return new Map([...this.#averages].map(([symbol, { shares }]) => [symbol, shares]));
  }

  add({ symbol, volume }: Bar): void {
    let average = this.#averages.get(symbol);
    if (average === undefined) {
      average = { bars: 0, shares: 0 };
      this.#averages.set(symbol, average);
    }
    if (average.bars < BARS_MAX) average.bars++;
    average.shares += (volume - average.shares) / average.bars;
  }
}
