import assert from "node:assert/strict";
import { buildReport, lastDay } from "../../lib/report/build.ts";
import { cellFigures, figuresOf, type Report, tablesOf } from "../../lib/report/figure.ts";
import {
  commission,
  execution,
  LedgerBuilder,
  SESSION,
  sessionOpened,
  snapshot,
  winningDay,
} from "./fixtures.ts";

/** The figures that a whole day comes to, for days of every kind. */

function reportOf(ledger: LedgerBuilder): Report {
  return buildReport(ledger.entries, [SESSION]);
}

/** Values by id; a missing figure is an error, an undefined one is null. */
function values(report: Report, ...ids: readonly string[]): Record<string, string | null> {
  const figures = figuresOf(report);
  return Object.fromEntries(ids.map((id) => {
    const figure = figures.get(id);
    assert.ok(figure, `no figure "${id}"`);
    return [id, figure.value];
  }));
}

/** Cells of the long tables by the ids they are traced by. */
function cells(report: Report, ...ids: readonly string[]): Record<string, string | null> {
  const figures = new Map(tablesOf(report).flatMap(cellFigures).map((one) => [one.id, one.value]));
  return Object.fromEntries(ids.map((id) => [id, figures.get(id) ?? null]));
}

function figure(report: Report, id: string): { status: string; reason: string | null } {
  const found = figuresOf(report).get(id);
  assert.ok(found, `no figure "${id}"`);
  return { status: found.status, reason: found.reason };
}

const DAY = [
  "day.net",
  "day.return",
  "day.gross",
  "day.commissions",
  "day.fills",
  "day.won",
] as const;

Deno.test("a winning day: every step of the bridge, exact", () => {
  const report = reportOf(winningDay());
  assert.deepStrictEqual(
    values(
      report,
      ...DAY,
      "bridge.start.nav",
      "bridge.realized.change",
      "bridge.unrealized.change",
      "bridge.commissions.change",
      "bridge.unexplained.change",
      "bridge.end.nav",
      "symbols.AAPL.net",
      "symbols.total.net",
      "day.drawdown",
    ),
    {
      "day.net": "48",
      "day.return": "0.048",
      "day.gross": "50",
      "day.commissions": "2",
      "day.fills": "2",
      "day.won": "100",
      "bridge.start.nav": "100000",
      "bridge.realized.change": "50",
      "bridge.unrealized.change": "0",
      "bridge.commissions.change": "-2",
      "bridge.unexplained.change": "0",
      "bridge.end.nav": "100048",
      "symbols.AAPL.net": "48",
      "symbols.total.net": "48",
      "day.drawdown": "51",
    },
  );
  assert.deepStrictEqual(cells(report, "trips.AAPL-1.worst", "trips.AAPL-1.best"), {
    "trips.AAPL-1.worst": "-50",
    "trips.AAPL-1.best": "50",
  });
  assert.strictEqual(report.verdict.state, "reconciled");
  assert.strictEqual(
    report.verdict.text,
    "Reconciled: 2 of 2 fills, 0 of 0 positions, NAV difference 0.00",
  );
  assert.strictEqual(figure(report, "day.net").status, "final");
});

Deno.test("a losing day in a short account", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "SELL", shares: "200", at: "50.25", commission: "1.5" })
    .fill(90, { execId: "e.2.01.01", side: "BUY", shares: "200", at: "50.75", commission: "1.25" })
    .end("99897.25");
  assert.deepStrictEqual(
    values(reportOf(ledger), "day.net", "day.gross", "day.won"),
    {
      "day.net": "-102.75",
      "day.gross": "-100",
      "day.won": "0",
    },
  );
});

Deno.test("a short that is kept: its unrealised change comes from the broker's value", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "SELL", shares: "100", at: "50" })
    .equity(389, "99899", { marks: { AAPL: "51" }, gross: "5100" })
    .end("104999", { netLiquidation: "99889", positions: [["AAPL", "-100", "50"]] });
  const report = reportOf(ledger);
  assert.deepStrictEqual(
    values(
      report,
      "day.net",
      "bridge.unrealized.change",
      "symbols.AAPL.unrealized",
      "symbols.valuation.unrealized",
      "bridge.unexplained.change",
    ),
    {
      "day.net": "-111",
      "bridge.unrealized.change": "-110",
      // Our own last mark says 51.00, the broker valued it at 51.10.
      "symbols.AAPL.unrealized": "-100",
      "symbols.valuation.unrealized": "-10",
      "bridge.unexplained.change": "0",
    },
  );
});

Deno.test("a day without a trade makes nothing and says so", () => {
  const report = reportOf(new LedgerBuilder().start().equity(1, "100000").end("100000"));
  assert.deepStrictEqual(values(report, ...DAY), {
    "day.net": "0",
    "day.return": "0",
    "day.gross": "0",
    "day.commissions": "0",
    "day.fills": "0",
    "day.won": null,
  });
  assert.deepStrictEqual(figure(report, "day.won"), {
    status: "undefined",
    reason: "No round trip was closed",
  });
  assert.strictEqual(report.sections.find(({ id }) => id === "pnl")?.lead, "Nothing was traded.");
});

