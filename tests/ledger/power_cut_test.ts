import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DatabaseSync } from "node:sqlite";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { Random } from "../../lib/simulator/random.ts";

/**
 * The power fails between two writes. What was acknowledged had been made durable; of what was written since, the
 * disk may keep any sectors in any order. So a cut is made of the files as they stood at two appends in a row: any
 * mixture of old and new sectors that a disk could be left with.
 */

/** Enough for a checkpoint, which SQLite makes at 1,000 pages, and a log that begins anew after it. */
const APPENDS = 450;
const SECTOR = 512;
const CUTS = 120;

interface Files {
  readonly database: Uint8Array;
  readonly log: Uint8Array;
}

function readFiles(path: string): Files {
  return { database: Deno.readFileSync(path), log: Deno.readFileSync(`${path}-wal`) };
}

function noteOf(index: number): EntryBody {
  const text = `${index} `.repeat(40);
  return { kind: "incident", code: "test", severity: "note", symbol: null, text, durationMs: null };
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Any sectors of the new file over the old one. */
function mix(old: Uint8Array, fresh: Uint8Array, random: Random): Uint8Array {
  const length = old.length +
    Math.floor(random.next() * (Math.max(fresh.length - old.length, 0) + 1));
  const mixed = new Uint8Array(length);
  mixed.set(old.subarray(0, length));
  for (let at = 0; at < length; at += SECTOR) {
    if (random.next() < 0.5) continue;
    mixed.set(fresh.subarray(at, Math.min(at + SECTOR, length)), at);
  }
  return mixed;
}

/** The files as a cut left them while the append after `before` was under way. */
function cut(before: Files, after: Files, random: Random): Files {
  if (same(before.database, after.database)) {
    return { database: before.database, log: mix(before.log, after.log, random) };
  }
  // A checkpoint: it copies into the database what the log, durable already, goes on holding.
  return { database: mix(before.database, after.database, random), log: after.log };
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
