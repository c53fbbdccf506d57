import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Calendar, calendar } from "../../lib/calendar/calendar.ts";

/** Weekdays without a session, as NYSE Group published them. */
const CLOSED: Readonly<Record<number, string>> = {
  2020: "01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25",
  2021: "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24",
  2022: "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26",
  2023: "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25",
  2024: "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
  2025: "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
  2026: "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
  2027: "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
};

/** Days that close at 13:00. */
const EARLY: Readonly<Record<number, string>> = {
  2020: "11-27 12-24",
  2021: "11-26",
  2022: "11-25",
  2023: "07-03 11-24",
  2024: "07-03 11-29 12-24",
  2025: "07-03 11-28 12-24",
  2026: "11-27 12-24",
  2027: "11-26",
};

/** Sessions a year, as any book on the market counts them. */
const SESSIONS: Readonly<Record<number, number>> = {
  2020: 253,
  2021: 252,
  2022: 251,
  2023: 250,
  2024: 252,
  2025: 250,
  2026: 251,
  2027: 251,
};

const xnys = calendar("XNYS");

function* daysOf(year: number): Generator<Temporal.PlainDate> {
  let date = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  for (; date.year === year; date = date.add({ days: 1 })) yield date;
}

function listed(year: number, wanted: (date: Temporal.PlainDate) => boolean): string {
  return [...daysOf(year)].filter(wanted).map((date) => date.toString().slice(5)).join(" ");
}

function closeText(of: Calendar, date: string): string {
  const session = of.session(date);
  if (session === null) return "closed";
  return Temporal.Instant.fromEpochMilliseconds(session.closesAt)
    .toZonedDateTimeISO(of.zone).toPlainTime().toString({ smallestUnit: "minute" });
}

for (const year of [2020, 2021, 2022, 2023, 2024, 2025, 2026, 2027]) {
  Deno.test(`XNYS closes on exactly the published weekdays of ${year}`, () => {
    strictEqual(
      listed(year, (date) => date.dayOfWeek <= 5 && xnys.session(date.toString()) === null),
      CLOSED[year],
    );
  });

  Deno.test(`XNYS closes at 13:00 on exactly the published half days of ${year}`, () => {
    strictEqual(listed(year, (date) => xnys.session(date.toString())?.early === true), EARLY[year]);
    for (const day of EARLY[year]?.split(" ") ?? []) {
      strictEqual(closeText(xnys, `${year}-${day}`), "13:00");
    }
  });

  Deno.test(`XNYS has the known number of sessions in ${year} and none on a weekend`, () => {
    const open = [...daysOf(year)].filter((date) => xnys.session(date.toString()) !== null);
    strictEqual(open.length, SESSIONS[year]);
    deepStrictEqual(open.filter((date) => date.dayOfWeek > 5), []);
  });
}

Deno.test("XNYS names each holiday of 2025 and its special closure", () => {
  const names = CLOSED[2025]?.split(" ").map((day) => xnys.reasonClosed(`2025-${day}`));
  deepStrictEqual(names, [
    "New Year's Day",
    "National Day of Mourning for Jimmy Carter",
    "Martin Luther King, Jr. Day",
    "Washington's Birthday",
    "Good Friday",
    "Memorial Day",
    "Juneteenth",
    "Independence Day",
    "Labor Day",
    "Thanksgiving Day",
    "Christmas Day",
  ]);
  strictEqual(xnys.reasonClosed("2025-01-11"), "weekend");
  strictEqual(xnys.reasonClosed("2025-01-10"), null);
});

Deno.test("XNYS names the reason of a half day", () => {
  strictEqual(xnys.session("2025-07-03")?.name, "Day before Independence Day");
  strictEqual(xnys.session("2025-11-28")?.name, "Day after Thanksgiving");
  strictEqual(xnys.session("2025-12-24")?.name, "Christmas Eve");
  strictEqual(xnys.session("2025-12-23")?.name, null);
});

Deno.test("XNYS trades on the Friday before a New Year's Day that falls on a Saturday", () => {
  strictEqual(closeText(xnys, "2021-12-31"), "16:00");
  strictEqual(xnys.session("2022-01-03")?.early, false);
  strictEqual(closeText(xnys, "2027-12-31"), "16:00");
});

Deno.test("XNYS trades the whole 2 July when Independence Day is kept on the 3rd or the 5th", () => {
  strictEqual(closeText(xnys, "2020-07-02"), "16:00");
  strictEqual(closeText(xnys, "2021-07-02"), "16:00");
  strictEqual(closeText(xnys, "2026-07-02"), "16:00");
  strictEqual(closeText(xnys, "2027-07-02"), "16:00");
});

Deno.test("XNYS did not close for Juneteenth before 2022", () => {
  strictEqual(closeText(xnys, "2020-06-19"), "16:00");
  strictEqual(closeText(xnys, "2021-06-18"), "16:00");
  strictEqual(xnys.reasonClosed("2022-06-20"), "Juneteenth");
});

Deno.test("XNYS keeps the regular hours on the day before a Christmas that falls on a weekend", () => {
  strictEqual(closeText(xnys, "2021-12-23"), "16:00");
  strictEqual(closeText(xnys, "2022-12-23"), "16:00");
  strictEqual(closeText(xnys, "2027-12-23"), "16:00");
});
