import type { Bar } from "../market/market.ts";

/** Bars compared of each symbol: of minutes, the last two hours. */
const BARS_MAX = 120;
/** Of fewer returns a correlation says little: at 20, one of 0.8 is surely above a half. */
const RETURNS_MIN = 20;

/** Closes of one symbol, oldest first: when each bar began, epoch ms, and its close. */
interface Closes {
  times: number[];
  closes: number[];
}

/** How alike symbols move, from the bars the session has seen, history of its warm-up included. */
export class Returns {
  readonly #closes = new Map<string, Closes>(); // symbol → Closes

  add({ symbol, time, close }: Bar): void {
    let seen = this.#closes.get(symbol);
    if (seen === undefined) {
      seen = { times: [], closes: [] };
      this.#closes.set(symbol, seen);
    }
    seen.times.push(time);
    seen.closes.push(close);
    // Twice as many are kept, because dropping one at a time would cost the length of the list for each bar.
    if (seen.times.length < BARS_MAX * 2) return;
    seen.times = seen.times.slice(-BARS_MAX);
    seen.closes = seen.closes.slice(-BARS_MAX);
  }

  /** Pearson's, of the returns between bars both symbols have; null while there are too few, or one never moved. */
  correlation(a: string, b: string): number | null {
    const [one, other] = [this.#closes.get(a), this.#closes.get(b)];
    if (one === undefined || other === undefined) return null;
    const pairs = commonCloses(one, other).slice(-BARS_MAX);
    const returns = pairs.slice(1).map(([x, y], index) => {
      const [beforeX, beforeY] = pairs[index] ?? [NaN, NaN];
      return [x / beforeX - 1, y / beforeY - 1] as const;
    });
    return returns.length < RETURNS_MIN ? null : pearson(returns);
  }
}

type Pair = readonly [number, number];

/** Closes of the bars that both have, oldest first. */
function commonCloses(one: Closes, other: Closes): readonly Pair[] {
  const pairs: Pair[] = [];
  let next = 0;
  for (const [index, time] of one.times.entries()) {
    while ((other.times[next] ?? Infinity) < time) next++;
    const [close, theirs] = [one.closes[index], other.closes[next]];
    if (other.times[next] === time && close !== undefined && theirs !== undefined) {
      pairs.push([close, theirs]);
    }
  }
  return pairs;
}

function pearson(pairs: readonly Pair[]): number | null {
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / pairs.length;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / pairs.length;
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  const correlation = xy / Math.sqrt(xx * yy);
  return Number.isFinite(correlation) ? correlation : null;
}
