import { deepStrictEqual, throws } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { compareLiquidHours } from "../../lib/calendar/liquid_hours.ts";

const xnys = calendar("XNYS");

Deno.test("compareLiquidHours() finds nothing when TWS agrees, closed days and half days included", () => {
  const sent = "20260402:0930-20260402:1600;20260403:CLOSED;20260404:CLOSED;20260405:CLOSED;" +
    "20260406:0930-20260406:1600;20261127:0930-20261127:1300";
  deepStrictEqual(compareLiquidHours(xnys, sent, "US/Eastern"), []);
  deepStrictEqual(compareLiquidHours(xnys, sent, "America/New_York"), []);
});

Deno.test("compareLiquidHours() reads the old form and the old name of the zone", () => {
  const sent = "20200706:0930-1600;20200703:CLOSED";
  deepStrictEqual(compareLiquidHours(xnys, sent, "EST (Eastern Standard Time)"), []);
  deepStrictEqual(compareLiquidHours(xnys, "20200706:0400-2000", "EST5EDT"), [
    { date: "2020-07-06", calendar: "09:30-16:00", broker: "04:00-20:00" },
  ]);
});

Deno.test("compareLiquidHours() names a closure, an early close and an opening we do not know of", () => {
  const sent = "20261216:CLOSED;20261217:0930-20261217:1300;20261225:0930-20261225:1600";
  deepStrictEqual(compareLiquidHours(xnys, sent, "US/Eastern"), [
    { date: "2026-12-16", calendar: "09:30-16:00", broker: "closed" },
    { date: "2026-12-17", calendar: "09:30-16:00", broker: "09:30-13:00" },
    { date: "2026-12-25", calendar: "closed (Christmas Day)", broker: "09:30-16:00" },
  ]);
});

Deno.test("compareLiquidHours() compares instants: the same digits in another zone differ", () => {
  deepStrictEqual(compareLiquidHours(xnys, "20261120:0930-20261120:1600", "America/Chicago"), [
    { date: "2026-11-20", calendar: "09:30-16:00", broker: "10:30-17:00" },
  ]);
  deepStrictEqual(compareLiquidHours(xnys, "20261120:0830-20261120:1500", "America/Chicago"), []);
});

Deno.test("compareLiquidHours() shows a session in two parts and one that began the evening before", () => {
  deepStrictEqual(compareLiquidHours(xnys, "20261120:0930-1200,1300-1600", "US/Eastern"), [
    { date: "2026-11-20", calendar: "09:30-16:00", broker: "09:30-12:00, 13:00-16:00" },
  ]);
  deepStrictEqual(compareLiquidHours(xnys, "20261120:0930-20261121:1600", "US/Eastern"), [
    { date: "2026-11-20", calendar: "09:30-16:00", broker: "09:30-2026-11-21 16:00" },
  ]);
});

Deno.test("compareLiquidHours() calls a date past the horizon unknown, never agreed", () => {
  deepStrictEqual(
    compareLiquidHours(xnys, "20280103:0930-20280103:1600;20280104:CLOSED", "US/Eastern"),
    [
      {
        date: "2028-01-03",
        calendar: "unknown (beyond the calendar's horizon)",
        broker: "09:30-16:00",
      },
      { date: "2028-01-04", calendar: "unknown (beyond the calendar's horizon)", broker: "closed" },
    ],
  );
});

Deno.test("compareLiquidHours() refuses what it cannot read instead of agreeing", () => {
  const refused = (sent: string, zone: string, message: RegExp): void =>
    throws(() => compareLiquidHours(xnys, sent, zone), { name: "SyntaxError", message });
  refused("", "US/Eastern", /TWS sent none/);
  refused("20261120", "US/Eastern", /"20261120" is not a day's hours/);
  refused("20261120:OPEN", "US/Eastern", /is not a day's hours/);
  refused("20261320:0930-1600", "US/Eastern", /"20261320:0930" is no time/);
  refused("20261120:0930-2560", "US/Eastern", /"20261120:2560" is no time/);
  refused("20261120:0930-1600", "Mars/Olympus", /time zone "Mars\/Olympus" is not known/);
});

Deno.test("compareLiquidHours() compares London in London's time", () => {
  const xlon = calendar("XLON");
  const sent = "20260701:0800-20260701:1630;20261224:0800-20261224:1230";
  deepStrictEqual(compareLiquidHours(xlon, sent, "GB-Eire"), []);
});
