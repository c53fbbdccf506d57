import type { OrderFacts } from "../orders/order.ts";
import type { Message } from "./message.ts";

/** Between our nouns and frames of one server version. `ib.ts` implements it with the package. */
export interface Codec {
  readonly encode: Encode;
  /** What a frame says. It never throws: what cannot be read becomes an `unreadable` message. */
  decode(payload: Uint8Array): readonly Message[];
}

/** Requests as whole frames. Each throws a RangeError for what this server version or the wire cannot carry. */
export interface Encode {
  startApi(clientId: number): Uint8Array;
  placeOrder(ticket: OrderTicket): Uint8Array;
  cancelOrder(orderId: number): Uint8Array;
  allOpenOrders(): Uint8Array;
  completedOrders(): Uint8Array;
  executions(reqId: number): Uint8Array;
  positions(): Uint8Array;
  cancelPositions(): Uint8Array;
  accountSummary(reqId: number, tags: readonly string[]): Uint8Array;
  cancelAccountSummary(reqId: number): Uint8Array;
  contractDetails(reqId: number, contract: StockContract): Uint8Array;
  historicalData(reqId: number, window: HistoryWindow): Uint8Array;
  cancelHistoricalData(reqId: number): Uint8Array;
  marketDataType(type: MarketDataType): Uint8Array;
  marketData(reqId: number, contract: StockContract): Uint8Array;
  realTimeBars(reqId: number, contract: StockContract): Uint8Array;
  currentTime(): Uint8Array;
}

/** 1 live, 2 frozen, 3 delayed where live is not subscribed, 4 delayed and frozen. */
export type MarketDataType = 1 | 2 | 3 | 4;

/** A stock by what is known of it: conId alone is enough, so is symbol with currency. */
export interface StockContract {
  readonly conId?: number;
  readonly symbol: string;
  readonly exchange: string;
  readonly primaryExchange?: string;
  readonly currency?: string;
}

/** An order with what its connection adds to it. */
export interface OrderTicket {
  readonly order: OrderFacts;
  readonly orderId: number;
  /** 0 without a parent. */
  readonly parentId: number;
  readonly account: string;
  readonly contract: StockContract;
  /** Asks what it would do, and places nothing. */
  readonly whatIf?: boolean;
}

export interface HistoryWindow {
  readonly contract: StockContract;
  /** Epoch ms. */
  readonly endMs: number;
  /** IB's duration: `1 D`. */
  readonly duration: string;
  /** IB's bar size: `1 min`. */
  readonly barSize: string;
}
