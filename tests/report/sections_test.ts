import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import {
  cellFigures,
  figuresOf,
  type Report,
  type Story,
  tablesOf,
} from "../../lib/report/figure.ts";
import { commission, LedgerBuilder, OPENS_AT, quote, SESSION } from "./fixtures.ts";

/** Limits, execution, incidents, data and stories: what a day's sections say beyond its money. */

function reportOf(ledger: LedgerBuilder): Report {
  return buildReport(ledger.entries, [SESSION]);
}

function value(report: Report, id: string): string | null | undefined {
  const cells = tablesOf(report).flatMap(cellFigures).find((figure) => figure.id === id);
  return (figuresOf(report).get(id) ?? cells)?.value;
}

function rows(report: Report, id: string): readonly (readonly (string | null)[])[] {
  return tablesOf(report).find((table) => table.id === id)?.rows.map(({ cells }) => cells) ?? [];
}

function stories(report: Report): readonly Story[] {
  return report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.type === "stories" ? block.stories : [])
  );
}

Deno.test("limits stand with their peak, when it was, and how much of them was used", () => {
  const limits = {
    maxDailyLossPct: "2",
    maxGrossExposurePct: "100",
    maxNetExposurePct: "80",
    maxDayDrawdownPct: "3",
    maxOrdersPerMinute: "30",
    maxOrdersPerSymbolDay: "40",
    maxHeatPct: "6",
    allowShort: "false",
  };
  const ledger = new LedgerBuilder().start("100000", { opened: { limits } })
    .equity(1, "101000", { gross: "25250" })
    .equity(2, "99000", { gross: "49500" })
    .equity(3, "99500")
    .order(4, "I1").order(4, "I2").order(6, "I3")
    .end("99500");
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "limits.maxDailyLossPct.peak"), "1");
  assert.strictEqual(value(report, "limits.maxDailyLossPct.used"), "50");
  assert.strictEqual(value(report, "limits.maxGrossExposurePct.peak"), "50");
  assert.strictEqual(value(report, "limits.maxNetExposurePct.used"), "62.5");
  assert.strictEqual(value(report, "limits.maxDayDrawdownPct.peak"), "1.9801980198");
  assert.strictEqual(value(report, "limits.maxOrdersPerMinute.peak"), "2");
  assert.strictEqual(value(report, "limits.maxOrdersPerSymbolDay.peak"), "3");
  assert.strictEqual(value(report, "limits.maxHeatPct.peak"), "0");
  assert.strictEqual(value(report, "limits.maxGrossExposurePct.left"), "50");
  assert.strictEqual(value(report, "limits.allowShort.peak"), undefined);
  const when = rows(report, "limits").find(([label]) => label === "Loss of the day, % of equity")
    ?.[3];
  assert.strictEqual(when, String(OPENS_AT + 120_000));
});

Deno.test("execution is measured against the quotes at decision and arrival, fills by their own", () => {
  const ledger = new LedgerBuilder().start()
    .order(5, "I1", { quote: quote(9.99, 10.01) })
    .fill(5, {
      execId: "e.1.01.01",
      side: "BUY",
      shares: "100",
      at: "10.02",
      intentId: "I1",
      quote: quote(10, 10.02),
    })
    .equity(6, "99999", { marks: { AAPL: "10.12" }, gross: "1012" })
    .equity(10, "99999", { marks: { AAPL: "9.92" }, gross: "992" })
    .end("98997", { netLiquidation: "99999", positions: [["AAPL", "100", "10"]] });
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "quality.delay"), "0");
  assert.strictEqual(value(report, "quality.execution"), "20");
  assert.strictEqual(value(report, "quality.explicit"), "10");
  assert.strictEqual(value(report, "quality.shortfall"), "30");
  assert.strictEqual(value(report, "quality.spread"), "19.98001998");
  assert.strictEqual(value(report, "quality.filled"), "100");
  assert.strictEqual(value(report, "markouts.1m.move"), "99.8003992016");
  assert.strictEqual(value(report, "markouts.5m.move"), "-99.8003992016");
  assert.strictEqual(value(report, "markouts.60m.move"), null);
});

