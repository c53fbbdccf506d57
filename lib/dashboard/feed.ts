import type { SessionClosed, SessionState } from "../ledger/entry.ts";
import type { Instruction } from "../ledger/operator.ts";
import type {
  ChartMark,
  Decision,
  EquityPoint,
  Figure,
  IncidentRow,
  LimitRow,
  OrderChange,
  OrderRow,
  ParentRow,
  PositionRow,
  Stamp,
} from "./feed_rows.ts";

export type { Instruction };
export type {
  ChartMark,
  Decision,
  EquityPoint,
  Figure,
  IncidentRow,
  LimitRow,
  OrderChange,
  OrderRow,
  ParentRow,
  PositionRow,
  Stamp,
};

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

/** A person wants every position closed: until the halt it came with is lifted, or a day ended without any. */
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

/** Whether the page may give instructions; they are `POST`ed to the server, never said over the feed. */
export interface ControlPanel {
  readonly allowed: boolean;
}
