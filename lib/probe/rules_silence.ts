import type { ClientRow, ConnectionEvidence, Evidence, InnerLeg, ServerSide } from "./evidence.ts";
import type { Diagnosis } from "./report.ts";
import { duration, holderText, plural, suspect } from "./rules.ts";
import { isLoopback } from "./sockets.ts";

/**
 * C, silence: connected, and not a byte. The server's end of our own connection tells the causes apart: not
 * accepted, accepted and not read, or read and withheld.
 */

const STOPPED = new Set(["T", "t"]);

export function silence(evidence: Evidence, connection: ConnectionEvidence): Diagnosis[] {
  const waited = `connected, ${connection.sentBytes} bytes sent, none received in ${
    duration(connection.waitedMs)
  }`;
  const look = connection.serverSide;
  if (look === null || !look.seen) {
    return unseenSilence({ waited, because: look?.because ?? null, address: connection.address });
  }
  const side = look.value;
  if (side.owner?.kind === "relay") return behindRelay(side, waited);
  if (side.accepted === false) return [notAccepted(side, waited)];
  if ((side.unreadBytes ?? 0) > 0) return notRead(side, waited);
  if (side.owner?.kind === "other") {
    const because = [waited, `port ${evidence.target.port} is held by ${holderText(side.owner)}`];
    return [
      suspect("not-the-api", 0.59, {
        because: [...because, "which is no program of IB's we know"],
        reference: "N4",
        wouldSeparate: "Stop that program: does TWS or IB Gateway get the port then?",
      }),
      suspect("modal-dialog", 0.3, { because: [...because, "it has read our greeting"] }),
    ];
  }
  if (side.unreadBytes === null) {
    return hiddenQueues({ side, waited, address: connection.address });
  }
  return withheld({ side, waited, connection });
}

function unseenSilence(
  { waited, because, address }: {
    readonly waited: string;
    readonly because: string | null;
    readonly address: string;
  },
): Diagnosis[] {
  const evidence = [waited, `the server's end cannot be seen: ${because ?? "not looked at"}`];
  const local = isLoopback(address);
  return [
    suspect("silent", 0.55, { because: evidence }),
    suspect(local ? "modal-dialog" : "accept-dialog", 0.35, { because: evidence }),
    suspect("listener-stuck", 0.3, { because: evidence }),
  ];
}

/** Windows shows who and in which state, but neither queues nor unread bytes. */
function hiddenQueues(
  { side, waited, address }: {
    readonly side: ServerSide;
    readonly waited: string;
    readonly address: string;
  },
): Diagnosis[] {
  const because = [waited, "this platform hides queues and unread bytes"];
  const debris = side.closeWaitCount > 0
    ? [`${plural(side.closeWaitCount, "dead connection")} wait in CLOSE_WAIT`]
    : [];
  return [
    suspect("silent", 0.5, { because }),
    suspect("listener-stuck", debris.length > 0 ? 0.4 : 0.2, { because: [...because, ...debris] }),
    suspect(isLoopback(address) ? "modal-dialog" : "accept-dialog", 0.3, { because }),
  ];
}

function notAccepted(side: ServerSide, waited: string): Diagnosis {
  const unread = side.unreadBytes === null ? "" : `, ${side.unreadBytes} bytes unread`;
  return suspect("listener-stuck", 0.95, {
    because: [
      waited,
      `our connection sits unaccepted in the kernel's queue${unread}`,
      ...queueText(side),
      ...stateText(side),
      ...debrisText(side),
    ],
    remedy: stuckRemedy(side),
  });
}

function notRead(side: ServerSide, waited: string): Diagnosis[] {
  const because = [
    waited,
    `accepted, but ${side.unreadBytes} bytes of ours lie unread at the server`,
    ...stateText(side),
    ...debrisText(side),
  ];
  return [
    suspect("listener-stuck", isStopped(side) ? 0.97 : 0.85, {
      because,
      remedy: stuckRemedy(side),
    }),
  ];
}

