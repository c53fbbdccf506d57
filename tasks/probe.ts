import { WallClock } from "../lib/clock.ts";
import type { ProbeDeps, Progress } from "../lib/probe/deps.ts";
import { machineLooker } from "../lib/probe/machine.ts";
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
} from "../lib/probe/options.ts";
import { probe } from "../lib/probe/probe.ts";
import { EXIT, type ProbeReport } from "../lib/probe/report.ts";
import { complain, print, ProgressLine, style } from "../lib/terminal.ts";
import { INTERRUPTED, interruptSignal } from "./interrupt.ts";

/** The command line's options, as they were typed: this task checks them. Times are seconds. */
export interface ProbeFlags {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly clientId?: string | number | undefined;
  readonly timeout?: string | number | undefined;
  readonly wait?: string | number | undefined;
  readonly only?: string | undefined;
  readonly account?: string | undefined;
  readonly symbol?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly whatIf?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** One diagnosis of the way to TWS or IB Gateway; returns the exit code. */
export async function runProbe(flags: ProbeFlags): Promise<number> {
  const json = flags.json ?? false;
  using interrupt = interruptSignal();
  try {
    const report = await watched(optionsOf(flags), interrupt.signal);
    await show(report, json);
    return report.exitCode;
  } catch (error) {
    if (error instanceof ProbeUsageError) return refuse(error.message, EXIT.usage, json);
    if (!interrupt.signal.aborted) throw error;
    return refuse("Stopped before there was a verdict", INTERRUPTED, json);
  }
}

function optionsOf(flags: ProbeFlags): ProbeOptions {
  return {
    host: parseHost(flags.host ?? DEFAULTS.host),
    port: parsePort(flags.port ?? DEFAULTS.port),
    clientId: flags.clientId === undefined ? randomClientId() : parseClientId(flags.clientId),
    timeoutMs: flags.timeout === undefined ? DEFAULTS.timeoutMs : parseTimeoutMs(flags.timeout),
    waitMs: flags.wait === undefined ? DEFAULTS.waitMs : parseWaitMs(flags.wait),
    symbol: flags.symbol ?? DEFAULTS.symbol,
    ordersWanted: true,
    whatIf: flags.whatIf ?? false,
    strict: flags.strict ?? false,
    ...(flags.only === undefined ? {} : { only: parseCheckId(flags.only) }),
    ...(flags.account === undefined ? {} : { account: flags.account }),
  };
}

/** How often the progress line counts on. */
const TICK_MS = 100;

/** The run, with a line on the terminal that says what it waits for. */
async function watched(options: ProbeOptions, signal: AbortSignal): Promise<ProbeReport> {
  const line = new ProgressLine();
  let current: Progress | null = null;
  let sinceMs = 0;
  const deps: ProbeDeps = {
    clock: new WallClock(),
    looker: machineLooker(),
    signal,
    onProgress: (progress) => {
      current = progress;
      sinceMs = performance.now();
    },
  };
  const ticker = setInterval(() => {
    if (current !== null) line.update(() => progressText(current, performance.now() - sinceMs));
  }, TICK_MS);
  try {
    return await probe(options, deps);
  } finally {
    clearInterval(ticker);
    line.clear();
  }
}

function progressText(progress: Progress | null, ms: number): string {
  if (progress === null) return "";
  const seconds = (ms / 1000).toFixed(1);
  const limit = progress.limitMs === null ? "" : ` of ${(progress.limitMs / 1000).toFixed(1)}`;
  return `  ${progress.text} (${seconds}${limit} s)`;
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
  const locale = Deno.env.get("LC_ALL") || Deno.env.get("LC_CTYPE") || Deno.env.get("LANG") || "";
  return /utf-?8/i.test(locale);
}

/** One line for people, one document for programs. */
function refuse(message: string, exitCode: number, json: boolean): number {
  complain(message);
  if (json) {
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
  }
  return exitCode;
}
