import type { OrderContract, WireContract } from "./contract.ts";
import type { WireOrder } from "./order.ts";

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
