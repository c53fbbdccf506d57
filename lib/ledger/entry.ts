import type { Micros } from "../money.ts";
import type { OrderRole, OrderStatus, OrderType, TimeInForce } from "../orders/order.ts";
import type { Reason, Side } from "../strategy/strategy.ts";
import type { ConnectionState } from "../broker/broker.ts";

/**
 * What the ledger remembers: a closed union, one member per `kind`. An entry is a fact that happened; it is never
 * changed or deleted. Positions, cash, orders and P&L are folds over these.
 *
 * On disk a body is canonical JSON; Micros are decimal strings there (`"182.94"`), times epoch ms UTC.
 */
export type EntryBody =
  | SessionOpened
  | StateChanged
  | SessionClosed
  | ConnectionChanged
  | InstrumentKnown
  | SignalGiven
  | SignalRefused
  | IntentRecorded
  | OrderSent
  | OrderEvent
  | OrderMessage
  | IntentFrozen
  | ExecutionBooked
  | CommissionBooked
  | AccountSnapshot
  | EquitySampled
  | Reconciled
  | Incident
  | Halted
  | HaltLifted
  | ProbeResult
  | DecisionsSummary;

export type EntryKind = EntryBody["kind"];

export interface SessionOpened {
  readonly kind: "session-opened";
  readonly mode: "paper" | "live";
  readonly account: string;
  /** Exchange date `2026-11-20`, its open and close, epoch ms. */
  readonly exchange: string;
  readonly date: string;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly strategy: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly symbols: readonly string[];
  /** `wall`, `virtual`, or `gateway x60`. */
  readonly clock: string;
  readonly configHash: string;
  readonly codeVersion: string;
  /** Each limit in force by name, as decimal text. */
  readonly limits: Readonly<Record<string, string>>;
}

export type SessionState =
  | "preflight"
  | "connecting"
  | "reconciling"
  | "warming-up"
  | "waiting-for-open"
  | "trading"
  | "winding-down"
  | "flattening"
  | "settling"
  | "closed"
  | "failed";

export interface StateChanged {
  readonly kind: "state-changed";
  readonly from: SessionState | null;
  readonly to: SessionState;
  readonly because: string;
}

export interface SessionClosed {
  readonly kind: "session-closed";
  readonly outcome: "done" | "halted" | "interrupted" | "failed";
  readonly because: string;
}

export interface ConnectionChanged {
  readonly kind: "connection-changed";
  readonly state: ConnectionState;
  readonly detail: string;
}

export interface InstrumentKnown {
  readonly kind: "instrument";
  readonly symbol: string;
  readonly conId: number;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly minTick: Micros;
  readonly longName: string;
  readonly industry: string;
}

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

/** The broker's own word on the account. */
export interface AccountSnapshot {
  readonly kind: "account-snapshot";
  readonly at: "start" | "end" | "during";
  readonly account: string;
  readonly cash: Micros;
  readonly netLiquidation: Micros;
  readonly positions: readonly {
    readonly symbol: string;
    readonly conId: number;
    readonly quantity: Micros;
    readonly avgCost: Micros;
  }[];
}

/** Our own valuation, once a minute while trading: the equity curve. */
export interface EquitySampled {
  readonly kind: "equity";
  readonly cash: Micros;
  readonly equity: Micros;
  readonly realizedPnl: Micros;
  readonly unrealizedPnl: Micros;
  readonly commissions: Micros;
  readonly grossExposure: Micros;
  readonly netExposure: Micros;
  /** symbol → mark used, decimal text; only of positions held. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Ledger against broker. An empty list of differences opens the session, or closes the books. */
export interface Reconciled {
  readonly kind: "reconciled";
  readonly at: "start" | "end" | "reconnect";
  readonly fills: { readonly ledger: number; readonly broker: number };
  readonly positions: { readonly ledger: number; readonly broker: number };
  readonly cash: { readonly ledger: Micros; readonly broker: Micros };
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly what: "position" | "cash" | "execution" | "order";
  /** Symbol, execId or orderRef. */
  readonly key: string;
  readonly ledger: string;
  readonly broker: string;
}

export interface Incident {
  readonly kind: "incident";
  /** Stable: `link-lost`, `farm-down`, `order-rejected`, `stale-data` … */
  readonly code: string;
  readonly severity: "note" | "warning" | "error";
  readonly symbol: string | null;
  readonly text: string;
  /** How long it lasted when known at writing; null for an instant or an open end. */
  readonly durationMs: number | null;
}

export interface Halted {
  readonly kind: "halted";
  readonly actor: string;
  readonly because: string;
}

export interface HaltLifted {
  readonly kind: "halt-lifted";
  readonly actor: string;
  readonly because: string;
}

export interface ProbeResult {
  readonly kind: "probe-result";
  readonly verdict: "ready" | "degraded" | "not-ready";
  readonly diagnosis: string | null;
  readonly elapsedMs: number;
}

/**
 * What the strategy said to its bars, once a session: signals have entries of their own, and "nothing" would flood
 * the ledger.
 */
export interface DecisionsSummary {
  readonly kind: "decisions-summary";
  readonly symbols: readonly {
    readonly symbol: string;
    /** Bars it was asked about, those it answered with a signal, and those that came too late to act on. */
    readonly bars: number;
    readonly withSignal: number;
    readonly late: number;
    /** End of the newest bar, epoch ms, and the answer to it: `nothing, because …`. */
    readonly lastBarAt: number;
    readonly last: string;
  }[];
}

/** An entry as it stands in the ledger. */
export interface Entry<B extends EntryBody = EntryBody> {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** When it was written, by the session's clock, epoch ms. */
  readonly at: number;
  readonly sessionId: string;
  readonly body: B;
  /** SHA-256, hex, over the previous hash and this entry's canonical text. */
  readonly hash: string;
}

export type EntryOf<K extends EntryKind> = Entry<Extract<EntryBody, { readonly kind: K }>>;
