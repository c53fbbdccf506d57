import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { plannedOutage } from "../../lib/session/windows.ts";
import { at, MINUTE, RISING, run } from "./run.ts";

const NEW_YORK = "America/New_York";

function instant(local: string, zone = NEW_YORK): number {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;
}

Deno.test("plannedOutage() holds entries from five minutes before a restart until five after", () => {
  const restart = { timeOfDay: "12:00", zone: NEW_YORK };
  const held = ["11:54:59", "11:55", "12:00", "12:04:59", "12:05"].map((time) =>
    plannedOutage(instant(`2026-11-20T${time}`), restart) !== null
  );
  deepStrictEqual(held, [false, true, true, true, false]);
  strictEqual(
    plannedOutage(instant("2026-11-20T12:00"), restart),
    "the Gateway restarts at 12:00 America/New_York",
  );
});

Deno.test("plannedOutage() sees a restart just after midnight coming on the day before", () => {
  const restart = { timeOfDay: "00:02", zone: NEW_YORK };
  ok(plannedOutage(instant("2026-11-20T23:58"), restart) !== null);
  ok(plannedOutage(instant("2026-11-20T12:00"), restart) === null);
});

Deno.test("plannedOutage() keeps to the wall clock of its zone when the clocks change", () => {
  const restart = { timeOfDay: "12:00", zone: NEW_YORK };
  for (const date of ["2026-10-31", "2026-11-01", "2026-11-02", "2027-03-14"]) {
    ok(plannedOutage(instant(`${date}T12:00`), restart) !== null, date);
    ok(plannedOutage(instant(`${date}T11:00`), restart) === null, date);
    ok(plannedOutage(instant(`${date}T13:00`), restart) === null, date);
  }
});

Deno.test("plannedOutage() knows the nightly reset of IBKR, and none during an American session", () => {
  ok(plannedOutage(instant("2026-11-20T00:12"), null)?.startsWith("IBKR: the nightly reset"));
  for (let minute = 0; minute <= 390; minute++) {
    strictEqual(plannedOutage(instant("2026-11-20T09:30") + minute * MINUTE, null), null);
  }
});

Deno.test("a session whose Gateway restarts in the morning: the entry is refused around it and the pause is noted", async () => {
  const { entries, broker } = await run({
    path: RISING,
    toml: 'gateway_restart = "10:03"',
  });
  deepStrictEqual(broker.placed, []);
  const [refused] = bodiesOf(entries, "refused");
  strictEqual(refused?.code, "ENTRIES_CLOSED");
  strictEqual(refused?.value, "the Gateway restarts at 10:03 America/New_York");
  deepStrictEqual(
    bodiesOf(entries, "incident").map(({ code, durationMs }) => [code, durationMs]),
    [["entries-paused", null], ["entries-resumed", 10 * MINUTE]],
  );
});

Deno.test("a restart planned for the evening changes nothing about the day", async () => {
  const { entries, broker } = await run({ path: RISING, toml: 'gateway_restart = "23:45"' });
  strictEqual(broker.placed[0]?.role, "entry");
  ok((entries.find(({ body }) => body.kind === "intent")?.at ?? Infinity) < at(40));
});
