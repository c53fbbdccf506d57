import type { Micros } from "../money.ts";
import type { Account } from "./account.ts";
import type { CommissionSchedule } from "./commission.ts";
import type { Place } from "./crossing.ts";
import type { MarketSource } from "./market.ts";
import type { Side } from "./matching.ts";
import type { OrderBook } from "./order_book.ts";
import type { Ticker } from "./ticker.ts";
import type { Ticket } from "./ticket.ts";
import type { TradingSession } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

/** One fill, as the truth has it. */
export interface SimExecution {
  /** `0000e0d5.6ab9ea82.01.01`. */
  readonly execId: string;
  readonly ticket: Ticket;
  readonly side: Side;
  readonly quantity: Micros;
  readonly price: Micros;
  readonly timeMs: number;
  /** Venue, e.g. ISLAND. */
  readonly exchange: string;
  /** 1 added, 2 removed liquidity, 0 an auction. */
  readonly lastLiquidity: number;
  /** Of the order so far. */
  readonly cumQty: Micros;
  readonly avgPrice: Micros;
  readonly commission: Micros;
  /** Null of an opening fill. */
  readonly realizedPnl: Micros | null;
}

export interface OrderAddress {
  readonly clientId: number;
  readonly orderId: number;
}

/** What the exchange tells the Gateway, in the order in which clients shall hear it. */
export interface ExchangeListener {
  /** The pair openOrder, orderStatus. */
  changed(ticket: Ticket): void;
  /** orderStatus alone. */
  statusChanged(ticket: Ticket): void;
  message(order: OrderAddress, code: number, text: string): void;
  executed(execution: SimExecution): void;
  /** Some time after `executed`. */
  commissioned(execution: SimExecution): void;
}

/** What the exchange's functions share: its state, and the ways out of it. */
export interface Floor {
  readonly market: MarketSource;
  readonly book: OrderBook;
  readonly accounts: ReadonlyMap<string, Account>; // account id → Account
  /** Oldest first; a correction follows what it corrects. */
  readonly executions: SimExecution[];
  readonly listener: ExchangeListener;
  readonly commissions: CommissionSchedule;
  now(): number;
  /** Calls back after that long, in a turn of the Gateway. */
  later(delayMs: number, callback: () => void): void;
  ticker(listing: Listing): Ticker;
  /** Where this order would meet the market now; null when it may not trade. */
  place(ticket: Ticket): Place | null;
  /** Id of the n-th execution. */
  execId(number: number): string;
  /** Why IB rejects the order, beyond the ordinary reasons; null in health. */
  rejection(ticket: Ticket): string | null;
  /** True while the exchange would take this order: in the session, or before and after it with outsideRth. */
  isOpenFor(ticket: Ticket): boolean;
  /** The next regular session that opens. */
  nextSession(): TradingSession | null;
}
