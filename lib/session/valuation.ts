import type { EquitySampled } from "../ledger/entry.ts";
import { type Books, unrealizedAt } from "../ledger/positions.ts";
import { absolute, formatMicros, fromNumber, type Micros, multiply, ZERO } from "../money.ts";

/** As `valuation`, equity alone: risk asks for it with every signal. */
export function equityOf(books: Books, markOf: (symbol: string) => number | null): Micros | null {
  let equity = books.cash;
  for (const { symbol, quantity } of books.held()) {
    const price = markOf(symbol);
    if (equity === null || price === null) return null;
    equity += multiply(quantity, fromNumber(price));
  }
  return equity;
}

/**
 * What the account is worth by our own reckoning. Null while a share held has no price, or before the broker's
 * first word on cash: an equity that leaves something out is no equity.
 */
export function valuation(
  books: Books,
  markOf: (symbol: string) => number | null,
): EquitySampled | null {
  const cash = books.cash;
  if (cash === null) return null;
  let net: Micros = ZERO;
  let gross: Micros = ZERO;
  let unrealized: Micros = ZERO;
  const marks: Record<string, string> = {};
  for (const position of books.positions()) {
    const price = markOf(position.symbol);
    if (price === null) return null;
    const mark = fromNumber(price);
    const worth = multiply(position.quantity, mark);
    net += worth;
    gross += absolute(worth);
    unrealized += unrealizedAt(position, mark);
    marks[position.symbol] = formatMicros(mark);
  }
  return {
    kind: "equity",
    cash,
    equity: cash + net,
    realizedPnl: books.realizedGross,
    unrealizedPnl: unrealized,
    commissions: books.commissions,
    grossExposure: gross,
    netExposure: net,
    marks,
  };
}
