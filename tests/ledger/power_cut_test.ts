import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { Random } from "../../lib/simulator/random.ts";
import { cut, type Files, readFiles, same } from "../power_cut.ts";

/** The power fails between two writes: a cut is made of the files as they stood at two appends in a row. */

/** Enough for a checkpoint, which SQLite makes at 1,000 pages, and a log that begins anew after it. */
const APPENDS = 450;
const CUTS = 120;

function noteOf(index: number): EntryBody {
  const text = `${index} `.repeat(40);
  return { kind: "incident", code: "test", severity: "note", symbol: null, text, durationMs: null };
}

Deno.test(`after ${CUTS} power cuts at random writes the ledger is whole, its chain holds, and nothing acknowledged is missing`, () => {
  const folder = Deno.makeTempDirSync({ prefix: "robo-trader-" });
  try {
    const path = `${folder}/ledger.sqlite`;
    const ledger = openLedger(path);
    const random = Random.seeded(1);
    const chosen = new Set<number>();
    while (chosen.size < CUTS) chosen.add(2 + Math.floor(random.next() * (APPENDS - 1)));
    let before: Files = readFiles(path);
    let checkpoints = 0;
    for (let index = 1; index <= APPENDS; index++) {
      const acknowledged = ledger.head()?.seq ?? 0;
      const batch = Array.from({ length: 1 + index % 3 }, (_, row) => noteOf(index * 10 + row));
      ledger.append("s", index, batch);
      const database = Deno.readFileSync(path);
      const isCheckpoint = !same(before.database, database);
      // The append after a checkpoint begins the log anew: the other moment worth a cut.
      if (isCheckpoint) chosen.add(index).add(index + 1);
      const isChosen = chosen.has(index);
      const needsLog = isChosen || chosen.has(index + 1);
      const after = { database, log: needsLog ? Deno.readFileSync(`${path}-wal`) : before.log };
      if (isChosen) {
        if (isCheckpoint) checkpoints++;
        const left = cut(before, after, random.split(`cut ${index}`));
        reopen(`${folder}/cut-${index}.sqlite`, left, { acknowledged, batch: batch.length, index });
      }
      before = after;
    }
    ledger.close();
    ok(checkpoints > 0, "no cut fell into a checkpoint");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

function reopen(
  path: string,
  { database, log }: Files,
  { acknowledged, batch, index }: {
    readonly acknowledged: number;
    readonly batch: number;
    readonly index: number;
  },
): void {
  Deno.writeFileSync(path, database);
  Deno.writeFileSync(`${path}-wal`, log);
  const ledger = openLedger(path);
  const seq = ledger.head()?.seq ?? 0;
  ok(
    seq === acknowledged || seq === acknowledged + batch,
    `append ${index}: ${acknowledged} were acknowledged, ${seq} are there`,
  );
  strictEqual(ledger.firstBreak(), null, `append ${index}`);
  // It can be written on from there.
  ledger.append("next", index, [noteOf(0)]);
  strictEqual(ledger.head()?.seq, seq + 1);
  ledger.close();
  const db = new DatabaseSync(path);
  deepStrictEqual({ ...db.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
  db.close();
}
