import {
  day,
  easterSunday,
  isWeekend,
  lastWeekday,
  MONDAY,
  nthWeekday,
  weekdayOnOrBefore,
} from "./day_rules.ts";
import type { ExchangeRules, NamedDay, SpecialClosure } from "./exchange.ts";

/** Bank holidays that were moved: by rule a holiday, in fact a trading day. */
const MOVED_AWAY: ReadonlySet<string> = new Set(["2020-05-04", "2022-05-30"]);

const SPECIAL_CLOSURES: readonly SpecialClosure[] = [
  {
    date: "2020-05-08",
    name: "Early May bank holiday (VE Day)",
    source: "Moved from 4 May: UK Government, 2019-06-07",
  },
  {
    date: "2022-06-02",
    name: "Spring bank holiday",
    source: "Moved from 30 May: UK Government, 2020-11-12",
  },
  {
    date: "2022-06-03",
    name: "Platinum Jubilee",
    source: "UK Government, 2020-11-12",
  },
  {
    date: "2022-09-19",
    name: "State Funeral of Queen Elizabeth II",
    source: "Royal proclamation, 2022-09-10",
  },
  {
    date: "2023-05-08",
    name: "Coronation of King Charles III",
    source: "UK Government, 2022-11-06",
  },
];

/** London Stock Exchange: the bank holidays of England and Wales. */
export const XLON: ExchangeRules = {
  code: "XLON",
  zone: "Europe/London",
  opensAt: "08:00",
  closesAt: "16:30",
  halfDayClosesAt: "12:30",
  firstYear: 2020,
  lastYear: 2027,
  specialClosures: SPECIAL_CLOSURES,
  holidays,
  halfDays,
};

function holidays(year: number): readonly NamedDay[] {
  const month = (number: number): Temporal.PlainYearMonth =>
    Temporal.PlainYearMonth.from({ year, month: number });
  const easter = easterSunday(year);
  const christmas = nextWeekday(day(year, 12, 25));
  const boxingDay = nextWeekday(day(year, 12, 26));
  const days: readonly NamedDay[] = [
    { date: nextWeekday(day(year, 1, 1)), name: "New Year's Day" },
    { date: easter.subtract({ days: 2 }), name: "Good Friday" },
    { date: easter.add({ days: 1 }), name: "Easter Monday" },
    { date: nthWeekday(month(5), MONDAY, 1), name: "Early May bank holiday" },
    { date: lastWeekday(month(5), MONDAY), name: "Spring bank holiday" },
    { date: lastWeekday(month(8), MONDAY), name: "Summer bank holiday" },
    { date: christmas, name: "Christmas Day" },
    {
      date: boxingDay.equals(christmas) ? boxingDay.add({ days: 1 }) : boxingDay,
      name: "Boxing Day",
    },
  ];
  return days.filter(({ date }) => !MOVED_AWAY.has(date.toString()));
}

function halfDays(year: number): readonly NamedDay[] {
  return [
    { date: weekdayOnOrBefore(day(year, 12, 24)), name: "Last day before Christmas" },
    { date: weekdayOnOrBefore(day(year, 12, 31)), name: "Last day of the year" },
  ];
}

function nextWeekday(date: Temporal.PlainDate): Temporal.PlainDate {
  return isWeekend(date) ? date.add({ days: 8 - date.dayOfWeek }) : date;
}
