import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CalendarHorizonError } from "../lib/calendar/calendar.ts";
import { loadCalendar } from "../lib/calendar/load.ts";
import { fixedCommission } from "../lib/broker/fixed_commission.ts";
import { type Config, ConfigError, loadConfig, readConfigSources } from "../lib/config.ts";
import type { Entry } from "../lib/ledger/entry.ts";
import { type Ledger, LedgerError } from "../lib/ledger/ledger.ts";
import { MemoryLedger } from "../lib/ledger/memory.ts";
import { openLedger } from "../lib/ledger/sqlite.ts";
import type { Bar } from "../lib/market/market.ts";
import { formatMoney, fromNumber, parseMicros } from "../lib/money.ts";
import { ulidSource } from "../lib/orders/ids.ts";
import { runBacktest, type TradingDay } from "../lib/session/backtest.ts";
import { type BacktestSummary, summariseBacktest } from "../lib/session/backtest_summary.ts";
import { expandGrid, GridError, walkForward } from "../lib/session/grid.ts";
import {
  type ChosenStrategy,
  findStrategy,
  parseAssignments,
  type Registered,
  StrategyError,
} from "../lib/strategy/registry.ts";
import { isStrategyFile, loadStrategy } from "../lib/strategy/author.ts";
import { complain, note, print, ProgressLine } from "../lib/terminal.ts";
import { compareExecution } from "./compare_execution.ts";
import { type BarSource, NoBarsError, recordedBars, simulatedBars } from "./backtest_bars.ts";

export interface BacktestFlags {
  readonly config?: string | undefined;
  readonly strategy?: string | undefined;
  /** `fast=5,10` tries both. */
  readonly param?: readonly string[] | undefined;
  readonly symbols?: string | undefined;
  readonly from: string;
  readonly to: string;
  /** Folder of recorded bars; without it the simulated market of `seed`. */
  readonly bars?: string | undefined;
  readonly seed: number;
  readonly cash: number;
  /** Dollars a share. */
  readonly commission: number;
  /** Walk-forward: choose on the days so far, test on the next part, this many times. */
  readonly folds?: number | undefined;
  /** Database that keeps the entries; new or empty. */
  readonly ledger?: string | undefined;
  readonly json?: boolean | undefined;
  /** Instead of a strategy: the same parent orders by each execution algorithm. */
  readonly compareExecution?: boolean | undefined;
}

const EXIT = { done: 0, failed: 1, usage: 2 } as const;
const MINUTE_MS = 60_000;
const NAME = "backtest";
/** Leaves room for the words beside it on a narrow terminal. */
const PROGRESS_WIDTH = 20;

interface Rig {
  readonly config: Config;
  readonly source: BarSource;
  readonly flags: BacktestFlags;
}

/** One strategy with its parameters over some days. */
interface Run {
  /** Which of several it is, for the line that says how far it is. */
  readonly what?: string;
  readonly chosen: ChosenStrategy;
  readonly days: readonly TradingDay[];
}

interface Row {
  /** Of the parameters that vary: `fast=5 slow=30`. */
  readonly label: string;
  readonly summary: BacktestSummary;
}

/** The strategy over recorded or simulated bars; returns the exit code. */
export async function runBacktestTask(flags: BacktestFlags): Promise<number> {
  try {
    const { config } = loadConfig(
      readConfigSources({ file: flags.config, flags: settingsOf(flags) }),
    );
    const days = daysBetween(config, flags);
    const symbols = [...new Set(config.session.symbols)];
    if (flags.compareExecution === true) {
      compareExecution({ days, symbols, seed: flags.seed, json: flags.json === true });
      return EXIT.done;
    }
    const source = flags.bars === undefined
      ? simulatedBars(flags.seed, symbols)
      : recordedBars(flags.bars, symbols);
    const rig: Rig = { config, source, flags };
    const strategy = await strategyOf(config.session.strategy);
    const grid = gridOf(strategy, config, flags);
    if (flags.ledger !== undefined && (flags.folds !== undefined || grid.length > 1)) {
      throw new UsageError(
        `Cannot keep several backtests in one ledger: give --ledger ${flags.ledger} to one of them`,
      );
    }
    if (flags.folds !== undefined) return walk(rig, grid, { days, folds: flags.folds });
    const [only, ...others] = grid;
    if (only !== undefined && others.length === 0) runAndShow(rig, { chosen: only.chosen, days });
    else showAll(tryAll(rig, grid, days), flags);
    return EXIT.done;
  } catch (error) {
    return exitCodeOf(error);
  }
}

