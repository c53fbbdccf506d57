import assert from "node:assert/strict";
import type { ParentOrderEnded, ParentOrderStarted } from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import { buildReport } from "../../lib/report/build.ts";
import {
  cellFigures,
  type Figure,
  figuresOf,
  type Report,
  tablesOf,
} from "../../lib/report/figure.ts";
import { LedgerBuilder, MINUTE, OPENS_AT, quote, SESSION } from "./fixtures.ts";

/** Orders worked by an algorithm, and costs by what made them. */

const STARTED: ParentOrderStarted = {
  kind: "parent-order",
  parentOrderId: "P1",
  signalId: "S1",
  strategy: "sma-crossover",
  symbol: "AAPL",
  side: "BUY",
  purpose: "enter",
  quantity: parseMicros("1000"),
  algorithm: "TWAP",
  because: "1000 shares are more than the 400 at the best price",
  startMs: OPENS_AT + 5 * MINUTE,
  endMs: OPENS_AT + 35 * MINUTE,
  seed: 1,
  limitPrice: parseMicros("40.84"),
  stopPrice: parseMicros("39"),
  reserved: parseMicros("40840"),
  sizing: "5 % of equity is 1000 shares",
  expectedVolume: null,
  quote: quote(40.03, 40.05),
};

const ENDED: ParentOrderEnded = {
  kind: "parent-ended",
  parentOrderId: "P1",
  symbol: "AAPL",
  outcome: "partly-filled",
  because: "its time is over",
  filled: parseMicros("700"),
  remainder: parseMicros("300"),
  avgFillPrice: parseMicros("40.05"),
  intervalVwap: 40,
  marketVolume: parseMicros("14000"),
  quote: quote(40.07, 40.09),
};

/** The published example of the implementation shortfall, worked in two slices, each with its stop. */
function worked(ended: ParentOrderEnded | null = ENDED): LedgerBuilder {
  const ledger = new LedgerBuilder().start().at(5, {
    kind: "signal",
    group: null,
    signalId: "S1",
    strategy: "sma-crossover",
    symbol: "AAPL",
    side: "BUY",
    purpose: "enter",
    stopPrice: 39,
    reason: { rule: "cross-above", text: "The fast average crossed", inputs: {} },
    quote: quote(39.99, 40.01),
  }, STARTED);
  for (
    const [index, [minute, shares, fee]] of ([[6, "400", "10"], [16, "300", "7"]] as const)
      .entries()
  ) {
    const name = `I${index + 1}`;
    const slice = { signalId: null, parentOrderId: "P1", quote: quote(40.03, 40.05) } as const;
    const quantity = parseMicros(shares);
    ledger.order(minute, name, { ...slice, quantity, lmtPrice: parseMicros("40.05") })
      .order(minute, `${name}S`, {
        ...slice,
        quantity,
        role: "stop",
        side: "SELL",
        orderType: "STP",
        parentIntentId: name,
        lmtPrice: null,
        auxPrice: parseMicros("39"),
      })
      .fill(minute, {
        execId: `e.${index}.01.01`,
        side: "BUY",
        shares,
        at: "40.05",
        intentId: name,
        commission: fee,
      });
  }
  if (ended !== null) ledger.at(35, ended);
  return ledger.at(390, {
    kind: "day-prices",
    symbols: [{ symbol: "AAPL", vwap: 40.05, close: 41, volume: 1e6, coveredMs: 23_400_000 }],
  }).end("71948", { netLiquidation: "99983", positions: [["AAPL", "700", "40.05"]] });
}

function reportOf(ledger: LedgerBuilder): Report {
  // Slices name their parent's signal, which the fixture would write once more.
  const entries = ledger.entries.map((entry) =>
    entry.body.kind === "intent" ? { ...entry, body: { ...entry.body, signalId: "S1" } } : entry
  );
  return buildReport(entries, [SESSION]);
}

function figureOf(report: Report, id: string): Figure | undefined {
  return figuresOf(report).get(id) ??
    tablesOf(report).flatMap(cellFigures).find((figure) => figure.id === id);
}

function values(report: Report, ...ids: readonly string[]): readonly (string | null | undefined)[] {
  return ids.map((id) => figureOf(report, id)?.value);
}

