import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { openLedger, openLedgerReader } from "../../lib/ledger/sqlite.ts";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { BEFORE_THE_OPEN, freePort, leaveBeacon, Project } from "./project.ts";

/** How a session starts, as a process. */

function bodies(project: Project): EntryBody[] {
  const ledger = openLedgerReader(project.path("data/ledger.sqlite"));
  try {
    return [...ledger.read()].map(({ body }) => body);
  } finally {
    ledger.close();
  }
}

/** Twelve starts that came to nothing, all at this time. */
function failed(project: Project, at: number): void {
  const ledger = openLedger(project.path("data/ledger.sqlite"));
  const state = {
    kind: "state-changed",
    from: "preflight",
    to: "connecting",
    because: "",
  } as const;
  for (let start = 1; start <= 12; start++) ledger.append(`2026-11-20-${start}`, at, [state]);
  ledger.close();
}

Deno.test("C4, C5: restarted at once again and again, a session waits before it looks for the Gateway: the ledger says so", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port, 60);
  // Ahead of its clock, so that none of the wait is over however long the process takes to start.
  failed(project, BEFORE_THE_OPEN + 25 * 60_000);
  strictEqual((await project.run("session", ["--port", String(port)])).code, 3);
  const said = bodies(project).slice(12);
  deepStrictEqual(said.map((body) => body.kind === "incident" ? body.code : body.kind), [
    "start-delayed",
    "probe-result",
  ]);
});

Deno.test("C10: told to end while it waits to start, a session leaves with 130", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  failed(project, BEFORE_THE_OPEN);
  const session = project.command("session", ["--port", String(port)]).spawn();
  const reader = session.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("came to nothing")) text += (await reader.read()).value ?? "";
  match(text, /The last 12 starts came to nothing within minutes; this one waits \d+\.\d s/);
  session.kill("SIGTERM");
  strictEqual((await session.status).code, 130);
  await reader.cancel();
  await session.stdout.cancel();
});
