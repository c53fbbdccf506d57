import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { Soak } from "./soak_day.ts";
import { faultsOf } from "./soak_faults.ts";

/** The long run is `deno task soak`; here one day in which the Gateway restarts, loses IBKR and tells it twice. */

Deno.test("C5: a day with a fault an hour: one session carries it through, and every invariant holds", async () => {
  const day = calendar("XNYS").session("2026-11-27");
  if (day === null) throw new RangeError("No session");
  using soak = new Soak(3);
  const result = await soak.run(day, [
    "restart=ids:rollback@10:05-10:09",
    "connection-lost=restored:1101@11:05-11:08",
    "duplicate-messages@11:15-12:00",
    "reordered-messages@12:05-12:45",
  ]);
  deepStrictEqual(result.breaches, []);
  strictEqual(result.sessions, 1);
  ok(result.fills > 20);
});

Deno.test("C11: a client id in use for minutes: the session waits with the same id, and says so", async () => {
  const day = calendar("XNYS").session("2026-11-27");
  if (day === null) throw new RangeError("No session");
  using soak = new Soak(3);
  const result = await soak.run(day, ["client-id-in-use=message:1@09:00-09:24"]);
  deepStrictEqual(result.breaches, []);
  strictEqual(result.sessions, 1);
  const waits = result.said.filter((text) => /^Client id 17 is in use/.test(text));
  ok(waits.length > 2);
});

Deno.test("C5: over night the Gateway ends and another takes up its state: the books go on", async () => {
  using soak = new Soak(3);
  const xnys = calendar("XNYS");
  const first = xnys.session("2026-11-27");
  if (first === null) throw new RangeError("No session");
  const second = xnys.nextSession(first.closesAt);
  // A bust and a lost connection change what the exchange did; on Monday the second factor comes late.
  const days = [
    await soak.run(first, [
      "bust@10:30",
      "restart=ids:rollback@10:35-10:39",
      "connection-lost=restored:1102@11:05-11:20",
    ]),
    await soak.run(second, faultsOf(3, second.date)),
  ];
  deepStrictEqual(days.flatMap(({ breaches }) => breaches), []);
  ok(days.every(({ fills }) => fills > 20));
});

Deno.test("faultsOf() gives a date the same faults every time, and another seed others", () => {
  deepStrictEqual(faultsOf(1, "2026-11-20"), faultsOf(1, "2026-11-20"));
  notDeepStrictEqual(faultsOf(1, "2026-11-20"), faultsOf(2, "2026-11-20"));
});
