import { absolute, fromNumber, greatest, type Micros, multiply, ZERO } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import type { Book } from "./book.ts";
import type { Limits } from "./limits.ts";

/** A symbol and the side one is on: a long and a short of alike symbols offset each other. */
interface Stake {
  readonly symbol: string;
  readonly side: Side;
}

/** Something held or about to be, and what it is worth. */
interface Held extends Stake {
  readonly amount: Micros;
}

/** Market value of everything held and working that would gain and lose together with this stake. */
export function correlatedExposure(stake: Stake, limits: Limits, book: Book): Micros {
  return stakesOf(book).filter((other) => movesWith(stake, other, { limits, book }))
    .reduce((sum, { amount }) => sum + amount, ZERO);
}

/** The largest group of them, around any one of them; null when nobody knows how symbols move. */
export function largestCorrelated(limits: Limits, book: Book): Micros | null {
  if (book.correlation === null) return null;
  return stakesOf(book).map((stake) => correlatedExposure(stake, limits, book))
    .reduce(greatest, ZERO);
}

/** Symbols of which it is not known how alike they move count as one, whatever their sides. */
function movesWith(
  one: Stake,
  other: Stake,
  { limits, book }: { readonly limits: Limits; readonly book: Book },
): boolean {
  const correlation = one.symbol === other.symbol
    ? 1
    : book.correlation?.(one.symbol, other.symbol) ?? null;
  if (correlation === null) return true;
  return (one.side === other.side ? correlation : -correlation) >= limits.correlationMin;
}

function stakesOf(book: Book): readonly Held[] {
  const held = [...book.positions].map(([symbol, { quantity, mark }]): Held => ({
    symbol,
    side: quantity > ZERO ? "BUY" : "SELL",
    amount: mark === null ? ZERO : absolute(multiply(quantity, fromNumber(mark))),
  }));
  const working = book.working.map(({ symbol, side, reserved }): Held => ({
    symbol,
    side,
    amount: reserved,
  }));
  return [...held, ...working].filter(({ amount }) => amount > ZERO);
}
