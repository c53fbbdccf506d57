import type { Bar } from "./market.ts";

/**
 * Recorded bars of one symbol, one a line, oldest first, under a line of names:
 *
 *     time,open,high,low,close,volume
 *     2026-11-20T14:30:00Z,270.11,270.52,270.02,270.4,51234
 *
 * `time` is the bar's start, an ISO instant with its offset or epoch milliseconds; `wap` and `count` may follow.
 */

const REQUIRED = ["time", "open", "high", "low", "close", "volume"] as const;
const OPTIONAL = ["wap", "count"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];

/**
 * The bars of the file, their length the smallest step between two of them unless `barMs` says otherwise.
 *
 * @throws {SyntaxError} naming the line and what is wrong with it
 */
export function parseBars(
  text: string,
  { symbol, barMs }: { readonly symbol: string; readonly barMs?: number },
): readonly Bar[] {
  const [head = "", ...lines] = text.split(/\r?\n/);
  const columns = columnsOf(head, symbol);
  const bars: Bar[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const at = `line ${index + 2} of ${symbol}`;
    const bar = barOf(line.split(","), columns, { symbol, at });
    const before = bars.at(-1);
    if (before !== undefined && bar.time <= before.time) {
      throw new SyntaxError(`Cannot use ${at}: its time is not after the line before`);
    }
    bars.push(bar);
  });
  const durationMs = barMs ?? smallestStep(bars);
  return bars.map((bar) => ({ ...bar, durationMs }));
}

function columnsOf(head: string, symbol: string): ReadonlyMap<Column, number> {
  const names = head.toLowerCase().split(",").map((name) => name.trim());
  const columns = new Map<Column, number>(); // column → where it stands
  for (const column of [...REQUIRED, ...OPTIONAL]) {
    const index = names.indexOf(column);
    if (index >= 0) columns.set(column, index);
  }
  const missing = REQUIRED.filter((column) => !columns.has(column));
  if (missing.length > 0) {
    throw new SyntaxError(
      `Cannot read bars of ${symbol}: the first line lacks ${missing.join(", ")}`,
    );
  }
  return columns;
}

function barOf(
  cells: readonly string[],
  columns: ReadonlyMap<Column, number>,
  { symbol, at }: { readonly symbol: string; readonly at: string },
): Bar {
  const cell = (column: Column): string => (cells[columns.get(column) ?? -1] ?? "").trim();
  const number = (column: Column): number => {
    const value = cell(column) === "" ? NaN : Number(cell(column));
    if (!Number.isFinite(value) || value < 0) {
      throw new SyntaxError(`Cannot use ${at}: ${column} is "${cell(column)}"`);
    }
    return value;
  };
  const [open, high, low, close] = [number("open"), number("high"), number("low"), number("close")];
  if (low <= 0 || low > Math.min(open, close) || high < Math.max(open, close)) {
    throw new SyntaxError(`Cannot use ${at}: low ${low} and high ${high} do not hold the bar`);
  }
  return {
    symbol,
    time: timeOf(cell("time"), at),
    durationMs: 0,
    open,
    high,
    low,
    close,
    volume: number("volume"),
    wap: cell("wap") === "" ? null : number("wap"),
    count: cell("count") === "" ? 0 : number("count"),
  };
}

function timeOf(text: string, at: string): number {
  if (/^\d{10,}$/.test(text)) return Number(text);
  // Without an offset the host's own zone would decide what the file means.
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new SyntaxError(
      `Cannot use ${at}: time "${text}" is neither epoch milliseconds nor an instant with its offset`,
    );
  }
  return Date.parse(text);
}

function smallestStep(bars: readonly Bar[]): number {
  let smallest = Infinity;
  for (const [index, bar] of bars.entries()) {
    const before = bars[index - 1];
    if (before !== undefined) smallest = Math.min(smallest, bar.time - before.time);
  }
  if (smallest === Infinity) throw new SyntaxError("Cannot tell the length of a single bar");
  return smallest;
}
