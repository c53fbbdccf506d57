import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { buildReport } from "../../lib/report/build.ts";
import { toCsv } from "../../lib/report/csv.ts";
import { figuresOf, type Report, tablesOf } from "../../lib/report/figure.ts";
import { display, displayCell } from "../../lib/report/format.ts";
import { toHtml } from "../../lib/report/html.ts";
import { toJson } from "../../lib/report/json.ts";
import { toMarkdown } from "../../lib/report/markdown.ts";
import { STYLE } from "../../lib/report/style.ts";
import { ZoneTimes } from "../../lib/report/times.ts";
import { LedgerBuilder, SESSION, winningDay } from "./fixtures.ts";

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** A day with something in every section: gains, losses, a refusal, a lost link, a missing commission. */
function fullDay(): Report {
  const ledger = winningDayBeforeEnd()
    .at(80, { kind: "connection-changed", state: "upstream-lost", detail: "1100" })
    .at(82, { kind: "connection-changed", state: "ready", detail: "1102" })
    .at(83, {
      kind: "incident",
      code: "stale-data",
      severity: "warning",
      symbol: "TSLA",
      text: "no quote for 30 s",
      durationMs: 30_000,
    })
    .end("99943");
  return buildReport(ledger.entries, [SESSION]);
}

function winningDayBeforeEnd(): LedgerBuilder {
  return new LedgerBuilder().start()
    .order(5, "I1", { quote: { bid: 9.99, ask: 10.01, time: 0 } })
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10", intentId: "I1" })
    .equity(6, "99999", { marks: { AAPL: "10" }, gross: "1000" })
    .fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.5", commission: null })
    .fill(65, { execId: "e.3.01.01", side: "BUY", shares: "3", at: "333.335", symbol: "TSLA" })
    .fill(66, { execId: "e.4.01.01", side: "SELL", shares: "3", at: "300", symbol: "TSLA" })
    .refused(70, "R1", "EXCEEDS_POSITION_LIMIT", ["12000", "10000"]);
}

