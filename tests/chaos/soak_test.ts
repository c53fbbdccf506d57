import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { fromNumber } from "../../lib/money.ts";
import { faultsOf, runSoakDay } from "./soak_day.ts";

/** The long run is `deno task soak`; here one day in which the Gateway restarts, loses IBKR and tells it twice. */

Deno.test("C5: a day with a fault an hour: one session carries it through, and every invariant holds", async () => {
  const day = calendar("XNYS").session("2026-11-27");
  if (day === null) throw new RangeError("No session");
  const ledger = openLedger(":memory:");
  try {
    const result = await runSoakDay({
      seed: 3,
      day,
      cash: fromNumber(100_000),
      ledger,
      faults: [
        "restart=ids:rollback@10:05-10:09",
        "connection-lost=restored:1101@11:05-11:08",
        "duplicate-messages@11:15-12:00",
        "reordered-messages@12:05-12:45",
      ],
    });
    deepStrictEqual(result.breaches, []);
    strictEqual(result.sessions, 1);
    ok(result.fills > 20);
  } finally {
    ledger.close();
  }
});

Deno.test("C11: a client id in use for minutes: the session waits with the same id, and says so", async () => {
  const day = calendar("XNYS").session("2026-11-27");
  if (day === null) throw new RangeError("No session");
  const ledger = openLedger(":memory:");
  try {
    const result = await runSoakDay({
      seed: 3,
      day,
      cash: fromNumber(100_000),
      ledger,
      faults: ["client-id-in-use=message:1@09:00-09:24"],
    });
    deepStrictEqual(result.breaches, []);
    strictEqual(result.sessions, 1);
    const waits = bodiesOf([...ledger.read()], "incident").filter(({ code }) =>
      code === "connect-failed"
    );
    ok(waits.length > 2);
    ok(waits.every(({ text }) => /^Client id 17 is in use/.test(text)), waits[0]?.text);
  } finally {
    ledger.close();
  }
});

Deno.test("faultsOf() gives a date the same faults every time, and another seed others", () => {
  deepStrictEqual(faultsOf(1, "2026-11-20"), faultsOf(1, "2026-11-20"));
  notDeepStrictEqual(faultsOf(1, "2026-11-20"), faultsOf(2, "2026-11-20"));
});
