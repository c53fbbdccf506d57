import { loadCalendar } from "../lib/calendar/load.ts";
import { type LoadedConfig, printValue } from "../lib/config.ts";
import type { Entry } from "../lib/ledger/entry.ts";
import { openLedgerReader } from "../lib/ledger/sqlite.ts";
import { formatMicros, formatMoney } from "../lib/money.ts";
import { largestPurchase } from "../lib/risk/entry_room.ts";
import { headroomOf } from "../lib/risk/headroom.ts";
import { riskToday } from "../lib/session/risk_today.ts";
import { toSnakeCase } from "../lib/std/text.ts";
import { print } from "../lib/terminal.ts";

interface LimitLine {
  readonly key: string;
  readonly value: string;
  readonly source: string;
  readonly used: string | null;
  readonly left: string | null;
  /** The symbol or industry that used the most, where each has the limit to itself. */
  readonly most: string | null;
  /** What it leaves the next entry, where nothing of it is used up. */
  readonly each: string | null;
  /** Why there is no headroom; null when there is one. */
  readonly because: string | null;
  readonly meaning: string;
}

/** Every limit in force, where it comes from, and what today has left of it by the ledger. Connects to nothing. */
export function explainRisk(loaded: LoadedConfig, json: boolean): void {
  const { risk, session, ledger } = loaded.config;
  const now = Date.now();
  const date = Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(loadCalendar(session.exchange).zone).toPlainDate().toString();
  const known = riskToday(entriesOf(ledger.path), { now, date, outlierPct: risk.outlierPct });
  const headroom = new Map(
    [...headroomOf(risk, known.book, known.prices)]
      .map(([name, room]) => [`risk.${toSnakeCase(name)}`, room]),
  );
  const lines = loaded.items.filter(({ key }) => key.startsWith("risk.")).map((item): LimitLine => {
    const room = headroom.get(item.key) ?? { because: "" };
    return {
      key: item.key,
      value: printValue(item.value),
      source: item.source,
      used: "used" in room ? room.used : null,
      left: "used" in room ? room.left : null,
      most: "used" in room ? room.most ?? null : null,
      each: "each" in room ? room.each : null,
      because: "because" in room ? room.because : null,
      meaning: item.description,
    };
  });
  const { halted } = known.book;
  const purchase = largestPurchase(risk, known.book);
  if (json) {
    const { lastDate, lastEntryAt, pausedBecause: paused } = known;
    print(JSON.stringify({
      date,
      lastDate,
      lastEntryAt,
      halted,
      paused,
      largestPurchase: purchase === null
        ? null
        : { usd: formatMicros(purchase.amount), by: purchase.by },
      limits: lines,
    }));
    return;
  }
  print(
    known.lastDate === null
      ? `No session in ${ledger.path} yet: nothing of any limit is used`
      : `By ${ledger.path}: last session ${known.lastDate}, today is ${date}`,
  );
  if (halted !== null) print(`Halted: ${halted}. Lift it with deno task resume`);
  if (known.pausedBecause !== null) {
    print(`Entries paused: ${known.pausedBecause}. Lift it with deno task resume`);
  }
  if (purchase !== null && halted === null && known.pausedBecause === null) {
    print(
      `A purchase now: ${formatMoney(purchase.amount)} USD at most, by ${
        purchase.by === "cash" ? "the cash there is" : `risk.${toSnakeCase(purchase.by)}`
      }; its symbol, stop and quote may leave less`,
    );
  }
  show(lines);
}

/** No ledger yet is a ledger without entries. */
function entriesOf(path: string): readonly Entry[] {
  try {
    Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const ledger = openLedgerReader(path);
  try {
    return [...ledger.read()];
  } finally {
    ledger.close();
  }
}

function show(lines: readonly LimitLine[]): void {
  const rows = lines.map((line) => [
    line.key,
    line.value,
    line.source,
    roomOf(line),
    line.meaning,
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  for (const row of rows) {
    print(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
  }
}

function roomOf({ used, left, most, each, because }: LimitLine): string {
  if (used === null) return each ?? because ?? "";
  return `used ${used}${most === null ? "" : ` (${most})`}, left ${left}`;
}
