import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import { figuresOf, type Mark, type Report, tablesOf } from "../../lib/report/figure.ts";
import { LedgerBuilder, MINUTE, OPENS_AT, SESSION } from "./fixtures.ts";

/** Farms, clocks, pauses and a person's word: in the incidents and on the session's axis. */

function reportOf(ledger: LedgerBuilder): Report {
  return buildReport(ledger.entries, [SESSION]);
}

function marks(report: Report, lane: Mark["lane"]): readonly (readonly unknown[])[] {
  return report.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      block.type === "chart" && block.chart.kind === "session" ? block.chart.marks : []
    )
  ).filter((mark) => mark.lane === lane).map(({ time, until, text }) => [
    (time - OPENS_AT) / MINUTE,
    until === null ? null : (until - OPENS_AT) / MINUTE,
    text,
  ]);
}

function happenings(report: Report): readonly (readonly (string | null | undefined)[])[] {
  const table = tablesOf(report).find(({ id }) => id === "incidents");
  return table?.rows.map(({ cells }) => [cells[1], cells[3], cells[5]]) ?? [];
}

Deno.test("a data farm is lost until it is up again; one that rests is no outage", () => {
  const farm = (state: "up" | "down" | "inactive", code: number) => ({
    kind: "farm-changed",
    farm: "usfarm",
    service: "market-data",
    state,
    code,
  } as const);
  const report = reportOf(
    new LedgerBuilder().start().at(10, farm("down", 2103)).at(13, farm("up", 2104))
      .at(20, farm("inactive", 2108)).end("100000"),
  );
  assert.deepStrictEqual(marks(report, "data"), [[10, 13, "usfarm, market-data, down"]]);
  assert.deepStrictEqual(happenings(report), [
    ["data farm lost", "180000", "usfarm, market-data, down"],
  ]);
});

Deno.test("a pause lasts until it is lifted, and says by whom and why", () => {
  const by = { actor: "terminal", because: "news at ten" } as const;
  const report = reportOf(
    new LedgerBuilder().start().at(10, { kind: "entries-paused", ...by })
      .at(40, { kind: "entries-resumed", ...by }).end("100000"),
  );
  assert.deepStrictEqual(marks(report, "pause"), [[10, 40, "Entries paused: news at ten"]]);
  assert.deepStrictEqual(happenings(report).map(([kind]) => kind), [
    "entries paused",
    "entries resumed",
  ]);
});

Deno.test("a person's word comes under no session's id and still stands in the report", () => {
  const ledger = new LedgerBuilder().start();
  ledger.sessionId = "operator";
  ledger.at(10, { kind: "halted", actor: "terminal", because: "enough" })
    .at(10, { kind: "flatten-requested", actor: "terminal", because: "enough" });
  ledger.sessionId = SESSION;
  const report = reportOf(ledger.end("100000"));
  assert.deepStrictEqual(happenings(report).map(([kind]) => kind), [
    "halted",
    "everything to be closed",
  ]);
  assert.deepStrictEqual(marks(report, "halt"), [[10, 391, "Halted: enough"]]);
});

Deno.test("an incident that says how long it lasted stands from its beginning", () => {
  const report = reportOf(
    new LedgerBuilder().start().at(30, {
      kind: "incident",
      code: "feed-restored",
      severity: "note",
      symbol: "AAPL",
      text: "Prices come again",
      durationMs: 5 * MINUTE,
    }).end("100000"),
  );
  assert.deepStrictEqual(marks(report, "data"), [[25, 30, "feed-restored: Prices come again"]]);
});

Deno.test("the clocks' widest difference is the day's, and unknown when nobody compared them", () => {
  const compared = (offsetMs: number) =>
    ({ kind: "clock-compared", offsetMs, roundTripMs: 10 }) as const;
  const report = reportOf(
    new LedgerBuilder().start().at(1, compared(300)).at(11, compared(-2_500)).end("100000"),
  );
  assert.strictEqual(figuresOf(report).get("clock.offset")?.value, "-2500");
  const never = figuresOf(reportOf(new LedgerBuilder().start().end("100000"))).get("clock.offset");
  assert.deepStrictEqual([never?.value, never?.reason], [null, "The clocks were never compared"]);
});

Deno.test("the first screen says that the day was halted, how near a limit was, and when it goes on", () => {
  const ledger = new LedgerBuilder().start()
    .equity(10, "98500")
    .at(60, { kind: "halted", actor: "risk", because: "enough lost" });
  const report = reportOf(ledger.end("98500", { outcome: "halted" }));
  assert.deepStrictEqual(report.verdict.details.slice(0, 1), ["Halted at 10:30: enough lost"]);
  const top = new Map(report.headline.map(({ id, label, value }) => [id, [label, value]]));
  assert.deepStrictEqual(top.get("day.limit"), [
    "Nearest limit: Loss of the day, % of equity",
    "75",
  ]);
  assert.deepStrictEqual(top.get("day.next"), ["Next open", "Mon 23 Nov 09:30"]);
});

Deno.test("a session that was interrupted, and started twice, says so beside its verdict", () => {
  const ledger = new LedgerBuilder().start();
  ledger.start();
  const { verdict } = reportOf(ledger.end("100000", { outcome: "interrupted" }));
  assert.deepStrictEqual(verdict.details, [
    "The session was interrupted: the day is over",
    "The session was started 2 times that day",
  ]);
});
