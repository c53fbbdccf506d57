import { isIP } from "node:net";
import type {
  ClientRow,
  Holder,
  InnerLeg,
  ListenerEvidence,
  ListenerRow,
  ServerSide,
} from "./evidence.ts";
import type { Namespace } from "./looker.ts";
import { CLIENT_PORTAL_PORT, standardPort, UPSTREAM_PORTS } from "./ports.ts";
import { isGateway, kindOfName, type Program } from "./programs.ts";
import {
  clientSideOf,
  type Endpoint,
  inboundTo,
  isLoopback,
  listenersFor,
  type Owner,
  plainAddress,
  serverSideOf,
  type SocketRow,
} from "./sockets.ts";

/** Readings of the socket table, as far as they concern one target. Pure. */

/** IBC's command server lives in TWS's own process, and is not the API. */
const IBC_COMMAND_PORT = 7462;

export interface Machine {
  readonly rows: readonly SocketRow[];
  /** Empty where processes could not be listed: names then come from the socket table alone. */
  readonly programs: readonly Program[];
  readonly ownPid: number;
}

export function readListener(
  machine: Machine,
  { addresses, port, namespace }: {
    readonly addresses: readonly string[];
    readonly port: number;
    readonly namespace: Namespace;
  },
): ListenerEvidence {
  const { rows } = machine;
  // "Any address" is any of this machine's: it says nothing about a target that may be another one.
  const onPort = addresses.flatMap((address) =>
    listenersFor(rows, { address, port })
      .filter(({ local }) => isLoopback(address) || local.address === plainAddress(address))
  );
  const inbound = inboundTo(rows, port);
  return {
    // Under WSL the listener may be a Windows program that this table does not show.
    authoritative: addresses.every(isLoopback) && namespace !== "wsl",
    onPort: unique(onPort).map((row) => listenerRow(machine, row)),
    elsewhere: rows.filter((row) => row.state === "LISTEN" && !onPort.includes(row))
      .map((row) => listenerRow(machine, row))
      .filter((row) => isElsewhere(row, port, machine.ownPid)),
    closeWaitCount: inbound.filter(({ state }) => state === "CLOSE_WAIT").length,
    establishedCount: inbound.filter(({ state }) => state === "ESTABLISHED").length,
    clients: inbound.filter(({ state }) => state === "ESTABLISHED")
      .map((row) => clientRow(machine, row)),
    upstreamCount: countUpstream(machine),
    ownersVisible: onPort.length === 0 || onPort.some(({ owner }) => owner !== null),
  };
}

/** Connections of IB's programs to IBKR. None seen means none only where their sockets are visible. */
function countUpstream({ rows, programs }: Machine): number | null {
  const gateways = programs.filter(({ kind }) => kind === "tws" || kind === "ib-gateway");
  const pids = new Set(gateways.map(({ pid }) => pid));
  const count =
    rows.filter(({ state, owner, peer }) =>
      state === "ESTABLISHED" && owner !== null && pids.has(owner.pid) &&
      peer !== null && UPSTREAM_PORTS.has(peer.port) && !isLoopback(peer.address)
    ).length;
  return count === 0 && gateways.some(({ ours }) => !ours) ? null : count;
}

/** Our own connection, looked at from the other end; null when that end is not on this machine. */
export function readServerSide(
  machine: Machine,
  ours: { readonly local: Endpoint; readonly peer: Endpoint },
): ServerSide | null {
  const row = serverSideOf(machine.rows, ours);
  if (row === null) return null;
  const listener = listenersFor(machine.rows, ours.peer)[0];
  const inbound = inboundTo(machine.rows, ours.peer.port);
  // What nobody accepted yet belongs to nobody; the listener's owner is the one to ask.
  const owner = holderOf(machine, row.owner) ?? holderOf(machine, listener?.owner ?? null);
  return {
    accepted: row.accepted,
    unreadBytes: row.unreadBytes,
    state: row.state,
    owner,
    listenQueue: listener?.queue ?? null,
    closeWaitCount: inbound.filter(({ state }) => state === "CLOSE_WAIT").length,
    establishedCount: inbound.filter(({ state }) => state === "ESTABLISHED").length,
    halfOpen: inbound
      .filter((other) => other !== row && other.state === "ESTABLISHED" && other.accepted !== false)
      .map((other) => clientRow(machine, other)),
    inner: owner?.kind === "relay" ? readInnerLeg(machine, owner, row) : null,
  };
}

