import type { Broker } from "../broker/broker.ts";
import type { Bar, Instrument } from "../market/market.ts";
import type { Strategy } from "../strategy/strategy.ts";

/** Lengths as IB spells them. */
const BAR_SIZES: ReadonlyMap<number, string> = new Map([
  [5_000, "5 secs"],
  [30_000, "30 secs"],
  [60_000, "1 min"],
  [120_000, "2 mins"],
  [180_000, "3 mins"],
  [300_000, "5 mins"],
  [600_000, "10 mins"],
  [900_000, "15 mins"],
  [1_800_000, "30 mins"],
  [3_600_000, "1 hour"],
]);
/** Bars of the shortest regular session (a half day of 3.5 hours): the most a day may be counted on for. */
const SHORTEST_SESSION_MS = 3.5 * 3_600_000;
/** IB refuses long windows of short bars; a strategy that needs more days wants longer bars. */
const DAYS_MAX = 20;

/** The strategy cannot start: it needs more bars than there are. */
export class WarmUpError extends Error {
  override readonly name = "WarmUpError";
}

/** IB's duration that surely holds `bars` bars of this length; today, which has only begun, does not count. */
export function durationFor(bars: number, barMs: number): string {
  const days = Math.ceil((bars * barMs) / SHORTEST_SESSION_MS);
  if (days > DAYS_MAX) {
    throw new WarmUpError(
      `Cannot warm up ${bars} bars of ${barMs / 1000} s: that is ${days} days, limit ${DAYS_MAX}`,
    );
  }
  return `${days + 1} D`;
}

/**
 * Feeds the strategy its history, oldest first. A session that starts late asks for the day's bars whatever the strategy
 * needs: its range, the volume and what a parent's time traded lie in them.
 *
 * @throws {WarmUpError} naming each symbol whose history is too short, with the numbers
 */
export async function warmUp(
  broker: Broker,
  { strategy, instruments, barMs, isLate, observe }: {
    readonly strategy: Strategy;
    readonly instruments: readonly Instrument[];
    readonly barMs: number;
    /** Whether the exchange is open already. */
    readonly isLate: boolean;
    /** Sees each bar, too. */
    readonly observe: (bar: Bar) => void;
  },
): Promise<{ readonly bars: number }> {
  const barSize = BAR_SIZES.get(barMs);
  if (barSize === undefined) {
    throw new WarmUpError(`Cannot ask IB for bars of ${barMs} ms: it has no such size`);
  }
  const needed = strategy.warmupBars;
  if (needed === 0 && !isLate) return { bars: 0 };
  const duration = durationFor(needed, barMs);
  const histories: (readonly Bar[])[] = [];
  // One after the other: IB paces history, and the order of answers must not depend on the network.
  for (const instrument of instruments) {
    histories.push(await broker.history({ instrument, endMs: null, duration, barSize, barMs }));
  }
  const short = instruments
    .map(({ symbol }, index) => ({ symbol, bars: histories[index]?.length ?? 0 }))
    .filter(({ bars }) => bars < needed)
    .map(({ symbol, bars }) => `${symbol} has ${bars}`);
  if (short.length > 0) {
    throw new WarmUpError(
      `Cannot warm up: the strategy needs ${needed} bars of ${barSize}, but ${short.join(", ")}`,
    );
  }
  const merged = histories.flat().sort((a, b) => a.time - b.time);
  for (const bar of merged) {
    strategy.warmUp(bar);
    observe(bar);
  }
  return { bars: merged.length };
}
