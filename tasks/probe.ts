import type { GatewayTime, ProbeDeps } from "../lib/probe/deps.ts";
import {
  DEFAULTS,
  parseCheckId,
  parseClientId,
  parseHost,
  parsePort,
  parseTimeoutMs,
  parseWaitMs,
  type ProbeOptions,
  ProbeUsageError,
  randomClientId,
  wantedChecks,
} from "../lib/probe/options.ts";
import { probe } from "../lib/probe/probe.ts";
import { machineLooker } from "../lib/probe/machine.ts";
import { EXIT, type ProbeReport } from "../lib/probe/report.ts";
import { WallClock } from "../lib/clock.ts";
import { complain, note, print, style } from "../lib/terminal.ts";
import { INTERRUPTED, interruptSignal } from "./interrupt.ts";
import { Waiting } from "./probe_progress.ts";

/** The command line's options as they were typed; this task checks them. Times are seconds. */
export interface ProbeFlags {
  readonly config?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly clientId?: string | number | undefined;
  readonly timeout?: string | number | undefined;
  /** How long to wait for a Gateway that is not there yet, or for a click on its screen. */
  readonly wait?: string | number | undefined;
  /** One check and what it needs. */
  readonly only?: string | undefined;
  readonly account?: string | undefined;
  readonly symbol?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly whatIf?: boolean | undefined;
  readonly viaLibrary?: boolean | undefined;
  readonly json?: boolean | undefined;
  /** Everything of IB's on this machine; connects to nothing. */
  readonly all?: boolean | undefined;
  /** Diagnoses a client's log instead of a connection. */
  readonly log?: string | undefined;
  /** The page of one cause, or of `all` in Markdown. */
  readonly explain?: string | undefined;
}

/** One diagnosis of the way to TWS or IB Gateway; returns the exit code. */
export async function runProbe(flags: ProbeFlags): Promise<number> {
  const json = flags.json ?? false;
  using interrupt = interruptSignal();
  const { signal } = interrupt;
  try {
    if (flags.explain !== undefined) return await explainCause(flags.explain);
    if (flags.all === true) return await listAll(json, signal);
    if (flags.log !== undefined) return await readClientLog(flags.log, json);
    const settings = await settingsOf(flags);
    const report = await run(settings, { viaLibrary: flags.viaLibrary ?? false, signal });
    await record(report, settings.ledgerPath);
    await show(report, json);
    return report.exitCode;
  } catch (error) {
    if (error instanceof ProbeUsageError) return refuse(error.message, EXIT.usage, json);
    if (!signal.aborted) throw error;
    return refuse("Stopped before there was a verdict", INTERRUPTED, json);
  }
}

interface Settings {
  readonly options: ProbeOptions;
  readonly ledgerPath: string;
}

/** Flags over configuration over defaults. */
async function settingsOf(flags: ProbeFlags): Promise<Settings> {
  const { ConfigError, loadConfig, readConfigSources } = await import("../lib/config.ts");
  try {
    const { config } = loadConfig(readConfigSources({ file: flags.config, flags: {} }));
    const { gateway, ledger } = config;
    const account = flags.account ?? gateway.account;
    const options: ProbeOptions = {
      host: parseHost(flags.host ?? gateway.host),
      port: parsePort(flags.port ?? gateway.port),
      // Not the session's id: a probe must not take it away, nor be thrown out because a session runs.
      clientId: flags.clientId === undefined ? randomClientId() : parseClientId(flags.clientId),
      timeoutMs: flags.timeout === undefined ? DEFAULTS.timeoutMs : parseTimeoutMs(flags.timeout),
      waitMs: flags.wait === undefined ? DEFAULTS.waitMs : parseWaitMs(flags.wait),
      symbol: flags.symbol ?? DEFAULTS.symbol,
      ordersWanted: true,
      whatIf: flags.whatIf ?? false,
      strict: flags.strict ?? false,
      ...(flags.only === undefined ? {} : { only: parseCheckId(flags.only) }),
      ...(account === null ? {} : { account }),
    };
    return { options, ledgerPath: ledger.path };
  } catch (error) {
    if (error instanceof ConfigError) throw new ProbeUsageError(error.message);
    throw error;
  }
}

async function run(
  settings: Settings,
  { viaLibrary, signal }: { readonly viaLibrary: boolean; readonly signal: AbortSignal },
): Promise<ProbeReport> {
  const { options } = settings;
  using waiting = new Waiting();
  const report = await probe(options, {
    ...await depsOf(settings),
    signal,
    onProgress: waiting.update,
  });
  if (!viaLibrary || report.verdict === "not-ready") return report;
  const { withLibrary } = await import("./probe_library.ts");
  return await withLibrary(report, { options, signal });
}

