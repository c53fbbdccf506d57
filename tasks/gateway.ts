import { beaconPath } from "../lib/beacon.ts";
import { calendar } from "../lib/calendar/calendar.ts";
import { WallClock } from "../lib/clock.ts";
import { type Micros, MICROS_PER_UNIT } from "../lib/money.ts";
import { FAULTS } from "../lib/simulator/fault_table.ts";
import { type FaultSpec, parseFault } from "../lib/simulator/faults.ts";
import { startGateway } from "../lib/simulator/gateway.ts";
import type { JournalLine } from "../lib/simulator/journal.ts";
import type { Gateway } from "../lib/simulator/options.ts";
import { complain, note, print } from "../lib/terminal.ts";
import { interruptSignal } from "./interrupt.ts";

/** The command line's options, as Commander hands them over. */
export interface GatewayFlags {
  /** 0 takes a free one. */
  readonly port: number;
  readonly seed: number;
  /** Account ids; `DU…` is paper. */
  readonly account?: readonly string[] | undefined;
  /** Dollars each account starts with. */
  readonly cash: number;
  /** Exchange date; the most recent session that is over when absent. */
  readonly date?: string | undefined;
  /** New York time of day it starts at, `09:25`. */
  readonly start?: string | undefined;
  /** Simulated seconds per second. */
  readonly speed: number;
  readonly serverVersion: number;
  /** `name` or `name=key:value,…`, each. */
  readonly fault?: readonly string[] | undefined;
  readonly listFaults?: boolean | undefined;
  /** One JSON line for every frame, order event and execution. */
  readonly journal?: string | undefined;
  readonly json?: boolean | undefined;
}

export const GATEWAY_DEFAULTS = {
  port: 4002,
  seed: 42,
  cash: 100_000,
  speed: 60,
  serverVersion: 178,
} as const;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const DEFAULT_ACCOUNT = "DU1234567";
const DATA_FOLDER = "data";
/** Before the opening: time to connect, to warm up, and to see the opening auction. */
const DEFAULT_START = "09:25";
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const SERVER_VERSIONS: readonly number[] = [178, 193, 200];

/** Runs until a signal; returns the exit code. */
export async function runGateway(flags: GatewayFlags): Promise<number> {
  if (flags.listFaults) return listFaults(flags.json ?? false);
  const plan = planOf(flags);
  if (typeof plan === "string") return refuse(plan, EXIT.usage);
  using interrupt = interruptSignal();
  using journal = openJournal(flags.journal);
  const startedWallMs = Date.now();
  const clock = new WallClock({ originMs: plan.originMs, speed: flags.speed });
  let gateway: Gateway;
  try {
    gateway = await startGateway({ ...plan, clock, seed: flags.seed, journal: journal.write });
  } catch (error) {
    const refusal = listenRefusal(error, flags.port);
    if (refusal === null) throw error;
    return refuse(refusal, EXIT.failed);
  }
  const beacon = {
    port: gateway.port,
    pid: Deno.pid,
    originMs: plan.originMs,
    startedWallMs,
    speed: flags.speed,
    date: plan.date,
    accounts: plan.accounts.map(({ id }) => id),
  };
  const beaconFile = beaconPath(DATA_FOLDER, gateway.port);
  writeBeacon(beaconFile, JSON.stringify(beacon));
  announce(beacon, flags);
  await stopped(interrupt.signal);
  await gateway.close();
  removeBeacon(beaconFile);
  return EXIT.done;
}

interface Plan {
  readonly port: number;
  readonly date: string;
  readonly originMs: number;
  readonly serverVersionMax: number;
  readonly accounts: readonly { readonly id: string; readonly cash: Micros }[];
  readonly faults: readonly FaultSpec[];
}

