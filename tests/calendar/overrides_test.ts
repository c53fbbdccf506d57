import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { parseOverrides } from "../../lib/calendar/overrides.ts";

const MOURNING = { exchange: "XNYS", date: "2026-12-17", closed: true, because: "Mourning" };
const STORM = { exchange: "XNYS", date: "2026-12-18", closesAt: "14:00", because: "Storm" };

const parsed = (...list: unknown[]): ReturnType<typeof parseOverrides> =>
  parseOverrides(JSON.stringify(list), "calendar.json");

Deno.test("a closure announced yesterday closes the day and says why", () => {
  const xnys = calendar("XNYS", parsed(MOURNING));
  strictEqual(xnys.session("2026-12-17"), null);
  strictEqual(xnys.reasonClosed("2026-12-17"), "Mourning");
  strictEqual(xnys.nextSession(Date.UTC(2026, 11, 16, 21)).date, "2026-12-18");
});

Deno.test("an early close announced yesterday shortens the day", () => {
  const session = calendar("XNYS", parsed(STORM)).session("2026-12-18");
  strictEqual(session?.closesAt, Date.UTC(2026, 11, 18, 19, 0));
  deepStrictEqual([session?.early, session?.name], [true, "Storm"]);
});

Deno.test("an override replaces the time of a half day and can close it altogether", () => {
  const at = calendar("XNYS", parsed({ ...STORM, date: "2026-12-24", closesAt: "12:00" }));
  strictEqual(at.session("2026-12-24")?.closesAt, Date.UTC(2026, 11, 24, 17, 0));
  const closed = calendar("XNYS", parsed({ ...MOURNING, date: "2026-12-24" }));
  strictEqual(closed.session("2026-12-24"), null);
});

Deno.test("an override of another exchange changes nothing here", () => {
  const xlon = calendar("XLON", parsed(MOURNING));
  strictEqual(xlon.session("2026-12-17")?.date, "2026-12-17");
});

Deno.test("an override file that is no such list is refused with its name and the place", () => {
  const refused = (text: string, message: RegExp): void =>
    throws(() => parseOverrides(text, "calendar.json"), { name: "CalendarOverrideError", message });
  refused("{", /Cannot read "calendar.json" as JSON/);
  refused("{}", /calendar.json/);
  refused(JSON.stringify([MOURNING, { ...STORM, closesAt: "25:00" }]), /\[1\]/);
  refused(JSON.stringify([{ ...MOURNING, closesAt: "13:00" }]), /\[0\]/);
  refused(JSON.stringify([{ ...MOURNING, date: "2026-02-30" }]), /\[0\]/);
  refused(JSON.stringify([{ ...MOURNING, because: " " }]), /\[0\]/);
  refused(JSON.stringify([{ ...MOURNING, exchange: "XTKS" }]), /\[0\]/);
  refused(JSON.stringify([{ ...MOURNING, holiday: "x" }]), /\[0\]/);
});

Deno.test("an override that contradicts the calendar is refused, never guessed", () => {
  const refused = (message: RegExp, ...list: unknown[]): void =>
    throws(() => calendar("XNYS", parsed(...list)), { name: "CalendarOverrideError", message });
  refused(/2026-12-17: it is listed twice/, MOURNING, { ...STORM, date: "2026-12-17" });
  refused(/2028-01-03: it is beyond the calendar's horizon/, { ...MOURNING, date: "2028-01-03" });
  refused(/the exchange is closed \(Christmas Day\)/, { ...STORM, date: "2026-12-25" });
  refused(/the exchange is closed \(weekend\)/, { ...STORM, date: "2026-12-19" });
  refused(/16:00 is not within 09:30-16:00/, { ...STORM, closesAt: "16:00" });
  refused(/09:30 is not within 09:30-16:00/, { ...STORM, closesAt: "09:30" });
});
