import assert from "node:assert/strict";
import { join } from "node:path";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { parseMicros } from "../../lib/money.ts";
import { buildReport } from "../../lib/report/build.ts";
import { figuresOf, type Report, tablesOf } from "../../lib/report/figure.ts";
import { chooseSessions, reportOn } from "../../lib/report/selection.ts";
import { LedgerBuilder } from "./fixtures.ts";

const BOUGHT = { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" } as const;
const STOPPED = { execId: "e.2.01.01", side: "SELL", shares: "100", at: "9.5" } as const;

/** Shares kept over night with their stop at the broker, which fills on the second day. */
function twoDays(): LedgerBuilder {
  const ledger = new LedgerBuilder();
  ledger.sessionId = "first";
  ledger.start("100000", { opened: { date: "2026-11-19" } })
    .order(5, "I1")
    .order(5, "I2", {
      side: "SELL",
      role: "stop",
      orderType: "STP",
      lmtPrice: null,
      auxPrice: parseMicros("9.5"),
      quantity: parseMicros("100"),
    })
    .fill(5, { ...BOUGHT, intentId: "I1" })
    .end("98999", { netLiquidation: "99999", positions: [["AAPL", "100", "10"]] });
  ledger.sessionId = "second";
  return ledger.start("98999", { netLiquidation: "99999", positions: [["AAPL", "100", "10"]] })
    .fill(30, { ...STOPPED, intentId: "I2" })
    .end("99948");
}

function told(report: Report): unknown {
  const figures = figuresOf(report);
  const [order] = tablesOf(report).find(({ id }) => id === "orders")?.rows ?? [];
  const stories = report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.type === "stories" ? block.stories : [])
  );
  return {
    exits: [...figures.keys()].filter((id) => id.startsWith("exits.") && id.endsWith(".net")),
    role: order?.cells[2],
    why: order?.cells[9],
    stories: stories.map(({ title }) => title),
  };
}

Deno.test("a stop of the day before that fills today is ours and told as what it is, from entries and from disk", () => {
  const { entries } = twoDays();
  const expected = {
    exits: ["exits.stop at the broker.net"],
    role: "stop",
    why: "sma-crossover: decided on an earlier day",
    stories: ["SELL 100 STP 9.5, the stop of an earlier day"],
  };
  assert.deepStrictEqual(told(buildReport(entries, ["second"])), expected);
  const folder = Deno.makeTempDirSync();
  const ledger = openLedger(join(folder, "ledger.sqlite"));
  try {
    for (const { sessionId, at, body } of entries) ledger.append(sessionId, at, [body]);
    const day = chooseSessions(ledger.sessions(), {});
    assert.deepStrictEqual(told(reportOn(day, ledger)), expected);
    const all = reportOn(chooseSessions(ledger.sessions(), { period: "all" }), ledger);
    const exits = tablesOf(all).find(({ id }) => id === "exits")?.rows.map(({ id }) => id);
    assert.deepStrictEqual(exits, ["decided on an earlier day", "still open", "total"]);
  } finally {
    ledger.close();
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the gap over night belongs to the symbol that was held, not to a difference of marks", () => {
  const held = [["AAPL", "-100", "10"]] as const;
  const ledger = new LedgerBuilder();
  ledger.sessionId = "first";
  ledger.start("100000", { opened: { date: "2026-11-19" } })
    .fill(5, { ...BOUGHT, side: "SELL", commission: "0" })
    .equity(389, "100020", { marks: { AAPL: "9.8" }, gross: "980" })
    .end("101000", { netLiquidation: "100020", positions: held });
  ledger.sessionId = "second";
  // The broker's word of the morning is still of the evening; the shares open a dollar higher.
  const opened = { limits: { maxHeatPct: "6" } };
  ledger.start("101000", { netLiquidation: "100020", positions: held, opened })
    .equity(0, "99920", { marks: { AAPL: "10.8" }, gross: "1080" })
    .equity(389, "99930", { marks: { AAPL: "10.7" }, gross: "1070" })
    .end("101000", { netLiquidation: "99930", positions: held });
  const figures = figuresOf(buildReport(ledger.entries, ["second"]));
  assert.strictEqual(figures.get("day.net")?.value, "-90");
  assert.strictEqual(figures.get("symbols.AAPL.net")?.value, "-90");
  assert.strictEqual(figures.get("symbols.valuation.net"), undefined);
  // A short without a stop is all at risk.
  assert.match(figures.get("limits.maxHeatPct.peak")?.value ?? "", /^1\.08/);
});
