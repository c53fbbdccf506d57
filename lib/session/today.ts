import type { Calendar, Session } from "../calendar/calendar.ts";

/** What the calendar says about trading at this instant. */
export type Today =
  | { readonly trading: true; readonly day: Session }
  | { readonly trading: false; readonly because: string };

/**
 * The session that is on or still to come today, by the exchange's own date.
 *
 * @throws {CalendarHorizonError} when the calendar does not know: no session may start then
 */
export function todayAt(nowMs: number, calendar: Calendar): Today {
  const date = Temporal.Instant.fromEpochMilliseconds(nowMs)
    .toZonedDateTimeISO(calendar.zone).toPlainDate().toString();
  const day = calendar.session(date);
  if (day !== null && nowMs < day.closesAt) return { trading: true, day };
  const why = day === null
    ? `${calendar.exchange} is closed on ${date} (${calendar.reasonClosed(date)})`
    : `${calendar.exchange} closed at ${clockTime(day.closesAt, day.zone)} on ${date}`;
  const next = calendar.nextSession(nowMs);
  return {
    trading: false,
    because: `${why}; the next session opens ${next.date} ${clockTime(next.opensAt, next.zone)}`,
  };
}

/** `09:30 America/New_York` */
export function clockTime(epochMs: number, zone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone);
  return `${time.toPlainTime().toString({ smallestUnit: "minute" })} ${zone}`;
}
