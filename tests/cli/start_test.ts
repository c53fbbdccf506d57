import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { openLedger, openLedgerReader } from "../../lib/ledger/sqlite.ts";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { freePort, leaveBeacon, Project } from "./project.ts";

/** How a session starts, as a process. */

function bodies(project: Project): EntryBody[] {
  const ledger = openLedgerReader(project.path("data/ledger.sqlite"));
  try {
    return [...ledger.read()].map(({ body }) => body);
  } finally {
    ledger.close();
  }
}

Deno.test("C4, C5: restarted at once again and again with no Gateway there, a session waits before it looks: the ledger says so", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  for (let start = 0; start < 4; start++) {
    strictEqual((await project.run("session", ["--port", String(port)])).code, 3);
  }
  const said = bodies(project).map((body) => body.kind === "incident" ? body.code : body.kind);
  deepStrictEqual(said.slice(0, 3), ["probe-result", "probe-result", "start-delayed"]);
  strictEqual(said.filter((one) => one === "start-delayed").length, 2);
});

Deno.test("C10: told to end while it waits to start, a session leaves with 130", async () => {
  using project = new Project();
  const port = freePort();
  leaveBeacon(project, port);
  const path = project.path("data/ledger.sqlite");
  const ledger = openLedger(path);
  const now = Date.UTC(2026, 10, 20, 14, 25);
  const state = {
    kind: "state-changed",
    from: "preflight",
    to: "connecting",
    because: "",
  } as const;
  for (let start = 0; start < 12; start++) ledger.append(`2026-11-20-${start + 1}`, now, [state]);
  ledger.close();
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
