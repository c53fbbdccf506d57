import { DatabaseSync } from "node:sqlite";
import { chainHash, GENESIS_HASH } from "../../lib/ledger/chain.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { encodeBody } from "../../lib/ledger/schema.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";

/**
 * A ledger file of these entries, with its chain, written in one go: a session's one transaction an event would take
 * hours for years of days. Their own hashes are not looked at.
 */
export function writeLedgerFile(path: string, entries: Iterable<Entry>): void {
  openLedger(path).close();
  const db = new DatabaseSync(path);
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  const insert = db.prepare(
    "INSERT INTO entries (seq, at, session_id, kind, body, hash) VALUES (?, ?, ?, ?, ?, ?)",
  );
  let hash = GENESIS_HASH;
  for (const { seq, at, sessionId, body } of entries) {
    const json = encodeBody(body);
    hash = chainHash(hash, { seq, at, sessionId, kind: body.kind, body: json });
    insert.run(seq, at, sessionId, body.kind, json, hash);
  }
  db.exec("COMMIT");
  db.close();
}
