import type { Micros } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";

/** The order's nouns, in IB's vocabulary. */

export type OrderType = "MKT" | "LMT" | "STP" | "STP LMT";
export type TimeInForce = "DAY" | "GTC" | "IOC";

/** What an order is for. Reduce-only roles still go out while the session is halted. */
export type OrderRole = "entry" | "stop" | "target" | "exit";

/** An algorithm that IB works an order by, with its tags as IB documents them (`adaptivePriority` → `Normal`). */
export interface IbAlgo {
  readonly strategy: "Adaptive" | "Twap" | "Vwap";
  readonly params: Readonly<Record<string, string>>;
}

/** A private member of a class nobody can construct: no literal has it, and no copy with other numbers keeps it. */
declare class Planned {
  readonly #planned: true;
}

/**
 * An order that `plan()` made of an approved signal; nothing else can make one, and the broker takes nothing else.
 */
export interface Order extends Planned {
  /** ULID, unique for ever. */
  readonly intentId: string;
  /** Sent to IB and returned with every message about the order. Derived from the intent. */
  readonly orderRef: string;
  readonly symbol: string;
  readonly conId: number;
  readonly side: Side;
  readonly role: OrderRole;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly quantity: Micros;
  readonly lmtPrice: Micros | null;
  /** Trigger of a stop. */
  readonly auxPrice: Micros | null;
  readonly outsideRth: boolean;
  /** The entry this protects; the broker activates it when the parent fills. */
  readonly parentIntentId: string | null;
  /** Orders that cancel each other. */
  readonly ocaGroup: string | null;
  /** The algorithm's parent this is a slice of; null for an order sent whole. */
  readonly parentOrderId: string | null;
  /** Shares shown of an iceberg; null shows all. */
  readonly displaySize: Micros | null;
  /** Null for a plain order. */
  readonly algo: IbAlgo | null;
  /** False holds the order at TWS until a later one of its group says true. */
  readonly transmit: boolean;
  /** An order must not leave later than this, epoch ms. */
  readonly deadlineMs: number;
}

/** Everything of an order but its brand. */
export type OrderFacts = Omit<Order, never>;

declare class PlannedChange {
  readonly #plannedChange: true;
}

/** New prices of a working order, made by `tighten()` of what risk has proven; the broker takes no other change. */
export interface Change extends PlannedChange {
  /** Its id over the present connection. */
  readonly orderId: number;
  /** The order as it is to stand: TWS takes a change as the whole order once more, under the same id. */
  readonly order: OrderFacts;
}

/** Statuses as IB sends them (orderStatus). */
export type OrderStatus =
  | "PendingSubmit"
  | "PendingCancel"
  | "PreSubmitted"
  | "Submitted"
  | "ApiCancelled"
  | "Cancelled"
  | "Filled"
  | "Inactive";

export const FINAL_STATUSES: ReadonlySet<OrderStatus> = new Set([
  "ApiCancelled",
  "Cancelled",
  "Filled",
  "Inactive",
]);
