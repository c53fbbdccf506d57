import type { Micros } from "../money.ts";
import { completedOrder } from "./completed_order.ts";
import type { OrderContract } from "./contract.ts";
import { INT, LONG, QUANTITY, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { openOrder } from "./open_order.ts";
import type { WireOrder } from "./order.ts";
import type { OrderState } from "./order_state.ts";
import { SINCE } from "./versions.ts";

/** Replies about orders, server to client. */

/** 3 */
export interface OrderStatusReply {
  readonly type: "orderStatus";
  readonly orderId: number;
  /** PreSubmitted, Submitted, Filled, Cancelled … */
  readonly status: string;
  readonly filled: Micros;
  readonly remaining: Micros;
  /** 0 until a fill. */
  readonly avgFillPrice: Micros;
  /** 0 for an order refused before it was accepted. */
  readonly permId: number;
  readonly parentId: number;
  readonly lastFillPrice: Micros;
  readonly clientId: number;
  /** `child`, `trigger`, `locate` or empty. */
  readonly whyHeld: string;
  /** Since 131. */
  readonly mktCapPrice: Micros;
}

/** 5. Real TWS says it before every orderStatus. */
export interface OpenOrder {
  readonly type: "openOrder";
  readonly orderId: number;
  readonly contract: OrderContract;
  readonly order: WireOrder;
  readonly state: OrderState;
}

/** 53 */
export interface OpenOrderEnd {
  readonly type: "openOrderEnd";
}

/** 101, since 150. */
export interface CompletedOrder {
  readonly type: "completedOrder";
  readonly contract: OrderContract;
  readonly order: WireOrder;
  readonly status: string;
  /** `20250708 02:34:46 America/New_York`. */
  readonly completedTime: string;
  /** `Cancelled by Trader`, `Filled Size: 100` … */
  readonly completedStatus: string;
}

/** 102, since 150. */
export interface CompletedOrdersEnd {
  readonly type: "completedOrdersEnd";
}

/** 100: an order entered at TWS got an API id. */
export interface OrderBound {
  readonly type: "orderBound";
  readonly permId: number;
  readonly clientId: number;
  readonly orderId: number;
}

export interface OrderReplies {
  orderStatus: OrderStatusReply;
  openOrder: OpenOrder;
  openOrderEnd: OpenOrderEnd;
  completedOrder: CompletedOrder;
  completedOrdersEnd: CompletedOrdersEnd;
  orderBound: OrderBound;
}

export const ORDER_REPLIES: Messages<OrderReplies> = {
  orderStatus: message(3, orderStatus),
  openOrder: message(5, openOrder),
  openOrderEnd: message(53, (io) => {
    io.constant("1");
    return { type: "openOrderEnd" };
  }),
  completedOrder: message(101, completedOrder, SINCE.COMPLETED_ORDERS),
  completedOrdersEnd: message(
    102,
    () => ({ type: "completedOrdersEnd" }),
    SINCE.COMPLETED_ORDERS,
  ),
  orderBound: message(100, (io, m) => ({
    type: "orderBound",
    permId: io.field(LONG, m.permId),
    clientId: io.field(INT, m.clientId),
    orderId: io.id(m.orderId),
  })),
};

function orderStatus(io: Cursor, m: Partial<OrderStatusReply>): OrderStatusReply {
  if (io.serverVersion < SINCE.MARKET_CAP_PRICE) io.constant("6");
  return {
    type: "orderStatus",
    orderId: io.id(m.orderId),
    status: io.field(TEXT, m.status),
    filled: io.field(QUANTITY, m.filled),
    remaining: io.field(QUANTITY, m.remaining),
    avgFillPrice: io.field(QUANTITY, m.avgFillPrice),
    permId: io.field(LONG, m.permId),
    parentId: io.field(INT, m.parentId),
    lastFillPrice: io.field(QUANTITY, m.lastFillPrice),
    clientId: io.field(INT, m.clientId),
    whyHeld: io.field(TEXT, m.whyHeld),
    mktCapPrice: io.since(SINCE.MARKET_CAP_PRICE, QUANTITY, m.mktCapPrice),
  };
}
