import assert from "node:assert/strict";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { buildReport } from "../../lib/report/build.ts";
import { noticeOf, noticeText } from "../../lib/report/notice.ts";
import { FORMATS, summary, writeReport, writeSessionReport } from "../../tasks/report.ts";
import { notify } from "../../tasks/report_files.ts";
import { SESSION, winningDay } from "./fixtures.ts";

const report = buildReport(winningDay().entries, [SESSION]);

Deno.test("writeSessionReport() writes the page, Markdown, JSON and a file per table", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const written = writeSessionReport(winningDay().entries, SESSION, `${folder}/report`);
    assert.strictEqual(written.html, `${folder}/report/report.html`);
    const names = [...Deno.readDirSync(`${folder}/report`)].map(({ name }) => name);
    assert.deepStrictEqual(names.length, written.paths.length);
    for (const name of ["report.html", "report.md", "report.json", "figures.csv", "fills.csv"]) {
      assert.ok(names.includes(name), name);
    }
    assert.strictEqual(written.headline[0]?.value, "48");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a report from a ledger on disk is the report from its entries, file by file", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const ledger = openLedger(`${folder}/ledger.sqlite`);
    const day = winningDay().entries;
    for (const { sessionId, at, body } of day) ledger.append(sessionId, at, [body]);
    const options = { sessionIds: [SESSION], formats: FORMATS } as const;
    const [once, twice] = [`${folder}/once`, `${folder}/twice`];
    const { paths } = writeReport(ledger.read(), { ...options, outDir: once });
    writeReport(ledger.read(), { ...options, outDir: twice });
    ledger.close();
    for (const path of paths) {
      assert.strictEqual(
        Deno.readTextFileSync(path),
        Deno.readTextFileSync(path.replace(once, twice)),
      );
    }
    writeReport(day, { ...options, outDir: twice });
    // Only the hashes differ: the fixture makes its own.
    const strip = (text: string): string => text.replace(/\b[0-9a-f]{64}\b/g, "");
    for (const path of paths) {
      const other = Deno.readTextFileSync(path.replace(once, twice));
      assert.strictEqual(strip(Deno.readTextFileSync(path)), strip(other));
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the terminal's summary is the verdict, the key figures and where the page is", () => {
  const lines = summary({
    html: "reports/x/report.html",
    paths: ["reports/x/report.html", "reports/x/report.md"],
    verdict: report.verdict,
    headline: report.headline,
    report,
  }).split("\n");
  assert.strictEqual(lines[1], "✓ Reconciled: 2 of 2 fills, 0 of 0 positions, NAV difference 0.00");
  assert.match(lines[3] ?? "", /^ {2}Net profit and loss +\+48\.00 USD$/);
  assert.deepStrictEqual(lines.slice(-2), ["reports/x/report.html", "and 1 more file beside it"]);
});

Deno.test("a notice has the shape of the service its URL belongs to", () => {
  const text = noticeText(report);
  assert.match(text, /^Session report, Friday 20 November 2026\n✓ Reconciled: 2 of 2 fills/);
  assert.match(text, /^Net profit and loss: \+48\.00 USD$/m);
  const slack = noticeOf(report, "https://hooks.slack.com/services/T/B/secret");
  assert.deepStrictEqual(JSON.parse(slack.body), { text });
  const discord = noticeOf(report, "https://discord.com/api/webhooks/1/secret");
  assert.deepStrictEqual(JSON.parse(discord.body), {
    content: text,
    allowed_mentions: { parse: [] },
  });
  const telegram = noticeOf(report, "https://api.telegram.org/bot1:secret/sendMessage?chat_id=42");
  assert.strictEqual(telegram.url, "https://api.telegram.org/bot1:secret/sendMessage");
  assert.deepStrictEqual(JSON.parse(telegram.body), { chat_id: "42", text });
  const ntfy = noticeOf(report, "https://ntfy.example/robo-trader");
  assert.strictEqual(ntfy.body, text);
  assert.strictEqual(ntfy.headers["title"], "Session report, Friday 20 November 2026");
});

Deno.test("the task may reach each service a notice has a shape for, and no other", () => {
  const text = Deno.readTextFileSync(new URL("../../deno.json", import.meta.url));
  assert.deepStrictEqual(JSON.parse(text).permissions.report.net, [
    "hooks.slack.com:443",
    "discord.com:443",
    "discordapp.com:443",
    "api.telegram.org:443",
    "ntfy.sh:443",
  ]);
});

Deno.test("a notice without encryption, without a chat or without a URL is not sent", () => {
  for (
    const [url, message] of [
      ["http://ntfy.example/x", "Cannot notify ntfy.example: the URL has to begin with https:"],
      [
        "https://api.telegram.org/bot1/sendMessage",
        "Cannot notify by Telegram: the URL has no chat_id, add ?chat_id=…",
      ],
      ["ntfy", "Cannot notify: --notify is no URL"],
    ] as const
  ) {
    assert.throws(() => noticeOf(report, url), { name: "NoticeError", message });
  }
});

Deno.test("notify() posts over loopback, and says so when the server refuses, without the URL", async () => {
  const heard: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      heard.push(`${request.method} ${(await request.text()).split("\n")[0]}`);
      return new Response(null, { status: request.url.endsWith("/full") ? 507 : 200 });
    },
  );
  try {
    const base = `http://127.0.0.1:${server.addr.port}`;
    await notify(report, `${base}/topic`);
    assert.deepStrictEqual(heard, ["POST Session report, Friday 20 November 2026"]);
    await assert.rejects(notify(report, `${base}/full`), {
      name: "NoticeError",
      message: "Cannot notify: the server answered 507",
    });
  } finally {
    await server.shutdown();
  }
});
