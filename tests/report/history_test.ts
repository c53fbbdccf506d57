import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import { figuresOf, type Report } from "../../lib/report/figure.ts";
import { LedgerBuilder } from "./fixtures.ts";

/** A session a day on these dates, each moving the NAV by so much; null ends without the broker's word. */
function ledgerOf(
  days: readonly (readonly [date: string, change: number | null])[],
): LedgerBuilder {
  const ledger = new LedgerBuilder();
  let nav = 100_000;
  for (const [date, change] of days) {
    ledger.sessionId = `${date}-1`;
    ledger.start(String(nav), { opened: { date } });
    if (change === null) continue;
    nav += change;
    ledger.end(String(nav));
  }
  return ledger;
}

function reportOf(ledger: LedgerBuilder): Report {
  return buildReport(ledger.entries, [ledger.sessionId]);
}

function value(report: Report, id: string): string | null | undefined {
  return figuresOf(report).get(id)?.value;
}

Deno.test("returns of the month and the year are chained, and other accounts' days are not ours", () => {
  const ledger = ledgerOf([
    ["2025-12-31", 1_000],
    ["2026-10-30", -1_010],
    ["2026-11-19", 999.9],
    ["2026-11-20", -1_009.899],
  ]);
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "history.mtd"), "-0.01");
  assert.strictEqual(value(report, "history.ytd"), "-1.0099");
  assert.strictEqual(value(report, "history.all"), "-0.019999");
  assert.strictEqual(value(report, "months.2026.10"), "-1");
  assert.strictEqual(value(report, "months.2026.03"), undefined);
  assert.strictEqual(value(report, "history.sharpe"), undefined);
});

Deno.test("a day without the broker's word at the end is left out, and the page says so", () => {
  const ledger = ledgerOf([["2026-11-18", 1_000], ["2026-11-19", null], ["2026-11-20", 1_010]]);
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "history.mtd"), "2.01");
  assert.match(
    report.sections.find(({ id }) => id === "history")?.lead ?? "",
    /1 day without the broker's NAV at both ends is left out\.$/,
  );
});

Deno.test("days after the one reported on are not its history", () => {
  const ledger = ledgerOf([["2026-11-19", 1_000], ["2026-11-20", 1_010]]);
  assert.strictEqual(value(buildReport(ledger.entries, ["2026-11-19-1"]), "history.mtd"), "1");
});

Deno.test("from twenty days on there are ratios, and none is made yearly before a year is over", () => {
  const dates = Array.from(
    { length: 20 },
    (_, index) => `2026-11-${String(index + 1).padStart(2, "0")}`,
  );
  const report = reportOf(
    ledgerOf(dates.map((date, index) => [date, index % 2 === 0 ? 500 : -250])),
  );
  assert.match(value(report, "history.sharpe") ?? "", /^\d+\.\d+$/);
  assert.strictEqual(value(report, "history.cagr"), null);
  assert.strictEqual(
    figuresOf(report).get("history.cagr")?.reason,
    "fewer than 252 days: not made yearly",
  );
  assert.strictEqual(figuresOf(report).get("history.sharpe")?.n, 20);
});
