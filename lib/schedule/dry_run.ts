import type { Calendar } from "../calendar/calendar.ts";
import { nextRuns, type Run, type Timing } from "./plan.ts";

/** How many runs a dry run lists. */
const RUNS = 10;

export interface DryRunOptions {
  readonly calendar: Calendar;
  readonly timing: Timing;
  readonly nowMs: number;
}

/** A run as `--dry-run --json` prints it. */
export interface ListedRun {
  readonly task: string;
  readonly exchange: string;
  /** Date at the exchange. */
  readonly date: string;
  /** `2026-11-23T09:20:00-05:00[America/New_York]` */
  readonly local: string;
  /** `2026-11-23T14:20:00Z` */
  readonly utc: string;
  /** Empty on an ordinary day. */
  readonly note: string;
}

/** The next ten runs, or as many as the calendar knows. */
export function listRuns({ calendar, timing, nowMs }: DryRunOptions): readonly ListedRun[] {
  return nextRuns(calendar, nowMs, { count: RUNS, timing }).map((run) => {
    const instant = Temporal.Instant.fromEpochMilliseconds(run.atMs);
    return {
      task: run.step,
      exchange: run.session.exchange,
      date: run.session.date,
      local: instant.toZonedDateTimeISO(run.session.zone).toString({ smallestUnit: "second" }),
      utc: instant.toString(),
      note: noteOf(run),
    };
  });
}

/** The same for people, with the days on which nothing runs and why. */
export function formatDryRun(options: DryRunOptions): string {
  const { calendar, nowMs } = options;
  const runs = listRuns(options);
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(calendar.zone);
  const lines = [
    `Next ${runs.length} runs by the ${calendar.exchange} calendar, ${calendar.zone}`,
    "",
    line(["DATE", "TASK", "LOCAL", "UTC", ""]),
  ];
  let previous = now.toPlainDate().subtract({ days: 1 });
  for (const run of runs) {
    lines.push(...closedBetween(calendar, previous, run.date));
    previous = Temporal.PlainDate.from(run.date);
    const local = Temporal.ZonedDateTime.from(run.local);
    const weekday = local.toLocaleString("en-US", { weekday: "short" });
    lines.push(line([
      `${weekday} ${run.date}`,
      run.task,
      `${clockTime(run.local)} ${local.offset}`,
      `${run.utc.slice(0, "2026-11-23".length)} ${clockTime(run.utc)}Z`,
      run.note,
    ]));
  }
  if (runs.length < RUNS) {
    lines.push(`The calendar ends on ${calendar.horizon.last}: update robo-trader before then`);
  }
  return `${lines.join("\n")}\n`;
}

function noteOf({ step, session }: Run): string {
  if (step === "report") return "when the session has ended, not before";
  return step === "session" && session.early
    ? `closes early at ${closeTime(session.closesAt, session.zone)} (${session.name})`
    : "";
}

function closeTime(epochMs: number, zone: string): string {
  return clockTime(
    Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toString(),
  );
}

/** `09:20` of an ISO date and time. */
function clockTime(iso: string): string {
  return iso.slice("2026-11-23T".length, "2026-11-23T09:20".length);
}

/** Holidays after one date and before another; weekends are no news. */
function closedBetween(
  calendar: Calendar,
  after: Temporal.PlainDate,
  before: string,
): readonly string[] {
  const lines: string[] = [];
  for (let day = after.add({ days: 1 }); day.toString() < before; day = day.add({ days: 1 })) {
    const reason = calendar.reasonClosed(day.toString());
    if (reason === null || reason === "weekend") continue;
    const weekday = day.toLocaleString("en-US", { weekday: "short" });
    lines.push(line([`${weekday} ${day}`, "", "", "", `closed: ${reason}`]));
  }
  return lines;
}

const WIDTHS = [16, 9, 14, 19];

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join("").trimEnd();
}
