import assert from "node:assert/strict";
import { buildReport } from "../../lib/report/build.ts";
import { figuresOf, type Report, tablesOf } from "../../lib/report/figure.ts";
import { parseStatement } from "../../lib/report/statement.ts";
import { elements, XmlError } from "../../lib/report/xml.ts";
import { ACCOUNT, LedgerBuilder, SESSION } from "./fixtures.ts";

const TRADES = [
  `<Trade accountId="${ACCOUNT}" symbol="AAPL" ibExecID="e.1.01.01" quantity="100" tradePrice="10" ibCommission="-1" buySell="BUY"/>`,
  `<Trade accountId="${ACCOUNT}" symbol="AAPL" ibExecID="e.2.01.01" quantity="-100" tradePrice="10.5" ibCommission="-1" buySell="SELL"/>`,
] as const;

function flex(options: {
  readonly trades?: readonly string[];
  readonly cash?: string;
  readonly nav?: string;
  readonly changes?: string;
  readonly account?: string;
} = {}): string {
  const { trades = TRADES, cash = "100048", nav = "100048", changes = "", account = ACCOUNT } =
    options;
  return `<?xml version="1.0" encoding="UTF-8"?>
<FlexQueryResponse queryName="day &amp; night" type="AF">
<FlexStatements count="1">
<FlexStatement accountId="${account}" fromDate="20261120" toDate="20261120" whenGenerated="20261120;201500">
<ChangeInNAV startingValue="100000" endingValue="${nav}" ${changes}/>
<CashReport><CashReportCurrency currency="USD" endingCash="1"/><CashReportCurrency currency="BASE_SUMMARY" endingCash="${cash}"/></CashReport>
<Trades>${trades.join("\n")}<Trade symbol="AAPL" quantity="0" levelOfDetail="ORDER"/></Trades>
<OpenPositions></OpenPositions>
</FlexStatement>
</FlexStatements>
</FlexQueryResponse>
`;
}

function day(endCash = "100048"): LedgerBuilder {
  return new LedgerBuilder().start()
    .fill(5, { execId: "e.1.01.01", side: "BUY", shares: "100", at: "10" })
    .fill(60, { execId: "e.2.01.01", side: "SELL", shares: "100", at: "10.50" })
    .end(endCash);
}

function reportWith(text: string, ledger = day()): Report {
  return buildReport(ledger.entries, [SESSION], { text, hash: "abc123" });
}

function statementRows(report: Report): readonly (readonly (string | null)[])[] {
  return tablesOf(report).find(({ id }) => id === "statement")?.rows.map(({ cells }) => cells) ??
    [];
}

Deno.test("a statement that says the same confirms the day", () => {
  const report = reportWith(flex());
  assert.strictEqual(
    report.verdict.text,
    "Reconciled: 2 of 2 fills, 0 of 0 positions, NAV difference 0.00, statement agrees",
  );
  assert.deepStrictEqual(statementRows(report), [
    ["Fills", "2", "2", "0"],
    ["Commissions", "2", "2", "0"],
    ["Cash at the end", "100048", "100048", "0"],
    ["NAV at the end", "100048", "100048", "0"],
  ]);
});

Deno.test("a fill that one side does not have, and a commission that differs, are named by execId", () => {
  const trade = TRADES[0].replace('ibCommission="-1"', 'ibCommission="-1.25"');
  const report = reportWith(flex({ trades: [trade], cash: "100047.75", nav: "100047.75" }));
  assert.strictEqual(report.verdict.state, "broken");
  assert.deepStrictEqual(statementRows(report), [
    ["Fills", "2", "1", "1"],
    ["Commissions", "2", "1.25", "0.75"],
    ["Commission of AAPL e.1.01.01", "1", "1.25", "-0.25"],
    ["Shares of AAPL e.2.01.01", "-100", null, null],
    ["Cash at the end", "100048", "100047.75", "0.25"],
    ["NAV at the end", "100048", "100047.75", "0.25"],
  ]);
});

Deno.test("dividends and interest are named by the statement, so that nothing is left unexplained", () => {
  const changes = 'dividends="12.50" interest="-0.50" mtm="48" commissions="-2" otherFees="0"';
  const report = reportWith(flex({ cash: "100060", nav: "100060", changes }), day("100060"));
  const figures = figuresOf(report);
  assert.strictEqual(figures.get("bridge.other.change")?.value, "12");
  assert.strictEqual(figures.get("bridge.unexplained.change")?.value, "0");
  const sources = tablesOf(report).find(({ id }) => id === "bridge")?.rows
    .find(({ id }) => id === "other")?.cells[3];
  assert.strictEqual(sources, "statement: dividends, interest");
  assert.deepStrictEqual(statementRows(report)[2], ["Cash at the end", "100060", "100060", "0"]);
  assert.strictEqual(report.verdict.state, "reconciled");
});

Deno.test("a statement of another account or day is refused, and its account not shown", () => {
  assert.throws(() => reportWith(flex({ account: "DU7654321" })), {
    name: "StatementError",
    message:
      "Cannot use the statement: it is of 2026-11-20 of an account ending in 321, the report of 2026-11-20",
  });
  assert.throws(
    () => parseStatement("<html></html>", { account: ACCOUNT, date: "2026-11-20", fileHash: "" }),
    {
      message: "Cannot use the statement: it is no Flex statement",
    },
  );
});

Deno.test("elements() reads attributes and entities, and refuses document types and half a tag", () => {
  const [element] = elements(`<a b="1 &lt; 2 &#38; &#x33;" c='"'/>`);
  assert.deepStrictEqual([...element?.attributes ?? []], [["b", "1 < 2 & 3"], ["c", '"']]);
  for (
    const text of [
      '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
      "<a",
      "<a b=1/>",
      "<a><![CDATA[x]]></a>",
    ]
  ) {
    assert.throws(() => [...elements(text)], XmlError);
  }
});
