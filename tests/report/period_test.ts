import assert from "node:assert/strict";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { figuresOf, type Report } from "../../lib/report/figure.ts";
import { toJson } from "../../lib/report/json.ts";
import { toHtml } from "../../lib/report/html.ts";
import { chooseSessions, type PeriodName, reportOn } from "../../lib/report/selection.ts";
import { disagreements, readClaim } from "../../lib/report/verify.ts";
import { commission, LedgerBuilder } from "./fixtures.ts";

/** Three days of 48.00, 48.00 and −2.00 net; the second holds its shares over night; the third is of next month. */
function threeDays(): LedgerBuilder {
  const ledger = new LedgerBuilder();
  ledger.sessionId = "2026-11-27-1";
  ledger.start("100000", { opened: { date: "2026-11-27" } })
    .fill(5, { execId: "a.1.01.01", side: "BUY", shares: "100", at: "10" })
    .fill(60, { execId: "a.2.01.01", side: "SELL", shares: "100", at: "10.50" })
    .end("100048");
  ledger.sessionId = "2026-11-30-1";
  ledger.start("100048", { opened: { date: "2026-11-30" } })
    .fill(5, { execId: "b.1.01.01", side: "BUY", shares: "100", at: "10", commission: null })
    .end("99047", { netLiquidation: "100096", positions: [["AAPL", "100", "10"]] });
  ledger.sessionId = "2026-12-01-1";
  ledger.start("99047", {
    opened: { date: "2026-12-01" },
    netLiquidation: "100147",
    positions: [["AAPL", "100", "10"]],
  })
    .at(1, commission("b.1.01.01", "1"))
    .fill(60, { execId: "c.1.01.01", side: "SELL", shares: "100", at: "10.99" })
    .end("100145");
  return ledger;
}

function reader(ledger: LedgerBuilder): Parameters<typeof reportOn>[1] {
  const memory = new MemoryLedger();
  for (const { sessionId, at, body } of ledger.entries) memory.append(sessionId, at, [body]);
  return memory;
}

function reportOf(period: PeriodName, date: string): Report {
  const ledger = reader(threeDays());
  return reportOn(chooseSessions(ledger.sessions(), { period, date }), ledger);
}

function values(report: Report, ...ids: readonly string[]): readonly (string | null | undefined)[] {
  const figures = figuresOf(report);
  return ids.map((id) => figures.get(id)?.value);
}

const BRIDGE = [
  "start.nav",
  "realized.change",
  "unrealized.change",
  "commissions.change",
  "overnight.change",
  "unexplained.change",
  "end.nav",
]
  .map((step) => `bridge.${step}`);

Deno.test("all days: sums of days, and what changed between them", () => {
  const report = reportOf("all", "2026-11-30");
  assert.strictEqual(report.title, "Report, Friday 27 November 2026 to Tuesday 1 December 2026");
  assert.deepStrictEqual(
    values(report, "period.net", "period.commissions", "period.fills", "period.days"),
    [
      "94",
      "4",
      "4",
      "3",
    ],
  );
  // 50 + 0 + 99 realised, 49 then −100 unrealised; the shares gained 51.00 over night.
  assert.deepStrictEqual(values(report, ...BRIDGE), [
    "100000",
    "149",
    "-51",
    "-4",
    "51",
    "0",
    "100145",
  ]);
  assert.strictEqual(report.verdict.text, "3 of 3 days reconciled");
  assert.deepStrictEqual(values(report, "symbols.AAPL.realized", "symbols.AAPL.net"), [
    "149",
    "145",
  ]);
});

Deno.test("a commission that came a day late counts on the day of its execution", () => {
  const report = reportOf("all", "2026-11-30");
  assert.deepStrictEqual(
    values(report, "daily.2026-11-30.commissions", "daily.2026-11-30.net", "daily.2026-12-01.net"),
    ["1", "48", "-2"],
  );
  assert.strictEqual(figuresOf(report).get("period.net")?.status, "final");
});

Deno.test("a month ends with its last day, also for commissions that arrive later", () => {
  const report = reportOf("month", "2026-11-03");
  assert.deepStrictEqual(values(report, "period.net", "period.days", "bridge.end.nav"), [
    "96",
    "2",
    "100096",
  ]);
});

Deno.test("a week is Monday to Sunday of the exchange's dates", () => {
  assert.deepStrictEqual(values(reportOf("week", "2026-12-03"), "period.net", "period.days"), [
    "46",
    "2",
  ]);
  assert.deepStrictEqual(values(reportOf("week", "2026-11-23"), "period.net", "period.days"), [
    "48",
    "1",
  ]);
});

Deno.test("a period without a session is refused with its dates", () => {
  assert.throws(() => reportOf("week", "2026-10-01"), {
    name: "NoSuchSessionError",
    message: "Cannot report on 2026-09-28 to 2026-10-04: the ledger has no session then",
  });
});

Deno.test("a period's report can be verified like a day's", () => {
  const ledger = reader(threeDays());
  const report = reportOf("all", "2026-11-30");
  for (
    const [name, text] of [["r.html", toHtml(report, "")], ["r.json", toJson(report)]] as const
  ) {
    const claim = readClaim(name, text);
    assert.deepStrictEqual(claim.selection, {
      kind: "period",
      from: "2026-11-27",
      to: "2026-12-01",
      name,
    });
    assert.ok(claim.values.size > 40);
    assert.deepStrictEqual(disagreements(claim, reportOn(claim.selection, ledger)), []);
  }
});

Deno.test("an order frozen for a while does not break its day's books, one still frozen does", () => {
  for (const thaws of [true, false]) {
    const ledger = new LedgerBuilder();
    ledger.start().order(5, "I1").at(6, {
      kind: "intent-frozen",
      intentId: "I1",
      symbol: "AAPL",
      because: "no answer",
    });
    if (thaws) {
      ledger.at(7, {
        kind: "order-event",
        intentId: "I1",
        orderId: 1,
        permId: 1_001,
        symbol: "AAPL",
        status: "Cancelled",
        filled: 0n,
        remaining: 100_000_000n,
        avgFillPrice: null,
        whyHeld: "",
        source: "completed-orders",
      });
    }
    const memory = reader(ledger.end("100000"));
    const all = reportOn(chooseSessions(memory.sessions(), { period: "all" }), memory);
    assert.strictEqual(all.verdict.state, thaws ? "reconciled" : "broken");
  }
});
