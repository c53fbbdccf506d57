import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import { cellFigures, type Report, tablesOf } from "../../lib/report/figure.ts";
import { limitsAsText, limitsSchema } from "../../lib/risk/limits.ts";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import { LedgerBuilder, OPENS_AT, quote, SESSION } from "./fixtures.ts";

/** How near a day came to each limit, from what the ledger holds. */

const LIMITS = limitsAsText(limitsSchema.parse({}));

function started(cash = "100000"): LedgerBuilder {
  return new LedgerBuilder().start(cash, { opened: { limits: LIMITS } });
}

function cell(report: Report, id: string): string | null | undefined {
  const figures = tablesOf(report).filter(({ id }) => id === "limits" || id === "switches")
    .flatMap(cellFigures);
  return figures.find((figure) => figure.id === id)?.value;
}

function reportOf(ledger: LedgerBuilder): Report {
  return buildReport(ledger.entries, [SESSION]);
}

function instrument(symbol: string, industry: string): EntryBody {
  return {
    kind: "instrument",
    symbol,
    conId: 1,
    primaryExchange: "NASDAQ",
    currency: "USD",
    minTick: parseMicros("0.01"),
    longName: symbol,
    industry,
  };
}

function sample(numbers: {
  readonly cash: string;
  readonly equity: string;
  readonly gross: string;
  readonly net: string;
  readonly marks: Readonly<Record<string, string>>;
}): EntryBody {
  return {
    kind: "equity",
    cash: parseMicros(numbers.cash),
    equity: parseMicros(numbers.equity),
    realizedPnl: 0n,
    unrealizedPnl: 0n,
    commissions: 0n,
    grossExposure: parseMicros(numbers.gross),
    netExposure: parseMicros(numbers.net),
    marks: numbers.marks,
  };
}

/** 100 AAPL long at 100 with a stop at 97, 50 MSFT short at 200 with a stop at 204, both of one industry. */
function twoPositions(): LedgerBuilder {
  const stop = { role: "stop", orderType: "STP", lmtPrice: null, signalId: null } as const;
  return started("20000")
    .at(0, instrument("AAPL", "Technology"), instrument("MSFT", "Technology"))
    .order(1, "I1", { lmtPrice: parseMicros("100") })
    .order(1, "I1S", {
      ...stop,
      side: "SELL",
      auxPrice: parseMicros("97"),
      parentIntentId: "I1",
    })
    .at(2, sample({ cash: "20000", equity: "20000", gross: "0", net: "0", marks: {} }))
    .fill(3, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "100", intentId: "I1" })
    .order(4, "I2", {
      symbol: "MSFT",
      side: "SELL",
      quantity: parseMicros("50"),
      lmtPrice: parseMicros("200"),
    })
    .order(4, "I2S", {
      ...stop,
      symbol: "MSFT",
      side: "BUY",
      quantity: parseMicros("50"),
      auxPrice: parseMicros("204"),
      parentIntentId: "I2",
    })
    .fill(5, {
      execId: "e.2.01.01",
      symbol: "MSFT",
      side: "SELL",
      shares: "50",
      at: "200",
      intentId: "I2",
    })
    .at(
      6,
      sample({
        cash: "20000",
        equity: "20000",
        gross: "20000",
        net: "0",
        marks: { AAPL: "100", MSFT: "200" },
      }),
    );
}

Deno.test("leverage counts the shares borrowed for a short, industries both ways", () => {
  const report = reportOf(twoPositions().end("20000"));
  assert.strictEqual(cell(report, "limits.maxLeverage.peak"), "1.5");
  assert.strictEqual(cell(report, "limits.maxLeverage.left"), "0");
  assert.strictEqual(cell(report, "limits.maxSectorPct.peak"), "100");
  assert.strictEqual(cell(report, "limits.maxSectorPct.left"), "-70");
});

Deno.test("heat is the loss to the stops of what is held, and of entries still working", () => {
  // While I1 works: 100 × (100 − 97) = 300, of 20000. Both held: 300 + 50 × (204 − 200) = 500.
  const report = reportOf(twoPositions().end("20000"));
  assert.strictEqual(cell(report, "limits.maxHeatPct.peak"), "2.5");
  assert.strictEqual(cell(report, "limits.maxHeatPct.left"), "3.5");
  const row = tablesOf(report).find(({ id }) => id === "limits")?.rows.find(({ id }) =>
    id === "maxHeatPct"
  );
  assert.strictEqual(row?.cells[3], String(OPENS_AT + 6 * 60_000));

  const early = started("20000").order(1, "I1", { lmtPrice: parseMicros("100") })
    .order(1, "I1S", {
      role: "stop",
      side: "SELL",
      signalId: null,
      auxPrice: parseMicros("97"),
      parentIntentId: "I1",
    })
    .equity(2, "20000").end("20000");
  assert.strictEqual(cell(reportOf(early), "limits.maxHeatPct.peak"), "1.5");
});

