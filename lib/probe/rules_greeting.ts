import { SERVER_VERSION_FLOOR } from "./checks_connection.ts";
import type { ConnectionEvidence, Evidence, ListenerEvidence } from "./evidence.ts";
import type { Diagnosis } from "./report.ts";
import { duration, holderText, suspect } from "./rules.ts";
import { silence } from "./rules_silence.ts";
import { isLoopback } from "./sockets.ts";

/** C. Connected, but no greeting came. */

/** A peer that ends the connection this soon has not waited for anything; measured are 60 ms at most. */
const AT_ONCE_MS = 250;
/** The kernel gives a connect up after some two minutes: a relay in front of a full queue. */
const RELAY_GIVES_UP_MS = 60_000;
const CLIENTS_MAX = 32;
const YOUNG_MS = 180_000;

export function notGreeted(evidence: Evidence, connection: ConnectionEvidence): Diagnosis[] {
  const foreign = foreignSpeaker(evidence, connection);
  if (foreign !== null) return [foreign];
  const { greeting } = connection;
  if (greeting !== null && greeting.serverVersion < SERVER_VERSION_FLOOR) {
    return [suspect("server-too-old", 1, {
      because: [
        `it names version ${greeting.serverVersion}; ${SERVER_VERSION_FLOOR} is the oldest`,
      ],
    })];
  }
  const closed = connection.closedBy === "peer-fin" || connection.closedBy === "peer-rst";
  if (connection.speaks === "incomplete") return halfAGreeting(connection, closed);
  return closed ? closedWithoutAWord(evidence, connection) : silence(evidence, connection);
}

const NAMES = { ssh: "SSH", http: "HTTP", tls: "TLS", other: "something else" } as const;

function foreignSpeaker(evidence: Evidence, connection: ConnectionEvidence): Diagnosis | null {
  const tls = evidence.connections.some(({ speaks, purpose }) =>
    purpose === "tls-check" && speaks === "tls"
  );
  const { speaks } = connection;
  const holder = listenerOf(evidence)?.onPort[0]?.holder ?? null;
  const held = holder === null
    ? []
    : [`port ${evidence.target.port} is held by ${holderText(holder)}`];
  if (tls) {
    return suspect("not-the-api", 0.99, {
      because: ["it closed on our greeting and answered a TLS hello: it speaks TLS", ...held],
      reference: "A1",
    });
  }
  if (speaks === "old-api") {
    return suspect("server-too-old", 0.95, {
      because: [`it answers without frames, as before 2016: ${connection.firstBytesHex}`],
    });
  }
  if (speaks === "ssh" || speaks === "http" || speaks === "tls") {
    return suspect("not-the-api", 0.99, {
      because: [
        `its first bytes are ${NAMES[speaks]}: ${connection.firstBytesHex.slice(0, 16)}`,
        ...held,
      ],
      reference: { ssh: "A3", http: "A2", tls: "A1" }[speaks],
    });
  }
  if (speaks !== "other") return null;
  return suspect("not-the-api", 0.9, {
    because: [
      `its first bytes are no API frame: ${connection.firstBytesHex.slice(0, 16)}`,
      ...held,
    ],
    reference: "A3",
  });
}

function halfAGreeting(connection: ConnectionEvidence, closed: boolean): Diagnosis[] {
  const because = [
    `${connection.receivedBytes} bytes came, and no whole greeting: ${
      connection.firstBytesHex.slice(0, 16)
    }`,
  ];
  const after = connection.closedAfterMs ?? 0;
  if (!closed) {
    return [
      suspect("listener-stuck", 0.5, { because }),
      suspect("not-the-api", 0.4, { because }),
    ];
  }
  return [
    suspect(after < AT_ONCE_MS ? "closed-at-once" : "closed-later", 0.55, {
      because: [...because, `then it closed, after ${duration(after)}`],
    }),
    suspect("not-the-api", 0.3, { because }),
  ];
}

