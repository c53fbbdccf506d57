import type { DayPrices } from "../ledger/entry.ts";
import type { Tape } from "./tape.ts";

/** What the market did between open and close in these symbols; null when there are none. */
export function dayPrices(
  tape: Tape,
  symbols: readonly string[],
  { opensAt, closesAt }: { readonly opensAt: number; readonly closesAt: number },
): DayPrices | null {
  if (symbols.length === 0) return null;
  return {
    kind: "day-prices",
    symbols: symbols.map((symbol) => {
      const { vwap, last, volume, coveredMs } = tape.between(symbol, opensAt, closesAt);
      return { symbol, vwap, close: last, volume: coveredMs === 0 ? null : volume, coveredMs };
    }),
  };
}
