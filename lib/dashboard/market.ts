import { type Calendar, CalendarHorizonError } from "../calendar/calendar.ts";
import type { MarketPanel } from "./feed.ts";

/** Whether the exchange is open at this instant, and when that changes. */
export function marketPanel(calendar: Calendar, now: number): MarketPanel {
  const { exchange, zone } = calendar;
  try {
    const session = calendar.sessionAt(now);
    const changesAt = session?.closesAt ?? calendar.nextSession(now).opensAt;
    return {
      exchange,
      zone,
      known: true,
      open: session !== null,
      changesAt,
      early: session?.name ?? null,
    };
  } catch (error) {
    if (!(error instanceof CalendarHorizonError)) throw error;
    return { exchange, zone, known: false, because: error.message };
  }
}
