import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import { toHtml } from "../../lib/report/html.ts";
import { toJson } from "../../lib/report/json.ts";
import { similarIds, traceFigure, traceLines } from "../../lib/report/trace.ts";
import { disagreements, NotAReportError, readClaim } from "../../lib/report/verify.ts";
import { commission, SESSION, winningDay } from "./fixtures.ts";

const ledger = winningDay();
const report = buildReport(ledger.entries, [SESSION]);

Deno.test("a report read back agrees with the ledger it was made from", () => {
  for (
    const [name, text] of [["report.html", toHtml(report, "")], [
      "report.json",
      toJson(report),
    ]] as const
  ) {
    const claim = readClaim(name, text);
    assert.deepStrictEqual(claim.selection, { kind: "sessions", sessionIds: [SESSION], name });
    assert.ok(claim.values.size > 80);
    assert.deepStrictEqual(disagreements(claim, report), []);
  }
});

Deno.test("a number changed in the file is found and named", () => {
  const html = toHtml(report, "").replace(
    'data-m="day.net" data-v="48"',
    'data-m="day.net" data-v="4800"',
  );
  assert.deepStrictEqual(disagreements(readClaim("report.html", html), report), [
    { id: "day.net", written: "4800", recomputed: "48" },
  ]);
});

Deno.test("a ledger that learned of a commission since disagrees exactly where that shows", () => {
  const later = winningDay();
  later.at(400, commission("e.2.01.01", "1.5"));
  const wrong = disagreements(
    readClaim("report.json", toJson(report)),
    buildReport(later.entries, [SESSION]),
  );
  assert.deepStrictEqual(wrong.find(({ id }) => id === "day.net"), {
    id: "day.net",
    written: "48",
    recomputed: "47.5",
  });
  assert.ok(
    wrong.every(({ id }) =>
      /net|commission|return|unexplained|end|nav|exits|rules|trips|symbols|quality|shortfall|fills|orders/
        .test(id)
    ),
  );
});

Deno.test("what is no report is refused with what to give instead", () => {
  assert.throws(() => readClaim("report.md", "# x"), {
    name: "NotAReportError",
    message: 'Cannot verify "report.md": only report.html and report.json carry what is needed',
  });
  for (
    const [name, text] of [["a.html", "<p>"], ["a.json", "{"], ["a.json", "[]"], [
      "a.json",
      "{}",
    ]] as const
  ) {
    assert.throws(() => readClaim(name, text), NotAReportError);
  }
});

Deno.test("a trace ends at the entries: executions, commissions and snapshots", () => {
  const trace = traceFigure("day.net", report, ledger.entries);
  assert.ok(trace);
  assert.deepStrictEqual(trace.parts.map(({ id }) => id), [
    "bridge.realized.change",
    "bridge.unrealized.change",
    "day.commissions",
    "day.fills",
  ]);
  assert.deepStrictEqual(trace.entries.map(({ body }) => body.kind), [
    "account-snapshot",
    "execution",
    "commission",
    "execution",
    "commission",
    "account-snapshot",
  ]);
  const lines = traceLines(trace, report);
  assert.strictEqual(lines[0], "Net profit and loss (day.net)");
  assert.strictEqual(lines[1], "  value    48.00 (exactly 48) USD");
  assert.match(lines.at(-2) ?? "", /entry +\d+ 2026-11-20 10:30:00\.000 -05:00 commission \{/);
});

Deno.test("a figure that is not there is not traced, but named like", () => {
  assert.strictEqual(traceFigure("symbols.APPL.net", report, ledger.entries), null);
  assert.ok(similarIds("symbols.APPL.net", report).includes("symbols.AAPL.net"));
});

Deno.test("every figure of money leads to executions, orders, snapshots or figures that do", () => {
  const claim = readClaim("report.json", toJson(report));
  for (const id of claim.values.keys()) {
    const trace = traceFigure(id, report, ledger.entries);
    assert.ok(trace);
    if (trace.figure.unit !== "money" || trace.figure.value === null) continue;
    assert.ok(trace.entries.length > 0, `${id} leads nowhere`);
  }
});
