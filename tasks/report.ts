import { createHash } from "node:crypto";
import { join } from "node:path";
import { ConfigError, loadConfig, readConfigSources } from "../lib/config.ts";
import type { Entry } from "../lib/ledger/entry.ts";
import { LedgerError } from "../lib/ledger/ledger.ts";
import { openLedgerReader } from "../lib/ledger/sqlite.ts";
import { buildReport, lastDay, NoSuchSessionError } from "../lib/report/build.ts";
import { csvParts } from "../lib/report/csv.ts";
import type { Figure, Report, Verdict } from "../lib/report/figure.ts";
import { display, plural } from "../lib/report/format.ts";
import { toHtml } from "../lib/report/html.ts";
import { jsonParts } from "../lib/report/json.ts";
import { toMarkdown, VERDICT_MARKS } from "../lib/report/markdown.ts";
import { NoticeError } from "../lib/report/notice.ts";
import { chooseSessions, type PeriodName, PERIODS, reportOn } from "../lib/report/selection.ts";
import { StatementError } from "../lib/report/statement.ts";
import { STYLE } from "../lib/report/style.ts";
import { ZoneTimes } from "../lib/report/times.ts";
import { complain, note, print } from "../lib/terminal.ts";
import { notify, readStatement, writeParts } from "./report_files.ts";
import { openPage } from "./report_open.ts";

/** The report of a day from the ledger: files, and a summary for the terminal. */

export const FORMATS = ["html", "md", "json", "csv"] as const;
export type Format = (typeof FORMATS)[number];

export interface WrittenReport {
  /** The page; null when it was not asked for. */
  readonly html: string | null;
  /** Every file, the page first. */
  readonly paths: readonly string[];
  readonly verdict: Verdict;
  readonly headline: readonly Figure[];
  readonly report: Report;
}

/** The command line's options, as they were typed. */
export interface ReportFlags {
  /** Exchange date `2026-11-20`: all its sessions together. */
  readonly date?: string | undefined;
  /** One session alone. */
  readonly session?: string | undefined;
  readonly last?: boolean | undefined;
  /** `day`, or `week`, `month` or `all` around the date. */
  readonly period?: string | undefined;
  readonly format?: string | undefined;
  readonly out?: string | undefined;
  readonly ledger?: string | undefined;
  readonly json?: boolean | undefined;
  /** The broker's Flex statement of that day, XML. */
  readonly statement?: string | undefined;
  /** Webhook that the verdict and the key figures are posted to. */
  readonly notify?: string | undefined;
  /** Show the page when it is written. */
  readonly open?: boolean | undefined;
}

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Writes the report of a session, a day or a period; returns the exit code. */
export async function runReport(
  flags: ReportFlags,
  show: (page: string) => Promise<string | null> = openPage,
): Promise<number> {
  try {
    const written = writeSelected(flags);
    print(flags.json === true ? machineSummary(written) : summary(written));
    if (flags.open === true) await showPage(written, show);
    if (flags.notify !== undefined) await notify(written.report, flags.notify);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUsage = USAGE_ERRORS.some((kind) => error instanceof kind);
    if (!isUsage && !FAILURES.some((kind) => error instanceof kind)) throw error;
    complain(error.message);
    return isUsage ? EXIT.usage : EXIT.failed;
  }
}

/** A page that nobody sees is still written: why it is not shown is a note, no failure. */
async function showPage(
  { html }: WrittenReport,
  show: (page: string) => Promise<string | null>,
): Promise<void> {
  const why = html === null ? "Cannot show the page: --format leaves out html" : await show(html);
  if (why !== null) note(why);
}

class UsageError extends Error {
  override readonly name = "UsageError";
}

const USAGE_ERRORS = [ConfigError, UsageError, StatementError] as const;
const FAILURES = [
  LedgerError,
  NoSuchSessionError,
  NoticeError,
  Deno.errors.NotCapable,
  Deno.errors.PermissionDenied,
] as const;

function writeSelected(flags: ReportFlags): WrittenReport {
  const formats = formatsOf(flags.format);
  const period = periodOf(flags.period);
  if (flags.statement !== undefined && period !== "day") {
    throw new UsageError("Cannot use --statement with --period: a statement is held against a day");
  }
  const statement = readStatement(flags.statement);
  const { config } = loadConfig(readConfigSources({ file: undefined, flags: {} }));
  const ledger = openLedgerReader(flags.ledger ?? config.ledger.path);
  try {
    const { date, session } = flags;
    const selection = chooseSessions(ledger.sessions(), { date, session, period });
    const outDir = flags.out ?? join(config.report.folder, selection.name);
    return write(reportOn(selection, ledger, statement), { outDir, formats });
  } finally {
    ledger.close();
  }
}

