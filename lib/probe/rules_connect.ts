import type { ConnectionEvidence, Evidence } from "./evidence.ts";
import type { Diagnosis } from "./report.ts";
import { duration, suspect } from "./rules.ts";
import { isLoopback } from "./sockets.ts";

/** B. The connect did not complete. */

/** IBKR's own listeners queue 50; a queue that long and not full is still one that nobody serves. */
const QUEUE_STUCK = 50;
/** "At once": decided by this machine, not by a peer. */
const AT_ONCE_MS = 100;
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|fe80:|fd)/i;

export function notConnected(evidence: Evidence, connection: ConnectionEvidence): Diagnosis[] {
  const where = `${connection.address}:${evidence.target.port}`;
  switch (connection.outcome) {
    case "refused":
      return refused(evidence, where);
    case "timeout":
      return timedOut(evidence, { connection, where });
    case "unreachable":
      return unreachable(evidence, { connection, where });
    case "denied":
      return [suspect("firewall", 0.7, {
        because: [`this machine forbids the connection to ${where} (${connection.errorCode})`],
      })];
    default:
      return [suspect("no-route", 0.6, {
        because: [`the connect to ${where} failed with ${connection.errorCode}`],
      })];
  }
}

function refused({ target, listener, observer }: Evidence, where: string): Diagnosis[] {
  const closed = `${where} refuses the connection: nothing listens there`;
  if (!target.loopback) {
    const because = [closed, `the sockets of ${target.host} cannot be seen from here`];
    const wouldSeparate = `On ${target.host}: deno task probe`;
    return [
      suspect("not-running", 0.5, {
        because,
        wouldSeparate,
        remedy: [`On ${target.host}: start TWS or IB Gateway, log in, and check its port.`],
      }),
      suspect("firewall", 0.3, { because, wouldSeparate }),
    ];
  }
  if (observer.namespace.seen && observer.namespace.value === "wsl") {
    const because = [closed, "this is WSL, and TWS runs on Windows"];
    return [
      suspect("other-namespace", 0.85, {
        because,
        remedy: [
          "Use the address of Windows: the gateway that `ip route` shows, as --host.",
          "In TWS add this machine's address to Trusted IPs and allow more than localhost.",
        ],
      }),
      suspect("not-running", 0.1, { because }),
    ];
  }
  if (listener !== null && listener.seen) {
    return [suspect("starting-or-restarting", 0.55, {
      because: [closed, "a moment ago the socket table showed a listener"],
    })];
  }
  const because = [
    closed,
    `why, cannot be told: ${listener?.because ?? "the socket table was not read"}`,
  ];
  return [
    suspect("cannot-look", 0.5, { because }),
    suspect("not-running", 0.4, {
      because,
      wouldSeparate: "Look whether TWS or IB Gateway runs: ps -ax",
    }),
  ];
}

function timedOut(
  { target, listener, observer }: Evidence,
  { connection, where }: { readonly connection: ConnectionEvidence; readonly where: string },
): Diagnosis[] {
  const silent = `${where} does not answer the connect within ${duration(connection.connectMs)}`;
  if (!isLoopback(connection.address)) {
    return [
      suspect("firewall", 0.85, { because: [silent] }),
      suspect("no-route", 0.1, { because: [silent] }),
    ];
  }
  const queue = listener?.seen ? listener.value.onPort[0]?.queue ?? null : null;
  if (queue !== null && queue.waiting >= Math.min(QUEUE_STUCK, queue.max ?? QUEUE_STUCK)) {
    return [suspect("listener-stuck", 0.97, {
      because: [silent, `${queue.waiting} connections wait to be accepted: the queue is full`],
    })];
  }
  if (observer.namespace.seen && observer.namespace.value === "wsl") {
    const because = [silent, "this is WSL"];
    return [suspect("other-namespace", 0.5, { because }), suspect("firewall", 0.4, { because })];
  }
  const because = [
    silent,
    listener?.seen ? "its queue is not full" : `the queue is hidden: ${target.host}`,
  ];
  return [suspect("listener-stuck", 0.5, { because }), suspect("firewall", 0.45, { because })];
}

function unreachable(
  { observer, target }: Evidence,
  { connection, where }: { readonly connection: ConnectionEvidence; readonly where: string },
): Diagnosis[] {
  const because = [
    `no route to ${where} (${connection.errorCode} after ${duration(connection.connectMs)})`,
  ];
  const nearby = PRIVATE.test(connection.address) && !target.loopback;
  if (observer.platform === "darwin" && nearby && connection.connectMs < AT_ONCE_MS) {
    return [
      suspect("local-network-privacy", 0.7, { because }),
      suspect("no-route", 0.25, { because }),
    ];
  }
  return [suspect("no-route", 0.8, { because }), suspect("firewall", 0.15, { because })];
}