Deno.test("a partly filled order has no total: nobody knows what the rest would have cost", () => {
  const ledger = new LedgerBuilder().start()
    .order(5, "I1", { quote: quote(9.99, 10.01) })
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "40", at: "10.01", intentId: "I1" })
    .end("99598.6", { netLiquidation: "99998.6", positions: [["AAPL", "40", "10"]] });
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "shortfall.I1.opportunity"), null);
  assert.strictEqual(value(report, "quality.shortfall"), null);
  assert.strictEqual(value(report, "quality.execution"), "4");
});

Deno.test("an algorithm's slice is no late order: it is left out of signal to sent and of sent to fill", () => {
  const slice = { quote: quote(9.99, 10.01), parentOrderId: "P1" };
  const report = reportOf(
    new LedgerBuilder().start().order(5, "I1", slice)
      .fill(9, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10", intentId: "I1" })
      .end("100000"),
  );
  assert.strictEqual(value(report, "latencies.decide.n"), "0");
  assert.strictEqual(value(report, "latencies.fill.n"), "0");
  assert.strictEqual(value(report, "latencies.hear.n"), "1");
});

Deno.test("latencies have ranks with n, and none where nothing happened", () => {
  const ledger = new LedgerBuilder().start()
    .order(5, "I1")
    .fill(6, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10", intentId: "I1" })
    .end("98999", { netLiquidation: "99999", positions: [["AAPL", "100", "10"]] });
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "latencies.fill.n"), "1");
  assert.strictEqual(value(report, "latencies.fill.p50"), "60000");
  assert.strictEqual(value(report, "latencies.hear.max"), "40");
  assert.strictEqual(value(report, "latencies.cancel.p50"), null);
});

Deno.test("a lost connection lasts until it is ready again, and says what was open", () => {
  const ledger = new LedgerBuilder().start()
    .order(5, "I1")
    .at(6, { kind: "connection-changed", state: "closed", detail: "reset by peer" })
    .at(6.5, { kind: "connection-changed", state: "connecting", detail: "again" })
    .at(8, { kind: "connection-changed", state: "ready", detail: "server version 178" })
    .end("100000");
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "connection.losses"), "1");
  assert.strictEqual(value(report, "connection.longest"), "120000");
  assert.deepStrictEqual(rows(report, "incidents"), [[
    String(OPENS_AT + 6 * 60_000),
    "connection lost",
    "",
    "120000",
    "1 order, 0 positions",
    "closed: reset by peer",
  ]]);
});

Deno.test("a halt that was in force before the session shows on its axis and in the outlook", () => {
  const ledger = new LedgerBuilder();
  ledger.sessionId = "operator";
  ledger.at(-600, { kind: "halted", actor: "operator", because: "not today" });
  ledger.sessionId = SESSION;
  ledger.start().end("100000", { outcome: "halted" });
  const report = reportOf(ledger);
  const marks = report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.type === "chart" && block.chart.kind === "session" ? block.chart.marks : []
    )
  );
  assert.deepStrictEqual(marks.map(({ lane, text }) => [lane, text]), [[
    "halt",
    "Halted: not today",
  ]]);
  assert.deepStrictEqual(rows(report, "next").find(([label]) => label === "Halt in force"), [
    "Halt in force",
    "yes, until someone lifts it: not today",
  ]);
});

