import {
  day,
  easterSunday,
  lastWeekday,
  MONDAY,
  nthWeekday,
  SATURDAY,
  SUNDAY,
  THURSDAY,
} from "./day_rules.ts";
import type { ExchangeRules, NamedDay } from "./exchange.ts";

/** A federal holiday since June 2021, but the exchange first closed for it a year later. */
const JUNETEENTH_SINCE = 2022;

/**
 * New York Stock Exchange; Nasdaq keeps the same days.
 *
 * Rules: NYSE Rule 7.2. Checked day by day against the calendars NYSE Group published for 2020 to 2027.
 */
export const XNYS: ExchangeRules = {
  code: "XNYS",
  zone: "America/New_York",
  opensAt: "09:30",
  closesAt: "16:00",
  halfDayClosesAt: "13:00",
  firstYear: 2020,
  lastYear: 2027,
  specialClosures: [{
    date: "2025-01-09",
    name: "National Day of Mourning for Jimmy Carter",
    source: "NYSE Group press release, 2024-12-30",
  }],
  holidays,
  halfDays,
};

function holidays(year: number): readonly NamedDay[] {
  const month = (number: number): Temporal.PlainYearMonth =>
    Temporal.PlainYearMonth.from({ year, month: number });
  const days: NamedDay[] = [
    { date: nthWeekday(month(1), MONDAY, 3), name: "Martin Luther King, Jr. Day" },
    { date: nthWeekday(month(2), MONDAY, 3), name: "Washington's Birthday" },
    { date: easterSunday(year).subtract({ days: 2 }), name: "Good Friday" },
    { date: lastWeekday(month(5), MONDAY), name: "Memorial Day" },
    { date: observed(day(year, 7, 4)), name: "Independence Day" },
    { date: nthWeekday(month(9), MONDAY, 1), name: "Labor Day" },
    { date: thanksgiving(year), name: "Thanksgiving Day" },
    { date: observed(day(year, 12, 25)), name: "Christmas Day" },
  ];
  const newYear = day(year, 1, 1);
  // On a Saturday it is not kept at all: the Friday before ends the accounting year, and trades.
  if (newYear.dayOfWeek !== SATURDAY) {
    days.push({ date: observed(newYear), name: "New Year's Day" });
  }
  if (year >= JUNETEENTH_SINCE) {
    days.push({ date: observed(day(year, 6, 19)), name: "Juneteenth" });
  }
  return days;
}

function halfDays(year: number): readonly NamedDay[] {
  return [
    { date: day(year, 7, 3), name: "Day before Independence Day" },
    { date: thanksgiving(year).add({ days: 1 }), name: "Day after Thanksgiving" },
    { date: day(year, 12, 24), name: "Christmas Eve" },
  ];
}

function thanksgiving(year: number): Temporal.PlainDate {
  return nthWeekday(Temporal.PlainYearMonth.from({ year, month: 11 }), THURSDAY, 4);
}

/** A holiday on a Saturday is kept on Friday, one on a Sunday on Monday. */
function observed(date: Temporal.PlainDate): Temporal.PlainDate {
  if (date.dayOfWeek === SATURDAY) return date.subtract({ days: 1 });
  return date.dayOfWeek === SUNDAY ? date.add({ days: 1 }) : date;
}
