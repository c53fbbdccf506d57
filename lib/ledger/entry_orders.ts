import type { Micros } from "../money.ts";
import type { IbAlgo, OrderRole, OrderStatus, OrderType, TimeInForce } from "../orders/order.ts";
import type { Reason, Side } from "../strategy/strategy.ts";

/** The entries of an order's way: why it was wanted, what was sent, and what became of it. */

/** Bid and ask at an instant; null where there was none. */
export interface QuoteSeen {
  readonly bid: number | null;
  readonly ask: number | null;
  readonly time: number;
}

export interface SignalGiven {
  readonly kind: "signal";
  /** `<sessionId>-s<n>`, unique. */
  readonly signalId: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: "enter" | "exit";
  readonly stopPrice: number | null;
  readonly reason: Reason;
  readonly quote: QuoteSeen;
  /** Entries of one group are held together or not at all; unique for ever. Null without one. */
  readonly group: string | null;
}

export interface SignalRefused {
  readonly kind: "refused";
  readonly signalId: string;
  readonly symbol: string;
  /** Stable code of `lib/risk/refusals.ts`. */
  readonly code: string;
  /** The number that was too large (or small), and its limit, as decimal text; empty when there is none. */
  readonly value: string;
  readonly limit: string;
}

/** How often a refused signal came again and was refused for the same reason: once, when that was over. */
export interface RefusalRepeated {
  readonly kind: "refusal-repeated";
  /** Of the first, which has a refusal of its own. */
  readonly signalId: string;
  readonly symbol: string;
  readonly code: string;
  /** As they were the last time. */
  readonly value: string;
  readonly limit: string;
  /** Without the first; 1 or more. */
  readonly count: number;
  /** The last time, epoch ms. */
  readonly lastAt: number;
}

/** Written durably before a byte of the order goes to the socket. */
export interface IntentRecorded {
  readonly kind: "intent";
  readonly intentId: string;
  readonly signalId: string | null;
  readonly orderRef: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly conId: number;
  readonly side: Side;
  readonly role: OrderRole;
  readonly orderType: OrderType;
  readonly tif: TimeInForce;
  readonly quantity: Micros;
  readonly lmtPrice: Micros | null;
  readonly auxPrice: Micros | null;
  readonly parentIntentId: string | null;
  readonly ocaGroup: string | null;
  /** The algorithm's parent this is a slice of; null for an order sent whole, and for ledgers older than parents. */
  readonly parentOrderId: string | null;
  /** Shares shown of an iceberg; null shows all. */
  readonly displaySize: Micros | null;
  /** An algorithm IB works the order by, `Adaptive`, with its tags; null for a plain order. */
  readonly algo: IbAlgo | null;
  readonly deadlineMs: number;
  /** Why this size and these prices, in words with the numbers. */
  readonly sizing: string;
  readonly quote: QuoteSeen;
}

export interface OrderSent {
  readonly kind: "order-sent";
  readonly intentId: string;
  readonly orderId: number;
}

/** A change of status worth remembering; repeats are dropped. */
export interface OrderEvent {
  readonly kind: "order-event";
  /** Null for an order that is not ours (entered by hand). */
  readonly intentId: string | null;
  readonly orderId: number;
  readonly permId: number;
  readonly symbol: string;
  readonly status: OrderStatus;
  readonly filled: Micros;
  readonly remaining: Micros;
  readonly avgFillPrice: Micros | null;
  readonly whyHeld: string;
  /** `not-sent`: proven absent at the broker; `local`: our own cancel request. */
  readonly source: "status" | "open-orders" | "completed-orders" | "local" | "not-sent";
}

export interface OrderMessage {
  readonly kind: "order-message";
  readonly intentId: string | null;
  readonly orderId: number;
  readonly code: number;
  readonly text: string;
}

/** New prices for a working order, durable before the change leaves. A protective stop only ever tightens. */
export interface OrderChanged {
  readonly kind: "order-changed";
  readonly intentId: string;
  readonly symbol: string;
  readonly lmtPrice: Micros | null;
  readonly auxPrice: Micros | null;
  /**
   * Stable: `trailing`, `break-even`; `again` repeats one that was lost; `broker` is found so at the broker, `not-sent`
   * is what it goes back to because the change never left.
   */
  readonly rule: string;
  /** The numbers it stands on, in words. */
  readonly because: string;
}

/**
 * An approved signal that an algorithm works in slices, written before its first slice. Until its end everything it
 * may still cost is reserved. Its slices are intents that name it.
 */
export interface ParentOrderStarted {
  readonly kind: "parent-order";
  /** ULID, unique for ever. */
  readonly parentOrderId: string;
  readonly signalId: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: "enter" | "exit";
  readonly quantity: Micros;
  /** `TWAP`, `VWAP`, `POV`, `ICEBERG`, `ADAPTIVE`, `MARKET`, `LIMIT`, or IB's own `IB_ADAPTIVE`, `IB_TWAP`, `IB_VWAP`. */
  readonly algorithm: string;
  /** Why this algorithm, with the numbers the choice stands on. */
  readonly because: string;
  /** First and last instant at which a slice may leave, epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly seed: number;
  /** The worst price risk allows, and where each slice's stop goes; null for an exit. */
  readonly limitPrice: Micros | null;
  readonly stopPrice: Micros | null;
  /** The most it can cost; of an exit 0. */
  readonly reserved: Micros;
  readonly sizing: string;
  /** Shares the market is expected to trade between start and end; null when nobody knows. */
  readonly expectedVolume: Micros | null;
  /** At arrival. */
  readonly quote: QuoteSeen;
}

/** The parent gets no more slices; it ends once nothing of it works. Written so that a restart does not go on with it. */
export interface ParentOrderStopped {
  readonly kind: "parent-stopped";
  readonly parentOrderId: string;
  readonly symbol: string;
  readonly because: string;
}

/** Nothing of this parent works any more and nothing of it will be sent. */
export interface ParentOrderEnded {
  readonly kind: "parent-ended";
  readonly parentOrderId: string;
  readonly symbol: string;
  readonly outcome: "filled" | "partly-filled" | "unfilled";
  readonly because: string;
  readonly filled: Micros;
  /** Ordered less filled: what is not there and will not come. */
  readonly remainder: Micros;
  /** Average of its fills; null without any. */
  readonly avgFillPrice: Micros | null;
  /** Of what everybody traded between its start and its end, from 5-second bars; null where they are missing. */
  readonly intervalVwap: number | null;
  readonly marketVolume: Micros | null;
  /** At its end. */
  readonly quote: QuoteSeen;
}

/** What became of this intent cannot be proven; a human has to look. */
export interface IntentFrozen {
  readonly kind: "intent-frozen";
  readonly intentId: string;
  readonly symbol: string;
  readonly because: string;
}

export interface ExecutionBooked {
  readonly kind: "execution";
  /** IB's `xxxxxxxx.xxxxxxxx.01.01`; a correction has the same stem and a higher last segment. */
  readonly execId: string;
  readonly intentId: string | null;
  readonly orderId: number;
  readonly permId: number;
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
  readonly lastLiquidity: number;
  readonly quote: QuoteSeen;
}

export interface CommissionBooked {
  readonly kind: "commission";
  readonly execId: string;
  readonly amount: Micros;
  readonly currency: string;
  /** As the broker computes it; null for an opening fill. */
  readonly realizedPnl: Micros | null;
}
