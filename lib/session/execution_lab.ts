import type { Bar } from "../market/market.ts";
import { fromNumber, least, type Micros, MICROS_PER_UNIT, toNumber, ZERO } from "../money.ts";
import type { Algorithm, ParentOrder, Slice } from "../orders/parent.ts";

/**
 * Executes a parent order against short bars of a market that answers to it: a model to compare algorithms by, not
 * a forecast. What it assumes:
 *
 * - Crossing costs half the spread and moves the price by the square-root law: daily volatility × √(shares ÷ daily
 *   volume), counted over all our recent shares, so that cutting an order up does not by itself make it cheaper.
 * - What we did is forgotten with a half-life of ten minutes (volume impact that reverts, after Alfonsi, Fruth and
 *   Schied, 2010): only taking time makes an order cheaper.
 * - A resting limit fills when a bar trades through it, by at most a fifth of the bar's volume, and moves nothing.
 */

export interface LabMarket {
  /** Short bars, oldest first, from before the parent's start until after its end. */
  readonly bars: readonly Bar[];
  /** Shares of an ordinary day. */
  readonly dailyVolume: number;
  /** Standard deviation of a day's return. */
  readonly dailyVolatility: number;
  /** Bid to ask, in dollars. */
  readonly spread: number;
}

/** What executing a parent came to. Costs are in basis points of the arrival price; positive is worse. */
export interface LabResult {
  readonly filledPart: number;
  readonly slices: number;
  /** Against the price at arrival; what was not filled counts at the price at the end. */
  readonly shortfallBps: number;
  /** Against the prices there would have been without us: spread and impact alone. */
  readonly impactBps: number;
  /** Our part of what traded. */
  readonly participation: number;
}

const HALF_LIFE_MS = 10 * 60_000;
const RESTING_PART_MAX = 0.2;

/** @throws {RangeError} when no bar lies within the parent's time */
export function execute(algorithm: Algorithm, parent: ParentOrder, market: LabMarket): LabResult {
  const bars = market.bars.filter(({ time }) => time >= parent.startMs && time <= parent.endMs);
  const [first] = bars;
  if (first === undefined) throw new RangeError("Cannot execute: no bar within the parent's time");
  const lab = new Lab(algorithm, parent, market);
  for (const bar of bars) lab.play(bar);
  return lab.result(first.open, bars.at(-1)?.close ?? first.open);
}

class Lab {
  readonly #algorithm: Algorithm;
  readonly #parent: ParentOrder;
  readonly #market: LabMarket;
  readonly #sign: 1 | -1;
  #filled: Micros = ZERO;
  #paid = 0;
  /** What the same shares would have cost at the undisturbed middle. */
  #undisturbed = 0;
  #volume = 0;
  #slices = 0;
  /** Our shares that the market has not forgotten yet. */
  #remembered = 0;
  #resting: { readonly price: number; left: Micros } | null = null;
  #restUntil = -Infinity;

  constructor(algorithm: Algorithm, parent: ParentOrder, market: LabMarket) {
    this.#algorithm = algorithm;
    this.#parent = parent;
    this.#market = market;
    this.#sign = parent.side === "BUY" ? 1 : -1;
  }

  play(bar: Bar): void {
    this.#remembered *= 0.5 ** (bar.durationMs / HALF_LIFE_MS);
    if (bar.time >= this.#restUntil) this.#ask(bar);
    this.#fillResting(bar);
    this.#volume += bar.volume;
  }

  result(arrival: number, end: number): LabResult {
    const filled = toNumber(this.#filled);
    const wanted = toNumber(this.#parent.quantity);
    const missed = (wanted - filled) * (end - arrival) * this.#sign;
    const paid = (this.#paid - filled * arrival) * this.#sign;
    const bps = (dollars: number): number => (dollars * 1e4) / (wanted * arrival);
    return {
      filledPart: filled / wanted,
      slices: this.#slices,
      shortfallBps: bps(paid + missed),
      impactBps: bps((this.#paid - this.#undisturbed) * this.#sign),
      participation: filled / Math.max(this.#volume, 1),
    };
  }

  #ask(bar: Bar): void {
    this.#resting = null;
    const middle = bar.open + this.#sign * this.#push(bar, this.#remembered);
    const half = this.#market.spread / 2;
    const slice = this.#algorithm.next(
      this.#parent,
      { now: bar.time, filled: this.#filled, working: ZERO },
      {
        bid: middle - half,
        ask: middle + half,
        volume: BigInt(Math.round(this.#volume)) * MICROS_PER_UNIT,
      },
    );
    if (slice === null) return;
    this.#slices++;
    this.#restUntil = bar.time + slice.restMs;
    if (slice.limitPrice === null) this.#cross(slice, bar);
    else this.#resting = { price: slice.limitPrice, left: slice.quantity };
  }

  #cross({ quantity }: Slice, bar: Bar): void {
    const shares = toNumber(quantity);
    const [before, after] = [this.#remembered, this.#remembered + shares];
    // Each share pays the push of those before it: the mean of the square root between the two.
    const mean = ((after ** 1.5 - before ** 1.5) * 2) / (3 * shares);
    const price = bar.open + this.#sign * (this.#market.spread / 2 + this.#push(bar, mean * mean));
    this.#remembered = after;
    this.#book(quantity, price, bar.open);
  }

  /** Dollars by which so many remembered shares of ours have moved the price against us. */
  #push(bar: Bar, shares: number): number {
    const { dailyVolume, dailyVolatility } = this.#market;
    return bar.open * dailyVolatility * Math.sqrt(shares / dailyVolume);
  }

  #fillResting(bar: Bar): void {
    const order = this.#resting;
    if (order === null) return;
    const moved = this.#sign * this.#push(bar, this.#remembered);
    const through = this.#sign > 0 ? bar.low + moved < order.price : bar.high + moved > order.price;
    if (!through) return;
    const most = fromNumber(Math.floor(bar.volume * RESTING_PART_MAX));
    const quantity = least(order.left, most);
    if (quantity === ZERO) return;
    order.left -= quantity;
    this.#book(quantity, order.price, bar.open);
    if (order.left === ZERO) {
      this.#resting = null;
      this.#restUntil = -Infinity;
    }
  }

  #book(quantity: Micros, price: number, undisturbed: number): void {
    this.#filled += quantity;
    this.#paid += toNumber(quantity) * price;
    this.#undisturbed += toNumber(quantity) * undisturbed;
  }
}

/** Mean and standard deviation of a sample; the deviation is null of fewer than two. */
export function spreadOf(
  values: readonly number[],
): { readonly mean: number; readonly deviation: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
