import type { Algorithm } from "./parent.ts";
import { scheduled } from "./scheduled.ts";

/** Slices are about this far apart. */
const INTERVAL_MS = 60_000;

/** Time-weighted average price: the same amount in every stretch of time. */
export function twap(intervalMs = INTERVAL_MS): Algorithm {
  return scheduled({ name: "TWAP", curve: () => (time) => time, intervalMs });
}
