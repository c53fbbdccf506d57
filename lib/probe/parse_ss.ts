import { type Owner, plainAddress, type SocketRow, type SocketState } from "./sockets.ts";

/**
 * `ss -H -t -a -n -p -e -O` of iproute2, a line a socket:
 *
 *     ESTAB 17 0 127.0.0.1:4002 127.0.0.1:60736 ino:0 sk:2 cgroup:/ <->
 *
 * `ino:` is absent on a few kernels and 0 of a socket that no process has accepted yet.
 */
export const SS_ARGUMENTS = ["-H", "-t", "-a", "-n", "-p", "-e", "-O"] as const;

const STATES: Readonly<Record<string, SocketState>> = {
  "LISTEN": "LISTEN",
  "SYN-SENT": "SYN_SENT",
  "SYN-RECV": "SYN_RECEIVED",
  "ESTAB": "ESTABLISHED",
  "FIN-WAIT-1": "FIN_WAIT_1",
  "FIN-WAIT-2": "FIN_WAIT_2",
  "CLOSE-WAIT": "CLOSE_WAIT",
  "CLOSING": "CLOSING",
  "LAST-ACK": "LAST_ACK",
  "TIME-WAIT": "TIME_WAIT",
  "UNCONN": "CLOSED",
};

const LINE = /^(\S+)\s+(\d+)\s+(\d+)\s+(\S+):(\d+|\*)\s+(\S+):(\d+|\*)\s*(.*)$/;
const USERS = /\("([^"]*)",pid=(\d+),fd=\d+\)/g;
const INODE = /\bino:(\d+)/;
/** States in which a connection has been handed to a listener and may wait there to be accepted. */
const MAY_WAIT: ReadonlySet<SocketState> = new Set(["ESTABLISHED", "CLOSE_WAIT"]);

export function parseSs(output: string): SocketRow[] {
  return output.split("\n").flatMap((line) => {
    const row = parseLine(line.trim());
    return row === null ? [] : [row];
  });
}

function parseLine(line: string): SocketRow | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [
    ,
    stateText = "",
    received,
    sent,
    localAddress = "",
    localPort,
    peerAddress = "",
    peerPort,
    rest = "",
  ] = match;
  const state = STATES[stateText];
  if (state === undefined) return null;
  const listens = state === "LISTEN";
  const inode = INODE.exec(rest)?.[1];
  return {
    state,
    local: { address: listenAddress(plainAddress(localAddress), rest), port: Number(localPort) },
    peer: listens ? null : { address: plainAddress(peerAddress), port: Number(peerPort) },
    unreadBytes: listens ? null : Number(received),
    queue: listens ? { waiting: Number(received), max: Number(sent) } : null,
    accepted: inode === undefined || !MAY_WAIT.has(state) ? null : inode !== "0",
    owner: parseOwner(rest),
  };
}

/** A listener on `::` serves IPv4 as well, unless it says otherwise. */
function listenAddress(address: string, rest: string): string {
  return address === "::" && !rest.includes("v6only:1") ? "*" : address;
}

/** The oldest of several: children inherit sockets, workers from their master, and for a moment whatever is forked. */
function parseOwner(rest: string): Owner | null {
  const users = [...rest.matchAll(USERS)].map(([, command = "", pid]): Owner => ({
    pid: Number(pid),
    command,
  }));
  return users.toSorted((a, b) => a.pid - b.pid)[0] ?? null;
}
