import { strictEqual, throws } from "node:assert/strict";
import { barStartMs, ianaZone, TwsTimes, utcStamp } from "../../lib/broker/times.ts";

/** Times as TWS writes them. */

const iso = (ms: number): string => new Date(ms).toISOString();

Deno.test.each([
  ["20260413 15:27:04 US/Eastern", "2026-04-13T19:27:04.000Z"],
  ["20260113 15:27:04 US/Eastern", "2026-01-13T20:27:04.000Z"],
  ["20260413 15:27:04 America/New_York", "2026-04-13T19:27:04.000Z"],
  ["20260413 21:27:04 MET", "2026-04-13T19:27:04.000Z"],
  // Of an old server: two blanks, the zone of the login.
  ["20230224  12:04:56", "2023-02-24T17:04:56.000Z"],
  ["20260413-19:27:04", "2026-04-13T19:27:04.000Z"],
  // TWS says EST all the year.
  ["20260713 15:27:04 EST", "2026-07-13T19:27:04.000Z"],
  // Not a zone: the login's is the best guess there is.
  ["20260413 15:27:04 Mars/Olympus", "2026-04-13T19:27:04.000Z"],
  ["1697746308", "2023-10-19T20:11:48.000Z"],
])("an execution at %s was at %s", (text, expected) => {
  const times = new TwsTimes("20260402 09:30:00 EST");
  strictEqual(iso(times.parse(text)), expected);
  // From the cache too.
  strictEqual(iso(times.parse(text)), expected);
});

Deno.test("a stamp without a zone is in the zone of the login", () => {
  const times = new TwsTimes("20260402 15:30:00 Central European Standard Time");
  strictEqual(iso(times.parse("20260713  15:27:04")), "2026-07-13T13:27:04.000Z");
});

Deno.test("a login without a zone counts as New York", () => {
  strictEqual(iso(new TwsTimes("").parse("20260713  15:27:04")), "2026-07-13T19:27:04.000Z");
});

Deno.test("the hours of a clock change are read by the zone's own rules", () => {
  const times = new TwsTimes("");
  strictEqual(iso(times.parse("20260308 01:59:59 US/Eastern")), "2026-03-08T06:59:59.000Z");
  strictEqual(iso(times.parse("20260308 03:00:00 US/Eastern")), "2026-03-08T07:00:00.000Z");
});

Deno.test.each([
  [""],
  ["now"],
  ["20260231 10:00:00 US/Eastern"],
  ["20260413 25:00:00 US/Eastern"],
  ["20260413 10:60:00 US/Eastern"],
  ["2026-04-13 10:00:00"],
])("%s is no time", (text) => {
  throws(() => new TwsTimes("").parse(text), RangeError);
});

Deno.test("a bar starts at its epoch seconds, or at midnight of its day where it trades", () => {
  strictEqual(iso(barStartMs("1775136600", "US/Eastern")), "2026-04-02T13:30:00.000Z");
  strictEqual(iso(barStartMs("20260402", "US/Eastern")), "2026-04-02T04:00:00.000Z");
  throws(() => barStartMs("20260402 09:30:00 US/Eastern", "US/Eastern"), RangeError);
});

Deno.test("request times are written in UTC", () => {
  strictEqual(utcStamp(Date.UTC(2026, 3, 2, 13, 30, 1)), "20260402-13:30:01");
});

Deno.test("ianaZone() knows what is no zone", () => {
  strictEqual(ianaZone("US/Eastern"), "US/Eastern");
  strictEqual(ianaZone("Nowhere/Town"), null);
});
