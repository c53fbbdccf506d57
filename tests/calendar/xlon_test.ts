import { strictEqual } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";

/** Weekdays without a session: bank holidays of England and Wales as they were kept. */
const CLOSED: Readonly<Record<number, string>> = {
  2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
  2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
  2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
  2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
  2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
  2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
  2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
  2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
};

/** Days that close at 12:30: the last ones before Christmas and before New Year. */
const EARLY: Readonly<Record<number, string>> = {
  2020: "12-24 12-31",
  2021: "12-24 12-31",
  2022: "12-23 12-30",
  2023: "12-22 12-29",
  2024: "12-24 12-31",
  2025: "12-24 12-31",
  2026: "12-24 12-31",
  2027: "12-24 12-31",
};

const xlon = calendar("XLON");

function listed(year: number, wanted: (date: Temporal.PlainDate) => boolean): string {
  const days: string[] = [];
  let date = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  for (; date.year === year; date = date.add({ days: 1 })) {
    if (wanted(date)) days.push(date.toString().slice(5));
  }
  return days.join(" ");
}

for (const year of [2020, 2021, 2022, 2023, 2024, 2025, 2026, 2027]) {
  Deno.test(`XLON closes on exactly the bank holidays of ${year}`, () => {
    strictEqual(
      listed(year, (date) => date.dayOfWeek <= 5 && xlon.session(date.toString()) === null),
      CLOSED[year],
    );
  });

  Deno.test(`XLON closes early on exactly two days of ${year}`, () => {
    strictEqual(listed(year, (date) => xlon.session(date.toString())?.early === true), EARLY[year]);
  });
}

Deno.test("XLON opens at 08:00 and closes at 16:30 London time, 12:30 on a half day", () => {
  strictEqual(xlon.session("2026-07-01")?.opensAt, Date.UTC(2026, 6, 1, 7, 0));
  strictEqual(xlon.session("2026-07-01")?.closesAt, Date.UTC(2026, 6, 1, 15, 30));
  strictEqual(xlon.session("2026-12-24")?.opensAt, Date.UTC(2026, 11, 24, 8, 0));
  strictEqual(xlon.session("2026-12-24")?.closesAt, Date.UTC(2026, 11, 24, 12, 30));
});

Deno.test("XLON names the closures no rule can know", () => {
  strictEqual(xlon.reasonClosed("2020-05-08"), "Early May bank holiday (VE Day)");
  strictEqual(xlon.reasonClosed("2022-06-02"), "Spring bank holiday");
  strictEqual(xlon.reasonClosed("2022-06-03"), "Platinum Jubilee");
  strictEqual(xlon.reasonClosed("2022-09-19"), "State Funeral of Queen Elizabeth II");
  strictEqual(xlon.reasonClosed("2023-05-08"), "Coronation of King Charles III");
});

Deno.test("XLON trades on the days bank holidays were moved away from", () => {
  strictEqual(xlon.reasonClosed("2020-05-04"), null);
  strictEqual(xlon.reasonClosed("2022-05-30"), null);
});
