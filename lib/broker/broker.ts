import type { Bar, FeedEvent, Instrument } from "../market/market.ts";
import type { Micros } from "../money.ts";
import type { Change, Order, OrderStatus } from "../orders/order.ts";
import type { Side } from "../strategy/strategy.ts";

/** The broker port. `ib.ts` implements it over TWS, `paper.ts` in memory for backtests. */

export interface Ready {
  readonly serverVersion: number;
  /** As sent: `20260402 09:30:00 EST`. */
  readonly connectionTime: string;
  readonly accounts: readonly string[];
  readonly nextOrderId: number;
}

/** One working or finished order as the broker reports it. */
export interface BrokerOrder {
  readonly orderId: number;
  readonly permId: number;
  readonly clientId: number;
  readonly orderRef: string;
  readonly symbol: string;
  readonly conId: number;
  readonly account: string;
  readonly side: Side;
  readonly orderType: string;
  readonly quantity: Micros;
  readonly lmtPrice: Micros | null;
  readonly auxPrice: Micros | null;
  readonly status: OrderStatus;
  /** Shares filled so far; null where the message does not say (openOrder). */
  readonly filled: Micros | null;
  readonly parentId: number;
}

export interface Execution {
  readonly execId: string;
  readonly orderId: number;
  readonly permId: number;
  readonly clientId: number;
  readonly orderRef: string;
  readonly account: string;
  readonly symbol: string;
  readonly conId: number;
  readonly side: Side;
  readonly quantity: Micros;
  readonly price: Micros;
  /** Exchange time, epoch ms. */
  readonly time: number;
  readonly exchange: string;
  readonly cumQty: Micros;
  /** 1 added, 2 removed, 3 routed, 0 unknown. */
  readonly lastLiquidity: number;
}

export interface Commission {
  readonly execId: string;
  readonly amount: Micros;
  readonly currency: string;
  /** Null when IB sends none (an opening fill). */
  readonly realizedPnl: Micros | null;
}

export interface BrokerPosition {
  readonly account: string;
  readonly symbol: string;
  readonly conId: number;
  readonly quantity: Micros;
  readonly avgCost: Micros;
}

/** Account values by tag, as sent (`NetLiquidation` → `100000.00`), of the base currency. */
export interface AccountValues {
  readonly account: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Everything the broker says unasked, in the order it says it. */
export type BrokerEvent =
  | {
    readonly type: "order-status";
    readonly orderId: number;
    readonly permId: number;
    readonly status: OrderStatus;
    readonly filled: Micros;
    readonly remaining: Micros;
    readonly avgFillPrice: Micros | null;
    readonly whyHeld: string;
  }
  | { readonly type: "open-order"; readonly order: BrokerOrder }
  | { readonly type: "execution"; readonly execution: Execution }
  | { readonly type: "commission"; readonly commission: Commission }
  | { readonly type: "position"; readonly position: BrokerPosition }
  /** A message about one order: 201, 202, 399, 110 … */
  | {
    readonly type: "order-message";
    readonly orderId: number;
    readonly code: number;
    readonly text: string;
  }
  /** A message about the link or the farms: 1100, 2104 … */
  | { readonly type: "notice"; readonly code: number; readonly text: string }
  | { readonly type: "connection"; readonly state: ConnectionState; readonly detail: string }
  | { readonly type: "feed"; readonly event: FeedEvent };

/** `ready` means server version and nextValidId and managedAccounts. */
export type ConnectionState = "connecting" | "ready" | "upstream-lost" | "closed";

export interface HistoryRequest {
  readonly instrument: Instrument;
  /** End of the window, epoch ms; null is now. */
  readonly endMs: number | null;
  /** IB's duration: `1 D`, `7200 S`. */
  readonly duration: string;
  /** IB's bar size: `1 min`, `5 mins`. */
  readonly barSize: string;
  readonly barMs: number;
}

/** What an order of this size would do to the account, asked without placing it. */
export interface PreviewRequest {
  readonly instrument: Instrument;
  readonly side: Side;
  /** Whole shares. */
  readonly quantity: Micros;
}

export interface MarginPreview {
  /** Null where TWS computed none. */
  readonly initMarginChange: Micros | null;
}

/** The order left our process as these bytes' id; what TWS makes of it comes as events. */
export interface Placed {
  readonly orderId: number;
}

/**
 * A connected TWS or IB Gateway. Every question has a time limit and fails with a TimeoutError naming the
 * missing answer: a list is complete (its End marker came) or the promise rejects, never shorter.
 */
export interface Broker {
  readonly ready: Ready;
  /** Called synchronously for each event, in wire order. One listener: the session. */
  listen(listener: (event: BrokerEvent) => void): void;
  /** @throws {NotReadyError} when the link is down, {RangeError} when the order's deadline has passed */
  place(order: Order): Placed;
  /**
   * New prices for a working order. Its answer is an `open-order` event that shows them; a refusal is an order message
   * and leaves the order as it was.
   *
   * @throws {NotReadyError} when the link is down, {RangeError} when its deadline has passed
   */
  change(change: Change): void;
  cancel(orderId: number): void;
  openOrders(): Promise<readonly BrokerOrder[]>;
  completedOrders(): Promise<readonly BrokerOrder[]>;
  executions(): Promise<{
    readonly executions: readonly Execution[];
    readonly commissions: readonly Commission[];
  }>;
  positions(): Promise<readonly BrokerPosition[]>;
  accountValues(account: string): Promise<AccountValues>;
  /** Null when IB has no such stock (200). */
  instrument(symbol: string): Promise<Instrument | null>;
  /** TWS's own word on the margin of a market order (its what-if). It leaves nothing behind. */
  preview(request: PreviewRequest): Promise<MarginPreview>;
  history(request: HistoryRequest): Promise<readonly Bar[]>;
  /** Quotes and 5-second bars of these, as `feed` events, until the connection closes. */
  subscribe(instruments: readonly Instrument[]): void;
  /** Epoch ms of TWS (whole seconds). */
  currentTime(): Promise<number>;
  close(): Promise<void>;
}

/** The link is down, or a part of ready is missing; `missing` names it. */
export class NotReadyError extends Error {
  override readonly name = "NotReadyError";
  constructor(readonly missing: string, message: string) {
    super(message);
  }
}
