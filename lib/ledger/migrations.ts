import type { DatabaseSync } from "node:sqlite";
import { LedgerError } from "./ledger.ts";

/**
 * The schema, a step per version. A step that has shipped is never edited; `PRAGMA user_version` says how many
 * have run. The append-only promises are kept by the database itself: no update, no delete, one row per intent and
 * per execution id.
 */
const STEPS: readonly string[] = [
  `
  CREATE TABLE entries (
    seq        INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    session_id TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    hash       TEXT    NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_session ON entries (session_id, seq);
  CREATE INDEX entries_by_kind ON entries (kind, seq);
  CREATE UNIQUE INDEX one_entry_per_intent ON entries (body ->> 'intentId') WHERE kind = 'intent';
  CREATE UNIQUE INDEX one_entry_per_execution ON entries (body ->> 'execId') WHERE kind = 'execution';
  CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is final'); END;
  CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is final'); END;

  CREATE VIEW sessions AS
    SELECT session_id, body ->> 'date' AS date, body ->> 'mode' AS mode, body ->> 'account' AS account,
           body ->> 'strategy' AS strategy, at AS opened_at
    FROM entries WHERE kind = 'session-opened';
  CREATE VIEW intents AS
    SELECT seq, at, session_id, body ->> 'intentId' AS intent_id, body ->> 'orderRef' AS order_ref,
           body ->> 'symbol' AS symbol, body ->> 'side' AS side, body ->> 'role' AS role,
           body ->> 'orderType' AS order_type, body ->> 'quantity' AS quantity,
           body ->> 'lmtPrice' AS lmt_price, body ->> 'auxPrice' AS aux_price
    FROM entries WHERE kind = 'intent';
  CREATE VIEW executions AS
    SELECT e.seq, e.at, e.session_id, e.body ->> 'execId' AS exec_id, e.body ->> 'intentId' AS intent_id,
           e.body ->> 'symbol' AS symbol, e.body ->> 'side' AS side, e.body ->> 'quantity' AS quantity,
           e.body ->> 'price' AS price, e.body ->> 'permId' AS perm_id
    FROM entries e WHERE kind = 'execution';
  CREATE VIEW refusals AS
    SELECT seq, at, session_id, body ->> 'symbol' AS symbol, body ->> 'code' AS code,
           body ->> 'value' AS value, body ->> 'limit' AS "limit"
    FROM entries WHERE kind = 'refused';
  `,
  `
  CREATE TABLE lease (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    host  TEXT    NOT NULL,
    pid   INTEGER NOT NULL,
    date  TEXT    NOT NULL,
    since INTEGER NOT NULL
  ) STRICT;
  `,
];

export const SCHEMA_VERSION = STEPS.length;

/**
 * Brings the database to this program's schema, each step in a transaction of its own.
 *
 * @throws {LedgerError} when the file was written by a newer program
 */
export function migrate(db: DatabaseSync, path: string): void {
  const found = schemaVersion(db);
  refuseFuture(found, path);
  for (const [index, step] of STEPS.entries()) {
    if (index < found) continue;
    db.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}

/** What readers use, entries and their views, has stood since this version; an old ledger stays readable. */
const READABLE_FROM = 1;

/** @throws {LedgerError} when a reader cannot know the file's shape */
export function requireReadable(db: DatabaseSync, path: string): void {
  const found = schemaVersion(db);
  refuseFuture(found, path);
  if (found >= READABLE_FROM) return;
  throw new LedgerError(
    `Cannot read ledger "${path}": schema version ${found}; the next session brings it up to date`,
  );
}

function refuseFuture(found: number, path: string): void {
  if (found <= SCHEMA_VERSION) return;
  throw new LedgerError(
    `Cannot open ledger "${path}": its schema version ${found} is newer than this program's ` +
      `${SCHEMA_VERSION}; update robo-trader, nothing was changed`,
  );
}

function schemaVersion(db: DatabaseSync): number {
  const row = db.prepare("PRAGMA user_version").get();
  return Number(row?.["user_version"] ?? 0);
}