/** What is wanted of the world, and no more: each import here costs the start some milliseconds. */
async function depsOf({ options, ledgerPath }: Settings): Promise<ProbeDeps> {
  const wanted = wantedChecks(options.only);
  const clock = new WallClock();
  const gatewayTime = wanted.has("clock") ? await simulatedTime(options.port) : () => null;
  return {
    clock,
    looker: machineLooker(),
    gatewayTime,
    ...(wanted.has("calendar")
      ? { calendar: await calendarLook(() => (gatewayTime() ?? clock).now()) }
      : {}),
    ...(wanted.has("ledger") || wanted.has("openState")
      ? { ledger: (await import("../lib/probe/ledger.ts")).ledgerLooker(ledgerPath) }
      : {}),
  };
}

/** Where a simulated Gateway on this machine left word of its own time. */
const DATA_FOLDER = "data";

async function simulatedTime(port: number): Promise<() => GatewayTime | null> {
  const { clockOf, readBeacon } = await import("../lib/beacon.ts");
  return () => {
    const beacon = readBeacon(DATA_FOLDER, port);
    if (beacon === null) return null;
    const clock = clockOf(beacon);
    return { now: () => clock.now(), speed: beacon.speed };
  };
}

async function calendarLook(now: () => number): Promise<NonNullable<ProbeDeps["calendar"]>> {
  const { calendar } = await import("../lib/calendar/calendar.ts");
  const { lookAtCalendar } = await import("../lib/probe/calendar.ts");
  return () => lookAtCalendar(calendar("XNYS"), now());
}

/** The result goes into the ledger when there is one; a probe starts none. */
async function record(report: ProbeReport, ledgerPath: string): Promise<void> {
  const ledgerCheck = report.checks.find(({ id }) => id === "ledger");
  if (ledgerCheck?.status !== "pass") return;
  const { openLedger } = await import("../lib/ledger/sqlite.ts");
  const { LedgerError } = await import("../lib/ledger/ledger.ts");
  const { verdict, diagnoses, elapsedMs } = report;
  const diagnosis = diagnoses[0]?.code ?? null;
  try {
    const ledger = openLedger(ledgerPath);
    ledger.append("probe", Date.now(), [{ kind: "probe-result", verdict, diagnosis, elapsedMs }]);
    ledger.close();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    note(error.message);
  }
}

async function show(report: ProbeReport, json: boolean): Promise<void> {
  if (json) return print(JSON.stringify(report, null, 2));
  const { renderReport } = await import("../lib/probe/text.ts");
  print(renderReport(report, {
    unicode: speaksUnicode(),
    paint: (colour, text) => style(Deno.stdout, colour, text),
    nowMs: Date.now(),
  }));
}

/** By the locale, as every program that prints does; Windows' terminals have understood Unicode for long. */
function speaksUnicode(): boolean {
  if (Deno.build.os === "windows") return true;
  const [locale = ""] = ["LC_ALL", "LC_CTYPE", "LANG"]
    .flatMap((name) => Deno.env.get(name) || []);
  return /utf-?8/i.test(locale);
}

async function explainCause(code: string): Promise<number> {
  const { causesMarkdown, explain } = await import("../lib/probe/pages.ts");
  print(code === "all" ? causesMarkdown() : explain(code));
  return EXIT.ready;
}

async function listAll(json: boolean, signal: AbortSignal): Promise<number> {
  const { renderInventory, takeInventory } = await import("../lib/probe/inventory.ts");
  const inventory = await takeInventory(machineLooker(), signal);
  print(json ? JSON.stringify(inventory, null, 2) : renderInventory(inventory));
  return inventory.unseen.length === 0 ? EXIT.ready : EXIT.notReady;
}

async function readClientLog(path: string, json: boolean): Promise<number> {
  const { diagnoseLog } = await import("../lib/probe/log_diagnosis.ts");
  const { readLog } = await import("../lib/probe/log_events.ts");
  const { logReport } = await import("../lib/probe/log_report.ts");
  const findings = diagnoseLog(readLog(await readText(path)));
  if (findings.attempts === 0) {
    throw new ProbeUsageError(
      `Cannot diagnose log "${path}": it has no line of ib_async, ib_insync, ibapi or @stoqey/ib`,
    );
  }
  const report = logReport(findings);
  await show(report, json);
  return report.exitCode;
}

/** `-` is standard input: a log can be read from anywhere without a permission for it. */
async function readText(path: string): Promise<string> {
  if (path === "-") return await new Response(Deno.stdin.readable).text();
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ProbeUsageError(
      `Cannot read log "${path}": it is not there, or outside what this task may read; ` +
        "give it as --log - < file",
    );
  }
}

/** One line for people, one document for programs. */
function refuse(message: string, exitCode: number, json: boolean): number {
  complain(message);
  if (!json) return exitCode;
  const report: ProbeReport = {
    schema: "robo-trader/probe@1",
    verdict: "not-ready",
    exitCode,
    target: null,
    elapsedMs: 0,
    session: null,
    checks: [],
    diagnoses: [],
    error: message,
  };
  print(JSON.stringify(report, null, 2));
  return exitCode;
}
