import type { LedgerReader } from "../ledger/ledger.ts";
import { buildReport, NoSuchSessionError, type StatementFile } from "./build.ts";
import type { Report } from "./figure.ts";
import { addUpPeriod } from "./period.ts";
import { buildPeriodReport } from "./period_report.ts";
import { entriesAbout } from "./reading.ts";

/** What a report is about. */
export type Selection =
  | { readonly kind: "sessions"; readonly sessionIds: readonly string[]; readonly name: string }
  /** Both dates belong to it. */
  | {
    readonly kind: "period";
    readonly from: string;
    readonly to: string;
    readonly name: string;
  };

export const PERIODS = ["day", "week", "month", "all"] as const;
export type PeriodName = (typeof PERIODS)[number];

type Sessions = ReturnType<LedgerReader["sessions"]>;

/**
 * The sessions that are meant: one by its id, or those of the period around a date, the newest unless said.
 *
 * @throws {NoSuchSessionError} when the ledger has none of it
 */
export function chooseSessions(
  sessions: Sessions,
  { date, session, period = "day" }: {
    readonly date?: string | undefined;
    readonly session?: string | undefined;
    readonly period?: PeriodName | undefined;
  },
): Selection {
  if (session !== undefined) return { kind: "sessions", sessionIds: [session], name: session };
  const newest = sessions.at(-1);
  if (newest === undefined) {
    throw new NoSuchSessionError("Cannot report: the ledger has no session yet, run one first");
  }
  const wanted = date ?? newest.date;
  if (period !== "day") return periodAround(sessions, wanted, period);
  const chosen = sessions.filter((one) => one.date === wanted).map(({ sessionId }) => sessionId);
  const [first] = chosen;
  if (first === undefined) {
    throw new NoSuchSessionError(
      `Cannot report on ${wanted}: the ledger has no session of that date, the newest is of ${newest.date}`,
    );
  }
  return { kind: "sessions", sessionIds: chosen, name: chosen.length === 1 ? first : wanted };
}

/** Monday to Sunday, first to last of the month, or everything. */
function periodAround(
  sessions: Sessions,
  date: string,
  period: Exclude<PeriodName, "day">,
): Selection {
  const day = Temporal.PlainDate.from(date);
  switch (period) {
    case "week": {
      const from = day.subtract({ days: day.dayOfWeek - 1 });
      const to = from.add({ days: 6 }).toString();
      return { kind: "period", from: from.toString(), to, name: `${date}-week` };
    }
    case "month":
      return {
        kind: "period",
        from: day.with({ day: 1 }).toString(),
        to: day.with({ day: day.daysInMonth }).toString(),
        name: date.slice(0, "2026-11".length),
      };
    case "all": {
      const dates = sessions.map((one) => one.date).toSorted();
      const [from = date, to = date] = [dates[0], dates.at(-1)];
      return { kind: "period", from, to, name: "all" };
    }
  }
}

/**
 * The report of a selection.
 *
 * @throws {NoSuchSessionError} when the ledger has none of it
 */
export function reportOn(
  selection: Selection,
  ledger: Pick<LedgerReader, "read" | "sessions" | "span" | "grounds" | "intents">,
  statement: StatementFile | null = null,
): Report {
  if (selection.kind === "sessions") {
    const { sessionIds } = selection;
    return buildReport(entriesAbout(ledger, sessionIds), sessionIds, statement);
  }
  const { from, to } = selection;
  const dates = new Map(ledger.sessions().map(({ sessionId, date }) => [sessionId, date]));
  const isIn = (date: string): boolean => from <= date && date <= to;
  const period = addUpPeriod(ledger, { dates, isIn });
  if (period === null) {
    throw new NoSuchSessionError(
      `Cannot report on ${from} to ${to}: the ledger has no session then`,
    );
  }
  return buildPeriodReport(period);
}
