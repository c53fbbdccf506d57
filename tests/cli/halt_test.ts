import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openLedgerReader } from "../../lib/ledger/sqlite.ts";
import { Project } from "./project.ts";

/** The hands of a person at another terminal, as processes under their own permissions. */

function kinds(project: Project): string[] {
  const ledger = openLedgerReader(project.path("data/ledger.sqlite"));
  try {
    return [...ledger.read()].map(({ body }) => body.kind);
  } finally {
    ledger.close();
  }
}

Deno.test("halt, pause and resume work with no session alive, each with its reason", async () => {
  using project = new Project();
  const halt = await project.run("halt", ["--flatten", "--reason", "a fill looks wrong"]);
  strictEqual(halt.code, 0, halt.stderr);
  match(halt.stdout, /^Halted, and every position is to be closed/);
  match(halt.stdout, /By the ledger nothing is held/);
  const again = await project.run("halt", ["--reason", "again"]);
  deepStrictEqual([again.code, again.stdout], [0, "Already halted: a fill looks wrong\n"]);
  strictEqual((await project.run("pause", ["--reason", "news at two"])).code, 0);
  match((await project.run("resume", ["--reason", "checked"])).stdout, /Entries stay paused/);
  match((await project.run("resume", ["--reason", "over"])).stdout, /no longer paused/);
  deepStrictEqual(kinds(project), [
    "halted",
    "flatten-requested",
    "entries-paused",
    "halt-lifted",
    "entries-resumed",
  ]);
});

Deno.test("without a reason nothing is halted: exit 2", async () => {
  using project = new Project();
  strictEqual((await project.run("halt", [])).code, 2);
  const { code, stderr } = await project.run("halt", ["--reason", " "]);
  strictEqual(code, 2);
  match(stderr, /Cannot halt without a reason/);
});

Deno.test("R4: a ledger whose halt was damaged is no ledger without a halt: it cannot be resumed past, exit 1", async () => {
  using project = new Project();
  await project.run("halt", ["--reason", "a fill looks wrong"]);
  const db = new DatabaseSync(project.path("data/ledger.sqlite"));
  db.exec("DROP TRIGGER entries_never_change; UPDATE entries SET body = '{}'");
  db.close();
  const { code, stderr } = await project.run("resume", ["--reason", "anyway"]);
  strictEqual(code, 1);
  match(stderr, /Cannot read entry 1 of ledger/);
});
