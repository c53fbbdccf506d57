/** The TCP socket table of this machine, as `ss`, `lsof`/`netstat` or PowerShell show it, and questions to it. */

export type SocketState =
  | "LISTEN"
  | "SYN_SENT"
  | "SYN_RECEIVED"
  | "ESTABLISHED"
  | "FIN_WAIT_1"
  | "FIN_WAIT_2"
  | "CLOSE_WAIT"
  | "CLOSING"
  | "LAST_ACK"
  | "TIME_WAIT"
  | "CLOSED";

export interface Endpoint {
  /** Without brackets and zone. Of a listener also `*` (any), `0.0.0.0` (any IPv4), `::` (any IPv6 alone). */
  readonly address: string;
  readonly port: number;
}

export interface Owner {
  readonly pid: number;
  /** The program's name; null where only the pid is shown. */
  readonly command: string | null;
}

export interface SocketRow {
  readonly state: SocketState;
  readonly local: Endpoint;
  /** Null of a listener. */
  readonly peer: Endpoint | null;
  /** Bytes received that the program has not read. Of a listener: null. */
  readonly unreadBytes: number | null;
  /** Of a listener: connections the program has not accepted yet, and how many may wait. */
  readonly queue: { readonly waiting: number; readonly max: number | null } | null;
  /** False: still in the listener's queue. Null where the platform does not show it. */
  readonly accepted: boolean | null;
  readonly owner: Owner | null;
}

/** `[::ffff:127.0.0.1]%lo` and `127.0.0.1` are the same address. */
export function plainAddress(text: string): string {
  return text.replace(/^\[|\]$/g, "").replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "")
    .toLowerCase();
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === "::1" || plain === "localhost" || plain.startsWith("127.");
}

/** Listeners a connection to this address and port would reach. */
export function listenersFor(rows: readonly SocketRow[], target: Endpoint): SocketRow[] {
  const address = plainAddress(target.address);
  const reached = new Set(["*", address, address.includes(":") ? "::" : "0.0.0.0"]);
  return rows.filter(({ state, local }) =>
    state === "LISTEN" && local.port === target.port && reached.has(local.address)
  );
}

/** The other end of one of our connections, when it lives on this machine. */
export function serverSideOf(
  rows: readonly SocketRow[],
  ours: { readonly local: Endpoint; readonly peer: Endpoint },
): SocketRow | null {
  return rows.find((row) =>
    row.peer !== null && row.local.port === ours.peer.port && row.peer.port === ours.local.port &&
    row.local.address === plainAddress(ours.peer.address) &&
    row.peer.address === plainAddress(ours.local.address)
  ) ?? null;
}

/** Connections that clients hold to a listening port, seen from the listener's side. */
export function inboundTo(rows: readonly SocketRow[], port: number): SocketRow[] {
  return rows.filter((row) => row.peer !== null && row.local.port === port);
}

/** The client's end of a connection of which `server` is the server's end; null when it is on another machine. */
export function clientSideOf(rows: readonly SocketRow[], server: SocketRow): SocketRow | null {
  const { local, peer } = server;
  return peer === null ? null : serverSideOf(rows, { local, peer });
}