/** Whether what is left of a closed connection of ours still hangs at the server. */
export function isNotReaped(
  rows: readonly SocketRow[],
  ours: { readonly local: Endpoint; readonly peer: Endpoint },
): boolean {
  return serverSideOf(rows, ours)?.state === "CLOSE_WAIT";
}

/** Whether anything listens where a relay sends its connections; null when that is not on this machine. */
function targetListens({ rows }: Machine, forwardsTo: string): boolean | null {
  const colon = forwardsTo.lastIndexOf(":");
  const address = forwardsTo.slice(0, colon);
  if (!isLoopback(address)) return null;
  return listenersFor(rows, { address, port: Number(forwardsTo.slice(colon + 1)) }).length > 0;
}

/**
 * The relay's own connection onwards: to the target its command line names, by itself or by a far end on this same
 * machine (ssh hands over to sshd); without a known target, another connection of the same process.
 */
function readInnerLeg(machine: Machine, relay: Holder, accepted: SocketRow): InnerLeg | null {
  const { forwardsTo } = relay;
  const onwards = machine.rows.filter((row) =>
    row.peer !== null && row.owner !== null && row.local.port !== accepted.local.port &&
    row.peer.port !== accepted.local.port
  );
  const isTheirs = ({ owner }: SocketRow): boolean => owner?.pid === accepted.owner?.pid;
  const outgoing = forwardsTo === null
    ? onwards.find(isTheirs)
    : onwards.filter(({ peer, owner }) =>
      peer !== null && leadsTo(peer, forwardsTo) && kindOfName(owner?.command ?? "") === "relay"
    ).toSorted((a, b) => Number(isTheirs(b)) - Number(isTheirs(a)))[0];
  if (outgoing === undefined || outgoing.peer === null) return null;
  const far = serverSideOf(machine.rows, { local: outgoing.local, peer: outgoing.peer });
  const listener = listenersFor(machine.rows, outgoing.peer)[0];
  return {
    target: `${outgoing.peer.address}:${outgoing.peer.port}`,
    state: outgoing.state,
    accepted: far?.accepted ?? null,
    unreadBytes: far?.unreadBytes ?? null,
    owner: holderOf(machine, far?.owner ?? listener?.owner ?? null),
  };
}

/** A target may be named, `gateway:4002`, where the socket table has an address. */
function leadsTo({ address, port }: Endpoint, target: string): boolean {
  const colon = target.lastIndexOf(":");
  const host = target.slice(0, colon);
  return port === Number(target.slice(colon + 1)) &&
    (isIP(host) === 0 || plainAddress(host) === address);
}

function listenerRow(machine: Machine, row: SocketRow): ListenerRow {
  const holder = holderOf(machine, row.owner);
  return {
    address: row.local.address,
    port: row.local.port,
    holder,
    queue: row.queue,
    targetListens: holder === null || holder.forwardsTo === null
      ? null
      : targetListens(machine, holder.forwardsTo),
  };
}

function clientRow(machine: Machine, server: SocketRow): ClientRow {
  const client = clientSideOf(machine.rows, server);
  return {
    holder: holderOf(machine, client?.owner ?? null),
    localPort: server.peer?.port ?? 0,
    unreadBytes: client?.unreadBytes ?? null,
    accepted: server.accepted,
    serverUnreadBytes: server.unreadBytes,
  };
}

function holderOf({ programs, ownPid }: Machine, owner: Owner | null): Holder | null {
  if (owner === null) return null;
  const program = programs.find(({ pid }) => pid === owner.pid);
  // A Gateway simulated inside this very process: the demo and the tests.
  const kind = owner.pid === ownPid
    ? "simulator"
    : program?.kind ?? kindOfName(owner.command ?? "");
  return {
    pid: owner.pid,
    kind,
    label: owner.pid === ownPid ? "this process" : program?.label ?? owner.command ?? "a program",
    state: program?.state ?? null,
    ageMs: program?.ageMs ?? null,
    forwardsTo: program?.forwardsTo ?? null,
  };
}

function isElsewhere({ port, holder }: ListenerRow, askedPort: number, ownPid: number): boolean {
  if (port === askedPort || port === IBC_COMMAND_PORT) return false;
  if (port === CLIENT_PORTAL_PORT) return holder?.kind === "client-portal";
  if (standardPort(port) !== null) return true;
  return holder !== null && holder.pid !== ownPid && isGateway(holder.kind);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
