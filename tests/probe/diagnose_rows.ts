import type { Evidence, ListenerEvidence, ServerSide } from "../../lib/probe/evidence.ts";
import { seen, unseen } from "../../lib/probe/looker.ts";
import type { CauseCode } from "../../lib/probe/report.ts";
import {
  evidence,
  holder,
  listening,
  NOBODY,
  program,
  READ,
  SESSION,
  SILENT,
  STARTED,
} from "./evidence.ts";

/** Evidence, and the cause it has to be given first. */
export interface Row {
  readonly name: string;
  readonly evidence: Evidence;
  readonly first: CauseCode;
  readonly shows?: RegExp;
  /** The first diagnosis must not be called sure. */
  readonly open?: boolean;
}

export function elsewhere(
  port: number,
  more: Partial<ListenerEvidence> = {},
): Evidence["listener"] {
  const row = {
    address: "127.0.0.1",
    port,
    holder: holder("tws", "TWS"),
    queue: null,
    targetListens: null,
  };
  return seen({ ...NOBODY, elsewhere: [row], ...more });
}

const TARGET = evidence().target;
const REMOTE: Partial<Evidence> = {
  target: { ...TARGET, host: "192.168.1.9", addresses: ["192.168.1.9"], loopback: false },
  listener: seen({ ...NOBODY, authoritative: false }),
};
const FAR = { ...SILENT, address: "192.168.1.9", localAddress: "192.168.1.20" };

export function silent(side: Partial<ServerSide>, more: Partial<Evidence> = {}): Evidence {
  const connection = { ...SILENT, serverSide: seen({ ...READ, ...side }) };
  return evidence({ listener: seen(listening(READ.owner)), connections: [connection], ...more });
}

