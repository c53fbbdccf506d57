import type { Instrument } from "../market/market.ts";
import type { Micros } from "../money.ts";
import type { BrokerOrder, BrokerPosition, Commission, Execution } from "./broker.ts";
import type { OrderStatus } from "../orders/order.ts";

/** What TWS can tell us, checked and in our own nouns. One frame makes none, one or several of these. */
export type Message =
  /** A price, size or state of a market data line; null where TWS says "none". */
  | {
    readonly type: "tick";
    readonly reqId: number;
    readonly tickType: number;
    readonly value: number | null;
  }
  | { readonly type: "market-data-type"; readonly reqId: number; readonly marketDataType: number }
  | { readonly type: "real-time-bar"; readonly reqId: number; readonly bar: WireBar }
  | { readonly type: "history-bar"; readonly reqId: number; readonly bar: WireBar }
  | { readonly type: "history-end"; readonly reqId: number }
  | { readonly type: "next-valid-id"; readonly orderId: number }
  | { readonly type: "managed-accounts"; readonly accounts: readonly string[] }
  | { readonly type: "current-time"; readonly timeMs: number }
  | {
    readonly type: "order-status";
    readonly orderId: number;
    readonly clientId: number;
    readonly permId: number;
    readonly status: OrderStatus;
    readonly filled: Micros;
    readonly remaining: Micros;
    readonly avgFillPrice: Micros | null;
    readonly whyHeld: string;
  }
  | { readonly type: "open-order"; readonly order: BrokerOrder }
  /** The answer to a what-if, which is no order. */
  | {
    readonly type: "margin-preview";
    readonly orderId: number;
    readonly initMarginChange: Micros | null;
  }
  | { readonly type: "open-order-end" }
  | { readonly type: "completed-order"; readonly order: BrokerOrder }
  | { readonly type: "completed-orders-end" }
  /** `reqId` is -1 when it is news, else the question it answers. */
  | { readonly type: "execution"; readonly reqId: number; readonly execution: Execution }
  | { readonly type: "execution-end"; readonly reqId: number }
  | { readonly type: "commission"; readonly commission: Commission }
  | { readonly type: "position"; readonly position: BrokerPosition }
  | { readonly type: "position-end" }
  | {
    readonly type: "account-value";
    readonly reqId: number;
    readonly account: string;
    readonly tag: string;
    readonly value: string;
  }
  | { readonly type: "account-value-end"; readonly reqId: number }
  | { readonly type: "contract"; readonly reqId: number; readonly instrument: Instrument }
  | { readonly type: "contract-end"; readonly reqId: number }
  /** `id` is -1 for the system, below REQUEST_ID_MIN an order, from there on a request. */
  | { readonly type: "error"; readonly id: number; readonly code: number; readonly text: string }
  /** A frame that cannot be read. What it answered, if anything, is incomplete for good. */
  | { readonly type: "unreadable"; readonly msgId: number; readonly detail: string };

/** A bar as it comes: its symbol is known by the request, its time is text in history. */
export interface WireBar {
  /** Epoch seconds, or `20260402` for days, weeks and months. */
  readonly time: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly wap: number | null;
  readonly count: number;
}

/** Order ids are below, request ids from here on, so that an error's id says which of the two it is about. */
export const REQUEST_ID_MIN = 10_000_000;

/** Frame types by their number on the wire, where a list's completeness depends on every one of them. */
export const FRAME = {
  tickPrice: 1,
  error: 4,
  openOrder: 5,
  contract: 10,
  execution: 11,
  history: 17,
  commission: 59,
  position: 61,
  accountValue: 63,
  completedOrder: 101,
} as const;
