import type { Look, Namespace } from "./looker.ts";
import type { Program, ProgramKind } from "./programs.ts";
import type { Speaker } from "./recognise.ts";
import type { CheckId, Mode } from "./report.ts";

/**
 * Everything a run observed, and nothing it concluded: the checks and the diagnoses are pure functions of this.
 * A part that is null was not gathered; a `Look` that was not seen could not be.
 */
export interface Evidence {
  /** When the run ended, epoch ms, by the Gateway's time. */
  readonly atMs: number;
  readonly target: TargetEvidence;
  readonly observer: ObserverEvidence;
  readonly programs: Look<readonly Program[]> | null;
  readonly listener: Look<ListenerEvidence> | null;
  /** In the order they were made; three at most. The last one that got furthest carries the session. */
  readonly connections: readonly ConnectionEvidence[];
  readonly session: SessionEvidence | null;
  readonly calendar: Look<CalendarEvidence> | null;
  readonly ledger: Look<LedgerEvidence> | null;
  /** Checks that were asked for; the others are `not-run`. */
  readonly wanted: ReadonlySet<CheckId>;
  /** check → how long it took */
  readonly timings: ReadonlyMap<CheckId, number>;
}

export interface TargetEvidence {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  readonly expectedMode: Mode | null;
  readonly timeoutMs: number;
  /** Whether the caller means to place orders: a read-only API is then a failure, not a warning. */
  readonly ordersWanted: boolean;
  /** What the host's name stands for, in the order it is tried. */
  readonly addresses: readonly string[];
  /** Every address is this machine's own loopback. */
  readonly loopback: boolean;
}

export interface ObserverEvidence {
  readonly platform: string;
  readonly namespace: Look<Namespace>;
}

/** A program that holds a socket. */
export interface Holder {
  readonly pid: number;
  readonly kind: ProgramKind;
  readonly label: string;
  /** R, S, D, T …; null where not seen. */
  readonly state: string | null;
  readonly ageMs: number | null;
  readonly forwardsTo: string | null;
}

export interface ListenerRow {
  readonly address: string;
  readonly port: number;
  readonly holder: Holder | null;
  readonly queue: { readonly waiting: number; readonly max: number | null } | null;
  /** Of a relay whose target is on this machine: whether anything listens there. */
  readonly targetListens: boolean | null;
}

/** The socket table before we touched anything, as far as it concerns the target. */
export interface ListenerEvidence {
  /** False when this machine's table says nothing about the target (another host, Windows behind WSL). */
  readonly authoritative: boolean;
  readonly onPort: readonly ListenerRow[];
  /** Where else programs of IB, relays on standard ports, or ours listen. */
  readonly elsewhere: readonly ListenerRow[];
  readonly closeWaitCount: number;
  readonly establishedCount: number;
  /** Clients of the port that hold an open connection, by their side of it. */
  readonly clients: readonly ClientRow[];
  /** Connections of IB programs to IBKR; null where their sockets are hidden from us. */
  readonly upstreamCount: number | null;
  /** False when rows are there but their owners are hidden. */
  readonly ownersVisible: boolean;
}

export interface ClientRow {
  readonly holder: Holder | null;
  readonly localPort: number;
  /** Bytes the server sent that the client has not read. */
  readonly unreadBytes: number | null;
  /** Whether the server has accepted it, and bytes the server has not read of it. */
  readonly accepted: boolean | null;
  readonly serverUnreadBytes: number | null;
}

export type ConnectOutcome =
  | "connected"
  | "refused"
  | "timeout"
  | "unreachable"
  /** The operating system or Deno would not let us. */
  | "denied"
  | "failed";

export type ClosedBy = "peer-fin" | "peer-rst" | "us" | null;

/** One connection of ours. */
export interface ConnectionEvidence {
  readonly purpose: "session" | "tls-check";
  readonly address: string;
  readonly clientId: number | null;
  readonly outcome: ConnectOutcome;
  readonly errorCode: string | null;
  readonly connectMs: number;
  readonly localAddress: string | null;
  readonly localPort: number | null;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Up to 64 bytes, hex. */
  readonly firstBytesHex: string;
  readonly firstByteAfterMs: number | null;
  readonly closedBy: ClosedBy;
  /** Since our first write. */
  readonly closedAfterMs: number | null;
  /** How long we were ready to wait for an answer, since our first write. */
  readonly waitedMs: number;
  readonly greeting: Greeting | null;
  /** What the first bytes are; null when none came. */
  readonly speaks: Speaker["speaks"] | null;
  /** What our connection looks like from the server's end, looked at while it was silent. */
  readonly serverSide: Look<ServerSide> | null;
  /** Bytes that are not API, sent to a program that is not IB's: `\r\n\r\n`, a TLS ClientHello. */
  readonly foreignBytes: "http" | "tls" | null;
  /** Whether an order id and accounts came; null when the conversation did not get there. */
  readonly started: boolean | null;
  /** Whether the server's end was still in CLOSE_WAIT after we had closed; null when not looked. */
  readonly notReaped: boolean | null;
}

