import { absolute, formatMicros, fromNumber, type Micros, multiply, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import type { Limits } from "./limits.ts";

/** What the rules look at. R is the distance from the entry to the first stop: what the trade put at risk. */
export interface StopSeen {
  /** Of the stop: SELL protects a long position. */
  readonly side: Side;
  /** Average price of the entry's fills. */
  readonly entry: Micros;
  readonly firstStop: Micros;
  /** Where the stop stands. */
  readonly stop: Micros;
  readonly minTick: Micros;
}

export interface StopMove {
  readonly to: Micros;
  /** As the ledger keeps it. */
  readonly rule: "trailing" | "break-even";
  /** The numbers, in words. */
  readonly because: string;
}

/** True when any rule moves stops at all. */
export function movesStops({ stopRule }: Limits): boolean {
  return stopRule !== "fixed";
}

/**
 * Where a finished bar's close takes a stop; null when it stays. Nothing is remembered from bar to bar: the stop's own
 * price keeps the best close so far, so a session that was restarted goes on exactly where it was.
 */
export function stopAfter(close: number, seen: StopSeen, limits: Limits): StopMove | null {
  const { side, entry, firstStop, stop, minTick } = seen;
  const r = absolute(entry - firstStop);
  // A stop on the wrong side of its entry (filled beyond it) puts nothing at risk that could be a measure.
  if (r === ZERO || (side === "SELL" ? firstStop > entry : firstStop < entry)) return null;
  const outward = side === "SELL" ? 1n : -1n;
  const price = fromNumber(close);
  const gain = (price - entry) * outward;
  const times = (factor: number): Micros => multiply(r, fromNumber(factor));
  const { stopRule } = limits;
  if (stopRule === "fixed") return null;
  const moves: StopMove[] = [];
  const because = `close ${formatMicros(price)}, entry ${formatMicros(entry)}, ` +
    `R ${formatMicros(r)}, stop ${formatMicros(stop)}`;
  if (stopRule !== "break-even" && gain > ZERO) {
    moves.push({
      to: price - outward * times(limits.trailByR),
      rule: "trailing",
      because: `${limits.trailByR} R behind the close: ${because}`,
    });
  }
  if (stopRule !== "trailing" && gain >= times(limits.breakEvenAtR)) {
    moves.push({
      to: entry,
      rule: "break-even",
      because: `the close is ${limits.breakEvenAtR} R or more beyond the entry: ${because}`,
    });
  }
  const [best] = moves.toSorted((one, other) => Number((other.to - one.to) * outward));
  const step = times(limits.stopStepR);
  const isWorthIt = best !== undefined &&
    (best.to - stop) * outward >= (step > minTick ? step : minTick);
  return isWorthIt ? best : null;
}
