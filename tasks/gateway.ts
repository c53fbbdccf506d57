import { calendar } from "../lib/calendar/calendar.ts";
import { WallClock } from "../lib/clock.ts";
import { MICROS_PER_UNIT } from "../lib/money.ts";
import type { CommissionSchedule } from "../lib/simulator/commission.ts";
import { parseFaultPlan } from "../lib/simulator/fault_plan.ts";
import { FAULTS } from "../lib/simulator/fault_table.ts";
import { type FaultSpec, parseFault } from "../lib/simulator/faults.ts";
import { startGateway } from "../lib/simulator/gateway.ts";
import type { Gateway, GatewayOptions } from "../lib/simulator/options.ts";
import type { Beginning, State } from "../lib/simulator/state.ts";
import { localTime } from "../lib/simulator/texts.ts";
import { complain, print, ProgressLine } from "../lib/terminal.ts";
import {
  Beacon,
  type Journal,
  openJournal,
  openState,
  OutputError,
  readBars,
  readState,
} from "./gateway_files.ts";
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
  /** Recorded bars to trade against: a folder with a file such as AAPL.csv for each stock. */
  readonly bars?: string | undefined;
  /** Sees the orders of all clients. */
  readonly masterClientId?: number | undefined;
  readonly commissions: CommissionSchedule;
  /** `name=key:value,…@09:45-09:50`, each. */
  readonly fault?: readonly string[] | undefined;
  /** A JSON file of faults. */
  readonly faults?: string | undefined;
  readonly listFaults?: boolean | undefined;
  /** One JSON line for every frame, order event and execution. */
  readonly journal?: string | undefined;
  /** What it is kept in, to be killed and started again. */
  readonly state?: string | undefined;
  readonly json?: boolean | undefined;
}

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const DEFAULT_ACCOUNT = "DU1234567";
const DATA_FOLDER = "data";
/** Before the opening: time to connect, to warm up, and to see the opening auction. */
const DEFAULT_START = "09:25";
const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const SERVER_VERSIONS: readonly number[] = [178, 193, 200];
const STEP_MS = 1000;

/** Runs until a signal; returns the exit code. */
export async function runGateway(flags: GatewayFlags): Promise<number> {
  if (flags.listFaults) return listFaults(flags.json ?? false);
  let prepared: Prepared;
  try {
    prepared = prepare(flags);
  } catch (error) {
    const isUsage = error instanceof RangeError || error instanceof SyntaxError ||
      error instanceof Deno.errors.NotFound;
    if (!isUsage) throw error;
    return refuse(error.message, EXIT.usage);
  }
  using interrupt = interruptSignal();
  try {
    using journal = openJournal(flags.journal);
    return await serve(flags, { prepared, journal, signal: interrupt.signal });
  } catch (error) {
    if (error instanceof OutputError) return refuse(error.message, EXIT.usage);
    throw error;
  }
}

interface Prepared {
  readonly beginning: Beginning;
  readonly earlier: State | null;
  readonly faults: readonly FaultSpec[];
  readonly recorded: GatewayOptions["recorded"];
}

/** @throws {RangeError} or {SyntaxError} when it cannot be what was asked for, NotFound for a missing file */
function prepare(flags: GatewayFlags): Prepared {
  if (!SERVER_VERSIONS.includes(flags.serverVersion)) {
    const known = SERVER_VERSIONS.join(", ");
    throw new RangeError(`Cannot speak server version ${flags.serverVersion}: use ${known}`);
  }
  const planned = flags.faults === undefined
    ? []
    : parseFaultPlan(Deno.readTextFileSync(flags.faults));
  const faults = [...planned, ...(flags.fault ?? []).map(parseFault)];
  const earlier = readState(flags.state);
  const beginning = earlier?.beginning ?? beginningOf(flags);
  return { beginning, earlier, faults, recorded: readBars(flags.bars) };
}

function beginningOf(flags: GatewayFlags): Beginning {
  const { seed, speed, start = DEFAULT_START, commissions } = flags;
  const exchange = calendar("XNYS");
  const day = flags.date === undefined
    ? exchange.previousSession(Date.now())
    : exchange.session(flags.date);
  if (day === null) {
    const reason = exchange.reasonClosed(flags.date ?? "");
    throw new RangeError(
      `Cannot simulate ${flags.date}: XNYS is closed (${reason}). Choose a session day with --date`,
    );
  }
  if (!TIME_OF_DAY.test(start)) {
    throw new RangeError(`Cannot start at "${start}": write a time such as 09:25`);
  }
  return {
    seed,
    speed,
    date: day.date,
    commissions,
    stepMs: STEP_MS,
    accounts: (flags.account ?? [DEFAULT_ACCOUNT]).map((id) => ({
      id,
      cash: BigInt(Math.round(flags.cash * 100)) * (MICROS_PER_UNIT / 100n),
    })),
    originMs: Temporal.PlainDateTime.from(`${day.date}T${start}`).toZonedDateTime(day.zone)
      .epochMilliseconds,
    startedWallMs: Date.now(),
  };
}