function withheld(
  { side, waited, connection }: {
    readonly side: ServerSide;
    readonly waited: string;
    readonly connection: ConnectionEvidence;
  },
): Diagnosis[] {
  const because = [waited, "the server has read our greeting and withholds its answer"];
  if (!isLoopback(connection.address)) {
    const from = connection.localAddress ?? "this address";
    return [
      suspect("accept-dialog", 0.8, {
        because: [...because, `we come from ${from}, not from 127.0.0.1`],
        remedy: [
          `Click Yes on its screen to "Accept incoming connection attempt from ${from}?".`,
          `Then add ${from} to API > Settings > Trusted IPs.`,
        ],
      }),
      suspect("modal-dialog", 0.1, { because }),
    ];
  }
  return [
    suspect("modal-dialog", 0.55, { because }),
    suspect("listener-stuck", 0.2, {
      because: [...because, ...debrisText(side)],
      wouldSeparate: "Nothing on its screen: then its conversation hangs; restart it.",
    }),
    suspect("at-login", 0.2, { because }),
  ];
}

function behindRelay(side: ServerSide, waited: string): Diagnosis[] {
  const relay = holderText(side.owner);
  const { inner } = side;
  // While its own connect hangs, a relay reads nothing either.
  const connects = inner?.state === "SYN_SENT";
  if (side.accepted === false || (!connects && (side.unreadBytes ?? 0) > 0)) {
    return [suspect("relay-backend-dead", 0.8, {
      because: [waited, `${relay} itself does not take our connection`, ...stateText(side)],
      remedy: [`Restart ${side.owner?.label ?? "the relay"}.`],
      reference: "T9",
    })];
  }
  if (inner === null) {
    const because = [
      waited,
      `${relay}, a relay, took it; what is behind it cannot be seen from here`,
    ];
    return [
      suspect("silent", 0.5, { because, wouldSeparate: "Run the probe where the relay ends." }),
      suspect("listener-stuck", 0.3, {
        because,
        wouldSeparate: "Run the probe where the relay ends.",
      }),
    ];
  }
  return innerLeg(inner, { waited, relay });
}

function innerLeg(
  inner: InnerLeg,
  { waited, relay }: { readonly waited: string; readonly relay: string },
): Diagnosis[] {
  const onwards = `${relay}, a relay, passes it on to ${inner.target}`;
  if (inner.state === "SYN_SENT") {
    return [suspect("listener-stuck", 0.95, {
      because: [waited, onwards, "that connect hangs: the queue there is full"],
      reference: "T8",
    })];
  }
  const owner = inner.owner === null ? "the program there" : holderText(inner.owner);
  if (inner.accepted === false) {
    return [suspect("listener-stuck", 0.95, {
      because: [waited, onwards, `${owner} does not accept it: it sits in the kernel's queue`],
      reference: "T7",
    })];
  }
  if ((inner.unreadBytes ?? 0) > 0) {
    return [suspect("listener-stuck", 0.85, {
      because: [
        waited,
        onwards,
        `${owner} accepted it and leaves ${inner.unreadBytes} bytes unread`,
      ],
      reference: "T7",
    })];
  }
  const because = [waited, onwards, "it was read there and is not answered"];
  return [
    suspect("modal-dialog", 0.5, { because, reference: "T7" }),
    suspect("accept-dialog", 0.4, { because, reference: "T7" }),
  ];
}

function queueText({ listenQueue }: ServerSide): string[] {
  if (listenQueue === null || listenQueue.waiting === 0) return [];
  const max = listenQueue.max === null ? "" : ` of ${listenQueue.max}`;
  return [`${listenQueue.waiting}${max} connections wait to be accepted`];
}

function isStopped({ owner }: ServerSide): boolean {
  return owner !== null && owner.state !== null && STOPPED.has(owner.state);
}

function stateText(side: ServerSide): string[] {
  return isStopped(side) ? [`${holderText(side.owner)} is stopped (state T)`] : [];
}

function debrisText({ closeWaitCount }: ServerSide): string[] {
  return closeWaitCount === 0
    ? []
    : [`${plural(closeWaitCount, "older dead connection")} in CLOSE_WAIT`];
}

function stuckRemedy(side: ServerSide): string[] {
  const { owner } = side;
  const name = owner?.label ?? "TWS or IB Gateway";
  if (isStopped(side)) {
    return [
      `Let it run again: kill -CONT ${owner?.pid}`,
      `If that does not help: restart ${name}.`,
    ];
  }
  const culprits = side.halfOpen.filter(({ holder }) => holder !== null).slice(0, 2).map(
    culpritText,
  );
  return [
    ...culprits,
    `${
      culprits.length > 0 ? "If it still fails: restart" : "Restart"
    } ${name}. No setting repairs this.`,
    "Remove whatever connects and closes at once to see whether the port is open.",
  ];
}

function culpritText({ holder, localPort }: ClientRow): string {
  return `First stop ${holderText(holder)}, which holds a connection (from port ${localPort}).`;
}
