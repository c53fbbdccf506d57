import {
  calendar,
  CalendarHorizonError,
  type Session as ExchangeDay,
} from "../lib/calendar/calendar.ts";
import { loadConfig } from "../lib/config.ts";
import type { Entry } from "../lib/ledger/entry.ts";
import type { Ledger } from "../lib/ledger/ledger.ts";
import { openLedger } from "../lib/ledger/sqlite.ts";
import type { ProbeReport } from "../lib/probe/report.ts";
import { Tally } from "../lib/session/narrate.ts";
import { type SessionSummary, summarise, summaryLines } from "../lib/session/summary.ts";
import { complain, note, print, ProgressLine } from "../lib/terminal.ts";
import { INTERRUPTED, interruptSignal } from "./interrupt.ts";
import { writeSessionReport } from "./report.ts";
import { runSimulatedDay } from "./simulated_day.ts";

export interface DemoFlags {
  readonly seed: number;
  readonly date: string;
  readonly out: string;
  readonly json?: boolean | undefined;
}

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const BAR_CELLS = 24;
const LABEL_WIDTH = 11;
/** More demos than this in one folder are not kept apart any more. */
const RUNS_MAX = 10_000;

/** A whole market day on a machine with no broker; returns the exit code. */
export async function runDemo(flags: DemoFlags): Promise<number> {
  const day = sessionOf(flags.date);
  if (typeof day === "string") {
    complain(`Cannot trade ${flags.date}: ${day}. Choose a session day with --date`);
    return EXIT.usage;
  }
  using interrupt = interruptSignal();
  const folder = writableFolder(flags.out);
  if (folder === null) return EXIT.failed;
  const ledger = openLedger(`${folder}/ledger.sqlite`);
  try {
    const summary = await trade(flags, { day, ledger, stop: interrupt.signal });
    if (interrupt.signal.aborted) return INTERRUPTED;
    const paths = writeSessionReport(ledger.read(), summary.sessionId, `${folder}/report`);
    show(summary, { flags, report: paths.html, head: ledger.head()?.hash ?? "" });
    return summary.outcome === "done" || summary.outcome === "halted" ? EXIT.done : EXIT.failed;
  } finally {
    ledger.close();
  }
}

/** The exchange day, or why there is none. */
function sessionOf(date: string): ExchangeDay | string {
  const exchange = calendar("XNYS");
  try {
    return exchange.session(date) ?? `XNYS is closed (${exchange.reasonClosed(date)})`;
  } catch (error) {
    if (error instanceof CalendarHorizonError) return error.message;
    throw error;
  }
}

async function trade(
  { seed }: DemoFlags,
  { day, ledger, stop }: { day: ExchangeDay; ledger: Ledger; stop: AbortSignal },
): Promise<SessionSummary> {
  note(`Simulated Gateway on loopback, seed ${seed}; trading ${day.date} in virtual time …`);
  const progress = new ProgressLine();
  const tally = new Tally();
  const { sessionId } = await runSimulatedDay({
    seed,
    day,
    ledger,
    stop,
    loaded: loadConfig({ file: null, env: {}, flags: {} }),
    onProbed: (report) => note(probeLine(report)),
    observe: (entry) => {
      tally.apply(entry);
      progress.update(() => progressText(entry, tally, day));
    },
  });
  progress.clear();
  return summarise(ledger.read(), sessionId);
}

/** The folder, or null after saying why there is none. */
function writableFolder(out: string): string | null {
  try {
    return freshFolder(out);
  } catch (error) {
    const refused = error instanceof Deno.errors.NotCapable ||
      error instanceof Deno.errors.PermissionDenied;
    if (!refused && !(error instanceof Deno.errors.NotADirectory)) throw error;
    complain(`Cannot write to "${out}": this task writes below data and reports only`);
    return null;
  }
}

/** Where a demo's files go; each run gets a folder of its own, so that none ever overwrites another's ledger. */
function freshFolder(out: string): string {
  for (let run = 1; run <= RUNS_MAX; run++) {
    const folder = `${out}/run-${run}`;
    try {
      Deno.mkdirSync(out, { recursive: true });
      Deno.mkdirSync(folder);
      return folder;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  throw new RangeError(`Cannot keep more than ${RUNS_MAX} demos in "${out}": remove old ones`);
}

function probeLine({ verdict, checks }: ProbeReport): string {
  const passed = checks.filter(({ status }) => status === "pass").length;
  return `Probe: ${verdict}, ${passed} checks passed`;
}

function progressText({ at }: Entry, tally: Tally, day: ExchangeDay): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(day.zone)
    .toPlainTime().toString({ smallestUnit: "minute" });
  const share = Math.min(1, Math.max(0, (at - day.opensAt) / (day.closesAt - day.opensAt)));
  const bar = "█".repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS, "░");
  return `${time} ${bar} ${tally.signals} signals, ${tally.orders} orders, ${tally.fills} fills`;
}

function show(
  summary: SessionSummary,
  { flags, report, head }: { flags: DemoFlags; report: string; head: string },
): void {
  if (flags.json === true) {
    print(JSON.stringify({ ...summary, seed: flags.seed, report, ledgerHash: head }));
    return;
  }
  for (const [label, text] of summaryLines(summary)) print(`${label.padEnd(LABEL_WIDTH)}${text}`);
  print(`${"Report".padEnd(LABEL_WIDTH)}${report}`);
  print(`${"Next".padEnd(LABEL_WIDTH)}open the report, then: deno task gateway`);
}