export const ROWS: readonly Row[] = [
  {
    name: "no program, no listener",
    evidence: evidence(),
    first: "not-running",
  },
  {
    name: "no program, no listener, in a container",
    evidence: evidence({ observer: { platform: "linux", namespace: seen("container") } }),
    first: "not-running",
    open: true,
  },
  {
    name: "TWS without a listener and without a link to IBKR",
    evidence: evidence({ programs: seen([program("tws", "TWS")]) }),
    first: "at-login",
    shows: /nobody is logged in/,
  },
  {
    name: "TWS logged in, without a listener",
    evidence: evidence({
      programs: seen([program("tws", "TWS")]),
      listener: seen({ ...NOBODY, upstreamCount: 2 }),
    }),
    first: "api-disabled",
  },
  {
    name: "IB Gateway logged in, without a listener",
    evidence: evidence({
      programs: seen([program("ib-gateway", "IB Gateway")]),
      listener: seen({ ...NOBODY, upstreamCount: 2 }),
    }),
    first: "starting-or-restarting",
    open: true,
  },
  {
    name: "TWS of another user, whose sockets are hidden",
    evidence: evidence({
      programs: seen([program("tws", "TWS")]),
      listener: seen({ ...NOBODY, upstreamCount: null }),
    }),
    first: "at-login",
    open: true,
  },
  {
    name: "IB Gateway started a minute ago",
    evidence: evidence({ programs: seen([program("ib-gateway", "IB Gateway", 60_000)]) }),
    first: "starting-or-restarting",
    open: true,
  },
  {
    name: "TWS listens on 7496 and 4002 was asked",
    evidence: evidence({ listener: elsewhere(7496) }),
    first: "wrong-port",
    shows: /7496 \(TWS, live\)/,
  },
  {
    name: "4001 listens and 4002 was asked",
    evidence: evidence({ listener: elsewhere(4001) }),
    first: "other-mode-port",
    shows: /4001 \(IB Gateway, live\)/,
  },
  {
    name: "only IBKR Desktop runs",
    evidence: evidence({ programs: seen([program("ibkr-desktop", "IBKR Desktop")]) }),
    first: "wrong-program",
  },
  {
    name: "nobody listens, and programs cannot be listed",
    evidence: evidence({ programs: unseen("ps is not installed") }),
    first: "not-running",
    shows: /ps is not installed/,
    open: true,
  },
  {
    name: "refused under WSL",
    evidence: evidence({
      observer: { platform: "linux", namespace: seen("wsl") },
      listener: seen({ ...NOBODY, authoritative: false }),
      connections: [{ ...SILENT, outcome: "refused", errorCode: "ECONNREFUSED" }],
    }),
    first: "other-namespace",
  },
  {
    name: "refused by another machine",
    evidence: evidence({ ...REMOTE, connections: [{ ...FAR, outcome: "refused" }] }),
    first: "not-running",
    open: true,
  },
  {
    name: "another machine swallows the connect",
    evidence: evidence({ ...REMOTE, connections: [{ ...FAR, outcome: "timeout" }] }),
    first: "firewall",
  },
  {
    name: "loopback swallows the connect, the queue is full",
    evidence: evidence({
      listener: seen({
        ...NOBODY,
        onPort: [{
          address: "*",
          port: 4002,
          holder: holder("ib-gateway", "IB Gateway"),
          queue: { waiting: 51, max: 50 },
          targetListens: null,
        }],
      }),
      connections: [{ ...SILENT, outcome: "timeout" }],
    }),
    first: "listener-stuck",
    shows: /51 connections/,
  },
  {
    name: "macOS has no route to a machine next door, at once",
    evidence: evidence({
      ...REMOTE,
      observer: { platform: "darwin", namespace: seen("host") },
      connections: [{ ...FAR, outcome: "unreachable", errorCode: "EHOSTUNREACH", connectMs: 1 }],
    }),
    first: "local-network-privacy",
  },
  {
    name: "Linux has no route to a machine next door",
    evidence: evidence({
      ...REMOTE,
      connections: [{ ...FAR, outcome: "unreachable", errorCode: "EHOSTUNREACH" }],
    }),
    first: "no-route",
  },
  {
    name: "another machine closes at once",
    evidence: evidence({
      ...REMOTE,
      connections: [{ ...FAR, closedBy: "peer-fin", closedAfterMs: 12 }],
    }),
    first: "closed-at-once",
  },
  {
    name: "32 clients are connected and it closes at once",
    evidence: evidence({
      listener: seen(listening(READ.owner, { establishedCount: 32 })),
      connections: [{ ...SILENT, closedBy: "peer-fin", closedAfterMs: 2 }],
    }),
    first: "too-many-clients",
  },
  {
    name: "::1 closes at once",
    evidence: evidence({
      listener: seen(listening(READ.owner)),
      connections: [{ ...SILENT, address: "::1", closedBy: "peer-fin", closedAfterMs: 2 }],
    }),
    first: "closed-at-once",
    shows: /::1/,
  },
  {
    name: "it closes after half a minute",
    evidence: evidence({
      listener: seen(listening(READ.owner)),
      connections: [{ ...SILENT, closedBy: "peer-fin", closedAfterMs: 30_000 }],
    }),
    first: "closed-later",
  },
  {
    name: "a relay gives up after two minutes",
    evidence: evidence({
      listener: seen(listening(holder("relay", "socat"))),
      connections: [{ ...SILENT, closedBy: "peer-fin", closedAfterMs: 134_000 }],
    }),
    first: "listener-stuck",
    open: true,
  },
  {
    name: "read and withheld, from another address",
    evidence: evidence({
      ...REMOTE,
      connections: [{ ...FAR, serverSide: seen(READ) }],
    }),
    first: "accept-dialog",
    shows: /192\.168\.1\.20/,
  },
  {
    name: "silence, the other end on another machine",
    evidence: evidence({
      ...REMOTE,
      connections: [{ ...FAR, serverSide: unseen("the other end is not on this machine") }],
    }),
    first: "silent",
    open: true,
  },
  {
    name: "silence where the platform hides queues (Windows)",
    evidence: silent({ accepted: null, unreadBytes: null, listenQueue: null, closeWaitCount: 3 }),
    first: "silent",
    open: true,
  },
  {
    name: "bytes unread where it is unknown whether they were accepted (macOS without lsof)",
    evidence: silent({ accepted: null, unreadBytes: 17 }),
    first: "listener-stuck",
  },
  {
    name: "docker-proxy closes, and its command line names no reachable target",
    evidence: evidence({
      listener: seen(listening(holder("relay", "docker-proxy", { forwardsTo: "172.17.0.2:4004" }))),
      connections: [{ ...SILENT, closedBy: "peer-rst", closedAfterMs: 3 }],
    }),
    first: "relay-backend-dead",
    shows: /172\.17\.0\.2:4004/,
  },
  {
    name: "another client leaves bytes unread: the fault is on its side",
    evidence: evidence({
      listener: seen(listening(READ.owner, {
        clients: [{
          holder: holder("other", "python3 bot.py"),
          localPort: 51_000,
          unreadBytes: 30,
          accepted: true,
          serverUnreadBytes: 0,
        }],
      })),
      connections: [STARTED],
      session: SESSION,
    }),
    first: "client-side",
    shows: /python3 bot\.py \(pid 4711\) leaves 30 bytes unread/,
  },
  {
    name: "ready after six seconds",
    evidence: evidence({
      target: { ...TARGET, timeoutMs: 10_000 },
      listener: seen(listening(READ.owner)),
      connections: [{
        ...STARTED,
        greeting: { serverVersion: 178, connectionTime: "", afterMs: 6_100 },
      }],
      session: SESSION,
    }),
    first: "slow-answer",
    shows: /6\.1 s/,
  },
  {
    name: "the answer came while we waited, from another address: somebody clicked",
    evidence: evidence({
      ...REMOTE,
      connections: [{
        ...FAR,
        greeting: { serverVersion: 178, connectionTime: "", afterMs: 23_000 },
        started: true,
      }],
      session: SESSION,
    }),
    first: "accept-dialog",
  },
  {
    name: "our connection stays in CLOSE_WAIT after the goodbye",
    evidence: evidence({
      listener: seen(listening(READ.owner)),
      connections: [{ ...STARTED, notReaped: true }],
      session: SESSION,
    }),
    first: "not-reaped",
  },
  {
    name: "a farm is down",
    evidence: evidence({
      listener: seen(listening(READ.owner)),
      connections: [STARTED],
      session: {
        ...SESSION,
        messages: [{
          code: 2103,
          text: "Market data farm connection is broken:usfarm",
          requestId: -1,
          afterMs: 5,
        }],
      },
    }),
    first: "farm-down",
    shows: /usfarm/,
  },
  {
    name: "no quote while the exchange is open",
    evidence: evidence({
      listener: seen(listening(READ.owner)),
      connections: [STARTED],
      calendar: seen({ exchange: "XNYS", open: true, text: "" }),
      session: {
        ...SESSION,
        marketData: { symbol: "AAPL", kind: "live", priced: false, afterMs: null, codes: [] },
      },
    }),
    first: "farm-down",
    shows: /although the exchange is open/,
    open: true,
  },
  {
    name: "most lists do not end",
    evidence: evidence({
      listener: seen(listening(READ.owner)),
      connections: [STARTED],
      session: {
        ...SESSION,
        openState: {
          refused: [],
          incomplete: ["positions", "open orders", "executions"],
          positions: 0,
          workingOrders: 0,
          executions: 0,
          differences: null,
        },
      },
    }),
    first: "sync-incomplete",
    open: true,
  },
  {
    name: "history is paced",
    evidence: evidence({
      listener: seen(listening(READ.owner)),
      connections: [STARTED],
      session: {
        ...SESSION,
        messages: [{
          code: 162,
          text:
            "Historical Market Data Service error message:Historical data request pacing violation",
          requestId: 9_002,
          afterMs: 5,
        }],
      },
    }),
    first: "pacing",
  },
];