Deno.test("a day with only refusals counts them by code against the limit they name", () => {
  const ledger = new LedgerBuilder().start();
  for (let minute = 1; minute <= 3; minute++) {
    ledger.refused(minute, `R${minute}`, "EXCEEDS_OPEN_POSITIONS", ["11", "10"]);
  }
  ledger.refused(4, "R4", "COOLDOWN", ["1000", "600000"]).equity(5, "100000").end("100000");
  const report = reportOf(ledger);
  assert.deepStrictEqual(
    values(
      report,
      "codes.EXCEEDS_OPEN_POSITIONS.times",
      "codes.COOLDOWN.times",
      "limits.maxOpenPositions.blocks",
      "limits.maxOpenPositions.peak",
    ),
    {
      "codes.EXCEEDS_OPEN_POSITIONS.times": "3",
      "codes.COOLDOWN.times": "1",
      "limits.maxOpenPositions.blocks": "3",
      "limits.maxOpenPositions.peak": "0",
    },
  );
});

Deno.test("a refusal that came again bar after bar is one line with its count, and counts as often as it came", () => {
  const ledger = new LedgerBuilder().start().refused(1, "R1", "COOLDOWN", ["1000", "600000"]).at(
    12,
    {
      kind: "refusal-repeated",
      signalId: "R1",
      symbol: "TSLA",
      code: "COOLDOWN",
      value: "590000",
      limit: "600000",
      count: 11,
      lastAt: 0,
    },
  );
  const report = reportOf(ledger.equity(15, "100000").end("100000"));
  assert.deepStrictEqual(values(report, "codes.COOLDOWN.times"), { "codes.COOLDOWN.times": "12" });
  const risk = report.sections.find(({ id }) => id === "risk");
  assert.strictEqual(risk?.lead, "12 of 12 signals were refused before anything was sent.");
  const tables = risk.blocks.flatMap((block) => block.type === "table" ? [block.table] : []);
  const { columns, rows } = tables.find(({ id }) => id === "refusals") ?? { columns: [], rows: [] };
  const times = columns.findIndex(({ id }) => id === "times");
  assert.deepStrictEqual(rows.map(({ cells }) => cells[times]), ["12"]);
});

Deno.test("a corrected fill counts once, as corrected", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" })
    .fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.5" })
    .fill(61, { execId: "e.1.01.02", side: "BUY", shares: "100", at: "10.1" })
    .end("100038");
  const report = reportOf(ledger);
  assert.deepStrictEqual(values(report, "day.net", "day.fills", "bridge.unexplained.change"), {
    "day.net": "38",
    "day.fills": "2",
    "bridge.unexplained.change": "0",
  });
});

Deno.test("without a commission net is provisional; told later it is final, and only that differs", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" })
    .fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.5", commission: null })
    .end("100048");
  const before = reportOf(ledger);
  assert.deepStrictEqual(values(before, "day.net", "bridge.unexplained.change"), {
    "day.net": "49",
    "bridge.unexplained.change": "-1",
  });
  assert.deepStrictEqual(figure(before, "day.net"), {
    status: "provisional",
    reason: "The broker has not said the commission of 1 fill",
  });
  assert.strictEqual(before.verdict.state, "reconciled");
  assert.match(before.verdict.text, /commissions provisional$/);

  ledger.sessionId = "2026-11-23-1";
  ledger.at(4_300, sessionOpened({ date: "2026-11-23" }), commission("e.2.01.01", "1"));
  const after = reportOf(ledger);
  assert.deepStrictEqual(values(after, "day.net", "day.commissions", "bridge.unexplained.change"), {
    "day.net": "48",
    "day.commissions": "2",
    "bridge.unexplained.change": "0",
  });
  assert.strictEqual(figure(after, "day.net").status, "final");
});

Deno.test("a session that crashed is not reconciled, and its end is our own valuation", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" })
    .equity(6, "100019", { marks: { AAPL: "10.2" }, gross: "1020" });
  const report = reportOf(ledger);
  assert.strictEqual(report.verdict.state, "unknown");
  assert.deepStrictEqual(values(report, "day.net", "bridge.end.nav", "bridge.unexplained.change"), {
    "day.net": "19",
    "bridge.end.nav": "100019",
    "bridge.unexplained.change": null,
  });
  assert.deepStrictEqual(figure(report, "bridge.unexplained.change"), {
    status: "undefined",
    reason: "Without the broker's word at the end nobody can say",
  });
});