function runAndShow(rig: Rig, run: Run): void {
  const { flags } = rig;
  // Before the days are gone through: they can take minutes.
  const kept = flags.ledger === undefined ? null : openEmpty(flags.ledger);
  let summary: BacktestSummary;
  try {
    const done = runOne(rig, run);
    summary = done.summary;
    if (kept !== null) copy(done.ledger, kept);
  } finally {
    kept?.close();
  }
  if (kept !== null) note(`entries kept in ${flags.ledger}`);
  if (flags.json === true) print(JSON.stringify({ schema: 1, ...summary }, null, 2));
  else print(lines(summary).join("\n"));
}

/** Each fold chooses on the days before and is judged on days that had no part in the choice. */
function walk(
  rig: Rig,
  grid: readonly Labelled[],
  { days, folds }: { readonly days: readonly TradingDay[]; readonly folds: number },
): number {
  const rows: Row[] = [];
  for (const { train, test } of walkForward(days, folds)) {
    const tried = tryAll(rig, grid, train);
    const best = tried.reduce((a, b) =>
      Number(b.summary.netProfit) > Number(a.summary.netProfit) ? b : a
    );
    const chosen = grid.find(({ label }) => label === best.label)?.chosen;
    if (chosen === undefined) continue;
    const { summary } = runOne(rig, { chosen, days: test });
    const [first, last] = [test[0]?.date, test.at(-1)?.date];
    rows.push({ label: `${first}…${last} ${best.label}`.trim(), summary });
  }
  showAll(rows, rig.flags);
  return EXIT.done;
}

interface Labelled {
  readonly label: string;
  readonly chosen: ChosenStrategy;
}

/** A built-in one by its name, or an author's own by its file, which runs in this process. */
async function strategyOf(name: string): Promise<Registered> {
  return isStrategyFile(name)
    ? await loadStrategy(pathToFileURL(resolve(name)))
    : findStrategy(name);
}

function gridOf(strategy: Registered, config: Config, flags: BacktestFlags): readonly Labelled[] {
  const given = parseAssignments(flags.param ?? []);
  const varied = new Set(Object.keys(given).filter((name) => given[name]?.includes(",")));
  return expandGrid(given).map((parameters) => ({
    label: Object.entries(parameters).filter(([name]) => varied.has(name))
      .map(([name, value]) => `${name}=${value}`).join(" "),
    chosen: strategy.choose({ ...config.session.parameters, ...parameters }),
  }));
}

function tryAll(
  rig: Rig,
  grid: readonly Labelled[],
  days: readonly TradingDay[],
): readonly [Row, ...Row[]] {
  const rows = grid.map(({ label, chosen }, index) => {
    const what = grid.length === 1 ? "" : `${index + 1} of ${grid.length}: ${label}, `;
    return { label, summary: runOne(rig, { chosen, days, what }).summary };
  });
  const [first, ...others] = rows;
  if (first === undefined) throw new GridError("Cannot test: there are no parameters to try");
  return [first, ...others];
}

function runOne(
  { config, source, flags }: Rig,
  { chosen, days, what = "" }: Run,
): { readonly summary: BacktestSummary; readonly ledger: MemoryLedger } {
  const ledger = new MemoryLedger();
  const cash = fromNumber(flags.cash);
  const { session, risk } = config;
  const result = runBacktest(
    {
      name: NAME,
      strategy: chosen,
      limits: risk,
      instruments: source.instruments,
      days,
      cash,
      commission: fixedCommission(flags.commission),
      atClose: session.atClose,
      noEntriesBeforeCloseMs: session.noEntriesMinutesBeforeClose * MINUTE_MS,
      flattenBeforeCloseMs: session.flattenMinutesBeforeClose * MINUTE_MS,
      // Nothing outside this process sees these ids: counting up from zero keeps two runs comparable.
      ids: ulidSource({ now: () => 0, random: (bytes) => void bytes.fill(0) }),
    },
    shownByDay(source.bars(days), days, what),
    ledger,
  );
  return { summary: summariseBacktest(ledger, result, cash), ledger };
}

/** The same bars, with a line on the terminal that says how far they are. */
function* shownByDay(
  bars: Iterable<Bar>,
  days: readonly TradingDay[],
  what: string,
): Iterable<Bar> {
  const progress = new ProgressLine();
  let begun = 0;
  try {
    for (const bar of bars) {
      const day = days[begun];
      if (day !== undefined && bar.time >= day.opensAt) {
        begun++;
        progress.update(() =>
          `${progressBar(begun / days.length)} ${what}${day.date}, day ${begun} of ${days.length}`
        );
      }
      yield bar;
    }
  } finally {
    progress.clear();
  }
}