Deno.test("data: signals by symbol with their spreads, and what was refused for its quote", () => {
  const ledger = new LedgerBuilder().start()
    .order(1, "I1", { quote: quote(99.95, 100.05) })
    .order(2, "I2", { quote: quote(99.9, 100.1) })
    .refused(3, "R1", "STALE_QUOTE", ["20000", "15000"])
    .refused(4, "R2", "COOLDOWN")
    .equity(1, "100000").equity(2, "100000").equity(3, "100000").equity(9, "100000")
    .end("100000");
  const report = reportOf(ledger);
  assert.strictEqual(value(report, "data.AAPL.quoted"), "2");
  assert.strictEqual(value(report, "data.AAPL.spread"), "10");
  assert.strictEqual(value(report, "data.AAPL.widest"), "20");
  assert.strictEqual(value(report, "data.TSLA.spread"), null);
  assert.strictEqual(value(report, "data.TSLA.refused"), "1");
  assert.strictEqual(value(report, "data.gaps"), "1");
  assert.strictEqual(value(report, "data.longest_gap"), "360000");
});

Deno.test("a story tells why, and everything that was said, in order", () => {
  const ledger = new LedgerBuilder().start()
    .order(5, "I1", { quote: quote(9.99, 10.01) })
    .at(5, {
      kind: "order-message",
      intentId: "I1",
      orderId: 1,
      code: 399,
      text: "held until open",
    })
    .fill(6, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10", intentId: "I1" })
    .fill(7, {
      execId: "e.1.01.02",
      side: "BUY",
      shares: "100",
      at: "10.01",
      intentId: "I1",
      commission: null,
    })
    .at(8, commission("e.1.01.02", "1.1"))
    .end("98997.9", { netLiquidation: "99997.9", positions: [["AAPL", "100", "10"]] });
  const [story] = stories(reportOf(ledger));
  assert.ok(story);
  assert.strictEqual(story.title, "BUY 100 LMT 10.05");
  assert.strictEqual(story.outcome, "Filled: 100 at 10.01");
  assert.deepStrictEqual(story.why.map(({ label, text }) => `${label}: ${text}`), [
    "Rule: sma-crossover: cross-above",
    "Reason: The fast average crossed",
    "Inputs: fast = 10.5, slow = 10.25",
    "Size and prices: 5 % of equity",
    "Known as: orderRef RT-I1, order 1, permId 1001",
  ]);
  assert.deepStrictEqual(story.events.map(({ what, detail }) => `${what} ${detail}`), [
    "Signal to enter BUY",
    "Written down BUY 100 LMT 10.05, DAY",
    "Sent as order 1",
    "Submitted ",
    "Broker says 399 held until open",
    "Bought 100 at 10 on ISLAND, e.1.01.01",
    "Commission 1 USD",
    "Bought 100 at 10.01 on ISLAND, e.1.01.02",
    "Commission 1.1 USD",
  ]);
  assert.strictEqual(story.events[0]?.quote, "9.99 / 10.01");
});

Deno.test("orders that were never sent, frozen or partly filled say so", () => {
  const lost = {
    permId: 0,
    symbol: "AAPL",
    filled: 0n,
    remaining: 0n,
    avgFillPrice: null,
    whyHeld: "",
  } as const;
  const ledger = new LedgerBuilder().start()
    .order(1, "I1").order(2, "I2").order(3, "I3").order(4, "I4")
    .at(5, {
      kind: "order-event",
      intentId: "I1",
      orderId: 0,
      ...lost,
      status: "ApiCancelled",
      source: "not-sent",
    })
    .at(5, {
      kind: "intent-frozen",
      intentId: "I2",
      symbol: "AAPL",
      because: "no list mentions it",
    })
    .fill(6, { execId: "e.1.01.01", side: "BUY", shares: "40", at: "10", intentId: "I3" })
    .at(7, {
      kind: "order-event",
      intentId: "I3",
      orderId: 3,
      ...lost,
      status: "Cancelled",
      source: "status",
    })
    .end("99599", { netLiquidation: "99999", positions: [["AAPL", "40", "10"]] });
  const report = reportOf(ledger);
  assert.deepStrictEqual(rows(report, "orders").map((cells) => cells[4]), [
    "Never sent",
    "Frozen",
    "Cancelled, partly filled",
    "Submitted",
  ]);
  assert.strictEqual(report.verdict.state, "broken");
  assert.match(report.verdict.details.join(), /1 order frozen: what became of them is not proven/);
});