Deno.test("a crash and a restart of one date are one day", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" });
  ledger.sessionId = "2026-11-20-2";
  ledger.at(
    30,
    sessionOpened(),
    snapshot("start", {
      cash: "98999",
      netLiquidation: "99999",
      positions: [["AAPL", "100", "10.01"]],
    }),
  );
  ledger.fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.5" }).end("100048");
  const ids = lastDay(ledger.entries);
  assert.deepStrictEqual(ids, [SESSION, "2026-11-20-2"]);
  assert.deepStrictEqual(values(buildReport(ledger.entries, ids), "day.net", "bridge.start.nav"), {
    "day.net": "48",
    "bridge.start.nav": "100000",
  });
  // The second session alone begins with the shares of the first, at what they were worth.
  assert.deepStrictEqual(
    values(
      buildReport(ledger.entries, ["2026-11-20-2"]),
      "day.net",
      "bridge.start.nav",
      "bridge.unexplained.change",
    ),
    { "day.net": "49", "bridge.start.nav": "99999", "bridge.unexplained.change": "0" },
  );
});

Deno.test("shares held over night are closed at what they cost, their paper gain of before taken back", () => {
  const ledger = new LedgerBuilder()
    .start("1000", { netLiquidation: "2100", positions: [["AAPL", "100", "10"]] })
    .fill(5, { execId: "e.1.01.01", side: "SELL", shares: "100", at: "10.8" })
    .end("2079");
  assert.deepStrictEqual(
    values(reportOf(ledger), "bridge.realized.change", "bridge.unrealized.change", "day.net"),
    { "bridge.realized.change": "80", "bridge.unrealized.change": "-100", "day.net": "-21" },
  );
});

Deno.test("first in first out and average cost differ in realised, never in gross", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" })
    .fill(6, { execId: "e.2.01.01", side: "BUY", shares: "100", at: "12" })
    .fill(60, { execId: "e.3.01.01", side: "SELL", shares: "100", at: "13" })
    .end("99097", { netLiquidation: "100397", positions: [["AAPL", "100", "12"]] });
  assert.deepStrictEqual(
    values(
      reportOf(ledger),
      "methods.fifo.realized",
      "methods.fifo.gross",
      "methods.average.realized",
      "methods.average.gross",
      "methods.mtm.gross",
    ),
    {
      "methods.fifo.realized": "300",
      "methods.fifo.gross": "400",
      "methods.average.realized": "200",
      "methods.average.gross": "400",
      "methods.mtm.gross": "400",
    },
  );
});

Deno.test("money that nobody can name breaks the verdict; a broker's rounding does not", () => {
  const day = (endCash: string): Report =>
    reportOf(
      new LedgerBuilder().start()
        .fill(5, {
          execId: "e.1.01.01",
          side: "BUY",
          shares: "100",
          at: "10",
          commission: "1.003197",
        })
        .fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.5" })
        .end(endCash),
    );
  assert.strictEqual(day("100048.00").verdict.state, "reconciled");
  const broken = day("100060.00");
  assert.strictEqual(broken.verdict.state, "broken");
  assert.deepStrictEqual(broken.verdict.details, ["12.003197 of the NAV's change has no name"]);
});

Deno.test("a difference at the end names the symbol and both sides", () => {
  const report = reportOf(
    winningDayWithoutEnd().end("100048", {
      reconciled: {
        differences: [{ what: "position", key: "AAPL", ledger: "100", broker: "" }],
      },
    }),
  );
  assert.strictEqual(report.verdict.state, "broken");
  assert.strictEqual(
    report.verdict.text,
    "Not reconciled: 1 break: position AAPL ledger 100, broker none",
  );
});

Deno.test("a session that never reached the account has no figure of money, and says why", () => {
  const ledger = new LedgerBuilder().at(-10, sessionOpened(), {
    kind: "session-closed",
    outcome: "failed",
    because: "TWS does not answer",
  });
  const report = reportOf(ledger);
  assert.strictEqual(report.verdict.state, "unknown");
  assert.deepStrictEqual(values(report, "day.net", "day.gross", "bridge.start.nav"), {
    "day.net": null,
    "day.gross": null,
    "bridge.start.nav": null,
  });
  assert.match(figure(report, "day.net").reason ?? "", /never reached the broker's account values/);
});

Deno.test("an order entered by hand is told as someone else's", () => {
  const ledger = new LedgerBuilder().start()
    .at(5, execution(5, { execId: "e.1.01.01", side: "BUY", shares: "10", at: "10", permId: 77 }))
    .end("99900", { netLiquidation: "100000", positions: [["AAPL", "10", "10"]] });
  const report = reportOf(ledger);
  assert.deepStrictEqual(cells(report, "orders.perm 77.filled"), { "orders.perm 77.filled": "10" });
  assert.strictEqual(figuresOf(report).get("rules.not ours: entered by hand.trips")?.value, "1");
});

function winningDayWithoutEnd(): LedgerBuilder {
  return new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" })
    .fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.50" });
}
