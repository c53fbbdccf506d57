import type { SessionClosed, SessionState } from "../ledger/entry.ts";
import type { OrderRole, OrderStatus, OrderType } from "../orders/order.ts";
import type { Side } from "../strategy/strategy.ts";

/**
 * The live feed, `robo-trader/live@1`, as JSON over the WebSocket `/live`.
 *
 * A client sends `subscribe` and gets a `snapshot`; after that come `delta`s. Each message has a `seq` one above the
 * one before; a client that misses one sends `subscribe` again. A reader that is too slow gets no deltas until it has
 * caught up, and then a snapshot, whose `seq` tells it so.
 *
 * Money, prices and shares are exact decimal text (`-1234.56`); times are epoch ms UTC.
 */
export const LIVE_SCHEMA = "robo-trader/live@1";

export type ServerMessage = Snapshot | Delta | Pong;

export interface Snapshot {
  readonly type: "snapshot";
  readonly schema: typeof LIVE_SCHEMA;
  readonly seq: number;
  /** The server's wall clock. */
  readonly now: number;
  readonly panels: Panels;
  readonly streams: Streams;
}

/** What changed: whole panels, and rows of streams to be put in place of those with the same key, or added. */
export interface Delta {
  readonly type: "delta";
  readonly seq: number;
  readonly now: number;
  readonly panels: Partial<Panels>;
  readonly streams: Partial<Streams>;
}

export interface Pong {
  readonly type: "pong";
  readonly now: number;
}

/** All that a client may say; anything else closes its connection. */
export type ClientMessage = { readonly type: "subscribe" } | { readonly type: "ping" };

/** Replaced whole when anything in them changes. */
export interface Panels {
  readonly ledger: LedgerPanel;
  /** Null while the ledger knows of no session. */
  readonly session: SessionPanel | null;
  readonly market: MarketPanel;
  readonly gateway: GatewayPanel;
  readonly halt: HaltPanel;
  readonly pause: PausePanel;
  readonly flatten: FlattenPanel;
  readonly account: AccountPanel;
  readonly limits: readonly LimitRow[];
  readonly positions: readonly PositionRow[];
  readonly orders: readonly OrderRow[];
  readonly parents: readonly ParentRow[];
  readonly probe: ProbePanel | null;
  readonly reconciled: ReconciledPanel | null;
  readonly schedule: SchedulePanel;
  readonly reports: readonly ReportLink[];
  readonly control: ControlPanel;
}

/** Grow row by row; of each, the newest `STREAM_ROWS_MAX` are kept, oldest first. */
export interface Streams {
  readonly equity: readonly EquityPoint[];
  readonly marks: readonly ChartMark[];
  readonly decisions: readonly Decision[];
  readonly incidents: readonly IncidentRow[];
}

/** A trading day has 390 samples; every stream fits a day, and a page stays light. */
export const STREAM_ROWS_MAX: Readonly<Record<keyof Streams, number>> = {
  equity: 800,
  marks: 400,
  decisions: 200,
  incidents: 100,
};

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

export interface LedgerPanel {
  readonly state: "missing" | "reading" | "following" | "unreadable";
  /** In words, for a state that is not `following`. */
  readonly because: string | null;
  /** Since when it is in this state. */
  readonly since: number;
  /** Newest entry shown; 0 of an empty ledger. */
  readonly seq: number;
  readonly hash: string | null;
}

export interface SessionPanel {
  readonly sessionId: string;
  /** What the session is doing; null before it said so. */
  readonly state: SessionState | null;
  readonly because: string;
  readonly stamp: Stamp;
  /** Null while it has not ended. */
  readonly closed: { readonly outcome: SessionClosed["outcome"]; readonly because: string } | null;
  /** Its newest entry. */
  readonly last: Stamp;
  /** In its present state it writes at least this often; null when silence means nothing. */
  readonly quietMaxMs: number | null;
  /** The session whose figures are shown: this one, or the one before while this one is not open yet. */
  readonly opened: OpenedSession | null;
}

export interface OpenedSession {
  readonly sessionId: string;
  readonly mode: "paper" | "live";
  /** Masked: `DU•••567`. */
  readonly account: string;
  readonly exchange: string;
  readonly date: string;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly strategy: string;
  readonly symbols: number;
  /** `wall`, `virtual` or `simulated x60`; times of another clock than the wall's have no age by themselves. */
  readonly clock: string;
  readonly codeVersion: string;
}

/** The exchange by its calendar and the wall clock. */
export type MarketPanel =
  & { readonly exchange: string; readonly zone: string }
  & (
    | {
      readonly known: true;
      readonly open: boolean;
      /** When it next opens, or closes. */
      readonly changesAt: number;
      /** Why it closes early; null of a full day. */
      readonly early: string | null;
    }
    | { readonly known: false; readonly because: string }
  );

