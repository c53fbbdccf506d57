import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { agrees, clockOf, readBeacon } from "../lib/beacon.ts";
import type { Broker } from "../lib/broker/broker.ts";
import { connectIb, type IbOptions } from "../lib/broker/ib.ts";
import { PaceFile } from "../lib/broker/pace_file.ts";
import { CalendarHorizonError } from "../lib/calendar/calendar.ts";
import { loadCalendar } from "../lib/calendar/load.ts";
import { CalendarOverrideError } from "../lib/calendar/overrides.ts";
import { type Clock, WallClock } from "../lib/clock.ts";
import { type Config, ConfigError, type LoadedConfig, printValue } from "../lib/config.ts";
import { loadConfig, readConfigSources } from "../lib/config.ts";
import { LedgerError } from "../lib/ledger/ledger.ts";
import { LeasedError, takeLease } from "../lib/ledger/lease.ts";
import { openLedger } from "../lib/ledger/sqlite.ts";
import { openLog } from "../lib/log.ts";
import { LockedError, takeLock } from "../lib/lock.ts";
import { ulidSource } from "../lib/orders/ids.ts";
import { confirmLiveAccount, SetupError } from "../lib/session/account.ts";
import { levelOf, Narrator } from "../lib/session/narrate.ts";
import { runSession, type SessionOutcome } from "../lib/session/session.ts";
import { nextSessionId, planSession } from "../lib/session/setup.ts";
import { StrategyHost } from "../lib/session/strategy_host.ts";
import { type SessionSummary, summarise, summaryLines } from "../lib/session/summary.ts";
import { todayAt } from "../lib/session/today.ts";
import { chooseStrategy, type ChosenStrategy } from "../lib/strategy/registry.ts";
import { parseAssignments, StrategyError } from "../lib/strategy/registry.ts";
import { isStrategyFile } from "../lib/strategy/author.ts";
import { complain, note, print } from "../lib/terminal.ts";
import { explainRisk } from "./explain_risk.ts";
import { INTERRUPTED, interruptSignal } from "./interrupt.ts";
import { preflight } from "./session_start.ts";

export interface SessionFlags {
  readonly mode: "paper" | "live";
  readonly config?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly clientId?: number | undefined;
  readonly account?: string | undefined;
  readonly symbols?: string | undefined;
  readonly strategy?: string | undefined;
  readonly param?: readonly string[] | undefined;
  readonly atClose?: string | undefined;
  readonly execution?: string | undefined;
  readonly ledger?: string | undefined;
  readonly clock: string;
  readonly acceptDifferences?: string | undefined;
  readonly skipProbe?: boolean | undefined;
  readonly printConfig?: boolean | undefined;
  readonly explainRisk?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** As documented in the README. */
const EXIT = { done: 0, failed: 1, usage: 2, notReady: 3, halted: 4, taken: 5 } as const;
/** Where the lock and a simulated Gateway's beacon live. */
const DATA_FOLDER = "data";
/** A link that is dead but looks alive is found within this and the answer's limit. */
const HEARTBEAT_SECONDS = 15;
const NOT_PERMITTED = {
  paper: "this task is not permitted to. It never reaches the live ports 4001 and 7496; another " +
    "machine has to be named in permissions.session.net of deno.json",
  live:
    "this task is permitted only the live ports 4001 (Gateway) and 7496 (TWS): set gateway.port " +
    "or --port; another machine has to be named in permissions.session-live.net of deno.json",
} as const;
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);
const LOCK_FILE = `${DATA_FOLDER}/session.lock`;
const PACE_FILE = `${DATA_FOLDER}/history-pace.json`;

/** One trading session; returns the exit code. */
export async function runSessionTask(flags: SessionFlags): Promise<number> {
  try {
    const loaded = loadConfig(readConfigSources({ file: flags.config, flags: settingsOf(flags) }));
    if (flags.mode === "live") {
      const account = confirmLiveAccount(flags.account, loaded.config.gateway.account);
      note(`*** LIVE: REAL MONEY on account ${account} ***`);
    }
    const { strategy, parameters } = loaded.config.session;
    const given = { ...parameters, ...parseAssignments(flags.param ?? []) };
    using host = isStrategyFile(strategy)
      ? await StrategyHost.load(pathToFileURL(resolve(strategy)), new WallClock())
      : null;
    const chosen = host?.choose(given) ?? chooseStrategy(strategy, given);
    if (flags.printConfig === true) {
      printConfig(loaded);
      return EXIT.done;
    }
    if (flags.explainRisk === true) {
      explainRisk(loaded, flags.json === true);
      return EXIT.done;
    }
    return await trade(flags, loaded, chosen);
  } catch (error) {
    return exitCodeOf(error);
  }
}

