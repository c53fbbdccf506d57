import { absolute, formatMicros, greatest, type Micros, multiply, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import type { Book } from "./book.ts";
import { type Refusal, refusal } from "./refusals.ts";

/** What the broker lends, by its own word. */
export interface BuyingPower {
  /** Funds free for new positions when it was last asked; null until it has said so. */
  readonly available: Micros | null;
  /** Notional of entry fills since then, which it has not counted yet. */
  readonly since: Micros;
  /** Initial margin of one share by its what-if; null while it has not said, and then a share's whole price counts. */
  marginOf(symbol: string, side: Side): Micros | null;
}

/** An entry as this check sees it. */
export interface FundedEntry {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Micros;
  /** The most it can cost. */
  readonly notional: Micros;
}

/** Whether the broker would lend what this entry and those still working need: refused here, not by a 201. */
export function checkBuyingPower(entry: FundedEntry, book: Book): Refusal | null {
  const power = book.buyingPower;
  if (power === null) return null;
  if (power.available === null) return refusal("VALUATION_UNKNOWN", "available funds");
  const entries = book.working.filter(({ purpose }) => purpose === "enter").map((order) => ({
    ...order,
    quantity: order.remaining,
    notional: order.reserved,
  }));
  const needed = [entry, ...entries].reduce((sum, one) => sum + marginOf(one, power), power.since);
  if (needed <= power.available) return null;
  const left = greatest(power.available, ZERO);
  return refusal("INSUFFICIENT_BUYING_POWER", formatMicros(needed), formatMicros(left));
}

function marginOf({ symbol, side, quantity, notional }: FundedEntry, power: BuyingPower): Micros {
  const perShare = power.marginOf(symbol, side);
  return perShare === null ? notional : multiply(perShare, absolute(quantity));
}
