import type { ConnectionState } from "../broker/broker.ts";
import type { Micros } from "../money.ts";
import type {
  CommissionBooked,
  ExecutionBooked,
  IntentFrozen,
  IntentRecorded,
  OrderChanged,
  OrderEvent,
  OrderMessage,
  OrderSent,
  ParentOrderEnded,
  ParentOrderStarted,
  ParentOrderStopped,
  QuoteSeen,
  RefusalRepeated,
  SignalGiven,
  SignalRefused,
} from "./entry_orders.ts";

export type {
  CommissionBooked,
  ExecutionBooked,
  IntentFrozen,
  IntentRecorded,
  OrderChanged,
  OrderEvent,
  OrderMessage,
  OrderSent,
  ParentOrderEnded,
  ParentOrderStarted,
  ParentOrderStopped,
  QuoteSeen,
  RefusalRepeated,
  SignalGiven,
  SignalRefused,
};

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
  | RefusalRepeated
  | IntentRecorded
  | OrderSent
  | OrderEvent
  | OrderMessage
  | OrderChanged
  | IntentFrozen
  | ParentOrderStarted
  | ParentOrderStopped
  | ParentOrderEnded
  | ExecutionBooked
  | CommissionBooked
  | AccountSnapshot
  | EquitySampled
  | Reconciled
  | Incident
  | Halted
  | HaltLifted
  | EntriesPaused
  | EntriesResumed
  | FlattenRequested
  | FarmChanged
  | ClockCompared
  | ProbeResult
  | DecisionsSummary
  | DayPrices;

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
  /** When the Gateway restarts by its timer, `23:45` exchange time; null when none is set, absent in old ledgers. */
  readonly gatewayRestart?: string | null;
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

/** A person wants no more entries; positions, stops and exits go on. Lifted by a person only. */
export interface EntriesPaused {
  readonly kind: "entries-paused";
  readonly actor: string;
  readonly because: string;
}

export interface EntriesResumed {
  readonly kind: "entries-resumed";
  readonly actor: string;
  readonly because: string;
}

/** A person wants every position of the session closed now; a session that starts later carries it out first. */
export interface FlattenRequested {
  readonly kind: "flatten-requested";
  readonly actor: string;
  readonly because: string;
}

/** A data farm went down, came back, or rests until it is asked (2103-2108, 2119, 2157, 2158). */
export interface FarmChanged {
  readonly kind: "farm-changed";
  /** As TWS names it: `usfarm`, `ushmds`, `secdefil`. */
  readonly farm: string;
  readonly service: "market-data" | "history" | "security-definition";
  readonly state: "up" | "down" | "inactive" | "connecting";
  readonly code: number;
}

/** TWS's clock against ours. Whole seconds come over the wire, so half a second either way is unknown. */
export interface ClockCompared {
  readonly kind: "clock-compared";
  /** Theirs less ours, ms; positive when TWS is ahead. */
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

export interface ProbeResult {
  readonly kind: "probe-result";
  readonly verdict: "ready" | "degraded" | "not-ready";
  readonly diagnosis: string | null;
  readonly elapsedMs: number;
}

/**
 * What the strategy said to its bars since the summary before, every hour and at the end: signals have entries of
 * their own, and "nothing" would flood the ledger.
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
    /** Every bar's answer, oldest first: a signal stands alone. Empty in ledgers older than this. */
    readonly spans: readonly DecisionSpan[];
  }[];
}

/** Bars one after another with the same answer; from the end of the first to the end of the last, epoch ms. */
export interface DecisionSpan {
  readonly from: number;
  readonly to: number;
  readonly bars: number;
  /** As it began: `nothing, because …`. */
  readonly answer: string;
}

/**
 * Once a session, at its end: what the market did in the symbols it traded, of the 5-second bars it was sent. Null
 * where none came. For slippage against the day's average and its close.
 */
export interface DayPrices {
  readonly kind: "day-prices";
  readonly symbols: readonly {
    readonly symbol: string;
    readonly vwap: number | null;
    readonly close: number | null;
    readonly volume: number | null;
    /** Milliseconds of the session its bars cover. */
    readonly coveredMs: number;
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
