import type { Bar } from "./market.ts";

/** A longer bar made of short ones, and how much of it nobody told us about. */
export interface BuiltBar extends Bar {
  /** Milliseconds of the bar that no short bar covered: 0 is a complete bar. */
  readonly missingMs: number;
}

interface Building {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Σ wap × volume; null once a traded bar came without its average. */
  readonly turnover: number | null;
  readonly count: number;
  readonly coveredMs: number;
}

/**
 * Builds bars of `barMs` out of the Gateway's 5-second ones. Bars start at whole multiples of `barMs` from
 * `originMs`, the exchange's open, so that an hourly bar begins at 09:30.
 *
 * A stretch without short bars yields no bar: a gap stays visible as a jump of `time`, a partly covered bar as its
 * `missingMs`. A short bar at or before the newest one (the Gateway repeats itself after a reconnect) is dropped.
 */
export class BarBuilder {
  readonly #symbol: string;
  readonly #barMs: number;
  readonly #originMs: number;
  #building: Building | null = null;
  #newestEndMs = -Infinity;
  #dropped = 0;

  constructor(symbol: string, barMs: number, originMs = 0) {
    if (!Number.isInteger(barMs) || barMs <= 0) {
      throw new RangeError(
        `Cannot build bars of ${barMs} ms: length must be a positive whole number`,
      );
    }
    this.#symbol = symbol;
    this.#barMs = barMs;
    this.#originMs = originMs;
  }

  /** Short bars that came late or twice, and were left out. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * The bar that `short` ends, when it begins the next one.
   *
   * @throws {RangeError} for a bar of another symbol, or one that does not fit into one bar of ours
   */
  push(short: Bar): BuiltBar | null {
    this.#check(short);
    if (short.time < this.#newestEndMs) {
      this.#dropped++;
      return null;
    }
    this.#newestEndMs = short.time + short.durationMs;
    const startMs = this.#startOf(short.time);
    if (this.#building?.time === startMs) {
      this.#building = merge(this.#building, short);
      return null;
    }
    const finished = this.#finish();
    this.#building = begin(startMs, short);
    return finished;
  }

  /** The bar under construction, once its time is up at `atMs`; null before that, or when nothing came. */
  close(atMs: number): BuiltBar | null {
    const endMs = (this.#building?.time ?? Infinity) + this.#barMs;
    if (atMs < endMs) return null;
    this.#newestEndMs = Math.max(this.#newestEndMs, endMs);
    return this.#finish();
  }

  #finish(): BuiltBar | null {
    const built = this.#building;
    if (built === null) return null;
    this.#building = null;
    const { turnover, coveredMs, ...rest } = built;
    return {
      ...rest,
      symbol: this.#symbol,
      durationMs: this.#barMs,
      wap: built.volume > 0 && turnover !== null ? turnover / built.volume : null,
      missingMs: this.#barMs - coveredMs,
    };
  }

  #startOf(timeMs: number): number {
    return timeMs - modulo(timeMs - this.#originMs, this.#barMs);
  }

  #check(short: Bar): void {
    if (short.symbol !== this.#symbol) {
      throw new RangeError(`Cannot put a bar of "${short.symbol}" into bars of "${this.#symbol}"`);
    }
    const lastMs = short.time + short.durationMs - 1;
    if (short.durationMs <= 0 || this.#startOf(short.time) !== this.#startOf(lastMs)) {
      throw new RangeError(
        `Cannot put a bar of ${short.durationMs} ms at ${short.time} into bars of ${this.#barMs} ms: ` +
          `it crosses their boundary`,
      );
    }
  }
}

function begin(time: number, short: Bar): Building {
  const { open, high, low, close, volume, count } = short;
  const turnover = turnoverOf(short);
  return { time, open, high, low, close, volume, turnover, count, coveredMs: short.durationMs };
}

/** A short bar in which nothing traded repeats an old price; it covers time but says nothing about price. */
function merge(into: Building, short: Bar): Building {
  const coveredMs = into.coveredMs + short.durationMs;
  if (short.volume <= 0) return { ...into, coveredMs };
  if (into.volume <= 0) return { ...begin(into.time, short), coveredMs };
  const added = turnoverOf(short);
  return {
    time: into.time,
    open: into.open,
    high: Math.max(into.high, short.high),
    low: Math.min(into.low, short.low),
    close: short.close,
    volume: into.volume + short.volume,
    turnover: into.turnover === null || added === null ? null : into.turnover + added,
    count: into.count + short.count,
    coveredMs,
  };
}

function turnoverOf(bar: Bar): number | null {
  if (bar.volume <= 0) return 0;
  return bar.wap === null ? null : bar.wap * bar.volume;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
