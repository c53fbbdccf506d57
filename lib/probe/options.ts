import { CHECK_IDS, type CheckId, type Mode } from "./report.ts";

/** What a probe run is asked for, checked. `tasks/probe.ts` makes it of flags, the session of its configuration. */
export interface ProbeOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  /** For a complete start of a session (connect, greeting, accounts), and once more for the questions after it. */
  readonly timeoutMs: number;
  /** How much longer to wait for a Gateway that is not there yet, or waits for a click; 0 is not. */
  readonly waitMs: number;
  /** Paper or live by configuration; undefined goes by the port. */
  readonly expectedMode?: Mode;
  /** The account the caller means to trade; must be among the ones the Gateway names. */
  readonly account?: string;
  /** A liquid stock to ask quotes and bars of. */
  readonly symbol: string;
  readonly ordersWanted: boolean;
  /** Ask for a margin preview of one order; on paper accounts only. */
  readonly whatIf: boolean;
  /** Degraded counts as failed: exit code 3. */
  readonly strict?: boolean;
  /** Only this check and what it needs. */
  readonly only?: CheckId;
}

export const DEFAULTS = {
  host: "127.0.0.1",
  port: 4002,
  timeoutMs: 5_000,
  waitMs: 0,
  symbol: "AAPL",
} as const;

/** An hour: longer than that is a job for the schedule, not for one probe. */
const WAIT_MAX_MS = 3_600_000;
const TIMEOUT_MAX_MS = 600_000;
const PORT_MAX = 65_535;
/** IB reads client ids as 32-bit integers. */
const CLIENT_ID_MAX = 2_147_483_647;

/** The options make no sense, or name a host that does not exist. */
export class ProbeUsageError extends Error {
  override readonly name = "ProbeUsageError";
}

/**
 * An id nobody else uses, well away from the small numbers people give their bots. Never 0 (it adopts manual
 * orders) and never the same twice running: TWS takes seconds to forget one.
 */
export function randomClientId(): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return 9_000 + random % 9_000_000;
}

/** A whole number in a range, from a flag. */
export function wholeNumber(
  value: string | number,
  { name, min, max }: { readonly name: string; readonly min: number; readonly max: number },
): number {
  const number = typeof value === "number" ? value : parseDecimal(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new ProbeUsageError(
      `Cannot use ${name} "${value}": give a whole number from ${min} to ${max}`,
    );
  }
  return number;
}

export function parsePort(value: string | number): number {
  return wholeNumber(value, { name: "port", min: 1, max: PORT_MAX });
}

export function parseClientId(value: string | number): number {
  return wholeNumber(value, { name: "client id", min: 0, max: CLIENT_ID_MAX });
}

export function parseTimeoutMs(value: string | number): number {
  return parseSeconds(value, { name: "timeout", minMs: 100, maxMs: TIMEOUT_MAX_MS });
}

export function parseWaitMs(value: string | number): number {
  return parseSeconds(value, { name: "wait", minMs: 0, maxMs: WAIT_MAX_MS });
}

function parseSeconds(
  value: string | number,
  { name, minMs, maxMs }: { readonly name: string; readonly minMs: number; readonly maxMs: number },
): number {
  const ms = (typeof value === "number" ? value : parseDecimal(value)) * 1000;
  if (!(ms >= minMs && ms <= maxMs)) {
    throw new ProbeUsageError(
      `Cannot use ${name} "${value}": give seconds from ${minMs / 1000} to ${maxMs / 1000}`,
    );
  }
  return Math.round(ms);
}

/** NaN of anything that is not a plain decimal number, the empty text and " 5" included. */
function parseDecimal(text: string): number {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
}

export function parseHost(value: string): string {
  const host = value.trim().replace(/^\[(.*)\]$/, "$1");
  if (host === "" || /[\s/@]/.test(host) || /^[^:]+:\d+$/.test(host)) {
    throw new ProbeUsageError(
      `Cannot use host "${value}": give a name or an address alone, and the port with --port`,
    );
  }
  return host;
}

export function parseCheckId(value: string): CheckId {
  const id = CHECK_IDS.find((known) => known.toLowerCase() === value.toLowerCase());
  if (id === undefined) {
    throw new ProbeUsageError(
      `Cannot look only at "${value}": give one of ${CHECK_IDS.join(", ")}`,
    );
  }
  return id;
}

/** What each check needs to have passed before. */
const NEEDS: Readonly<Record<CheckId, readonly CheckId[]>> = {
  observer: [],
  process: ["observer"],
  listener: ["observer"],
  tcp: ["listener"],
  service: ["tcp"],
  handshake: ["service"],
  startApi: ["handshake"],
  nextValidId: ["startApi"],
  accounts: ["startApi"],
  upstream: ["nextValidId", "accounts"],
  clock: ["nextValidId", "accounts"],
  marketData: ["upstream"],
  history: ["upstream"],
  readOnly: ["nextValidId", "accounts"],
  openState: ["nextValidId", "accounts"],
  calendar: [],
  ledger: [],
};

/** A check and all it needs; every check when none is named. */
export function wantedChecks(only: CheckId | undefined): ReadonlySet<CheckId> {
  if (only === undefined) return new Set(CHECK_IDS);
  const wanted = new Set<CheckId>();
  const add = (id: CheckId): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    NEEDS[id].forEach(add);
  };
  add(only);
  return wanted;
}

/** The check that keeps `id` from running: itself failed, or what it needs was kept from running. */
export function blockedBy(
  id: CheckId,
  failed: ReadonlySet<CheckId>,
): CheckId | null {
  for (const need of NEEDS[id]) {
    const blocker = failed.has(need) ? need : blockedBy(need, failed);
    if (blocker !== null) return blocker;
  }
  return null;
}