async function trade(
  flags: SessionFlags,
  loaded: LoadedConfig,
  chosen: ChosenStrategy,
): Promise<number> {
  const { config } = loaded;
  const { host, port } = config.gateway;
  if (Deno.permissions.querySync({ name: "net", host: `${host}:${port}` }).state !== "granted") {
    complain(`Cannot reach ${host}:${port}: ${NOT_PERMITTED[flags.mode]}`);
    return EXIT.usage;
  }
  // Real money never follows simulated time.
  const wanted = flags.mode === "live" ? "wall" : flags.clock;
  const { clock, name: clockName, speed } = chooseClock(wanted, config);
  const calendar = loadCalendar(config.session.exchange);
  const today = todayAt(clock.now(), calendar);
  if (!today.trading) {
    print(flags.json === true ? JSON.stringify({ outcome: "closed", ...today }) : today.because);
    return EXIT.done;
  }
  const { day } = today;
  Deno.mkdirSync(DATA_FOLDER, { recursive: true });
  const task = `session of ${day.date}`;
  using _lock = takeLock(LOCK_FILE, { pid: Deno.pid, task, since: Date.now() });
  using interrupt = interruptSignal();
  using log = openLog(config.log, complain);
  const ledger = openLedger(config.ledger.path);
  try {
    const { path } = config.ledger;
    const owner = { host: Deno.hostname(), pid: Deno.pid, date: day.date, since: Date.now() };
    using _lease = takeLease(path, owner);
    const sessionId = nextSessionId(ledger, day.date);
    const { mode } = flags;
    const { signal } = interrupt;
    const probes = flags.skipProbe !== true;
    const refusal = await preflight({
      config,
      mode,
      probes,
      sessionId,
      ledger,
      clock,
      calendar,
      day,
      signal,
    });
    if (refusal !== null) return refusal === "failed" ? EXIT.failed : EXIT.notReady;
    const ids = ulidSource({
      now: () => clock.now(),
      random: (bytes) => crypto.getRandomValues(bytes),
    });
    const { acceptDifferences } = flags;
    const decided = { loaded, chosen, calendar, day, mode, sessionId, clockName, ids };
    const plan = planSession({ ...decided, acceptDifferences });
    const paceMemory = new PaceFile(PACE_FILE);
    const narrator = new Narrator();
    const outcome = await runSession(plan, {
      clock,
      ledger,
      connect: async (signal, orderIdFloor) => {
        const broker = await connectIb({
          ...connection(config, speed),
          clock,
          signal,
          orderIdFloor,
          paceMemory,
        });
        if (speed !== null) await confirmClock(broker, clock, speed);
        return broker;
      },
      stop: signal,
      observe: (entry) => {
        const text = narrator.narrate(entry);
        if (text === null) return;
        // What a person wrote from another terminal carries the wall's time.
        const at = entry.sessionId === sessionId ? entry.at : clock.now();
        note(`${timeOfDay(at, day.zone)}  ${text}`);
        const time = new Date(at).toISOString();
        log.write({ time, level: levelOf(entry), source: sessionId, text });
      },
    });
    show(summarise(ledger.read(), sessionId), flags.json === true);
    return codeOf(outcome);
  } finally {
    ledger.close();
  }
}

function show(summary: SessionSummary, json: boolean): void {
  if (json) {
    print(JSON.stringify(summary));
    return;
  }
  for (const [label, text] of summaryLines(summary)) print(`${label.padEnd(10)}${text}`);
  print("Next      deno task report");
}

/** `speed` is null on the wall clock. */
function chooseClock(
  wanted: string,
  { gateway }: Config,
): { clock: Clock; name: string; speed: number | null } {
  const here = LOOPBACK.has(gateway.host) && wanted === "auto";
  const beacon = here ? readBeacon(DATA_FOLDER, gateway.port) : null;
  if (beacon === null) return { clock: new WallClock(), name: "wall", speed: null };
  const { date, speed } = beacon;
  note(`Following the simulated Gateway's clock: ${date}, ${speed} times as fast`);
  return { clock: clockOf(beacon), name: `simulated x${speed}`, speed };
}