/** id → exact value, as the page's cells carry them. */
function htmlValues(html: string): Map<string, string> {
  const pattern = /data-m="([^"]*)" data-v="([^"]*)"/g;
  return new Map([...html.matchAll(pattern)].map(([, id = "", value = ""]) => [id, value]));
}

Deno.test("HTML, JSON, CSV and Markdown carry the same figures by the same ids", () => {
  const report = fullDay();
  const figures = figuresOf(report);
  assert.ok(figures.size > 100);
  const html = htmlValues(toHtml(report, STYLE_HASH));
  const json = JSON.parse(toJson(report)).figures;
  const csv = new Map(
    parseCsv(toCsv(report).get("figures.csv") ?? "").slice(1).map((
      [id = "", , value = ""],
    ) => [id, value]),
  );
  const markdown = markdownValues(report);
  const times = new ZoneTimes(report.zone);
  for (const [id, { value, unit }] of figures) {
    const exact = value ?? "";
    assert.strictEqual(html.get(id), exact, `HTML ${id}`);
    assert.strictEqual(json[id]?.value, value, `JSON ${id}`);
    assert.strictEqual(csv.get(id), exact, `CSV ${id}`);
    const shown = markdown.get(id);
    assert.ok(shown !== undefined, `Markdown has no ${id}`);
    // A table may show a sign where a figure alone does not.
    const plain = display(value, unit, { times });
    assert.ok(
      shown.replace(/^\+/, "").replace(/ USD$/, "") === plain,
      `Markdown ${id}: ${shown} is not ${plain}`,
    );
  }
  assert.deepStrictEqual([...html.keys()].sort(), [...figures.keys()].sort());
});

Deno.test("the tables' files hold the rows of the report", () => {
  const report = fullDay();
  const files = toCsv(report);
  for (const table of tablesOf(report)) {
    const [head = [], ...rows] = parseCsv(files.get(`${table.id}.csv`) ?? "");
    assert.deepStrictEqual(head, ["row", ...table.columns.map(({ id }) => id)]);
    assert.deepStrictEqual(rows.map(([id]) => id), table.rows.map(({ id }) => id));
  }
  const fills = parseCsv(files.get("fills.csv") ?? "");
  assert.deepStrictEqual(fills[3], [
    "e.3.01.01",
    "2026-11-20 10:34:59.960 -05:00",
    "TSLA",
    "BUY",
    "3",
    "333.335",
    "1000.005",
    "1",
    "",
    "ISLAND",
    "e.3.01.01",
  ]);
});

Deno.test("the same entries give the same bytes", () => {
  const render = (): string => {
    const report = fullDay();
    return [
      toHtml(report, STYLE_HASH),
      toMarkdown(report),
      toJson(report),
      ...toCsv(report).values(),
    ].join();
  };
  assert.strictEqual(render(), render());
});

Deno.test("the page needs no network and no script, and its policy lets only its own style through", () => {
  const html = toHtml(fullDay(), STYLE_HASH);
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  assert.strictEqual(
    policy,
    `default-src &#39;none&#39;; style-src &#39;sha256-${STYLE_HASH}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
  );
  const [, style = ""] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
  assert.strictEqual(createHash("sha256").update(style).digest("base64"), STYLE_HASH);
  assert.doesNotMatch(html, /<script|\sstyle=|\son[a-z]+=|https?:|<link|<img|@import|url\(http/i);
});

Deno.test("every table has a caption and scopes, every chart a title and a description", () => {
  const html = toHtml(fullDay(), STYLE_HASH);
  const tables = html.match(/<table>/g)?.length ?? 0;
  assert.ok(tables > 10);
  assert.doesNotMatch(html, /<th(?![a-z])(?![^>]*scope=)/);
  for (const [svg] of html.matchAll(/<svg [^]*?<\/svg>/g)) {
    assert.match(
      svg,
      /aria-labelledby="([\w-]+) ([\w-]+)"[^]*<title id="\1">[^<]+<\/title><desc id="\2">[^<]+</,
    );
  }
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  assert.deepStrictEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
});

Deno.test("every link within the page leads somewhere", () => {
  const html = toHtml(fullDay(), STYLE_HASH);
  const ids = new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  const targets = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id = ""]) => id);
  assert.ok(targets.length > 10);
  assert.deepStrictEqual(targets.filter((id) => !ids.has(id)), []);
});

Deno.test("whatever the ledger says stays text", () => {
  const evil = `</title><script>alert(1)</script>"'&|\n# x [a](javascript:b) \`c\``;
  const ledger = new LedgerBuilder()
    .start("100000", { opened: { strategy: evil, codeVersion: evil, symbols: [evil] } })
    .order(5, "I1", { symbol: evil, sizing: evil, orderRef: evil })
    .fill(5, {
      execId: `e"><b>.01.01`,
      side: "BUY",
      shares: "1",
      at: "10",
      intentId: "I1",
      symbol: evil,
    })
    .at(6, {
      kind: "incident",
      code: evil,
      severity: "error",
      symbol: evil,
      text: evil,
      durationMs: null,
    })
    .at(7, { kind: "order-message", intentId: "I1", orderId: 1, code: 201, text: evil })
    .refused(8, evil, evil, [evil, "=1+1"])
    .end("99989", { netLiquidation: "99999" });
  const report = buildReport(ledger.entries, [SESSION]);
  const html = toHtml(report, STYLE_HASH);
  assert.doesNotMatch(html, /<script|<b>\.01/);
  // Nothing but our own attributes: a quote never ends one early.
  assert.doesNotMatch(html.replace(/"[^"]*"/g, ""), /["']\s*[a-z]+=/);
  const markdown = toMarkdown(report);
  assert.doesNotMatch(markdown, /^# x/m);
  assert.doesNotMatch(markdown, /(?<!\\)<script|(?<!\\)\[a(?!\\)/);
  assert.match(toCsv(report).get("refusals.csv") ?? "", /,'=1\+1,/);
  assert.strictEqual(JSON.parse(toJson(report)).strategy, evil);
});

Deno.test("a figure that is undefined is a dash with its reason, in every format", () => {
  const report = buildReport(new LedgerBuilder().start().end("100000").entries, [SESSION]);
  assert.strictEqual(JSON.parse(toJson(report)).figures["day.won"].value, null);
  assert.match(toMarkdown(report), /\| – \| `day.won` \| undefined: No round trip was closed \|/);
  assert.match(
    toHtml(report, STYLE_HASH),
    /data-m="day.won" data-v=""[^]*?No round trip was closed/,
  );
  assert.match(
    toCsv(report).get("figures.csv") ?? "",
    /day.won,[^\n]*undefined,No round trip was closed/,
  );
});

Deno.test("the account id is masked everywhere", () => {
  const report = buildReport(winningDay().entries, [SESSION]);
  const all = [
    toHtml(report, STYLE_HASH),
    toMarkdown(report),
    toJson(report),
    ...toCsv(report).values(),
  ];
  for (const text of all) assert.doesNotMatch(text, /DU1234567/);
});

/** id → text, from the tables of the Markdown: figures carry their id, tables their place. */
function markdownValues(report: Report): Map<string, string> {
  const text = toMarkdown(report).replaceAll(
    /\\([\\`*_{}[\]<>|#~])/g,
    (_, char) => char === "|" ? "\u0001" : char,
  );
  const values = new Map<string, string>();
  for (
    const [, shown = "", id = ""] of text.matchAll(/^\| [^|\n]* \| ([^|\n]*) \| `([^`\n]+)` \|/gm)
  ) {
    values.set(id, shown);
  }
  const times = new ZoneTimes(report.zone);
  for (const table of tablesOf(report)) {
    const [, body = ""] = text.split(`(\`${table.id}\`)\n`);
    const lines = body.split("\n").filter((line) => line.startsWith("|")).slice(2);
    for (const [index, row] of table.rows.entries()) {
      const cells = (lines[index] ?? "").split("|").slice(1, -1).map((cell) => cell.trim());
      for (const [place, column] of table.columns.entries()) {
        const exact = row.cells[place] ?? null;
        const shown = cells[place] ?? "";
        values.set(`${table.id}.${row.id}.${column.id}`, shown);
        if (column.formula === null || exact === "") continue;
        assert.strictEqual(shown, displayCell(exact, column, times));
      }
    }
  }
  return values;
}

/** Fields of a CSV without line breaks inside them. */
function parseCsv(text: string): string[][] {
  return text.trimEnd().split("\r\n").map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      quoted?.replaceAll('""', '"') ?? plain ?? ""
    )
  );
}
