import { type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import { dice } from "./dice.ts";
import { type Algorithm, cut, isActive, type Slice } from "./parent.ts";

/** Clips vary by up to this part, because equal ones give an iceberg away. */
const WOBBLE = 0.2;
/** A clip that nobody takes is moved to the present best price after this. */
const REST_MS = 30_000;

/**
 * Shows one clip at a time at the near side of the spread, and the next when it is gone.
 *
 * @throws {RangeError} for a clip of less than a share
 */
export function iceberg(clip: Micros): Algorithm {
  if (clip < MICROS_PER_UNIT) throw new RangeError("Cannot show less than a share at a time");
  return {
    name: "ICEBERG",
    next(parent, progress, { bid, ask }): Slice | null {
      if (!isActive(parent, progress) || progress.working > ZERO) return null;
      // What is filled numbers the clips, so a restart goes on where it was.
      const roll = dice(parent.seed + Number(progress.filled / MICROS_PER_UNIT))();
      const shares = (Number(clip) / Number(MICROS_PER_UNIT)) * (1 + (roll - 0.5) * 2 * WOBBLE);
      const wanted = BigInt(Math.max(1, Math.round(shares))) * MICROS_PER_UNIT;
      const limitPrice = parent.side === "BUY" ? bid : ask;
      return { quantity: cut(parent, progress, wanted), limitPrice, restMs: REST_MS };
    },
  };
}
