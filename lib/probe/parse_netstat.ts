import {
  type Endpoint,
  type Owner,
  plainAddress,
  type SocketRow,
  type SocketState,
} from "./sockets.ts";

/**
 * macOS `netstat -anvW -p tcp`. Newer releases name the program (`process:pid`, and the name may hold blanks),
 * older ones only the pid; the heading says which.
 *
 *     tcp46 0 0 *.7497 *.* LISTEN 0 0 131072 131072 JavaApplicationS:812 00180 00000006 …
 */
export const NETSTAT_ARGUMENTS = ["-anvW", "-p", "tcp"] as const;
/** `netstat -LanW`: waiting/incomplete/max of each listener. */
export const NETSTAT_QUEUE_ARGUMENTS = ["-LanW"] as const;

const STATES: ReadonlySet<string> = new Set<SocketState>([
  "LISTEN",
  "SYN_SENT",
  "SYN_RECEIVED",
  "ESTABLISHED",
  "FIN_WAIT_1",
  "FIN_WAIT_2",
  "CLOSE_WAIT",
  "CLOSING",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSED",
]);
const LINE = /^(tcp\d*)\s+(\d+)\s+\d+\s+(\S+)\s+(\S+)\s+([A-Z_\d]+)\s*(.*)$/;
const NAMED_OWNER = /^(?:\d+\s+)+(\S.*?):(\d+)\s/;
const QUEUE = /^(?:tcp\d*\s+)?(\d+)\/(\d+)\/(\d+)\s+(\S+)$/;

export function parseNetstat(output: string): SocketRow[] {
  const lines = output.split("\n");
  const heading = lines.find((line) => line.startsWith("Proto")) ?? "";
  const ownerOf = heading.includes("process:pid") ? namedOwner : numberedOwner(heading);
  return lines.flatMap((line) => {
    const match = LINE.exec(line.trim());
    if (match === null) return [];
    const [, family = "", received, localText = "", peerText = "", state = "", rest = ""] = match;
    const local = parseEndpoint(localText, ANY[family]);
    if (!isState(state) || local === null) return [];
    const listens = state === "LISTEN";
    return [{
      state,
      local,
      peer: listens ? null : parseEndpoint(peerText),
      unreadBytes: listens ? null : Number(received),
      queue: null,
      accepted: null,
      owner: ownerOf(rest),
    }];
  });
}

/** A listener's queue. Its address may be `*` where the row of the listener names a family. */
export interface NetstatQueue {
  readonly local: Endpoint;
  readonly waiting: number;
  readonly max: number;
}

export function parseNetstatQueues(output: string): NetstatQueue[] {
  return output.split("\n").flatMap((line) => {
    const match = QUEUE.exec(line.trim());
    const local = parseEndpoint(match?.[4] ?? "");
    if (match === null || local === null) return [];
    return [{ local, waiting: Number(match[1]), max: Number(match[3]) }];
  });
}

function isState(text: string): text is SocketState {
  return STATES.has(text);
}

/** What `*` stands for, by the first column. */
const ANY: Readonly<Record<string, string>> = { tcp4: "0.0.0.0", tcp6: "::", tcp46: "*" };

/** `127.0.0.1.7497`, `::1.7497`, `*.*`: the port follows the last dot. */
function parseEndpoint(text: string, any = "*"): Endpoint | null {
  const dot = text.lastIndexOf(".");
  if (dot < 0) return null;
  const port = Number(text.slice(dot + 1));
  const address = plainAddress(text.slice(0, dot));
  return { address: address === "*" ? any : address, port: Number.isInteger(port) ? port : 0 };
}

function namedOwner(rest: string): Owner | null {
  const match = NAMED_OWNER.exec(`${rest} `);
  const pid = Number(match?.[2]);
  return match === null || pid === 0 ? null : { pid, command: match[1] ?? null };
}

/** The pid stands in the column that the heading calls `pid`, counted from behind `(state)`. */
function numberedOwner(heading: string): (rest: string) => Owner | null {
  const columns = heading.slice(heading.indexOf("(state)") + "(state)".length).trim().split(/\s+/);
  const index = columns.indexOf("pid");
  return (rest) => {
    const pid = Number(rest.split(/\s+/)[index]);
    return Number.isInteger(pid) && pid > 0 ? { pid, command: null } : null;
  };
}