export interface Greeting {
  readonly serverVersion: number;
  readonly connectionTime: string;
  readonly afterMs: number;
}

export interface ServerSide {
  /** False: it sits in the listener's queue. Null where the platform does not show it. */
  readonly accepted: boolean | null;
  readonly unreadBytes: number | null;
  readonly state: string;
  readonly owner: Holder | null;
  readonly listenQueue: { readonly waiting: number; readonly max: number | null } | null;
  readonly closeWaitCount: number;
  readonly establishedCount: number;
  /** Other clients that hold a connection on which nothing happens: the ones to stop first. */
  readonly halfOpen: readonly ClientRow[];
  /** Behind a relay: its own connection to what it relays to. */
  readonly inner: InnerLeg | null;
}

/** A relay's outgoing connection. */
export interface InnerLeg {
  readonly target: string;
  readonly state: string;
  readonly accepted: boolean | null;
  readonly unreadBytes: number | null;
  readonly owner: Holder | null;
}

export interface ServerMessage {
  readonly code: number;
  readonly text: string;
  readonly requestId: number;
  readonly afterMs: number;
}

/** What came after the greeting. */
export interface SessionEvidence {
  readonly clientId: number;
  /** Errors and notices in wire order. */
  readonly messages: readonly ServerMessage[];
  readonly nextValidId: { readonly value: number; readonly afterMs: number } | null;
  /** Masked. Empty when the message came empty, null when it did not come. */
  readonly accounts: readonly string[] | null;
  readonly accountsAfterMs: number | null;
  readonly mode: Mode | "mixed" | null;
  /** False when the caller named an account that is not among them. */
  readonly accountFound: boolean | null;
  readonly clock: ClockEvidence | null;
  readonly marketData: MarketDataEvidence | null;
  readonly history: HistoryEvidence | null;
  readonly readOnly: ReadOnlyEvidence | null;
  readonly openState: OpenStateEvidence | null;
  readonly whatIf: WhatIfEvidence | null;
}

export interface ClockEvidence {
  readonly answered: boolean;
  /** Gateway minus ours. IB tells whole seconds before server version 197: then 0 means "within that second". */
  readonly skewMs: number | null;
  readonly roundTripMs: number | null;
  readonly resolutionMs: number;
  /** More than this is a wrong clock. */
  readonly limitMs: number;
}

export interface MarketDataEvidence {
  readonly symbol: string;
  readonly kind: "live" | "frozen" | "delayed" | "delayed-frozen" | null;
  /** A price came. */
  readonly priced: boolean;
  readonly afterMs: number | null;
  readonly codes: readonly number[];
}

export interface HistoryEvidence {
  readonly symbol: string;
  readonly bars: number | null;
  readonly afterMs: number | null;
  readonly codes: readonly number[];
  readonly text: string | null;
}

export interface ReadOnlyEvidence {
  /** Null: neither an id nor a refusal came. */
  readonly readOnly: boolean | null;
}

export interface OpenStateEvidence {
  /** Lists that a read-only API refuses to show. */
  readonly refused: readonly string[];
  /** Other lists whose End marker did not come, by name. */
  readonly incomplete: readonly string[];
  readonly positions: number;
  readonly workingOrders: number;
  readonly executions: number;
  /** Against the ledger; null without one. */
  readonly differences: readonly string[] | null;
}

export interface WhatIfEvidence {
  readonly outcome: "accepted" | "refused" | "unanswered" | "not-a-paper-account";
  readonly code: number | null;
  readonly text: string | null;
}

export interface CalendarEvidence {
  readonly exchange: string;
  readonly open: boolean;
  /** For people: `NYSE opens in 1 min, closes 16:00 ET`. */
  readonly text: string;
}

export interface LedgerEvidence {
  readonly entries: number;
  /** False: too many entries to go through them all. */
  readonly verified: boolean;
  /** First entry whose hash does not hold; null when the chain does. */
  readonly firstBreak: number | null;
  readonly freeBytes: number | null;
}
