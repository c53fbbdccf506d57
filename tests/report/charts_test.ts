import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import type { Chart } from "../../lib/report/figure.ts";
import { toHtml } from "../../lib/report/html.ts";
import { LedgerBuilder, MINUTE, OPENS_AT, SESSION } from "./fixtures.ts";

function chartOf<K extends Chart["kind"]>(
  ledger: LedgerBuilder,
  kind: K,
): Extract<Chart, { kind: K }> {
  const isKind = (chart: Chart): chart is Extract<Chart, { kind: K }> => chart.kind === kind;
  const found = buildReport(ledger.entries, [SESSION]).sections
    .flatMap(({ blocks }) => blocks.flatMap((one) => one.type === "chart" ? [one.chart] : []))
    .find(isKind);
  assert.ok(found !== undefined);
  return found;
}

/** An order is at the broker when the process dies half an hour later. */
function crashedDay(): LedgerBuilder {
  return new LedgerBuilder().start()
    .order(5, "I1")
    .equity(5, "100000")
    .equity(35, "100000");
}

Deno.test("a chart does not draw nothing unexplained where nobody can say what is", () => {
  const labels = (ledger: LedgerBuilder): readonly string[] =>
    chartOf(ledger, "waterfall").steps.map(({ label }) => label);
  assert.deepStrictEqual(labels(crashedDay()), [
    "Start",
    "Realised",
    "Unrealised",
    "Commissions",
    "End",
  ]);
  assert.ok(labels(crashedDay().end("100000")).includes("Unexplained"));
});

Deno.test("an order that nobody heard the end of is drawn to the last entry", () => {
  const at = (minute: number): number => OPENS_AT + minute * MINUTE;
  assert.deepStrictEqual(chartOf(crashedDay(), "session").working, [
    { time: at(5), value: 1 },
    { time: at(35), value: 1 },
  ]);
});

Deno.test("what was held at the only sample is a dot, for it makes no step", () => {
  const ledger = new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" })
    .equity(35, "99999", { marks: { AAPL: "10" }, gross: "1000" });
  const page = toHtml(buildReport(ledger.entries, [SESSION]), "");
  const [strip = ""] = page.match(/<section id="strip".*?<\/svg>/s) ?? [];
  assert.strictEqual(
    strip.match(/<circle class="end"/g)?.length,
    2,
    "of equity, and of what was held",
  );
});