/** One link of the chain to the market: a word, what stands behind it, and since when. */
export interface Lamp {
  readonly tone: "good" | "warning" | "bad" | "unknown";
  readonly word: string;
  readonly because: string;
  readonly stamp: Stamp | null;
}

/** The way to the broker as the session experienced it. The dashboard itself never touches it. */
export interface GatewayPanel {
  readonly port: Lamp;
  readonly session: Lamp;
  readonly data: Lamp;
  /** The worst of `farmList` speaks for all. */
  readonly farms: Lamp;
  readonly clock: Lamp;
  /** IB's data farms as TWS reported them to this session. */
  readonly farmList: readonly FarmRow[];
  /** TWS's clock less ours, ms; null when the session did not compare them. */
  readonly clockOffsetMs: number | null;
  /** Newest last. */
  readonly timeline: readonly LinkEvent[];
}

export interface FarmRow {
  /** `usfarm`, `ushmds`, `secdefil`. */
  readonly farm: string;
  readonly service: "market-data" | "history" | "security-definition";
  /** An inactive one comes up when something is asked of it. */
  readonly state: "up" | "down" | "inactive" | "connecting";
  readonly stamp: Stamp;
}

/** The connection changed, or a farm failed or came back. */
export interface LinkEvent {
  readonly key: string;
  readonly tone: Lamp["tone"];
  /** `ready`, `usfarm down`. */
  readonly state: string;
  readonly detail: string;
  readonly stamp: Stamp;
}

/** What a person, or the session itself, decided, and when. */
export interface Ruling {
  readonly actor: string;
  readonly because: string;
  readonly stamp: Stamp;
}

/** No entries, in this session and later ones, until a person resumes. */
export type HaltPanel = { readonly halted: false } | ({ readonly halted: true } & Ruling);

/** A person wants no more entries for now. */
export type PausePanel = { readonly paused: false } | ({ readonly paused: true } & Ruling);

/** A person wants every position closed, and some are not yet. */
export type FlattenPanel = { readonly pending: false } | ({ readonly pending: true } & Ruling);

export interface AccountPanel {
  /** Cash and positions at their newest marks. */
  readonly equity: Figure;
  /** The broker's net liquidation when the day began. */
  readonly start: Figure;
  /** Realised, unrealised and costs together. */
  readonly pnl: Figure;
  readonly realized: Figure;
  readonly unrealized: Figure;
  readonly commissions: Figure;
  /** The rest of `pnl`: what positions of days before had gained when the day began, turned around. */
  readonly carried: Figure;
  /** Fills whose commission the broker has not said yet; while there are any, net figures are provisional. */
  readonly provisionalFills: number;
  /** Below the day's highest sample; never negative. */
  readonly drawdown: Figure;
  readonly gross: Figure;
  readonly net: Figure;
  readonly cash: Figure;
  /** The broker's own word. */
  readonly netLiquidation: Figure;
  readonly counts: DayCounts;
}

/** Of the exchange day. */
export interface DayCounts {
  readonly signals: number;
  readonly refused: number;
  /** Stops included. */
  readonly orders: number;
  readonly fills: number;
  /** refusal code → times */
  readonly refusals: Readonly<Record<string, number>>;
}

export interface LimitRow {
  readonly name: string;
  readonly label: string;
  /** What `used` is measured as. */
  readonly meaning: string;
  readonly unit: "percent" | "times" | "usd" | "count";
  readonly limit: string;
  readonly used: Figure;
  /** used ÷ limit; null when unknown. */
  readonly share: number | null;
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

export interface ProbePanel {
  readonly verdict: "ready" | "degraded" | "not-ready";
  /** Code of the cause; null when it found none. */
  readonly diagnosis: string | null;
  /** The cause in words; null when the code has none. */
  readonly title: string | null;
  readonly elapsedMs: number;
  readonly stamp: Stamp;
}

export interface ReconciledPanel {
  readonly at: "start" | "end" | "reconnect";
  readonly fills: number;
  readonly differences: readonly string[];
  readonly stamp: Stamp;
}

/** What `deno task schedule` wrote down. */
export type SchedulePanel =
  | { readonly known: false; readonly because: string }
  | {
    readonly known: true;
    readonly next: { readonly step: string; readonly at: number } | null;
    readonly lastCompleted:
      | {
        readonly step: string;
        readonly date: string;
        readonly exitCode: number;
        readonly at: number;
      }
      | null;
    /** `probe 2 times in a row`; empty when nothing fails. */
    readonly failures: readonly string[];
  };

export interface ReportLink {
  readonly name: string;
  /** Path on this server. */
  readonly href: string;
  /** When the page was written. */
  readonly at: number;
}

/** What a person may tell the system from the page; the same words as in the terminal. */
export type Verb = "halt" | "flatten" | "pause" | "resume";

export interface ControlPanel {
  readonly allowed: boolean;
}
