import { DatabaseSync, type StatementSync } from "node:sqlite";
import { chainHash, GENESIS_HASH } from "./chain.ts";
import type { Entry, EntryBody, EntryOf } from "./entry.ts";
import {
  type Grounds,
  type Ledger,
  LedgerError,
  type LedgerQuery,
  type LedgerReader,
} from "./ledger.ts";
import { migrate, requireReadable } from "./migrations.ts";
import { readGrounds } from "./grounds.ts";
import { type RawBody, readPages, spanOf } from "./pages.ts";
import { checkBody, decodeBody, encodeBody } from "./schema.ts";

/** How long a writer waits for another's transaction; each lasts a few milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly sessionId: string;
  readonly kind: string;
  readonly body: string;
  readonly hash: string;
}

/**
 * Opens the ledger for writing, creating or migrating the file as needed. WAL with synchronous=FULL: when
 * `append` returns, the entries survive a power cut.
 *
 * @throws {LedgerError} when the file cannot be opened, is no ledger, or comes from a newer program
 */
export function openLedger(path: string): Ledger {
  return new SqliteLedger(openDatabase(path, false), path);
}

/**
 * Opens the ledger for reading only; a running session is not disturbed.
 *
 * @throws {LedgerError} when the file is missing, is no ledger, or has another schema version
 */
export function openLedgerReader(path: string): LedgerReader {
  return new SqliteLedger(openDatabase(path, true), path);
}

function openDatabase(path: string, readOnly: boolean): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
    if (readOnly) {
      requireReadable(db, path);
    } else {
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
      migrate(db, path);
    }
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof LedgerError) throw error;
    if (!(error instanceof Error)) throw error;
    throw new LedgerError(`Cannot open ledger "${path}": ${error.message}`, { cause: error });
  }
}

class SqliteLedger implements Ledger {
  readonly #db: DatabaseSync;
  readonly #path: string;
  #insert: StatementSync | undefined;
  #head: StatementSync | undefined;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
  }

  append(sessionId: string, atMs: number, bodies: readonly EntryBody[]): readonly Entry[] {
    if (bodies.length === 0) return [];
    try {
      // IMMEDIATE: the head read below cannot change before our rows stand on it.
      this.#db.exec("BEGIN IMMEDIATE");
      const entries = this.#insertAll(sessionId, atMs, bodies);
      this.#db.exec("COMMIT");
      return entries;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      if (!(error instanceof Error)) throw error;
      throw new LedgerError(`Cannot write to ledger "${this.#path}": ${error.message}`, {
        cause: error,
      });
    }
  }

  #insertAll(sessionId: string, at: number, bodies: readonly EntryBody[]): Entry[] {
    this.#insert ??= this.#db.prepare(
      "INSERT INTO entries (seq, at, session_id, kind, body, hash) VALUES (?, ?, ?, ?, ?, ?)",
    );
    const entries: Entry[] = [];
    let { seq, hash } = this.head() ?? { seq: 0, hash: GENESIS_HASH };
    for (const body of bodies) {
      seq++;
      const json = encodeBody(body);
      hash = chainHash(hash, { seq, at, sessionId, kind: body.kind, body: json });
      this.#insert.run(seq, at, sessionId, body.kind, json, hash);
      entries.push({ seq, at, sessionId, body, hash });
    }
    return entries;
  }

  *read(query: LedgerQuery = {}): Iterable<Entry> {
    for (const page of readPages(this.#db, query)) {
      for (const { seq, at, sessionId, body, hash } of page) {
        yield { seq, at, sessionId, body: this.#decode(seq, body), hash };
      }
    }
  }

  sessions(): readonly { sessionId: string; date: string }[] {
    const rows = this.#db.prepare("SELECT session_id, date FROM sessions ORDER BY opened_at").all();
    return rows.map((row) => ({ sessionId: String(row["session_id"]), date: String(row["date"]) }));
  }

  grounds(range: { fromSeq: number; beforeSeq: number }): Grounds {
    return readGrounds(this.#db, range);
  }

  *intents(intentIds: Iterable<string>): Iterable<EntryOf<"intent">> {
    // As the unique index says it, which answers at once.
    const statement = this.#db.prepare(`
      SELECT seq, at, session_id, body, hash FROM entries
      WHERE kind = 'intent' AND body ->> 'intentId' = ?`);
    for (const intentId of intentIds) {
      const row = statement.get(intentId);
      if (row === undefined) continue;
      const seq = Number(row["seq"]);
      const body = this.#decode(seq, { json: String(row["body"]) });
      if (body.kind !== "intent") continue;
      const sessionId = String(row["session_id"]);
      yield { seq, at: Number(row["at"]), sessionId, body, hash: String(row["hash"]) };
    }
  }

  span(sessionId: string): { first: number; last: number } | null {
    return spanOf(this.#db, sessionId);
  }

  sessionIds(): readonly string[] {
    const rows = this.#db.prepare("SELECT DISTINCT session_id FROM entries").all();
    return rows.map((row) => String(row["session_id"]));
  }

  head(): { seq: number; hash: string } | null {
    this.#head ??= this.#db.prepare("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1");
    const row = this.#head.get();
    return row === undefined ? null : { seq: Number(row["seq"]), hash: String(row["hash"]) };
  }

  firstBreak(): number | null {
    let previous = GENESIS_HASH;
    let expectedSeq = 1;
    for (const row of this.#rows()) {
      if (row.seq !== expectedSeq || chainHash(previous, row) !== row.hash) return expectedSeq;
      previous = row.hash;
      expectedSeq++;
    }
    return null;
  }

  close(): void {
    this.#db.close();
  }

  *#rows(): Iterable<Row> {
    const statement = this.#db.prepare(
      "SELECT seq, at, session_id, kind, body, hash FROM entries ORDER BY seq",
    );
    for (const row of statement.iterate()) {
      yield {
        seq: Number(row["seq"]),
        at: Number(row["at"]),
        sessionId: String(row["session_id"]),
        kind: String(row["kind"]),
        body: String(row["body"]),
        hash: String(row["hash"]),
      };
    }
  }

  #decode(seq: number, body: RawBody): EntryBody {
    try {
      return "json" in body ? decodeBody(body.json) : checkBody(body.value);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new LedgerError(`Cannot read entry ${seq} of ledger "${this.#path}": ${error.message}`);
    }
  }
}
