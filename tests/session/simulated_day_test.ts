import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { checkInvariants, trade } from "./simulated.ts";

/** Whole sessions against the simulated Gateway over loopback TCP, in virtual time. */

Deno.test("a day against the simulated Gateway: every invariant holds, to the micro", async () => {
  const day = await trade({ seed: 7 });
  strictEqual(day.outcome.outcome, "done");
  strictEqual(day.probed.verdict, "ready");
  ok(day.truth.executions.length > 0, "a day without a fill proves little");
  checkInvariants(day);
});

Deno.test("T2: a half day ends at 13:00 with nothing working and nothing held", async () => {
  const day = await trade({ seed: 11, date: "2026-11-27" });
  strictEqual(day.outcome.outcome, "done");
  checkInvariants(day);
  deepStrictEqual(day.truth.positions, []);
  const closed = day.entries.findLast(({ body }) => body.kind === "session-closed");
  const [opened] = bodiesOf(day.entries, "session-opened");
  strictEqual(new Date(opened?.closesAt ?? 0).toISOString(), "2026-11-27T18:00:00.000Z");
  ok((closed?.at ?? 0) >= (opened?.closesAt ?? Infinity));
});

Deno.test("the same seed gives the same ledger through the socket, another seed another", async () => {
  const hashes = [];
  for (const seed of [3, 3, 4]) {
    const day = await trade({ seed, symbols: "AAPL,SOFI" });
    hashes.push(day.entries.at(-1)?.hash);
  }
  strictEqual(hashes[0], hashes[1]);
  notStrictEqual(hashes[0], hashes[2]);
});