/** What was asked for; a sentence when that cannot be. */
function planOf(flags: GatewayFlags): Plan | string {
  const exchange = calendar("XNYS");
  const day = flags.date === undefined
    ? exchange.previousSession(Date.now())
    : exchange.session(flags.date);
  if (day === null) {
    return `Cannot simulate ${flags.date}: XNYS is closed (${
      exchange.reasonClosed(flags.date ?? "")
    }). Choose a session day with --date`;
  }
  if (!SERVER_VERSIONS.includes(flags.serverVersion)) {
    return `Cannot speak server version ${flags.serverVersion}: use ${SERVER_VERSIONS.join(", ")}`;
  }
  const start = flags.start ?? DEFAULT_START;
  if (!TIME_OF_DAY.test(start)) return `Cannot start at "${start}": write a time such as 09:25`;
  try {
    return {
      port: flags.port,
      date: day.date,
      originMs: Temporal.PlainDateTime.from(`${day.date}T${start}`).toZonedDateTime(day.zone)
        .epochMilliseconds,
      serverVersionMax: flags.serverVersion,
      accounts: (flags.account ?? [DEFAULT_ACCOUNT]).map((id) => ({
        id,
        cash: BigInt(Math.round(flags.cash * 100)) * (MICROS_PER_UNIT / 100n),
      })),
      faults: (flags.fault ?? []).map(parseFault),
    };
  } catch (error) {
    // An unknown fault, or arguments it does not take.
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

function announce(
  beacon: { readonly port: number; readonly date: string; readonly accounts: readonly string[] },
  flags: GatewayFlags,
): void {
  if (flags.json) return print(JSON.stringify({ event: "ready", host: "127.0.0.1", ...beacon }));
  const accounts = beacon.accounts.join(", ");
  print(
    `Simulated Gateway on 127.0.0.1:${beacon.port}, account ${accounts}, ${beacon.date} from ` +
      `${flags.start ?? DEFAULT_START} New York at speed ${flags.speed}, seed ${flags.seed}`,
  );
}

function listFaults(json: boolean): number {
  const rows = Object.entries(FAULTS).map(([name, { summary, args }]) => ({ name, summary, args }));
  if (json) print(JSON.stringify(rows));
  else {
    for (const { name, summary, args } of rows) {
      const defaults = Object.entries(args).map(([key, value]) => `${key}:${value}`).join(",");
      print(`${(defaults === "" ? name : `${name}=${defaults}`).padEnd(42)} ${summary}`);
    }
  }
  return EXIT.done;
}

/** A sentence when nobody is to blame but the port; null for any other error. */
function listenRefusal(error: unknown, port: number): string | null {
  if (error instanceof RangeError) return error.message;
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE" || error instanceof Deno.errors.AddrInUse) {
    return `Cannot listen on 127.0.0.1:${port}: the port is in use. Stop its owner or choose another --port`;
  }
  if (code === "EACCES" || error instanceof Deno.errors.PermissionDenied) {
    return `Cannot listen on 127.0.0.1:${port}: permission denied. Choose a --port above 1023`;
  }
  return null;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** So that a session on this machine can follow the simulated time. Without it everything else still works. */
function writeBeacon(path: string, text: string): void {
  try {
    Deno.mkdirSync(DATA_FOLDER, { recursive: true });
    Deno.writeTextFileSync(path, `${text}\n`);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    note(`Cannot write ${path}, so sessions will not follow the simulated time: ${error.message}`);
  }
}

function removeBeacon(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function openJournal(
  path: string | undefined,
): Disposable & { readonly write: (line: JournalLine) => void } {
  if (path === undefined) return { write: () => {}, [Symbol.dispose]: () => {} };
  const file = Deno.openSync(path, { append: true, create: true });
  const encoder = new TextEncoder();
  return {
    write: (line) => {
      const bytes = encoder.encode(`${JSON.stringify({ ...line, wallMs: Date.now() })}\n`);
      for (let written = 0; written < bytes.length;) {
        written += file.writeSync(bytes.subarray(written));
      }
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function refuse(message: string, exitCode: number): number {
  complain(message);
  return exitCode;
}
