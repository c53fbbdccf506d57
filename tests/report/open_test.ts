import assert from "node:assert/strict";
import { resolve } from "node:path";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { runReport } from "../../tasks/report.ts";
import { openerOf, openPage, type Run } from "../../tasks/report_open.ts";
import { winningDay } from "./fixtures.ts";

const PAGE = resolve("reports/x/report.html");

/** A run that fails with `error`. */
function failing(error: Error): Run {
  return () => Promise.reject(error);
}

Deno.test("each system has its own opener, named by absolute path", () => {
  assert.deepStrictEqual(openerOf("linux", "/r/report.html"), {
    program: "/usr/bin/xdg-open",
    args: ["/r/report.html"],
  });
  assert.deepStrictEqual(openerOf("darwin", "/r/report.html"), {
    program: "/usr/bin/open",
    args: ["/r/report.html"],
  });
  assert.deepStrictEqual(openerOf("windows", "C:\\r\\report.html"), {
    program: "C:\\Windows\\System32\\cmd.exe",
    args: ["/c", "start", "", "C:\\r\\report.html"],
  });
});

Deno.test("openPage() hands the page over by its absolute path", async () => {
  const ran: (readonly string[])[] = [];
  const run: Run = (program, args) => {
    ran.push([program, ...args]);
    return Promise.resolve(0);
  };
  assert.strictEqual(await openPage("reports/x/report.html", { os: "linux", run }), null);
  assert.deepStrictEqual(ran, [["/usr/bin/xdg-open", PAGE]]);
});

Deno.test("openPage() says in one note why the page is not shown", async () => {
  const note = (os: string, run: Run): Promise<string | null> =>
    openPage("reports/x/report.html", { os, run });
  assert.strictEqual(
    await note("linux", failing(new Deno.errors.NotCapable("run"))),
    `Cannot show the page: this task may not run /usr/bin/xdg-open, add it to its permissions or open ${PAGE} yourself`,
  );
  assert.strictEqual(
    await note("darwin", failing(new Deno.errors.NotFound("open"))),
    `Cannot show the page: /usr/bin/open cannot be run here, open ${PAGE} yourself`,
  );
  assert.strictEqual(
    await note("linux", () => Promise.resolve(3)),
    `Cannot show the page: /usr/bin/xdg-open ended with code 3, open ${PAGE} yourself`,
  );
  assert.strictEqual(
    await note("aix", () => Promise.resolve(0)),
    `Cannot show the page: no opener is known on "aix", open ${PAGE} yourself`,
  );
  await assert.rejects(note("linux", failing(new RangeError("a bug"))), RangeError);
});

Deno.test("--open shows the page just written, and a page not shown still ends with 0", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const ledger = openLedger(`${folder}/ledger.sqlite`);
    for (const { sessionId, at, body } of winningDay().entries) {
      ledger.append(sessionId, at, [body]);
    }
    ledger.close();
    const flags = { ledger: `${folder}/ledger.sqlite`, out: `${folder}/out`, json: true };
    const shown: string[] = [];
    const show = (page: string): Promise<string> => {
      shown.push(page);
      return Promise.resolve("Cannot show the page: it is a test");
    };
    assert.strictEqual(await runReport({ ...flags, open: true }, show), 0);
    assert.deepStrictEqual(shown, [`${folder}/out/report.html`]);
    assert.strictEqual(await runReport(flags, show), 0);
    assert.strictEqual(await runReport({ ...flags, open: true, format: "md" }, show), 0);
    assert.strictEqual(shown.length, 1);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
