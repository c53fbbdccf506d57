import type { Entry } from "../ledger/entry.ts";
import { Books } from "../ledger/positions.ts";
import { bodiesOf } from "../ledger/select.ts";
import { formatMicros, formatMoney, parseMicros } from "../money.ts";

/** What a session came to, for the terminal and for `--json`. Money is decimal text; null is not known. */
export interface SessionSummary {
  readonly sessionId: string;
  readonly date: string | null;
  readonly mode: "paper" | "live" | null;
  readonly strategy: string | null;
  readonly symbols: number;
  readonly outcome: string;
  readonly because: string;
  readonly signals: number;
  readonly refused: number;
  /** refusal code → times */
  readonly refusals: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly fills: number;
  readonly realizedGross: string;
  readonly commissions: string;
  readonly net: string;
  readonly startNetLiquidation: string | null;
  readonly endNetLiquidation: string | null;
  /** True when the last comparison found no difference; null when there was none at the end. */
  readonly reconciled: boolean | null;
  readonly differences: readonly string[];
  readonly incidents: number;
  readonly halted: string | null;
}

/** Of the entries of the whole ledger, those of one session; earlier ones matter for what positions cost. */
export function summarise(entries: Iterable<Entry>, sessionId: string): SessionSummary {
  const books = new Books();
  const own: Entry[] = [];
  for (const entry of entries) {
    books.apply(entry);
    if (entry.sessionId === sessionId) own.push(entry);
  }
  const [opened] = bodiesOf(own, "session-opened");
  const closed = bodiesOf(own, "session-closed").at(-1);
  const snapshots = bodiesOf(own, "account-snapshot");
  const start = snapshots.find(({ at }) => at === "start");
  const end = snapshots.findLast(({ at }) => at === "end");
  const comparison = bodiesOf(own, "reconciled").findLast(({ at }) => at === "end");
  const refused = bodiesOf(own, "refused");
  const refusals = new Map<string, number>();
  for (const { code } of refused) refusals.set(code, (refusals.get(code) ?? 0) + 1);
  const repeated = bodiesOf(own, "refusal-repeated");
  for (const { code, count } of repeated) refusals.set(code, (refusals.get(code) ?? 0) + count);
  const again = repeated.reduce((sum, { count }) => sum + count, 0);
  return {
    sessionId,
    date: opened?.date ?? null,
    mode: opened?.mode ?? null,
    strategy: opened?.strategy ?? null,
    symbols: bodiesOf(own, "instrument").length,
    outcome: closed?.outcome ?? "unfinished",
    because: closed?.because ?? "the ledger has no end of this session",
    signals: bodiesOf(own, "signal").length + again,
    refused: refused.length + again,
    refusals: Object.fromEntries([...refusals].sort(([, a], [, b]) => b - a)),
    orders: bodiesOf(own, "intent").length,
    fills: bodiesOf(own, "execution").length,
    realizedGross: formatMicros(books.realizedGross),
    commissions: formatMicros(books.commissions),
    net: formatMicros(books.realizedNet),
    startNetLiquidation: start === undefined ? null : formatMicros(start.netLiquidation),
    endNetLiquidation: end === undefined ? null : formatMicros(end.netLiquidation),
    reconciled: comparison === undefined ? null : comparison.differences.length === 0,
    differences:
      comparison?.differences.map(({ what, key, ledger, broker }) =>
        `${what} ${key}: ledger ${ledger}, broker ${broker}`
      ) ?? [],
    incidents: bodiesOf(own, "incident").length,
    halted: bodiesOf(own, "halted").at(-1)?.because ?? null,
  };
}

/** The summary as a person reads it, a label and a text per line. */
export function summaryLines(summary: SessionSummary): readonly (readonly [string, string])[] {
  const refusals = Object.entries(summary.refusals).map(([code, times]) => `${times} ${code}`);
  const lines: (readonly [string, string])[] = [
    ["Session", `${summary.sessionId}, ${summary.mode ?? "mode unknown"}, ${summary.outcome}`],
    ["Strategy", `${summary.strategy ?? "unknown"} over ${summary.symbols} symbols`],
    ["Signals", `${summary.signals}, of which ${summary.refused} refused`],
    ...refusals.length === 0 ? [] : [["Refused", refusals.join(", ")] as const],
    ["Orders", `${summary.orders} (stops included), ${summary.fills} fills`],
    [
      "P&L",
      `${signed(summary.realizedGross)} gross, ${money(summary.commissions)} commissions, ${
        signed(summary.net)
      } net`,
    ],
    ["Books", booksText(summary)],
  ];
  if (summary.incidents > 0) lines.push(["Incidents", String(summary.incidents)]);
  if (summary.halted !== null) lines.push(["Halted", summary.halted]);
  return lines;
}

function booksText(summary: SessionSummary): string {
  if (summary.reconciled === null) return "not compared with the broker at the end";
  if (!summary.reconciled) return `DIFFER from the broker: ${summary.differences.join("; ")}`;
  return `reconciled: every fill, position and cent agree with the broker`;
}

function money(text: string): string {
  return formatMoney(parseMicros(text));
}

function signed(text: string): string {
  const value = parseMicros(text);
  return value > 0n ? `+${formatMoney(value)}` : formatMoney(value);
}
