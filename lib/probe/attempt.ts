import type { Clock } from "../clock.ts";
import type { Traffic } from "../traffic.ts";
import { SERVER_VERSION_FLOOR } from "./checks_connection.ts";
import { Conversation } from "./conversation.ts";
import type { ConnectionEvidence, ServerSide } from "./evidence.ts";
import { type HandshakeResult, shakeHands } from "./handshake.ts";
import type { Look } from "./looker.ts";
import type { Endpoint } from "./sockets.ts";
import { type NotConnected, Tap } from "./tap.ts";

/** One connection of a run, from connect to reset, and what it showed. */

export interface AttemptOptions {
  readonly purpose: ConnectionEvidence["purpose"];
  readonly address: string;
  readonly port: number;
  readonly clientId: number;
  /** On the clock, epoch ms: for the connect alone, and for all until the session has started. */
  readonly connectDeadlineMs: number;
  readonly deadlineMs: number;
  readonly waitMs: number;
}

export interface AttemptDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly traffic: Traffic | undefined;
  readonly lookAtServer: (ours: Ends) => Promise<Look<ServerSide>>;
  readonly isNotReaped: (ours: Ends) => Promise<boolean | null>;
  readonly onWaiting: (side: Look<ServerSide>) => void;
}

/** Both ends of a connection, ours first. */
export interface Ends {
  readonly local: Endpoint;
  readonly peer: Endpoint;
}

/**
 * Connects, shakes hands, and lets `talk` lead the conversation. Leaves no connection open: an answered one is
 * closed in good order, a silent one reset.
 */
export async function attempt(
  options: AttemptOptions,
  deps: AttemptDeps,
  talk: (conversation: Conversation) => Promise<void>,
): Promise<ConnectionEvidence> {
  const { clock, signal, traffic } = deps;
  const { address, port, deadlineMs } = options;
  const startedMs = clock.now();
  const connected = await Tap.connect({
    address,
    port,
    clock,
    signal,
    traffic,
    deadlineMs: options.connectDeadlineMs,
  });
  const connectMs = clock.now() - startedMs;
  if (connected.outcome !== "connected") {
    return unconnected(options, connectMs, connected);
  }
  const { tap } = connected;
  const ends: Ends = {
    local: { address: tap.localAddress, port: tap.localPort },
    peer: { address, port },
  };
  try {
    const shaken = await shakeHands(tap, {
      clock,
      deadlineMs,
      waitMs: options.waitMs,
      lookAtServer: () => deps.lookAtServer(ends),
      onWaiting: deps.onWaiting,
    });
    const conversation = await converse(tap, { shaken, clock, talk });
    const notReaped = conversation === null || tap.peerClosed
      ? null
      : await tap.farewell()
      ? false
      : await deps.isNotReaped(ends);
    return {
      ...describe(options, { tap, connectMs, shaken }),
      started: conversation?.started ?? null,
      notReaped,
    };
  } finally {
    tap.reset();
  }
}

async function converse(
  tap: Tap,
  { shaken, clock, talk }: {
    readonly shaken: HandshakeResult;
    readonly clock: Clock;
    readonly talk: (conversation: Conversation) => Promise<void>;
  },
): Promise<Conversation | null> {
  const { speaker, rest } = shaken;
  if (speaker.speaks !== "api" || speaker.serverVersion < SERVER_VERSION_FLOOR) return null;
  const conversation = new Conversation(tap, { clock, serverVersion: speaker.serverVersion, rest });
  await talk(conversation);
  return conversation;
}

function describe(
  options: AttemptOptions,
  { tap, connectMs, shaken }: {
    readonly tap: Tap;
    readonly connectMs: number;
    readonly shaken: HandshakeResult;
  },
): Omit<ConnectionEvidence, "started" | "notReaped"> {
  const { speaker } = shaken;
  return {
    purpose: options.purpose,
    address: options.address,
    clientId: options.clientId,
    outcome: "connected",
    errorCode: null,
    connectMs,
    localAddress: tap.localAddress,
    localPort: tap.localPort,
    sentBytes: tap.sentBytes,
    receivedBytes: tap.receivedBytes,
    firstBytesHex: hex(tap.firstBytes),
    firstByteAfterMs: tap.firstByteAfterMs,
    closedBy: tap.closedBy,
    closedAfterMs: tap.closedAfterMs,
    waitedMs: shaken.afterMs,
    greeting: speaker.speaks !== "api" ? null : {
      serverVersion: speaker.serverVersion,
      connectionTime: speaker.connectionTime,
      afterMs: tap.firstByteAfterMs ?? shaken.afterMs,
    },
    speaks: tap.receivedBytes === 0 ? null : speaker.speaks,
    serverSide: shaken.serverSide,
    foreignBytes: shaken.askedHttp ? "http" : null,
  };
}

function unconnected(
  { purpose, address, clientId }: AttemptOptions,
  connectMs: number,
  { outcome, errorCode }: NotConnected,
): ConnectionEvidence {
  return {
    purpose,
    address,
    clientId,
    outcome,
    errorCode,
    connectMs,
    localAddress: null,
    localPort: null,
    sentBytes: 0,
    receivedBytes: 0,
    firstBytesHex: "",
    firstByteAfterMs: null,
    closedBy: null,
    closedAfterMs: null,
    waitedMs: 0,
    greeting: null,
    speaks: null,
    serverSide: null,
    foreignBytes: null,
    started: null,
    notReaped: null,
  };
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
