import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { calendar, CalendarHorizonError } from "../../lib/calendar/calendar.ts";

const xnys = calendar("XNYS");
const utc = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;

Deno.test("session() gives a day's open and close in epoch ms with zone and date", () => {
  deepStrictEqual(xnys.session("2026-11-20"), {
    exchange: "XNYS",
    date: "2026-11-20",
    zone: "America/New_York",
    opensAt: utc("2026-11-20T14:30:00Z"),
    closesAt: utc("2026-11-20T21:00:00Z"),
    early: false,
    name: null,
  });
});

Deno.test("T1: at 16:00:00 New York time the session is over, a millisecond before it is not", () => {
  const closesAt = utc("2025-09-19T20:00:00Z");
  strictEqual(xnys.sessionAt(closesAt), null);
  strictEqual(xnys.sessionAt(closesAt - 1)?.date, "2025-09-19");
});

Deno.test("sessionAt() is open from 09:30:00.000 on, not before", () => {
  const opensAt = utc("2025-09-19T13:30:00Z");
  strictEqual(xnys.sessionAt(opensAt)?.date, "2025-09-19");
  strictEqual(xnys.sessionAt(opensAt - 1), null);
});

Deno.test("T2: Thanksgiving 2025 is closed and the day after closes at 13:00", () => {
  strictEqual(xnys.session("2025-11-27"), null);
  strictEqual(xnys.reasonClosed("2025-11-27"), "Thanksgiving Day");
  const friday = xnys.session("2025-11-28");
  strictEqual(friday?.early, true);
  strictEqual(friday?.closesAt, utc("2025-11-28T18:00:00Z"));
  strictEqual(xnys.sessionAt(utc("2025-11-28T18:00:00Z")), null);
});

Deno.test("the open moves from 14:30Z to 13:30Z over 8 March 2026 and back over 1 November 2026", () => {
  strictEqual(xnys.session("2026-03-06")?.opensAt, utc("2026-03-06T14:30:00Z"));
  strictEqual(xnys.session("2026-03-09")?.opensAt, utc("2026-03-09T13:30:00Z"));
  strictEqual(xnys.session("2026-10-30")?.opensAt, utc("2026-10-30T13:30:00Z"));
  strictEqual(xnys.session("2026-11-02")?.opensAt, utc("2026-11-02T14:30:00Z"));
});

Deno.test("nextSession() skips the weekend over a change to summer time", () => {
  const fridayClose = utc("2026-03-06T21:00:00Z");
  strictEqual(xnys.nextSession(fridayClose).opensAt, utc("2026-03-09T13:30:00Z"));
});

Deno.test("nextSession() at the instant of an open is the session of the next day", () => {
  strictEqual(xnys.nextSession(utc("2026-11-19T14:30:00Z")).date, "2026-11-20");
  strictEqual(xnys.nextSession(utc("2026-11-19T14:29:59Z")).date, "2026-11-19");
});

Deno.test("nextSession() jumps Good Friday and its weekend", () => {
  strictEqual(xnys.nextSession(utc("2026-04-02T20:00:00Z")).date, "2026-04-06");
});

Deno.test("previousSession() is the day's own session from its close on", () => {
  strictEqual(xnys.previousSession(utc("2026-11-20T20:59:59Z")).date, "2026-11-19");
  strictEqual(xnys.previousSession(utc("2026-11-20T21:00:00Z")).date, "2026-11-20");
  strictEqual(xnys.previousSession(utc("2026-11-29T12:00:00Z")).date, "2026-11-27");
});

Deno.test("past the horizon every question throws and says not to trade", () => {
  deepStrictEqual(xnys.horizon, { first: "2020-01-01", last: "2027-12-31" });
  const past = utc("2028-01-03T15:00:00Z");
  const refused = {
    name: "CalendarHorizonError",
    message: /2020-01-01 to 2027-12-31; do not trade/,
  };
  throws(() => xnys.session("2028-01-03"), refused);
  throws(() => xnys.session("2019-12-31"), refused);
  throws(() => xnys.reasonClosed("2028-01-01"), refused);
  throws(() => xnys.sessionAt(past), refused);
  throws(() => xnys.nextSession(past), refused);
  throws(() => xnys.previousSession(past), refused);
  throws(() => xnys.session("2028-01-03"), RangeError);
});

Deno.test("after the last known session there is no next one, and before the first none before", () => {
  strictEqual(xnys.nextSession(utc("2027-12-30T21:00:00Z")).date, "2027-12-31");
  throws(() => xnys.nextSession(utc("2027-12-31T21:00:00Z")), CalendarHorizonError);
  strictEqual(xnys.previousSession(utc("2020-01-02T21:00:00Z")).date, "2020-01-02");
  throws(() => xnys.previousSession(utc("2020-01-02T20:59:00Z")), CalendarHorizonError);
});

Deno.test("the horizon ends with the exchange's day, not with UTC's", () => {
  strictEqual(xnys.sessionAt(utc("2028-01-01T04:59:59Z")), null);
  throws(() => xnys.sessionAt(utc("2028-01-01T05:00:00Z")), CalendarHorizonError);
});

Deno.test("what is no date or no time is refused by name", () => {
  throws(() => xnys.session("20261120"), /Cannot read date "20261120": write it as 2026-11-20/);
  throws(() => xnys.session("2026-02-30"), RangeError);
  throws(() => xnys.sessionAt(Number.NaN), /Cannot tell NaN/);
});