function closedWithoutAWord(evidence: Evidence, connection: ConnectionEvidence): Diagnosis[] {
  const after = connection.closedAfterMs ?? 0;
  const how = connection.closedBy === "peer-rst" ? "reset" : "closed";
  const because = [`connected, and ${how} after ${duration(after)} without a byte`];
  const listener = listenerOf(evidence);
  const row = listener?.onPort[0];
  const holder = row?.holder ?? null;
  if (holder?.kind === "relay") {
    return relayClosed({
      because: [
        ...because,
        `port ${evidence.target.port} is held by ${holderText(holder)}, a relay`,
      ],
      forwardsTo: holder.forwardsTo,
      targetListens: row?.targetListens ?? null,
      after,
    });
  }
  if (holder?.kind === "other") {
    return [suspect("not-the-api", 0.9, {
      because: [...because, `port ${evidence.target.port} is held by ${holderText(holder)}`],
      reference: "N4",
    })];
  }
  if (listener !== null && listener.establishedCount >= CLIENTS_MAX) {
    const crowd = [...because, `${listener.establishedCount} clients are connected`];
    return [
      suspect("too-many-clients", 0.8, { because: crowd }),
      suspect("closed-at-once", 0.15, { because }),
    ];
  }
  if (after >= AT_ONCE_MS) return closedLate(because, after);
  if (holder !== null) {
    return gatewayClosed({ because, address: connection.address, ageMs: holder.ageMs });
  }
  if (isLoopback(connection.address)) {
    const hidden = [...because, "who holds the port is hidden from us"];
    return [
      suspect("closed-at-once", 0.55, { because: hidden }),
      suspect("relay-backend-dead", 0.4, { because: hidden }),
    ];
  }
  return [
    suspect("closed-at-once", 0.7, {
      because: [...because, `from this machine, to ${connection.address}`],
      reference: "T4",
    }),
    suspect("relay-backend-dead", 0.2, { because }),
  ];
}

function relayClosed(
  { because, forwardsTo, targetListens, after }: {
    readonly because: readonly string[];
    readonly forwardsTo: string | null;
    readonly targetListens: boolean | null;
    readonly after: number;
  },
): Diagnosis[] {
  if (after >= RELAY_GIVES_UP_MS) {
    return [
      suspect("listener-stuck", 0.55, { because, reference: "T8" }),
      suspect("relay-backend-dead", 0.4, { because }),
    ];
  }
  const onwards = forwardsTo === null ? [] : [`it forwards to ${forwardsTo}`];
  const dead = targetListens === false ? ["nothing listens there"] : [];
  if (targetListens === true) {
    // The target lives, so it is the target that closed.
    return [
      suspect("closed-at-once", 0.55, {
        because: [...because, ...onwards, "something listens there"],
      }),
      suspect("relay-backend-dead", 0.4, { because }),
    ];
  }
  return [suspect("relay-backend-dead", targetListens === false ? 0.99 : 0.95, {
    because: [...because, ...onwards, ...dead],
  })];
}

function closedLate(because: readonly string[], after: number): Diagnosis[] {
  return [
    suspect("closed-later", 0.7, { because }),
    suspect("starting-or-restarting", after < 10_000 ? 0.2 : 0.1, { because }),
  ];
}

function gatewayClosed(
  { because, address, ageMs }: {
    readonly because: readonly string[];
    readonly address: string;
    readonly ageMs: number | null;
  },
): Diagnosis[] {
  if (address === "::1") {
    return [
      suspect("closed-at-once", 0.8, {
        because: [...because, "we came over ::1, which TWS may not take for localhost"],
        remedy: ["Use 127.0.0.1: deno task probe --host 127.0.0.1"],
        reference: "T12b",
      }),
    ];
  }
  if (ageMs !== null && ageMs < YOUNG_MS) {
    const young = [...because, `it was started ${Math.round(ageMs / 1000)} s ago`];
    return [
      suspect("closed-at-once", 0.55, { because: young }),
      suspect("starting-or-restarting", 0.4, { because: young }),
    ];
  }
  return [
    suspect("closed-at-once", 0.75, { because }),
    suspect("starting-or-restarting", 0.2, { because }),
  ];
}

export function listenerOf(evidence: Evidence): ListenerEvidence | null {
  return evidence.listener?.seen ? evidence.listener.value : null;
}
