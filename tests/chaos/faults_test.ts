import { deepStrictEqual, ok } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { Soak } from "./soak_day.ts";

/** One fault, one short day through a socket, every invariant held against the Gateway in the evening. */

const RESTART = "restart=ids:keep@11:05-11:07";

const CASES: readonly (readonly [situation: string, ...faults: readonly string[]])[] = [
  ["O10: an order whose acknowledgement is lost", "lost-ack=order:7"],
  ["an entry that never arrives", "lost-order=order:7"],
  ["a fill whose message breaks off in mid-frame", "half-frame=of:execDetails,n:5"],
  [
    "L10: executions answered as empty by mistake after a restart",
    RESTART,
    "empty-answer=of:executions,times:1@11:05-11:30",
  ],
  [
    "a list of positions that never ends after a restart",
    RESTART,
    "missing-end=of:positions@11:05-11:20",
  ],
  ["O11: a stop the broker rejects", "reject-order=order:5"],
  ["O9: orders of which no status ever comes", "no-status"],
  ["a fill taken back", "bust@10:30"],
];

for (const [situation, ...faults] of CASES) {
  Deno.test(`${situation}: every invariant holds in the evening`, async () => {
    const day = calendar("XNYS").session("2026-11-27");
    if (day === null) throw new RangeError("No session");
    using soak = new Soak(3);
    const result = await soak.run(day, faults);
    deepStrictEqual(result.breaches, []);
    ok(result.fills > 20);
  });
}
