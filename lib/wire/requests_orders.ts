import { contract11, type OrderContract, type WireContract } from "./contract.ts";
import { AMOUNT, BOOL, INT, INT_MAX, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import type { WireOrder } from "./order.ts";
import { placeOrder } from "./place_order.ts";
import { SINCE } from "./versions.ts";

/** Requests about orders and their executions, client to server. */

/** 3: a new order, or the modification of a live one. */
export interface PlaceOrder {
  readonly type: "placeOrder";
  readonly orderId: number;
  readonly contract: OrderContract;
  readonly order: WireOrder;
}

/** 4 */
export interface CancelOrder {
  readonly type: "cancelOrder";
  readonly orderId: number;
  /** Since 169. */
  readonly manualOrderCancelTime: string;
  /** 187 to 189, and since 192. */
  readonly extOperator: string;
  /** 187 to 189. */
  readonly externalUserId: string;
  /** 187 to 189, and since 192. */
  readonly manualOrderIndicator: number | null;
}

/** 58 */
export interface ReqGlobalCancel {
  readonly type: "reqGlobalCancel";
  /** Since 192. */
  readonly extOperator: string;
  /** Since 192. */
  readonly manualOrderIndicator: number | null;
}

/** 5: this client's. */
export interface ReqOpenOrders {
  readonly type: "reqOpenOrders";
}

/** 16: everybody's. */
export interface ReqAllOpenOrders {
  readonly type: "reqAllOpenOrders";
}

/** 15: client 0 alone may. */
export interface ReqAutoOpenOrders {
  readonly type: "reqAutoOpenOrders";
  readonly autoBind: boolean;
}

/** 99 */
export interface ReqCompletedOrders {
  readonly type: "reqCompletedOrders";
  readonly apiOnly: boolean;
}

/** 7 */
export interface ReqExecutions {
  readonly type: "reqExecutions";
  readonly reqId: number;
  readonly filter: ExecutionFilter;
}

/** Empty text and client 0 do not filter. */
export interface ExecutionFilter {
  readonly clientId: number;
  readonly acctCode: string;
  /** From: `yyyymmdd-hh:mm:ss` or `yyyymmdd hh:mm:ss zone`. */
  readonly time: string;
  readonly symbol: string;
  readonly secType: string;
  readonly exchange: string;
  /** BUY or SELL. */
  readonly side: string;
  /** Since 200. */
  readonly lastNDays: number | null;
  /** Since 200: `yyyymmdd` each. */
  readonly specificDates: readonly number[];
}

/** 21 */
export interface ExerciseOptions {
  readonly type: "exerciseOptions";
  readonly reqId: number;
  readonly contract: WireContract;
  /** 1 exercise, 2 lapse. */
  readonly exerciseAction: number;
  readonly exerciseQuantity: number;
  readonly account: string;
  readonly override: boolean;
  /** Since 180. */
  readonly manualOrderTime: string;
  /** Since 183. */
  readonly customerAccount: string;
  /** Since 184. */
  readonly professionalCustomer: boolean;
}

/** Spread this and set what filters. */
export const EVERY_EXECUTION: ExecutionFilter = {
  clientId: 0,
  acctCode: "",
  time: "",
  symbol: "",
  secType: "",
  exchange: "",
  side: "",
  lastNDays: null,
  specificDates: [],
};

export interface OrderRequests {
  placeOrder: PlaceOrder;
  cancelOrder: CancelOrder;
  reqGlobalCancel: ReqGlobalCancel;
  reqOpenOrders: ReqOpenOrders;
  reqAllOpenOrders: ReqAllOpenOrders;
  reqAutoOpenOrders: ReqAutoOpenOrders;
  reqCompletedOrders: ReqCompletedOrders;
  reqExecutions: ReqExecutions;
  exerciseOptions: ExerciseOptions;
}

export const ORDER_REQUESTS: Messages<OrderRequests> = {
  placeOrder: message(3, placeOrder),
  cancelOrder: message(4, cancelOrder),
  reqGlobalCancel: message(58, reqGlobalCancel),
  reqOpenOrders: message(5, (io) => {
    io.constant("1");
    return { type: "reqOpenOrders" };
  }),
  reqAllOpenOrders: message(16, (io) => {
    io.constant("1");
    return { type: "reqAllOpenOrders" };
  }),
  reqAutoOpenOrders: message(15, (io, m) => {
    io.constant("1");
    return { type: "reqAutoOpenOrders", autoBind: io.field(BOOL, m.autoBind) };
  }),
  reqCompletedOrders: message(
    99,
    (io, m) => ({ type: "reqCompletedOrders", apiOnly: io.field(BOOL, m.apiOnly) }),
    SINCE.COMPLETED_ORDERS,
  ),
  reqExecutions: message(7, reqExecutions),
  exerciseOptions: message(21, exerciseOptions),
};

function cancelOrder(io: Cursor, m: Partial<CancelOrder>): CancelOrder {
  const tagged = io.serverVersion >= SINCE.CME_TAGGING_FIELDS;
  const quoted = io.serverVersion >= SINCE.RFQ_FIELDS &&
    io.serverVersion < SINCE.UNDO_RFQ_FIELDS;
  if (!tagged) io.constant("1");
  return {
    type: "cancelOrder",
    orderId: io.id(m.orderId),
    manualOrderCancelTime: io.since(SINCE.MANUAL_ORDER_TIME, TEXT, m.manualOrderCancelTime),
    extOperator: tagged || quoted ? io.field(TEXT, m.extOperator) : "",
    externalUserId: quoted ? io.field(TEXT, m.externalUserId) : "",
    manualOrderIndicator: tagged || quoted ? io.field(INT_MAX, m.manualOrderIndicator) : null,
  };
}

function reqGlobalCancel(io: Cursor, m: Partial<ReqGlobalCancel>): ReqGlobalCancel {
  if (io.serverVersion < SINCE.CME_TAGGING_FIELDS) io.constant("1");
  return {
    type: "reqGlobalCancel",
    extOperator: io.since(SINCE.CME_TAGGING_FIELDS, TEXT, m.extOperator),
    manualOrderIndicator: io.since(SINCE.CME_TAGGING_FIELDS, INT_MAX, m.manualOrderIndicator),
  };
}

function reqExecutions(io: Cursor, m: Partial<ReqExecutions>): ReqExecutions {
  io.constant("3");
  return {
    type: "reqExecutions",
    reqId: io.id(m.reqId),
    filter: executionFilter(io, m.filter),
  };
}

function executionFilter(io: Cursor, filter: Partial<ExecutionFilter> = {}): ExecutionFilter {
  const since = SINCE.PARAMETRIZED_DAYS_OF_EXECUTIONS;
  return {
    clientId: io.field(INT, filter.clientId),
    acctCode: io.field(TEXT, filter.acctCode),
    time: io.field(TEXT, filter.time),
    symbol: io.field(TEXT, filter.symbol),
    secType: io.field(TEXT, filter.secType),
    exchange: io.field(TEXT, filter.exchange),
    side: io.field(TEXT, filter.side),
    lastNDays: io.since(since, INT_MAX, filter.lastNDays),
    specificDates: io.serverVersion < since ? [] : io.values(INT, filter.specificDates),
  };
}

function exerciseOptions(io: Cursor, m: Partial<ExerciseOptions>): ExerciseOptions {
  io.constant("2");
  return {
    type: "exerciseOptions",
    reqId: io.id(m.reqId),
    contract: contract11(io, m.contract, AMOUNT),
    exerciseAction: io.field(INT, m.exerciseAction),
    exerciseQuantity: io.field(INT, m.exerciseQuantity),
    account: io.field(TEXT, m.account),
    override: io.field(BOOL, m.override),
    manualOrderTime: io.since(
      SINCE.MANUAL_ORDER_TIME_EXERCISE_OPTIONS,
      TEXT,
      m.manualOrderTime,
    ),
    customerAccount: io.since(SINCE.CUSTOMER_ACCOUNT, TEXT, m.customerAccount),
    professionalCustomer: io.since(SINCE.PROFESSIONAL_CUSTOMER, BOOL, m.professionalCustomer),
  };
}
