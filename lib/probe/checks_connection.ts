import { SINCE } from "../wire/versions.ts";
import type { Finding } from "./checks.ts";
import { holderJson } from "./checks_machine.ts";
import type { ClientRow, ConnectionEvidence, Evidence, ServerSide } from "./evidence.ts";
import type { Json } from "./report.ts";

/** Checks of our connection, from connect to the end of the start. */

/** The connection the verdict rests on: the first that connected, else the last that did not. */
export function mainConnection(evidence: Evidence): ConnectionEvidence | null {
  const own = evidence.connections.filter(({ purpose }) => purpose === "session");
  return own.findLast(({ outcome }) => outcome === "connected") ?? own.at(-1) ?? null;
}

/** The oldest server a session can start from: it asks for completed orders. ib_async wants 157. */
export const SERVER_VERSION_FLOOR = SINCE.COMPLETED_ORDERS;

/** Answers later than this are late for many clients: ib_async gives up after 4 s. */
export const LATE_MS = 4_000;

export function tcp(evidence: Evidence): Finding | null {
  const connection = mainConnection(evidence);
  if (connection === null) return null;
  const { outcome, address, connectMs, errorCode } = connection;
  const record = {
    outcome,
    address,
    connectMs,
    errorCode,
    addresses: [...evidence.target.addresses],
    attempts: evidence.connections.length,
  };
  return { status: outcome === "connected" ? "pass" : "fail", evidence: record };
}

export function service(evidence: Evidence): Finding | null {
  const connection = mainConnection(evidence);
  if (connection === null) return null;
  const tls = evidence.connections.find(({ purpose }) => purpose === "tls-check");
  const speaks = tls?.speaks === "tls" ? "tls" : connection.speaks;
  const record = { speaks, ...wireJson(connection) };
  if (speaks === null || speaks === "incomplete") {
    return { status: "unknown", evidence: record, because: "it has not said a word" };
  }
  return { status: speaks === "api" || speaks === "old-api" ? "pass" : "fail", evidence: record };
}

export function handshake(evidence: Evidence): Finding | null {
  const connection = mainConnection(evidence);
  if (connection === null) return null;
  const { greeting } = connection;
  const record = {
    serverVersion: greeting?.serverVersion ?? null,
    connectionTime: greeting?.connectionTime ?? null,
    ...wireJson(connection),
  };
  if (greeting === null || greeting.serverVersion < SERVER_VERSION_FLOOR) {
    return { status: "fail", evidence: record };
  }
  return { status: greeting.afterMs > LATE_MS ? "warn" : "pass", evidence: record };
}

export function startApi(evidence: Evidence): Finding | null {
  const { session } = evidence;
  const connection = mainConnection(evidence);
  if (session === null || connection === null) return null;
  const anything = session.nextValidId !== null || session.accounts !== null;
  const record = {
    clientId: session.clientId,
    messages: session.messages.map(({ code, text, afterMs }): Json => ({ code, text, afterMs })),
    ...(anything ? {} : wireJson(connection)),
  };
  return { status: anything ? "pass" : "fail", evidence: record };
}

export function nextValidId({ session }: Evidence): Finding | null {
  if (session === null) return null;
  const { nextValidId: told } = session;
  const record = { nextOrderId: told?.value ?? null, afterMs: told?.afterMs ?? null };
  return { status: told === null ? "fail" : "pass", evidence: record };
}

export function accounts({ session, target }: Evidence): Finding | null {
  if (session === null) return null;
  const record = {
    accounts: session.accounts === null ? null : [...session.accounts],
    mode: session.mode,
    expectedMode: target.expectedMode,
    afterMs: session.accountsAfterMs,
  };
  const usable = (session.accounts?.length ?? 0) > 0 && session.accountFound !== false;
  const asExpected = target.expectedMode === null || session.mode === target.expectedMode;
  return { status: usable && asExpected ? "pass" : "fail", evidence: record };
}

function wireJson(connection: ConnectionEvidence): { readonly [key: string]: Json } {
  const { serverSide } = connection;
  return {
    sentBytes: connection.sentBytes,
    receivedBytes: connection.receivedBytes,
    closedBy: connection.closedBy,
    closedAfterMs: connection.closedAfterMs,
    waitedMs: connection.waitedMs,
    firstBytesHex: connection.firstBytesHex,
    ...(serverSide === null
      ? {}
      : serverSide.seen
      ? serverSideJson(serverSide.value)
      : { serverSide: null, serverSideUnseen: serverSide.because }),
  };
}

function serverSideJson(side: ServerSide): { readonly [key: string]: Json } {
  const { accepted, unreadBytes, state, owner, listenQueue, inner } = side;
  return {
    serverSide: { accepted, unreadBytes, state, owner: holderJson(owner) },
    listenQueue: listenQueue === null ? null : { ...listenQueue },
    closeWaitCount: side.closeWaitCount,
    establishedCount: side.establishedCount,
    halfOpen: side.halfOpen.map(clientJson),
    relayedTo: inner === null ? null : {
      target: inner.target,
      state: inner.state,
      accepted: inner.accepted,
      unreadBytes: inner.unreadBytes,
      owner: holderJson(inner.owner),
    },
  };
}

function clientJson({ holder, localPort, accepted, serverUnreadBytes }: ClientRow): Json {
  return { client: holderJson(holder), localPort, accepted, serverUnreadBytes };
}
