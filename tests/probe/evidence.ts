import type {
  ConnectionEvidence,
  Evidence,
  Holder,
  ListenerEvidence,
  ServerSide,
  SessionEvidence,
} from "../../lib/probe/evidence.ts";
import { seen } from "../../lib/probe/looker.ts";
import type { Program, ProgramKind } from "../../lib/probe/programs.ts";
import { CHECK_IDS } from "../../lib/probe/report.ts";

/** Evidence by hand, for the rules that no loopback peer can show. Spread and name what matters. */

export function program(
  kind: ProgramKind,
  label: string,
  ageMs: number | null = 3_600_000,
): Program {
  return { pid: 4711, kind, label, state: "S", ageMs, cpuPercent: 0, ours: true, forwardsTo: null };
}

export function holder(kind: ProgramKind, label: string, more: Partial<Holder> = {}): Holder {
  return { pid: 4711, kind, label, state: "S", ageMs: 3_600_000, forwardsTo: null, ...more };
}

export const NOBODY: ListenerEvidence = {
  authoritative: true,
  onPort: [],
  elsewhere: [],
  closeWaitCount: 0,
  establishedCount: 0,
  clients: [],
  upstreamCount: 0,
  ownersVisible: true,
};

export function listening(
  by: Holder | null,
  more: Partial<ListenerEvidence> = {},
): ListenerEvidence {
  return {
    ...NOBODY,
    onPort: [{
      address: "127.0.0.1",
      port: 4002,
      holder: by,
      queue: { waiting: 0, max: 50 },
      targetListens: null,
    }],
    ...more,
  };
}

/** A loopback connection that got no answer. */
export const SILENT: ConnectionEvidence = {
  purpose: "session",
  address: "127.0.0.1",
  clientId: 9001,
  outcome: "connected",
  errorCode: null,
  connectMs: 0,
  localAddress: "127.0.0.1",
  localPort: 50_000,
  sentBytes: 17,
  receivedBytes: 0,
  firstBytesHex: "",
  firstByteAfterMs: null,
  closedBy: "us",
  closedAfterMs: 5_000,
  waitedMs: 5_000,
  greeting: null,
  speaks: null,
  serverSide: null,
  foreignBytes: null,
  started: null,
  notReaped: null,
};

/** One that was greeted and started. */
export const STARTED: ConnectionEvidence = {
  ...SILENT,
  receivedBytes: 100,
  firstByteAfterMs: 3,
  speaks: "api",
  greeting: { serverVersion: 178, connectionTime: "20261120 09:30:00 EST", afterMs: 3 },
  started: true,
};

export const READ: ServerSide = {
  accepted: true,
  unreadBytes: 0,
  state: "ESTABLISHED",
  owner: holder("ib-gateway", "IB Gateway"),
  listenQueue: { waiting: 0, max: 50 },
  closeWaitCount: 0,
  establishedCount: 1,
  halfOpen: [],
  inner: null,
};

export const SESSION: SessionEvidence = {
  clientId: 9001,
  messages: [],
  nextValidId: { value: 1, afterMs: 5 },
  accounts: ["DU•••567"],
  accountsAfterMs: 4,
  mode: "paper",
  accountFound: null,
  clock: null,
  marketData: null,
  history: null,
  readOnly: null,
  openState: null,
  whatIf: null,
};

export function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    atMs: Date.parse("2026-11-23T15:00:00Z"),
    target: {
      host: "127.0.0.1",
      port: 4002,
      clientId: 9001,
      expectedMode: "paper",
      timeoutMs: 5_000,
      ordersWanted: true,
      addresses: ["127.0.0.1"],
      loopback: true,
    },
    observer: { platform: "linux", namespace: seen("host") },
    programs: seen([]),
    listener: seen(NOBODY),
    connections: [],
    session: null,
    calendar: null,
    ledger: null,
    wanted: new Set(CHECK_IDS),
    timings: new Map(),
    ...more,
  };
}
