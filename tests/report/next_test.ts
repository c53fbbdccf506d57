import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { americanResetsBetween } from "../../lib/probe/reset_windows.ts";
import { buildReport } from "../../lib/report/build.ts";
import { tablesOf } from "../../lib/report/figure.ts";
import type { SessionOpened } from "../../lib/ledger/entry.ts";
import { LedgerBuilder, SESSION } from "./fixtures.ts";

/** What the next session begins with. */

function outlook(ledger: LedgerBuilder): Readonly<Record<string, string | null | undefined>> {
  const table = tablesOf(buildReport(ledger.entries, [SESSION])).find(({ id }) => id === "next");
  return Object.fromEntries(table?.rows.map(({ id, cells }) => [id, cells[1]]) ?? []);
}

function after(date: string, closesAt: number, more: Partial<SessionOpened> = {}): LedgerBuilder {
  return new LedgerBuilder().start("100000", { opened: { date, closesAt, ...more } }).end("100000");
}

Deno.test("before Thanksgiving: the holiday, the half day after it, and IBKR's nights", () => {
  const next = outlook(after("2026-11-25", Date.UTC(2026, 10, 25, 21)));
  assert.strictEqual(
    next["hours"],
    "Friday 27 November 2026, 09:30 to 13:00 New York time (EST), a half day (Day after Thanksgiving)",
  );
  assert.strictEqual(next["closed"], "Thursday 26 November 2026: Thanksgiving Day");
  assert.strictEqual(next["week"], "no holiday and no half day");
  assert.strictEqual(next["clocks"], "do not change before it; next on Sunday 14 March 2027");
  assert.strictEqual(next["resets"], "Thursday 00:15 to 01:45; Friday 00:15 to 01:45");
});

Deno.test("over a weekend: the clocks change, and the maintenance is one stretch over midnight", () => {
  const next = outlook(after("2026-03-06", Date.UTC(2026, 2, 6, 21)));
  assert.strictEqual(next["hours"], "Monday 9 March 2026, 09:30 to 16:00 New York time (EDT)");
  assert.strictEqual(
    next["clocks"],
    "change before it: New York time (EST) becomes New York time (EDT), 60 minutes forward; " +
      "elsewhere the open is at another time",
  );
  assert.strictEqual(
    next["resets"],
    "Friday 23:00 to Saturday 03:00; Sunday 00:15 to 01:45; Monday 00:15 to 01:45",
  );
});

Deno.test("the Gateway's own restart: at its time, none set, or never written down", () => {
  const date = "2026-11-20";
  const closesAt = Date.UTC(2026, 10, 20, 21);
  assert.match(
    outlook(after(date, closesAt, { gatewayRestart: "23:45" }))["restart"] ?? "",
    /^every day at 23:45 exchange time/,
  );
  assert.match(
    outlook(after(date, closesAt, { gatewayRestart: null }))["restart"] ?? "",
    /^none set/,
  );
  assert.match(outlook(after(date, closesAt))["restart"] ?? "", /^unknown/);
});

Deno.test("orders still working stand with the prices they were last given", () => {
  const ledger = new LedgerBuilder().start()
    .order(5, "I1", {
      side: "SELL",
      role: "stop",
      orderType: "STP",
      tif: "GTC",
      lmtPrice: null,
      auxPrice: parseMicros("9.5"),
    })
    .at(20, {
      kind: "order-changed",
      intentId: "I1",
      symbol: "AAPL",
      lmtPrice: null,
      auxPrice: parseMicros("9.8"),
      rule: "trailing",
      because: "the highest was 10.1",
    });
  const report = buildReport(ledger.end("100000").entries, [SESSION]);
  const table = tablesOf(report).find(({ id }) => id === "carried");
  assert.deepStrictEqual(
    table?.rows.map(({ cells }) => cells.slice(0, 5)),
    [["AAPL", "stop", "SELL 100 STP 9.8", "until cancelled", "Submitted"]],
  );
});

Deno.test("americanResetsBetween() finds a window that is half over, and none in a trading day", () => {
  const at = (day: number, hour: number, minute = 0): number =>
    Date.UTC(2026, 10, day, hour, minute);
  // 01:00 in New York is within the nightly reset.
  assert.deepStrictEqual(
    americanResetsBetween(at(24, 6), at(24, 7)).map(({ from, to }) => [from, to]),
    [[at(24, 5, 15), at(24, 6, 45)]],
  );
  assert.deepStrictEqual(americanResetsBetween(at(24, 14, 30), at(24, 21)), []);
});
