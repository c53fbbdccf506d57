import type { Instrument, Quote } from "../market/market.ts";
import { absolute, fromNumber, type Micros, multiply, ZERO } from "../money.ts";
import type { BuyingPower } from "./buying_power.ts";
import type { Side } from "../strategy/strategy.ts";

/** What review may look at: everything it knows, at one instant. The session makes a fresh one for each review. */
export interface Book {
  /** Epoch ms. */
  readonly now: number;
  /** Cash plus the market value of every position; null while a part of it is unknown. */
  readonly equity: Micros | null;
  /** Equity at the start of this exchange day; the day's profit or loss is counted from it. */
  readonly startOfDayEquity: Micros | null;
  /** Highest equity of this exchange day, and since a halt was last lifted; null before any was known. */
  readonly dayPeakEquity: Micros | null;
  readonly peakEquity: Micros | null;
  readonly cash: Micros;
  readonly positions: ReadonlyMap<string, Holding>; // symbol → Holding
  /** Entries and exits that may still fill. Protective stops and targets are not among them. */
  readonly working: readonly WorkingOrder[];
  /** Approved entries that an algorithm is still working: parentOrderId → what it may yet send. */
  readonly parents: ReadonlyMap<string, OpenParent>;
  /** Notional of today's entry fills, at their prices. */
  readonly dayNotional: Micros;
  readonly quotes: ReadonlyMap<string, Quote>; // symbol → newest quote
  readonly instruments: ReadonlyMap<string, Instrument>; // symbol → Instrument
  /** `tradeKey` → when an order of that symbol and side was last sent or filled, epoch ms. */
  readonly lastTrade: ReadonlyMap<string, number>;
  /** Orders of any kind sent within the last 60 seconds. */
  readonly ordersLastMinute: number;
  readonly ordersToday: ReadonlyMap<string, number>; // symbol → orders of any kind sent today
  /** Round trips of today that lost, counted back from the newest to the last that did not. */
  readonly losingStreak: number;
  /** Counts the newest round trips of the ledger; asked only when the size depends on them. */
  readonly record: () => TripRecord;
  /**
   * How alike two symbols' bar returns are, −1 to 1; null while too few bars say so. Null altogether where nobody
   * has bars.
   */
  readonly correlation: ((a: string, b: string) => number | null) | null;
  readonly averageVolume: ReadonlyMap<string, number>; // symbol → shares of its average bar
  /** Bars an entry is worked for: its size is measured by their volume. 1 when it leaves at once. */
  readonly workedBars: number;
  readonly quarantined: ReadonlyMap<string, number>; // symbol → its newest price, not confirmed yet
  /** Null where no broker lends: in a backtest, and where only the ledger is known. */
  readonly buyingPower: BuyingPower | null;
  /** Why the session is halted; null when it is not. */
  readonly halted: string | null;
  /** Why the session takes no entries (warming up, winding down …); null when it does. */
  readonly entriesClosed: string | null;
  /** Symbols in which an order's fate is unknown. */
  readonly frozen: ReadonlySet<string>;
  /** Symbols the exchange has halted. */
  readonly tradingHalted: ReadonlySet<string>;
}

export interface Holding {
  /** Shares, negative when short. */
  readonly quantity: Micros;
  /** What one share is worth now; null when unknown. */
  readonly mark: number | null;
  /** Where the stop at the broker is that would lose most; null when there is none. */
  readonly stopPrice: Micros | null;
}

/** The part of an approved entry that no slice was cut of yet. It is reserved whole, as one of `working`. */
export interface OpenParent {
  readonly symbol: string;
  readonly side: Side;
  readonly unsent: Micros;
  /** The worst price it was approved at, and where its stops go. */
  readonly limitPrice: Micros;
  readonly stopPrice: Micros;
  readonly sizing: string;
}

/** What round trips earned, commissions included. */
export interface TripRecord {
  readonly wins: number;
  readonly losses: number;
  /** Sums in dollars, both positive. */
  readonly won: Micros;
  readonly lost: Micros;
}

export interface WorkingOrder {
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: "enter" | "exit";
  /** Shares not filled yet. */
  readonly remaining: Micros;
  /** The most an entry can still cost: its limit price times what remains; of an exit 0. */
  readonly reserved: Micros;
  /** What an entry would lose between its limit price and its stop; of an exit 0. */
  readonly atRisk: Micros;
}

export function tradeKey(symbol: string, side: Side): string {
  return `${symbol} ${side}`;
}

/** Shares held, negative when short. */
export function held(book: Book, symbol: string): Micros {
  return book.positions.get(symbol)?.quantity ?? ZERO;
}

/** Shares still open in working orders of this symbol and purpose. */
export function openShares(book: Book, symbol: string, purpose: WorkingOrder["purpose"]): Micros {
  let total = ZERO;
  for (const order of book.working) {
    if (order.symbol === symbol && order.purpose === purpose) total += order.remaining;
  }
  return total;
}

/** Dollars that working entries may still take, of one side or of both. */
export function reserved(book: Book, side: Side | null): Micros {
  let total = ZERO;
  for (const order of book.working) {
    if (side === null || order.side === side) total += order.reserved;
  }
  return total;
}

/** Symbols that take up a slot: held, or about to be. */
export function occupied(book: Book): ReadonlySet<string> {
  const holdings = [...book.positions].filter(([, { quantity }]) => quantity !== ZERO);
  const entries = book.working.filter(({ purpose }) => purpose === "enter");
  return new Set([...holdings.map(([symbol]) => symbol), ...entries.map(({ symbol }) => symbol)]);
}

/** Long and short market value added up; null when a held share has no price. */
export function grossExposure(book: Book): Micros | null {
  let gross = ZERO;
  for (const { quantity, mark } of book.positions.values()) {
    if (quantity === ZERO) continue;
    if (mark === null || !Number.isFinite(mark) || mark <= 0) return null;
    gross += multiply(absolute(quantity), fromNumber(mark));
  }
  return gross;
}

/** What the day has lost, realised and unrealised, commissions included; negative when it gained. */
export function dayLoss(book: Book): Micros | null {
  if (book.equity === null || book.startOfDayEquity === null) return null;
  return book.startOfDayEquity - book.equity;
}