Deno.test("an algorithm's order is measured as one: the published shortfall of 19.00 basis points", () => {
  const report = reportOf(worked());
  const ids = ["explicit", "execution", "delay", "opportunity", "shortfall"];
  const exact = values(report, ...ids.map((id) => `quality.${id}`));
  assert.deepStrictEqual(exact, ["4.25", "1.75", "7", "6", "19"]);
  assert.deepStrictEqual(
    values(
      report,
      "parents.P1.slices",
      "parents.P1.filled",
      "parents.P1.share",
      "parents.P1.vwap",
      "parents.P1.total",
      "quality.day_vwap",
      "quality.filled",
    ),
    ["2", "70", "5", "12.5", "19", "0", "100"],
  );
  assert.strictEqual(figuresOf(report).get("quality.shortfall")?.n, 1);
});

Deno.test("an algorithm's order that never ended has no opportunity cost, and says why", () => {
  const report = reportOf(worked(null));
  assert.deepStrictEqual(
    values(report, "parents.P1.opportunity", "parents.P1.vwap", "quality.execution"),
    [null, null, "1.75"],
  );
  assert.strictEqual(
    figureOf(report, "parents.P1.opportunity")?.reason,
    "It never ended: the session was over before it",
  );
});

Deno.test("slices and their stops stand in the story of the decision they were cut for", () => {
  const report = reportOf(worked());
  const stories = report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.type === "stories" ? block.stories : [])
  );
  const [story] = stories;
  assert.strictEqual(stories.length, 1);
  assert.strictEqual(story?.title, "BUY 1000 by TWAP");
  assert.strictEqual(story?.outcome, "Partly filled: 700 at 40.05 in 2 slices");
  assert.ok(
    story.why.some(({ label, text }) =>
      label === "Worked by" && text === "TWAP: 1000 shares are more than the 400 at the best price"
    ),
  );
  assert.deepStrictEqual(
    [...new Set(story.events.map(({ order }) => order))],
    ["", "slice 1", "stop of slice 1", "slice 2", "stop of slice 2"],
  );
  const end = story.events.at(-1);
  assert.strictEqual(
    `${end?.what} ${end?.detail}`,
    "Algorithm ended partly filled 700 filled, 300 given up: its time is over",
  );
});

Deno.test("costs stand by marketability, type, side and hour", () => {
  const ledger = new LedgerBuilder().start()
    .order(5, "I1", { quote: quote(9.99, 10.01), lmtPrice: parseMicros("10.01") })
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10.01", intentId: "I1" })
    .order(65, "I2", {
      quote: quote(9.99, 10.01),
      side: "SELL",
      role: "exit",
      lmtPrice: parseMicros("10.02"),
    })
    .fill(66, { execId: "e.2.01.01", side: "SELL", shares: "50", at: "10.02", intentId: "I2" });
  const report = buildReport(
    ledger.end("99498", { positions: [["AAPL", "50", "10.01"]] }).entries,
    [SESSION],
  );
  const table = tablesOf(report).find(({ id }) => id === "splits");
  assert.deepStrictEqual(
    table?.rows.map(({ cells }) => cells.slice(0, 5)),
    [
      ["At the touch: marketable", "1", "100", "20", "10"],
      ["At the touch: passive", "1", "50", null, "-20"],
      ["Type: LMT", "2", "75", "20", "-5"],
      ["Side: BUY", "1", "100", "20", "10"],
      ["Side: SELL", "1", "50", null, "-20"],
      ["Hour: 09:00", "1", "100", "20", "10"],
      ["Hour: 10:00", "1", "50", null, "-20"],
    ],
  );
  assert.strictEqual(figuresOf(report).get("splits.marketable.marketable.improvement")?.value, "0");
});

Deno.test("a stop that was moved says where to and by which rule", () => {
  const ledger = new LedgerBuilder().start().order(5, "I1").at(20, {
    kind: "order-changed",
    intentId: "I1",
    symbol: "AAPL",
    lmtPrice: null,
    auxPrice: parseMicros("10.2"),
    rule: "trailing",
    because: "the highest was 10.4",
  });
  const report = buildReport(ledger.end("100000").entries, [SESSION]);
  const events = report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.type === "stories" ? block.stories : [])
  ).flatMap((story) => story.events);
  assert.deepStrictEqual(
    events.filter(({ what }) => what === "Moved").map(({ detail }) => detail),
    ["to 10.2: trailing, the highest was 10.4"],
  );
});
