import type { OrderRole, OrderStatus, OrderType } from "../orders/order.ts";
import type { Side } from "../strategy/strategy.ts";

/** The rows of the live feed's panels and streams. */

/** When something was so. */
export interface Stamp {
  /** By the session's clock. */
  readonly at: number;
  /** When the dashboard saw it happen, by the wall clock; null of what it found in the ledger when it started. */
  readonly seenAt: number | null;
}

/**
 * A number with its age, or why there is none. A lasting one stays true until an entry changes it; any other was
 * measured at its stamp and goes stale.
 */
export type Figure =
  | { readonly value: string; readonly stamp: Stamp; readonly lasting: boolean }
  | { readonly value: null; readonly because: string };

export interface LimitRow {
  readonly name: string;
  readonly label: string;
  /** What `used` is measured as. */
  readonly meaning: string;
  readonly unit: "percent" | "times" | "usd" | "count" | "ms";
  readonly limit: string;
  readonly used: Figure;
  /** used ÷ limit; null when unknown. */
  readonly share: number | null;
  /** Signals of today that it refused. */
  readonly blocked: number;
}

export interface PositionRow {
  readonly symbol: string;
  readonly name: string;
  readonly quantity: string;
  /** By average cost. */
  readonly averagePrice: string | null;
  readonly mark: Figure;
  readonly value: Figure;
  readonly unrealized: Figure;
  /** Today, before commissions. */
  readonly realized: string;
  /** What protects it at the broker, as the ledger knows it. */
  readonly stop:
    | {
      readonly price: string | null;
      readonly shares: string;
      readonly changed: OrderChange | null;
      readonly stamp: Stamp;
    }
    | null;
}

export interface OrderRow {
  readonly intentId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly role: OrderRole;
  readonly orderType: OrderType;
  readonly quantity: string;
  readonly filled: string;
  readonly lmtPrice: string | null;
  readonly auxPrice: string | null;
  /** The newest change of its prices; null of one that stands as it was ordered. */
  readonly changed: OrderChange | null;
  /** The algorithm's parent it is a slice of. */
  readonly parentOrderId: string | null;
  /** As the broker said it last; null when it said nothing yet. */
  readonly status: OrderStatus | null;
  /** Where the order stands in its life; `frozen` needs a person. */
  readonly phase: string;
  readonly whyHeld: string;
  readonly stamp: Stamp;
}

export interface OrderChange {
  /** `trailing`, `break-even`. */
  readonly rule: string;
  readonly because: string;
}

/** An order that an algorithm works in slices, while it is at work. */
export interface ParentRow {
  readonly parentOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: "enter" | "exit";
  /** `TWAP`, `VWAP`, `POV`, `ICEBERG`, `ADAPTIVE` … */
  readonly algorithm: string;
  /** Why this algorithm, with the numbers. */
  readonly because: string;
  readonly quantity: string;
  readonly filled: string;
  /** Shares of slices that may fill now. */
  readonly working: string;
  /** Slices sent so far. */
  readonly slices: number;
  readonly averagePrice: string | null;
  readonly limitPrice: string | null;
  /** First and last instant at which a slice may leave, by the session's clock. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stamp: Stamp;
}

export interface EquityPoint {
  readonly key: string;
  readonly at: number;
  readonly equity: string;
}

export interface ChartMark {
  readonly key: string;
  readonly at: number;
  readonly kind: "buy" | "sell" | "incident" | "halt";
  readonly text: string;
}

/** A signal and what became of it. */
export interface Decision {
  readonly key: string;
  readonly stamp: Stamp;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: "enter" | "exit";
  readonly rule: string;
  readonly reason: string;
  readonly outcome:
    | "waiting"
    | "refused"
    | "sent"
    | "filled"
    /** Its algorithm ended with less than it was to trade. */
    | "partly-filled"
    | "cancelled"
    | "rejected"
    | "frozen"
    /** Its session ended without an order for it. */
    | "dropped";
  /** Why it was refused with the numbers, or what was ordered and filled. */
  readonly text: string;
}

export interface IncidentRow {
  readonly key: string;
  readonly stamp: Stamp;
  readonly code: string;
  readonly severity: "note" | "warning" | "error";
  readonly symbol: string | null;
  readonly text: string;
}
