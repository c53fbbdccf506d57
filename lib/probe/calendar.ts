import { type Calendar, CalendarHorizonError } from "../calendar/calendar.ts";
import type { CalendarEvidence } from "./evidence.ts";
import { type Look, seen, unseen } from "./looker.ts";

/** What the exchange does at an instant, and next. Pure. */
export function lookAtCalendar(calendar: Calendar, nowMs: number): Look<CalendarEvidence> {
  const { exchange, zone } = calendar;
  try {
    const current = calendar.sessionAt(nowMs);
    if (current !== null) {
      const text = `${exchange} is open, closes ${timeAt(current.closesAt, zone)} (in ${
        span(current.closesAt - nowMs)
      })`;
      return seen({ exchange, open: true, text });
    }
    const next = calendar.nextSession(nowMs);
    const text = `${exchange} is closed, opens ${next.date} ${timeAt(next.opensAt, zone)} (in ${
      span(next.opensAt - nowMs)
    })`;
    return seen({ exchange, open: false, text });
  } catch (error) {
    if (!(error instanceof CalendarHorizonError)) throw error;
    return unseen(error.message);
  }
}

function timeAt(epochMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainTime()
    .toString({ smallestUnit: "minute" });
}

/** `45 min`, `3 h`, `2 days`. */
function span(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}
