import { greatest, type Micros, toNumber, ZERO } from "../money.ts";
import type { Facts } from "./facts.ts";
import { highest, type Peak } from "./peak.ts";

/**
 * The deepest fall of equity at a sample from the highest before it, percent of that. `before` is the highest that
 * the day began under. Who lifts a halt has seen the fall: from there it is counted anew.
 */
export function drawdownPeak(facts: Facts, before: Micros | null): Peak | null {
  const lifts = facts.halts.filter(({ body }) => body.kind === "halt-lifted");
  let height = greatest(before ?? ZERO, facts.start?.body.netLiquidation ?? ZERO);
  let next = 0;
  return highest(facts.equity, ({ seq, body: { equity } }) => {
    for (; (lifts[next]?.seq ?? Infinity) < seq; next++) height = ZERO;
    height = greatest(height, equity);
    return height <= ZERO ? null : (toNumber(height - equity) / toNumber(height)) * 100;
  });
}
