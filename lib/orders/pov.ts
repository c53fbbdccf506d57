import { fromNumber, type Micros, MICROS_PER_UNIT, multiply, ZERO } from "../money.ts";
import { type Algorithm, cut, isActive, leftOf, type Slice } from "./parent.ts";

/** A slice is followed by the next look at the volume. */
const REST_MS = 15_000;

/**
 * Percentage of volume: keeps up with what everybody trades, our own shares included. It promises a part of the
 * volume and not an end: what is left when the time is over is left.
 *
 * @throws {RangeError} for a rate that is not between 0 and 1
 */
export function pov(rate: number, sharesMin: Micros = MICROS_PER_UNIT): Algorithm {
  if (!(rate > 0 && rate < 1)) {
    throw new RangeError(`Cannot take part at a rate of ${rate}: it must lie between 0 and 1`);
  }
  return {
    name: "POV",
    next(parent, progress, market): Slice | null {
      if (!isActive(parent, progress)) return null;
      const allowed = multiply(market.volume, fromNumber(rate));
      const quantity = cut(parent, progress, allowed - progress.filled - progress.working);
      // A share more than nothing is not worth an order's least commission, unless it is the last.
      const isWorthwhile = quantity >= sharesMin || quantity === leftOf(parent, progress);
      if (quantity === ZERO || !isWorthwhile) return null;
      return { quantity, limitPrice: null, restMs: REST_MS };
    },
  };
}
