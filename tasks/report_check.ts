import { basename } from "node:path";
import { ConfigError, loadConfig, readConfigSources } from "../lib/config.ts";
import { LedgerError, type LedgerReader } from "../lib/ledger/ledger.ts";
import { openLedgerReader } from "../lib/ledger/sqlite.ts";
import { NoSuchSessionError } from "../lib/report/build.ts";
import { chooseSessions, reportOn } from "../lib/report/selection.ts";
import { similarIds, traceFigure, traceLines } from "../lib/report/trace.ts";
import { StatementError } from "../lib/report/statement.ts";
import { disagreements, NotAReportError, readClaim } from "../lib/report/verify.ts";
import { readStatement } from "./report_files.ts";
import { complain, print } from "../lib/terminal.ts";

/** Does a written report hold, and where does a figure come from? */

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
/** Disagreements listed one by one. */
const LISTED_MAX = 20;

/** Recomputes `report.html` or `report.json` from the ledger; returns the exit code: 0 it holds, 1 it does not. */
export function runVerify(
  file: string,
  flags: { readonly ledger?: string | undefined; readonly statement?: string | undefined },
): Promise<number> {
  return withLedger(flags.ledger, (ledger) => {
    const claim = readClaim(basename(file), Deno.readTextFileSync(file));
    const broken = ledger.firstBreak();
    const wrong = disagreements(
      claim,
      reportOn(claim.selection, ledger, readStatement(flags.statement)),
    );
    if (broken !== null) {
      print(`✗ The ledger's chain of hashes breaks at entry ${broken}: something was changed`);
    }
    for (const { id, written, recomputed } of wrong.slice(0, LISTED_MAX)) {
      print(`✗ ${id}: the report says ${say(written)}, the ledger ${say(recomputed)}`);
    }
    if (wrong.length > LISTED_MAX) print(`… and ${wrong.length - LISTED_MAX} more`);
    if (wrong.length > 0 || broken !== null) return EXIT.failed;
    print(`✓ ${file} holds: ${claim.values.size} figures, the ledger's chain is unbroken`);
    return EXIT.done;
  });
}

/** Shows a figure with its formula and the entries it came from; returns the exit code. */
export function runTrace(
  id: string,
  flags: {
    readonly date?: string | undefined;
    readonly session?: string | undefined;
    readonly ledger?: string | undefined;
  },
): Promise<number> {
  return withLedger(flags.ledger, (ledger) => {
    const report = reportOn(chooseSessions(ledger.sessions(), flags), ledger);
    const trace = traceFigure(id, report, ledger.read());
    if (trace !== null) {
      for (const line of traceLines(trace, report)) print(line);
      return EXIT.done;
    }
    const similar = similarIds(id, report);
    const hint = similar.length === 0 ? "see figures.csv" : `did you mean ${similar.join(", ")}`;
    complain(`Cannot trace "${id}": the report has no such figure, ${hint}`);
    return EXIT.usage;
  });
}

function say(value: string | null | undefined): string {
  return value === undefined ? "nothing of it" : value ?? "undefined";
}

function withLedger(
  path: string | undefined,
  work: (ledger: LedgerReader) => number,
): Promise<number> {
  try {
    const { config } = loadConfig(readConfigSources({ file: undefined, flags: {} }));
    const ledger = openLedgerReader(path ?? config.ledger.path);
    try {
      return Promise.resolve(work(ledger));
    } finally {
      ledger.close();
    }
  } catch (error) {
    const usage = error instanceof ConfigError || error instanceof StatementError ||
      error instanceof NotAReportError ||
      error instanceof Deno.errors.NotFound;
    if (!usage && !(error instanceof LedgerError || error instanceof NoSuchSessionError)) {
      throw error;
    }
    complain(error.message);
    return Promise.resolve(usage ? EXIT.usage : EXIT.failed);
  }
}
