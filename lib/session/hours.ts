import type { Calendar } from "../calendar/calendar.ts";
import { compareLiquidHours } from "../calendar/liquid_hours.ts";
import type { Instrument } from "../market/market.ts";
import { SetupError } from "./account.ts";
import type { Journal } from "./journal.ts";

/**
 * Holds the calendar against the hours TWS itself sends with an instrument. A difference about today stops the
 * session; one about a later day, or hours that cannot be read, is booked for a person to look at.
 *
 * @throws {SetupError} when TWS says other hours for `date`
 */
export function checkHours(
  instruments: readonly Instrument[],
  { calendar, date, journal }: {
    readonly calendar: Calendar;
    readonly date: string;
    readonly journal: Journal;
  },
): void {
  const [instrument] = instruments;
  if (instrument === undefined) return;
  const { symbol, liquidHours, timeZoneId } = instrument;
  try {
    for (const difference of compareLiquidHours(calendar, liquidHours, timeZoneId)) {
      const text = `${difference.date}: the calendar says ${difference.calendar}, TWS says ` +
        `${difference.broker} (${symbol})`;
      if (difference.date === date) throw new SetupError(`Cannot trade on ${text}`);
      journal.incident({ code: "calendar-differs", text });
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const text = `The hours TWS sends for ${symbol} cannot be compared: ${error.message}`;
    journal.incident({ code: "calendar-unconfirmed", text });
  }
}
