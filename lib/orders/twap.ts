import { type Micros, MICROS_PER_UNIT } from "../money.ts";
import type { Algorithm } from "./parent.ts";
import { scheduled } from "./scheduled.ts";

/** Slices are about this far apart. */
const INTERVAL_MS = 60_000;

/** Time-weighted average price: the same amount in every stretch of time. */
export function twap(intervalMs = INTERVAL_MS, sharesMin: Micros = MICROS_PER_UNIT): Algorithm {
  const curve = () => (time: number): number => time;
  return scheduled({ name: "TWAP", curve, intervalMs, sharesMin });
}
