import { fromNumber, multiply, ZERO } from "../money.ts";
import { type Algorithm, cut, isActive, type Slice } from "./parent.ts";

/** A slice is followed by the next look at the volume. */
const REST_MS = 15_000;

/**
 * Percentage of volume: keeps up with what everybody trades, our own shares included. It promises a part of the
 * volume and not an end: what is left when the time is over is left.
 *
 * @throws {RangeError} for a rate that is not between 0 and 1
 */
export function pov(rate: number): Algorithm {
  if (!(rate > 0 && rate < 1)) {
    throw new RangeError(`Cannot take part at a rate of ${rate}: it must lie between 0 and 1`);
  }
  return {
    name: "POV",
    next(parent, progress, market): Slice | null {
      if (!isActive(parent, progress)) return null;
      const allowed = multiply(market.volume, fromNumber(rate));
      const quantity = cut(parent, progress, allowed - progress.filled - progress.working);
      return quantity === ZERO ? null : { quantity, limitPrice: null, restMs: REST_MS };
    },
  };
}
