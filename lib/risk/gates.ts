import { formatMicros, fromNumber, type Micros, multiply, ZERO } from "../money.ts";
import type { Signal } from "../strategy/strategy.ts";
import { type Book, dayLoss, grossExposure, held, occupied, openShares, tradeKey } from "./book.ts";
import type { Limits } from "./limits.ts";
import { type Refusal, refusal, type RefusalCode } from "./refusals.ts";

/** Checks of an entry that need no price: may this symbol be entered at all, now? */

/** An entry is two orders: itself and its stop. */
export const ORDERS_PER_ENTRY = 2;

/** `percent` of an amount, exactly. */
export function percentOf(amount: Micros, percent: number): Micros {
  return multiply(amount, fromNumber(percent)) / 100n;
}

/** Whether the session, the symbol and the side are open to entries. */
export function checkPermission(signal: Signal, limits: Limits, book: Book): Refusal | null {
  const { symbol, side } = signal;
  if (book.halted !== null) return refusal("HALTED", book.halted);
  if (book.entriesClosed !== null) return refusal("ENTRIES_CLOSED", book.entriesClosed);
  if (book.frozen.has(symbol)) return refusal("SYMBOL_FROZEN");
  if (book.tradingHalted.has(symbol)) return refusal("TRADING_HALTED");
  if (side === "SELL" && !limits.allowShort) return refusal("SHORT_NOT_ALLOWED");
  return null;
}

/** Whether the entry repeats something held, working, or just done. */
export function checkRepetition(signal: Signal, limits: Limits, book: Book): Refusal | null {
  const { symbol } = signal;
  const shares = held(book, symbol);
  if (shares !== ZERO) return refusal("POSITION_HELD", formatMicros(shares), "0");
  const open = openShares(book, symbol, "enter");
  if (open !== ZERO) return refusal("ENTRY_WORKING", formatMicros(open), "0");
  const sinceMs = sinceLastTrade(symbol, book);
  if (sinceMs < limits.cooldownMs) {
    return refusal("COOLDOWN", String(sinceMs), String(limits.cooldownMs));
  }
  const tooFast = checkOrderRate(limits, book);
  if (tooFast !== null) return tooFast;
  const inSymbol = (book.ordersToday.get(symbol) ?? 0) + ORDERS_PER_ENTRY;
  if (inSymbol > limits.maxOrdersPerSymbolDay) {
    return refusal("EXCEEDS_SYMBOL_ORDERS", String(inSymbol), String(limits.maxOrdersPerSymbolDay));
  }
  return null;
}

/** Whether one more entry and its stop may be sent within this minute. */
export function checkOrderRate(limits: Limits, book: Book): Refusal | null {
  const orders = book.ordersLastMinute + ORDERS_PER_ENTRY;
  return orders <= limits.maxOrdersPerMinute
    ? null
    : refusal("EXCEEDS_ORDER_RATE", String(orders), String(limits.maxOrdersPerMinute));
}

/** Whether it is known what the account is worth, and that is within its losses. */
export function checkWorth(limits: Limits, book: Book): Refusal | null {
  const { equity, startOfDayEquity } = book;
  if (equity === null) return refusal("VALUATION_UNKNOWN", "equity");
  if (startOfDayEquity === null) return refusal("VALUATION_UNKNOWN", "start-of-day equity");
  if (grossExposure(book) === null) return refusal("VALUATION_UNKNOWN", "price of a position");
  return checkHalting(limits, book);
}

/** Whether the account can bear another position at all. */
export function checkAccount(limits: Limits, book: Book): Refusal | null {
  const flaw = checkWorth(limits, book);
  if (flaw !== null) return flaw;
  const { losingStreak } = book;
  if (losingStreak >= limits.maxConsecutiveLosses) {
    return refusal("LOSING_STREAK", String(losingStreak), String(limits.maxConsecutiveLosses));
  }
  const slots = occupied(book).size + 1;
  if (slots > limits.maxOpenPositions) {
    return refusal("EXCEEDS_OPEN_POSITIONS", String(slots), String(limits.maxOpenPositions));
  }
  return null;
}

/** The loss or drawdown on which the session halts; null while within every limit of them or unknown. */
export function checkHalting(limits: Limits, book: Book): Refusal | null {
  return checkDailyLoss(limits, book) ??
    checkFall(
      "EXCEEDS_DAY_DRAWDOWN",
      { peak: book.dayPeakEquity, pct: limits.maxDayDrawdownPct },
      book,
    ) ??
    checkFall("EXCEEDS_DRAWDOWN", { peak: book.peakEquity, pct: limits.maxDrawdownPct }, book);
}

function checkFall(
  code: RefusalCode,
  { peak, pct }: { readonly peak: Micros | null; readonly pct: number },
  { equity }: Book,
): Refusal | null {
  if (peak === null || equity === null) return null;
  const fall = peak - equity;
  const limit = percentOf(peak, pct);
  return fall < limit || fall <= ZERO
    ? null
    : refusal(code, formatMicros(fall), formatMicros(limit));
}

function checkDailyLoss(limits: Limits, book: Book): Refusal | null {
  const loss = dayLoss(book);
  if (loss === null || book.startOfDayEquity === null) return null;
  const limit = percentOf(book.startOfDayEquity, limits.maxDailyLossPct);
  if (loss < limit) return null;
  return refusal("EXCEEDS_DAILY_LOSS", formatMicros(loss), formatMicros(limit));
}

function sinceLastTrade(symbol: string, book: Book): number {
  const buyMs = book.lastTrade.get(tradeKey(symbol, "BUY")) ?? -Infinity;
  const sellMs = book.lastTrade.get(tradeKey(symbol, "SELL")) ?? -Infinity;
  return book.now - Math.max(buyMs, sellMs);
}
