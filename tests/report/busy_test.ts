import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import { toCsv } from "../../lib/report/csv.ts";
import { type Block, figuresOf, type Report, tablesOf } from "../../lib/report/figure.ts";
import { toHtml } from "../../lib/report/html.ts";
import { toJson } from "../../lib/report/json.ts";
import { toMarkdown } from "../../lib/report/markdown.ts";
import { busyDay } from "./busy_day.ts";

/** More decisions, fills and round trips than a page has room for. */
const FILLS = 2_400;

const report = buildReport(busyDay(FILLS), ["2026-11-20-1"]);
const html = toHtml(report, "");

Deno.test("a page of thousands of fills stays near a megabyte, and says what it leaves out and where it is", () => {
  assert.ok(html.length < 1_100_000, `${html.length} characters`);
  assert.match(
    html,
    /(\d+) of 2400 decisions are told here, those in which something went wrong first, then those that gained or lost most; 2000 are in report\.json, all orders in orders\.csv and all fills in fills\.csv\./,
  );
  assert.match(
    html,
    /The 600 of 1200 with the largest net, gain or loss, are shown; all are in trips\.csv\./,
  );
  assert.match(
    html,
    /The 600 of 2400 with the largest notional are shown; all are in fills\.csv\./,
  );
  assert.match(toMarkdown(report), /60 of 2400 decisions are told here/);
});

Deno.test("what a page leaves out is in CSV and JSON, and its figures are those of all", () => {
  const rowsOf = (id: string): number =>
    tablesOf(report).find((table) => table.id === id)?.rows.length ?? 0;
  const json = JSON.parse(toJson(report));
  const blocks: { type: string; table?: { id: string; rows: unknown[] } }[] = json.sections
    .flatMap(({ blocks }: { blocks: Block[] }) => blocks);
  for (const [id, count] of [["orders", 3_600], ["fills", 2_400], ["trips", 1_200]] as const) {
    assert.strictEqual(rowsOf(id), count);
    assert.strictEqual(toCsv(report).get(`${id}.csv`)?.trimEnd().split("\r\n").length, count + 1);
    assert.strictEqual(blocks.find(({ table }) => table?.id === id)?.table?.rows.length, count);
  }
  assert.strictEqual(figuresOf(report).get("day.fills")?.value, String(FILLS));
  assert.deepStrictEqual(json.figures, Object.fromEntries(figuresOf(report)));
});

Deno.test("of the decisions a page tells, the round trips that moved most are not left out", () => {
  const stories = storiesOf(report);
  const largest = tablesOf(report).find(({ id }) => id === "trips")?.rows
    .toSorted((a, b) => Math.abs(Number(b.cells[9])) - Math.abs(Number(a.cells[9])))[0];
  const told = stories.filter(({ rank }) => rank < 10).flatMap(({ execIds }) => execIds);
  assert.ok(largest?.inputs?.execIds?.every((execId) => told.includes(execId)));
});

function storiesOf({ sections }: Report): Extract<Block, { type: "stories" }>["stories"] {
  return sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.type === "stories" ? block.stories : [])
  );
}
