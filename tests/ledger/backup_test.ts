import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { backup, DatabaseSync } from "node:sqlite";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";

Deno.test("P4: a backup taken while a session writes is whole, holds the newest rows, and can be written on", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "robo-trader-" });
  try {
    const ledger = openLedger(`${folder}/ledger.sqlite`);
    const note = (text: string): EntryBody => (
      { kind: "incident", code: "test", severity: "note", symbol: null, text, durationMs: null }
    );
    for (let index = 1; index <= 50; index++) ledger.append("s", index, [note(`before ${index}`)]);
    // What `sqlite3 ledger.sqlite ".backup …"` of the runbook does, from another connection.
    const db = new DatabaseSync(`${folder}/ledger.sqlite`, { readOnly: true });
    await backup(db, `${folder}/backup.sqlite`);
    db.close();
    ledger.append("s", 51, [note("after")]);
    ledger.close();
    const restored = openLedger(`${folder}/backup.sqlite`);
    strictEqual(restored.head()?.seq, 50);
    strictEqual(restored.firstBreak(), null);
    restored.append("s", 52, [note("restored")]);
    deepStrictEqual([...restored.read({ fromSeq: 50 })].map(({ at }) => at), [50, 52]);
    restored.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
