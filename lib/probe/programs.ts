/** What a running program is to us, by its command line. Never kept whole: IBC's holds the password. */

export type ProgramKind =
  | "ib-gateway"
  | "tws"
  /** Java that does not say what it runs; TWS and IB Gateway often look like this. */
  | "java"
  /** Our own simulated Gateway. */
  | "simulator"
  /** Deno with something else, which may have a simulated Gateway inside: a demo, a test. */
  | "deno"
  /** IBKR Desktop: no API. */
  | "ibkr-desktop"
  /** Client Portal Gateway: a REST API on 5000. */
  | "client-portal"
  /** Accepts for someone else: socat, docker-proxy, ssh -L … */
  | "relay"
  | "other";

/** A process as `ps` or PowerShell shows it. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number | null;
  readonly user: string | null;
  /** First letter of the kernel's state: R, S, D, T …; null where the platform does not say. */
  readonly state: string | null;
  readonly ageMs: number | null;
  readonly cpuPercent: number | null;
  /** Whole command line, for `describeProgram` alone. */
  readonly commandLine: string;
}

/** A process fit to be shown. */
export interface Program {
  readonly pid: number;
  readonly kind: ProgramKind;
  /** `python3 bot.py`, `socat`, `IB Gateway`: no options, no secrets. */
  readonly label: string;
  readonly state: string | null;
  readonly ageMs: number | null;
  readonly cpuPercent: number | null;
  /** Whether it runs as the same user as we: only then are its sockets known to be visible. */
  readonly ours: boolean;
  /** For a relay: where its command line sends connections, `127.0.0.1:4001`. */
  readonly forwardsTo: string | null;
}

const GATEWAY = /ibgateway|ib gateway|gwclient|ibcgateway/i;
const TWS =
  /trader workstation|jclient\.loginframe|ibctws|(^|[\\/])tws(\.exe)?(\s|$)|[\\/]tws[\\/]/i;
const DESKTOP = /(^|[\\/])ntws(\.exe)?(\s|$)|ibkr desktop/i;
const CLIENT_PORTAL = /clientportal/i;
const SIMULATOR = /\bdeno(\.exe)?\b.*\b(main\.ts gateway|tasks[\\/]gateway\.ts|task gateway)\b/i;
const JAVA = /^(java|javaw|javaapplicationstub)(\.exe)?$/i;
const RELAYS = new Set([
  "socat",
  "docker-proxy",
  "com.docker.backend",
  "rootlesskit",
  "rootlessport",
  "slirp4netns",
  "pasta",
  "gvproxy",
  "vpnkit",
  "wslrelay",
  "wslhost",
  "ssh",
  "sshd",
  "sshd-session",
  "autossh",
  "kubectl",
  "haproxy",
  "stunnel",
  "stunnel4",
  "nginx",
  "envoy",
  "rinetd",
  "xinetd",
]);
const INTERPRETERS = new Set(["python", "python3", "node", "deno", "bun", "ruby", "perl"]);

export function describeProgram(row: ProcessRow, ourUser: string | null): Program {
  const name = programName(row.commandLine);
  const kind = programKind(name, row.commandLine);
  return {
    pid: row.pid,
    kind,
    label: programLabel(kind, name, row.commandLine),
    state: row.state,
    ageMs: row.ageMs,
    cpuPercent: row.cpuPercent,
    ours: ourUser === "root" || (ourUser !== null && row.user === ourUser),
    forwardsTo: kind === "relay" ? forwardTarget(name, row.commandLine) : null,
  };
}

/** The kind of a program of which only the name is known (the socket table names no more). */
export function kindOfName(name: string): ProgramKind {
  return programKind(programName(name), name);
}

/** A Gateway beyond doubt. Java and Deno may be one as well: they get no foreign bytes, but prove nothing. */
export function isGateway(kind: ProgramKind): boolean {
  return kind === "ib-gateway" || kind === "tws" || kind === "simulator";
}

/** Worth a word in a report of this machine. */
export function isOfInterest(kind: ProgramKind): boolean {
  return kind !== "other" && kind !== "java" && kind !== "deno";
}

function programKind(name: string, commandLine: string): ProgramKind {
  if (CLIENT_PORTAL.test(commandLine)) return "client-portal";
  if (DESKTOP.test(commandLine)) return "ibkr-desktop";
  const isJava = JAVA.test(name);
  const isTool = INTERPRETERS.has(bareName(name)) || RELAYS.has(bareName(name));
  if (!isTool && GATEWAY.test(commandLine)) return "ib-gateway";
  if (!isTool && TWS.test(commandLine)) return "tws";
  if (isJava) return "java";
  if (RELAYS.has(bareName(name))) return "relay";
  if (bareName(name) !== "deno") return "other";
  return SIMULATOR.test(commandLine) ? "simulator" : "deno";
}

/** Last part of the first word: `/usr/bin/python3 bot.py` → `python3`; `sshd: user@pts/0` → `sshd`. */
function programName(commandLine: string): string {
  const quoted = /^"([^"]+)"/.exec(commandLine)?.[1];
  const first = quoted ?? commandLine.split(/\s+/, 1)[0] ?? "";
  return first.split(/[\\/]/).at(-1)?.replace(/:$/, "") ?? first;
}

function bareName(name: string): string {
  return name.replace(/\.exe$/i, "").replace(/^(python3)\.\d+$/, "$1");
}

function programLabel(kind: ProgramKind, name: string, commandLine: string): string {
  if (kind === "ib-gateway") return "IB Gateway";
  if (kind === "tws") return "TWS";
  if (kind === "simulator") return "simulated Gateway";
  if (kind === "ibkr-desktop") return "IBKR Desktop";
  if (kind === "client-portal") return "Client Portal Gateway";
  if (!INTERPRETERS.has(bareName(name))) return name;
  const script = commandLine.split(/\s+/).slice(1).find((word) =>
    /\.(py|js|mjs|ts|rb|pl)$/.test(word)
  );
  return script === undefined ? name : `${name} ${script.split(/[\\/]/).at(-1) ?? ""}`;
}

/** Where a relay's command line sends what it accepts; null when it does not say in a form we know. */
function forwardTarget(name: string, commandLine: string): string | null {
  const pattern = {
    "socat": /\bTCP[46]?(?:-CONNECT)?:([^:,\s]+):(\d+)/i,
    "docker-proxy": /-container-ip\s+(\S+)\s+-container-port\s+(\d+)/,
    "ssh": /-L\s*(?:\S+?:)?\d+:([^:\s]+):(\d+)/,
    "autossh": /-L\s*(?:\S+?:)?\d+:([^:\s]+):(\d+)/,
  }[bareName(name)];
  const match = pattern?.exec(commandLine);
  return match === null || match === undefined ? null : `${match[1]}:${match[2]}`;
}
