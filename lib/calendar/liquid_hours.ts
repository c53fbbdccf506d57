import { type Calendar, CalendarHorizonError, type Session } from "./calendar.ts";

/** A date on which TWS and the calendar disagree. Both sides in words, times in the calendar's zone. */
export interface LiquidHoursDifference {
  /** Date at the exchange, `2026-04-03`. */
  readonly date: string;
  /** `09:30-16:00`, `closed (Good Friday)` or `unknown (beyond the calendar's horizon)`. */
  readonly calendar: string;
  /** `09:30-16:00`, `closed`, or several ranges. */
  readonly broker: string;
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Names that older TWS versions send for a zone with summer time. As IANA names some of them mean a fixed offset
 * (`EST`), some do not exist.
 */
const ZONES: ReadonlyMap<string, string> = new Map([
  ["EST", "America/New_York"],
  ["EST5EDT", "America/New_York"],
  ["BST", "Europe/London"],
  ["GMT", "Europe/London"],
  ["GB-Eire", "Europe/London"],
]);

const DAY = /^(\d{8}):(.+)$/;
/** `0930-20260402:1600`, or `0930-1600` of the old form. */
const RANGE = /^(?:(\d{8}):)?(\d{4})-(?:(\d{8}):)?(\d{4})$/;

/**
 * Compares the calendar with the liquidHours of an instrument (reqContractDetails), date by date, for the days
 * TWS sends. An empty list means: agreed on every one of them.
 *
 * @throws {SyntaxError} when TWS's text or zone cannot be read: then nothing is known, and nothing is agreed
 */
export function compareLiquidHours(
  calendar: Calendar,
  liquidHours: string,
  timeZoneId: string,
): readonly LiquidHoursDifference[] {
  const differences: LiquidHoursDifference[] = [];
  for (const [date, ranges] of parseLiquidHours(liquidHours, zoneOf(timeZoneId))) {
    const session = knownSession(calendar, date);
    if (session !== undefined && agrees(session, ranges)) continue;
    differences.push({
      date,
      calendar: calendarText(calendar, date, session),
      broker: ranges.length === 0
        ? "closed"
        : ranges.map((range) => rangeText(range, date, calendar.zone)).join(", "),
    });
  }
  return differences;
}

/** date → its ranges; an empty list is a closed day */
function parseLiquidHours(text: string, zone: string): ReadonlyMap<string, readonly Range[]> {
  const days = new Map<string, Range[]>();
  for (const segment of text.split(";").filter((part) => part !== "")) {
    const [, digits, hours] = DAY.exec(segment) ?? [];
    if (digits === undefined || hours === undefined) throw unreadable(text, segment);
    const date = isoDate(digits);
    const ranges = days.get(date) ?? [];
    days.set(date, ranges);
    if (hours === "CLOSED") continue;
    for (const part of hours.split(",")) {
      const [, from, fromTime, to, toTime] = RANGE.exec(part) ?? [];
      if (fromTime === undefined || toTime === undefined) throw unreadable(text, segment);
      ranges.push({
        fromMs: epochMs(from ?? digits, fromTime, zone),
        toMs: epochMs(to ?? digits, toTime, zone),
      });
    }
  }
  if (days.size === 0) throw unreadable(text, "");
  return days;
}

function unreadable(text: string, segment: string): SyntaxError {
  return new SyntaxError(
    text === ""
      ? "Cannot read liquid hours: TWS sent none"
      : `Cannot read liquid hours "${text}": "${segment}" is not a day's hours`,
  );
}

/** TWS writes `America/New_York`, `US/Eastern` or, before 2020, `EST (Eastern Standard Time)`. */
function zoneOf(timeZoneId: string): string {
  const [name = ""] = timeZoneId.split(" ");
  const zone = ZONES.get(name) ?? name;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SyntaxError(`Cannot read liquid hours: time zone "${timeZoneId}" is not known`);
  }
  return zone;
}

function isoDate(digits: string): string {
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

function epochMs(digits: string, time: string, zone: string): number {
  const text = `${isoDate(digits)}T${time.slice(0, 2)}:${time.slice(2)}`;
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SyntaxError(`Cannot read liquid hours: "${digits}:${time}" is no time`);
  }
}

/** Undefined beyond the horizon. */
function knownSession(calendar: Calendar, date: string): Session | null | undefined {
  try {
    return calendar.session(date);
  } catch (error) {
    if (error instanceof CalendarHorizonError) return undefined;
    throw error;
  }
}

function agrees(session: Session | null, ranges: readonly Range[]): boolean {
  if (session === null) return ranges.length === 0;
  const [range] = ranges;
  return ranges.length === 1 && range?.fromMs === session.opensAt &&
    range.toMs === session.closesAt;
}

function calendarText(
  calendar: Calendar,
  date: string,
  session: Session | null | undefined,
): string {
  if (session === undefined) return "unknown (beyond the calendar's horizon)";
  if (session === null) return `closed (${calendar.reasonClosed(date)})`;
  return rangeText({ fromMs: session.opensAt, toMs: session.closesAt }, date, calendar.zone);
}

function rangeText(range: Range, date: string, zone: string): string {
  return `${localText(range.fromMs, date, zone)}-${localText(range.toMs, date, zone)}`;
}

/** `09:30`, with the date in front when it is another one. */
function localText(ms: number, date: string, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const time = local.toPlainTime().toString({ smallestUnit: "minute" });
  const localDate = local.toPlainDate().toString();
  return localDate === date ? time : `${localDate} ${time}`;
}
