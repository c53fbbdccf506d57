/** The few rules from which holidays are made. Weekdays are ISO: Monday is 1, Sunday is 7. */

export const MONDAY = 1;
export const THURSDAY = 4;
export const SATURDAY = 6;
export const SUNDAY = 7;

export function day(year: number, month: number, dayOfMonth: number): Temporal.PlainDate {
  return Temporal.PlainDate.from({ year, month, day: dayOfMonth }, { overflow: "reject" });
}

export function isWeekend(date: Temporal.PlainDate): boolean {
  return date.dayOfWeek >= SATURDAY;
}

/** The first such weekday of a month is `nth` 1. */
export function nthWeekday(
  month: Temporal.PlainYearMonth,
  dayOfWeek: number,
  nth: number,
): Temporal.PlainDate {
  const first = month.toPlainDate({ day: 1 });
  const untilFirst = (dayOfWeek - first.dayOfWeek + 7) % 7;
  return first.add({ days: untilFirst + 7 * (nth - 1) });
}

export function lastWeekday(
  month: Temporal.PlainYearMonth,
  dayOfWeek: number,
): Temporal.PlainDate {
  const last = month.toPlainDate({ day: month.daysInMonth });
  return last.subtract({ days: (last.dayOfWeek - dayOfWeek + 7) % 7 });
}

/** `date`, or the Friday before when it falls on a weekend. */
export function weekdayOnOrBefore(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.subtract({ days: Math.max(0, date.dayOfWeek - 5) });
}

/** Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8). */
export function easterSunday(year: number): Temporal.PlainDate {
  const goldenIndex = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const skippedLeapDays = century - Math.floor(century / 4);
  const lunarCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * goldenIndex + skippedLeapDays - lunarCorrection + 15) % 30;
  const untilSunday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact -
    yearOfCentury % 4) % 7;
  const lateMoon = Math.floor((goldenIndex + 11 * epact + 22 * untilSunday) / 451);
  const daysSinceMarchZero = epact + untilSunday - 7 * lateMoon + 114;
  return day(year, Math.floor(daysSinceMarchZero / 31), daysSinceMarchZero % 31 + 1);
}