function periodOf(name: string | undefined): PeriodName {
  const period = PERIODS.find((known) => known === (name ?? "day"));
  if (period !== undefined) return period;
  throw new UsageError(`Cannot report on period "${name}": choose of ${PERIODS.join(", ")}`);
}

function formatsOf(list = "html"): readonly Format[] {
  return list.split(",").map((name) => {
    const format = FORMATS.find((known) => known === name.trim());
    if (format !== undefined) return format;
    throw new UsageError(`Cannot write format "${name.trim()}": choose of ${FORMATS.join(", ")}`);
  });
}

/** What the demo and the session need: one session, in every format. */
export function writeSessionReport(
  entries: Iterable<Entry>,
  sessionId: string,
  outDir: string,
): WrittenReport & { readonly html: string } {
  const written = writeReport(entries, { sessionIds: [sessionId], outDir, formats: FORMATS });
  return { ...written, html: join(outDir, PAGE) };
}

const PAGE = "report.html";

/**
 * Builds and writes the report of these sessions, of the last day when none are named.
 *
 * @throws {NoSuchSessionError} when the entries hold no such session
 */
export function writeReport(
  entries: Iterable<Entry>,
  { outDir, formats, sessionIds }: {
    readonly outDir: string;
    readonly formats: readonly Format[];
    readonly sessionIds?: readonly string[];
  },
): WrittenReport {
  const all = sessionIds === undefined ? [...entries] : entries;
  return write(buildReport(all, sessionIds ?? lastDay(all)), { outDir, formats });
}

function write(
  report: Report,
  { outDir, formats }: { readonly outDir: string; readonly formats: readonly Format[] },
): WrittenReport {
  Deno.mkdirSync(outDir, { recursive: true });
  const paths: string[] = [];
  for (const [name, parts] of render(report, formats)) {
    const path = join(outDir, name);
    writeParts(path, parts);
    paths.push(path);
  }
  const html = formats.includes("html") ? join(outDir, PAGE) : null;
  return { html, paths, verdict: report.verdict, headline: report.headline, report };
}

/** File name → its text, piece by piece, each file made when its turn comes. */
function* render(
  report: Report,
  formats: readonly Format[],
): Iterable<readonly [name: string, parts: Iterable<string>]> {
  if (formats.includes("html")) {
    const hash = createHash("sha256").update(STYLE).digest("base64");
    yield [PAGE, [toHtml(report, hash)]];
  }
  if (formats.includes("md")) yield ["report.md", [toMarkdown(report)]];
  if (formats.includes("json")) yield ["report.json", jsonParts(report)];
  if (formats.includes("csv")) yield* csvParts(report);
}

/** What a person wants to know before opening the page. */
export function summary({ report, paths }: WrittenReport): string {
  const times = new ZoneTimes(report.zone);
  const { verdict, headline, currency } = report;
  const width = Math.max(...headline.map(({ label }) => label.length));
  const lines = headline.map(({ id, label, value, unit, reason }) => {
    const shown = display(value, unit, { times, signed: id === "day.net" });
    const suffix = unit === "money" && value !== null ? ` ${currency}` : "";
    return `  ${label.padEnd(width)}  ${shown}${suffix}${reason === null ? "" : `  (${reason})`}`;
  });
  const [first, ...others] = paths;
  return [
    report.title,
    `${VERDICT_MARKS[verdict.state]} ${verdict.text}`,
    ...verdict.details.map((detail) => `  ${detail}`),
    "",
    ...lines,
    "",
    ...(first === undefined ? [] : [first]),
    ...(others.length === 0 ? [] : [`and ${plural(others.length, "more file")} beside it`]),
  ].join("\n");
}

function machineSummary({ report, paths }: WrittenReport): string {
  const { verdict, date, sessionIds, headline } = report;
  const figures = Object.fromEntries(headline.map(({ id, value }) => [id, value]));
  return `${JSON.stringify({ schema: 1, date, sessionIds, verdict, figures, paths }, null, 2)}`;
}