/** A file is only a claim; the Gateway's own word on the time decides. */
async function confirmClock(broker: Broker, clock: Clock, speed: number): Promise<void> {
  const theirs = await broker.currentTime();
  if (agrees(clock, theirs, speed)) return;
  await broker.close();
  throw new SetupError(
    `The Gateway's time is ${new Date(theirs).toISOString()}, not the simulated ` +
      `${new Date(clock.now()).toISOString()} of its beacon file: use --clock wall`,
  );
}

/** Limits of the network are of wall time, however fast the session's clock runs. */
function connection(
  { gateway }: Config,
  speed: number | null,
): Omit<IbOptions, "clock" | "signal"> {
  const { host, port, clientId, account } = gateway;
  const pace = 1_000 * (speed ?? 1);
  return {
    host,
    port,
    clientId,
    ...(account === null ? {} : { account }),
    connectTimeoutMs: gateway.connectTimeoutSeconds * pace,
    handshakeTimeoutMs: gateway.handshakeTimeoutSeconds * pace,
    answerTimeoutMs: gateway.answerTimeoutSeconds * pace,
    heartbeatMs: HEARTBEAT_SECONDS * pace,
  };
}

/** Flags by the setting they override. */
function settingsOf(flags: SessionFlags): Record<string, { flag: string; value: unknown }> {
  // A live account is typed to confirm the configured one, not to replace it.
  const account = flags.mode === "live" ? undefined : flags.account;
  return {
    "gateway.host": { flag: "--host", value: flags.host },
    "gateway.port": { flag: "--port", value: flags.port },
    "gateway.client_id": { flag: "--client-id", value: flags.clientId },
    "gateway.account": { flag: "--account", value: account },
    "session.symbols": { flag: "--symbols", value: flags.symbols },
    "session.strategy": { flag: "--strategy", value: flags.strategy },
    "session.at_close": { flag: "--at-close", value: flags.atClose },
    "execution.style": { flag: "--execution", value: flags.execution },
    "ledger.path": { flag: "--ledger", value: flags.ledger },
  };
}

function printConfig({ items }: LoadedConfig): void {
  const rows = items.map(({ key, value, source }) => [key, printValue(value), source] as const);
  const width = Math.max(...rows.map(([key]) => key.length));
  for (const [key, value, source] of rows) print(`${key.padEnd(width)}  ${value}  (${source})`);
}

function codeOf({ outcome }: SessionOutcome): number {
  switch (outcome) {
    case "done":
      return EXIT.done;
    case "halted":
      return EXIT.halted;
    case "interrupted":
      return INTERRUPTED;
    case "failed":
      return EXIT.failed;
  }
}

/** Failures with a name get their exit code and a line each; anything else is a defect and keeps its stack. */
function exitCodeOf(error: unknown): number {
  // What failed while everything was put away came after the reason.
  if (error instanceof SuppressedError) return exitCodeOf(error.suppressed);
  // Told to end while it still waited to connect.
  if (error instanceof DOMException && error.name === "AbortError") return INTERRUPTED;
  if (
    error instanceof ConfigError || error instanceof StrategyError ||
    error instanceof CalendarOverrideError
  ) {
    complain(error.message);
    return EXIT.usage;
  }
  if (error instanceof LockedError || error instanceof LeasedError) {
    complain(error.message);
    return EXIT.taken;
  }
  if (
    error instanceof LedgerError || error instanceof CalendarHorizonError ||
    error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable
  ) {
    complain(error.message);
    return EXIT.failed;
  }
  if (error instanceof Error && "code" in error && DISK_REFUSALS.has(error.code)) {
    complain(`Cannot write to ${DATA_FOLDER}: ${error.message}`);
    return EXIT.failed;
  }
  throw error;
}

/** Read-only, full, over its quota, broken. */
const DISK_REFUSALS: ReadonlySet<unknown> = new Set(["EROFS", "ENOSPC", "EDQUOT", "EIO"]);

function timeOfDay(epochMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainTime()
    .toString({ smallestUnit: "second" });
}