function progressBar(part: number): string {
  const done = Math.round(part * PROGRESS_WIDTH);
  return `[${"#".repeat(done)}${".".repeat(PROGRESS_WIDTH - done)}]`;
}

/** @throws {LedgerError} when it has entries, which a backtest's would be mixed with */
function openEmpty(path: string): Ledger {
  const ledger = openLedger(path);
  if (ledger.head() === null) return ledger;
  ledger.close();
  throw new LedgerError(`Cannot keep the backtest in "${path}": it has entries already`);
}

function copy(entries: Ledger, ledger: Ledger): void {
  let batch: Entry[] = [];
  const append = (): void => {
    const [first] = batch;
    if (first === undefined) return;
    ledger.append(first.sessionId, first.at, batch.map(({ body }) => body));
    batch = [];
  };
  for (const entry of entries.read()) {
    const [first] = batch;
    if (first?.at !== entry.at || first.sessionId !== entry.sessionId) append();
    batch.push(entry);
  }
  append();
}

function daysBetween(config: Config, { from, to }: BacktestFlags): readonly TradingDay[] {
  const calendar = loadCalendar(config.session.exchange);
  const days: TradingDay[] = [];
  const last = Temporal.PlainDate.from(to);
  let date = Temporal.PlainDate.from(from);
  for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
    const session = calendar.session(date.toString());
    if (session === null) continue;
    const { exchange, opensAt, closesAt } = session;
    days.push({ exchange, date: session.date, opensAt, closesAt });
  }
  if (days.length === 0) {
    throw new UsageError(`Cannot test from ${from} to ${to}: ${config.session.exchange} is closed`);
  }
  return days;
}

function settingsOf(flags: BacktestFlags): Parameters<typeof readConfigSources>[0]["flags"] {
  return {
    "session.strategy": { flag: "--strategy", value: flags.strategy },
    "session.symbols": { flag: "--symbols", value: flags.symbols },
  };
}

function lines(summary: BacktestSummary): string[] {
  const money = (text: string): string => `${formatMoney(parseMicros(text))} USD`;
  const refused = Object.entries(summary.refusals).map(([code, count]) => `${code} ${count}`);
  const rows: readonly (readonly [string, string])[] = [
    ["days", String(summary.days)],
    ["bars", String(summary.bars)],
    ["closed trades", `${summary.closedTrades}, ${summary.winners} of them won`],
    ["final equity", money(summary.finalEquity)],
    ["net profit", `${money(summary.netProfit)} (${summary.returnPct.toFixed(2)} %)`],
    ["commissions", money(summary.commissions)],
    ["largest drawdown", `${summary.maxDrawdownPct.toFixed(2)} %`],
    ["profit factor", summary.profitFactor?.toFixed(2) ?? "–  (no trade lost)"],
    ["signals", String(summary.signals)],
    ["refused", refused.length === 0 ? "none" : refused.join(", ")],
    ["halted on", `${summary.halts} days`],
  ];
  return rows.map(([label, value]) => `${label.padEnd(17)} ${value}`);
}

function showAll(rows: readonly Row[], { json }: BacktestFlags): void {
  if (json === true) {
    print(JSON.stringify({ schema: 1, rows }, null, 2));
    return;
  }
  const width = Math.max(10, ...rows.map(({ label }) => label.length));
  const cells = (label: string, numbers: readonly string[]): string =>
    [label.padEnd(width), ...numbers.map((number) => number.padStart(13))].join(" ");
  print(cells("parameters", ["net profit", "return", "drawdown", "trades", "won"]));
  for (const { label, summary } of rows) {
    print(cells(label, [
      formatMoney(parseMicros(summary.netProfit)),
      `${summary.returnPct.toFixed(2)} %`,
      `${summary.maxDrawdownPct.toFixed(2)} %`,
      String(summary.closedTrades),
      String(summary.winners),
    ]));
  }
}

/** The days asked for hold nothing to test on. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

function exitCodeOf(error: unknown): number {
  const usage = [ConfigError, StrategyError, UsageError, GridError, CalendarHorizonError];
  const failed = [LedgerError, NoBarsError, SyntaxError];
  if (!(error instanceof Error)) throw error;
  if (usage.some((kind) => error instanceof kind)) {
    complain(error.message);
    return EXIT.usage;
  }
  if (!failed.some((kind) => error instanceof kind)) throw error;
  complain(error.message);
  return EXIT.failed;
}