Deno.test("a position whose stop is gone is all at risk, until then only the way to its stop", () => {
  const marks = { AAPL: "100", MSFT: "200" };
  const numbers = { cash: "20000", equity: "20000", gross: "20000", net: "0", marks };
  const ledger = twoPositions().at(7, {
    kind: "order-event",
    intentId: "I1S",
    orderId: 2,
    permId: 1_002,
    symbol: "AAPL",
    status: "Cancelled",
    filled: 0n,
    remaining: parseMicros("100"),
    avgFillPrice: null,
    whyHeld: "",
    source: "status",
  }).at(8, sample(numbers)).end("20000");
  assert.strictEqual(cell(reportOf(ledger), "limits.maxHeatPct.peak"), "51");
});

Deno.test("the drawdown of all days begins at the highest of the days before, a lifted halt begins it anew", () => {
  const ledger = new LedgerBuilder();
  ledger.sessionId = "2026-11-19-1";
  ledger.start("110000", { opened: { date: "2026-11-19" } }).equity(1, "125000");
  ledger.sessionId = SESSION;
  ledger.start("100000", { opened: { limits: LIMITS } }).equity(1, "100000");
  const before = reportOf(ledger);
  assert.strictEqual(cell(before, "limits.maxDrawdownPct.peak"), "20");
  assert.strictEqual(cell(before, "limits.maxDayDrawdownPct.peak"), "0");
  ledger.at(2, { kind: "halt-lifted", actor: "operator", because: "seen" }).equity(3, "90000")
    .equity(4, "85500").end("85500");
  const after = reportOf(ledger);
  assert.strictEqual(cell(after, "limits.maxDrawdownPct.peak"), "20");
  assert.strictEqual(cell(after, "limits.maxDayDrawdownPct.peak"), "5");
});

Deno.test("a lifted halt ends a losing streak, a winning trip too", () => {
  const ledger = started();
  const trip = (minute: number, exit: string): void => {
    const ids = [`e.${minute}.01.01`, `e.${minute + 1}.01.01`] as const;
    ledger.fill(minute, { execId: ids[0], side: "BUY", shares: "10", at: "10" });
    ledger.fill(minute + 1, { execId: ids[1], side: "SELL", shares: "10", at: exit });
  };
  trip(1, "9");
  trip(3, "9");
  ledger.at(5, { kind: "halt-lifted", actor: "operator", because: "seen" });
  trip(6, "9");
  trip(8, "12");
  assert.strictEqual(cell(reportOf(ledger.end("99972")), "limits.maxConsecutiveLosses.peak"), "2");
});

Deno.test("an entry's spread, its price's distance and its quote's age stand against their limits", () => {
  const ledger = started()
    .order(1, "I1", { quote: quote(99.9, 100.1), lmtPrice: parseMicros("100.5") })
    .refused(2, "R1", "WIDE_SPREAD", ["1.2", "1"])
    .refused(2, "R2", "SHORT_NOT_ALLOWED")
    .equity(3, "100000").end("100000");
  const report = reportOf(ledger);
  assert.strictEqual(cell(report, "limits.maxSpreadPct.peak"), "0.2");
  assert.strictEqual(cell(report, "limits.maxSpreadPct.blocks"), "1");
  assert.strictEqual(cell(report, "limits.priceCollarPct.peak"), "0.5");
  assert.strictEqual(cell(report, "limits.maxQuoteAgeMs.peak"), "60000");
  assert.strictEqual(cell(report, "limits.maxQuoteAgeMs.left"), "-45000");
  assert.strictEqual(cell(report, "switches.allowShort.blocks"), "1");
});

Deno.test("every limit of the schema has a row, and one without a number says why", () => {
  const report = reportOf(twoPositions().end("20000"));
  const rows = tablesOf(report).filter(({ id }) => id === "limits" || id === "switches")
    .flatMap((table) => table.rows);
  const named = new Set(rows.map(({ id }) => id));
  const missing = Object.keys(LIMITS).filter((name) => !named.has(name));
  // How large an entry is made, and how its stop moves, is no limit.
  assert.deepStrictEqual(missing, [
    "sizing",
    "sizePct",
    "sizeRiskPct",
    "kellyMinTrips",
    "kellyMaxRiskPct",
    "sizeNotionalUsd",
    "sizeShares",
    "correlationMin",
    "stopRule",
    "breakEvenAtR",
    "trailByR",
    "stopStepR",
    "pairGraceMs",
  ]);
  const why = new Map(rows.map(({ id, reason }) => [id, reason]));
  assert.strictEqual(cell(report, "limits.maxBarVolumePct.peak"), null);
  assert.strictEqual(why.get("maxBarVolumePct"), "The ledger keeps no volumes of bars");
  assert.strictEqual(why.get("cooldownMs"), "A wait has no highest");
});