interface Serving {
  readonly prepared: Prepared;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}

async function serve(
  flags: GatewayFlags,
  { prepared, journal, signal }: Serving,
): Promise<number> {
  const { beginning, earlier, faults, recorded } = prepared;
  const { seed, date, stepMs, accounts, commissions, originMs, startedWallMs, speed } = beginning;
  // Time went on while it was down.
  const elapsedMs = (Date.now() - startedWallMs) * speed;
  const clock = new WallClock({ originMs: originMs + elapsedMs, speed });
  using state = openState(flags.state, { beginning, earlier });
  let gateway: Gateway;
  try {
    gateway = await startGateway({
      clock,
      port: flags.port,
      seed,
      date,
      stepMs,
      accounts,
      commissions: commissions ?? "fixed",
      faults,
      serverVersionMax: flags.serverVersion,
      ...(flags.masterClientId === undefined ? {} : { masterClientId: flags.masterClientId }),
      ...(recorded === undefined ? {} : { recorded }),
      ...(journal.write === undefined ? {} : { journal: journal.write }),
      ...(state.onInput === undefined ? {} : { onInput: state.onInput }),
      ...(earlier === null ? {} : { replay: { originMs, inputs: earlier.inputs } }),
    });
  } catch (error) {
    const refusal = refusalOf(error, flags.port);
    if (refusal === null) throw error;
    return refuse(...refusal);
  }
  const ids = accounts.map(({ id }) => id);
  const clockNow = { originMs, startedWallMs, speed, date };
  using _beacon = new Beacon(DATA_FOLDER, {
    port: gateway.port,
    pid: Deno.pid,
    ...clockNow,
    accounts: ids,
  });
  announce({ port: gateway.port, ids, beginning }, flags);
  await watched(gateway, { speed, signal });
  await gateway.close();
  return EXIT.done;
}

/** A sentence and an exit code for what is nobody's fault but the port's or the flags'; null for other errors. */
function refusalOf(error: unknown, port: number): [string, number] | null {
  if (error instanceof RangeError) return [error.message, EXIT.usage];
  const code = error instanceof Error && "code" in error ? error.code : null;
  const where = `Cannot listen on 127.0.0.1:${port}`;
  if (code === "EADDRINUSE" || error instanceof Deno.errors.AddrInUse) {
    return [`${where}: the port is in use. Stop its owner or choose another --port`, EXIT.failed];
  }
  if (code === "EACCES" || error instanceof Deno.errors.PermissionDenied) {
    return [`${where}: permission denied. Choose a --port above 1023`, EXIT.failed];
  }
  return null;
}

function announce(
  { port, ids, beginning }: {
    readonly port: number;
    readonly ids: readonly string[];
    readonly beginning: Beginning;
  },
  flags: GatewayFlags,
): void {
  const { date, originMs, startedWallMs, speed, seed } = beginning;
  if (flags.json) {
    const clock = { originMs, startedWallMs, speed, date };
    const ready = {
      event: "ready",
      host: "127.0.0.1",
      port,
      pid: Deno.pid,
      ...clock,
      accounts: ids,
    };
    return print(JSON.stringify(ready));
  }
  print(
    `Simulated Gateway on 127.0.0.1:${port}, account ${ids.join(", ")}, ${date} from ` +
      `${localTime(originMs).slice(9, 14)} New York at speed ${speed}, seed ${seed}`,
  );
}

/** How often the line on the terminal counts on. */
const REFRESH_MS = 1000;

/** Until the signal; meanwhile a line on the terminal says what goes on. */
async function watched(
  gateway: Gateway,
  { speed, signal }: { readonly speed: number; readonly signal: AbortSignal },
): Promise<void> {
  const line = new ProgressLine();
  const ticker = setInterval(() => line.update(() => statisticsText(gateway, speed)), REFRESH_MS);
  try {
    await stopped(signal);
  } finally {
    clearInterval(ticker);
    line.clear();
  }
}

function statisticsText(gateway: Gateway, speed: number): string {
  const { now, behindMs, clients, messagesIn, messagesOut, orders, executions } = gateway
    .statistics();
  const behindSeconds = Math.floor(behindMs / speed / 1000);
  const late = behindSeconds === 0 ? "" : `, ${behindSeconds} s behind --speed`;
  return `  ${
    localTime(now).slice(9)
  } New York${late} · ${clients} clients · ${messagesIn} messages in, ` +
    `${messagesOut} out · ${orders} orders, ${executions} fills`;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function listFaults(json: boolean): number {
  const rows = Object.entries(FAULTS).map(([name, { summary, args }]) => ({ name, summary, args }));
  if (json) print(JSON.stringify(rows));
  else {
    for (const { name, summary, args } of rows) {
      const defaults = Object.entries(args).map(([key, value]) => `${key}:${value}`).join(",");
      print(`${(defaults === "" ? name : `${name}=${defaults}`).padEnd(52)} ${summary}`);
    }
  }
  return EXIT.done;
}

function refuse(message: string, exitCode: number): number {
  complain(message);
  return exitCode;
}
