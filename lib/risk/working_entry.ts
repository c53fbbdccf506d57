import { absolute, fromNumber, greatest, type Micros, multiply, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";

/** An entry at the broker, and the quote beside it when it was made. */
interface WorkingEntry {
  readonly side: Side;
  /** Null of a market order. */
  readonly lmtPrice: Micros | null;
  readonly quote: { readonly bid: number | null; readonly ask: number | null };
}

/**
 * What an entry may still cost, and lose down to its stop. A market order has no worst price: it counts at the side of
 * the quote it takes. A short sale may be filled above its limit, at the ask at least.
 */
export function stakeOf(
  { side, lmtPrice, quote }: WorkingEntry,
  stopPrice: Micros | null,
  remaining: Micros,
): { readonly reserved: Micros; readonly atRisk: Micros } {
  const touch = side === "BUY" ? quote.ask : quote.bid;
  const limitPrice = lmtPrice ?? (touch === null ? ZERO : fromNumber(touch));
  const dearest = side === "BUY" || quote.ask === null
    ? limitPrice
    : greatest(limitPrice, fromNumber(quote.ask));
  return {
    reserved: multiply(dearest, remaining),
    // Without a stop everything is at risk.
    atRisk: multiply(absolute(limitPrice - (stopPrice ?? ZERO)), remaining),
  };
}
