import type { ProcessRow } from "./programs.ts";
import { type Endpoint, plainAddress, type SocketRow, type SocketState } from "./sockets.ts";

/**
 * What Windows is asked, in one PowerShell start (it takes most of a second): sockets and programs as one JSON
 * document. Windows shows neither accept queues nor unread bytes.
 */
export const POWERSHELL_SCRIPT = [
  "$ErrorActionPreference='SilentlyContinue'",
  "$s=@(Get-NetTCPConnection|%{@{s=[string]$_.State;la=$_.LocalAddress;lp=$_.LocalPort;ra=$_.RemoteAddress;rp=$_.RemotePort;p=$_.OwningProcess}})",
  "$p=@(Get-CimInstance Win32_Process|%{@{p=$_.ProcessId;pp=$_.ParentProcessId;n=$_.Name;c=$_.CommandLine;a=[int64]((Get-Date)-$_.CreationDate).TotalMilliseconds}})",
  "@{sockets=$s;programs=$p}|ConvertTo-Json -Depth 3 -Compress",
].join(";");
export const POWERSHELL_ARGUMENTS = [
  "-NoProfile",
  "-NonInteractive",
  "-Command",
  POWERSHELL_SCRIPT,
] as const;

const STATES: Readonly<Record<string, SocketState>> = {
  Listen: "LISTEN",
  SynSent: "SYN_SENT",
  SynReceived: "SYN_RECEIVED",
  Established: "ESTABLISHED",
  FinWait1: "FIN_WAIT_1",
  FinWait2: "FIN_WAIT_2",
  CloseWait: "CLOSE_WAIT",
  Closing: "CLOSING",
  LastAck: "LAST_ACK",
  TimeWait: "TIME_WAIT",
  Closed: "CLOSED",
};

export interface WindowsTables {
  readonly sockets: readonly SocketRow[];
  readonly processes: readonly ProcessRow[];
}

/** @throws {SyntaxError} when the text is not the JSON the script prints */
export function parsePowershell(output: string): WindowsTables {
  const document: unknown = JSON.parse(output);
  const programs = listIn(document, "programs");
  const names = new Map(programs.map((entry) => [numberIn(entry, "p"), textIn(entry, "n")]));
  return {
    sockets: listIn(document, "sockets").flatMap((entry) => {
      const row = socketRow(entry, names);
      return row === null ? [] : [row];
    }),
    processes: programs.map((entry) => ({
      pid: numberIn(entry, "p") ?? 0,
      parentPid: numberIn(entry, "pp"),
      user: null,
      state: null,
      ageMs: numberIn(entry, "a"),
      cpuPercent: null,
      // The command line of other users' programs is hidden; the name never is.
      commandLine: textIn(entry, "c") ?? textIn(entry, "n") ?? "",
    })),
  };
}

function socketRow(
  entry: unknown,
  names: ReadonlyMap<number | null, string | null>,
): SocketRow | null {
  const state = STATES[textIn(entry, "s") ?? ""];
  const local = endpoint(textIn(entry, "la"), numberIn(entry, "lp"));
  if (state === undefined || local === null) return null;
  const pid = numberIn(entry, "p");
  const listens = state === "LISTEN";
  return {
    state,
    // Windows shows a listener for both families as one of IPv6.
    local: listens && local.address === "::" ? { ...local, address: "*" } : local,
    peer: listens ? null : endpoint(textIn(entry, "ra"), numberIn(entry, "rp")),
    unreadBytes: null,
    queue: null,
    accepted: null,
    // Process 0 holds what is left of closed connections.
    owner: pid === null || pid === 0 ? null : { pid, command: names.get(pid) ?? null },
  };
}

function endpoint(address: string | null, port: number | null): Endpoint | null {
  return address === null || port === null ? null : { address: plainAddress(address), port };
}

function field(entry: unknown, key: string): unknown {
  return typeof entry === "object" && entry !== null ? Reflect.get(entry, key) : undefined;
}

function listIn(entry: unknown, key: string): readonly unknown[] {
  const value = field(entry, key);
  return Array.isArray(value) ? value : [];
}

function textIn(entry: unknown, key: string): string | null {
  const value = field(entry, key);
  return typeof value === "string" && value !== "" ? value : null;
}

function numberIn(entry: unknown, key: string): number | null {
  const value = field(entry, key);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
