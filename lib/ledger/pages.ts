import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LedgerQuery } from "./ledger.ts";

/**
 * Entries read by the page: one text per page through the border of the database, parsed in one go. That takes less
 * than half the time of a call per row, and a report of years is made of millions of rows.
 */

/** A body as text, or already parsed. */
export type RawBody = { readonly json: string } | { readonly value: unknown };

export interface RawEntry {
  readonly seq: number;
  readonly at: number;
  readonly sessionId: string;
  readonly body: RawBody;
  readonly hash: string;
}

/** Numbers of entries in a page: large enough that a page's own cost is lost in it, small enough to stay in cache. */
const PAGE_ENTRIES = 1_000;

/** Pages in order of seq, up to what was the newest entry when the reading began. */
export function* readPages(db: DatabaseSync, query: LedgerQuery): Iterable<readonly RawEntry[]> {
  const { from, before } = boundsOf(db, query);
  if (from >= before) return;
  const { sql, parameters } = filterOf(query);
  const page = db.prepare(`
    SELECT count(*) AS count, '[' || group_concat(seq || ',' || at) || ']' AS numbers,
           json_group_array(session_id) AS sessions, group_concat(hash, '') AS hashes,
           '[' || group_concat(body) || ']' AS bodies
    FROM entries WHERE seq >= ? AND seq < ?${sql}`);
  const rows = db.prepare(`
    SELECT seq, at, session_id, hash, body FROM entries
    WHERE seq >= ? AND seq < ?${sql} ORDER BY seq`);
  for (let seq = from; seq < before; seq += PAGE_ENTRIES) {
    const range = [seq, Math.min(seq + PAGE_ENTRIES, before), ...parameters];
    yield readPage(page, range) ?? rowByRow(rows, range);
  }
}

type Parameters = readonly (string | number)[];

/** Numbers that an entry of the query can have. */
function boundsOf(
  db: DatabaseSync,
  { sessionId, fromSeq = 1, beforeSeq = Infinity }: LedgerQuery,
): { readonly from: number; readonly before: number } {
  const { first, last } = spanOf(db, sessionId) ?? { first: 1, last: 0 };
  return { from: Math.max(fromSeq, first), before: Math.min(beforeSeq, last + 1) };
}

/** Numbers of the first and the last entry of a session, or of all; null when there is none. */
export function spanOf(
  db: DatabaseSync,
  sessionId?: string,
): { readonly first: number; readonly last: number } | null {
  // Two questions: SQLite answers one end from an index at once, and both only by looking at everything.
  const ends = (["min", "max"] as const).map((end) =>
    sessionId === undefined
      ? db.prepare(`SELECT ${end}(seq) AS seq FROM entries`).get()
      : db.prepare(`SELECT ${end}(seq) AS seq FROM entries WHERE session_id = ?`).get(sessionId)
  );
  const [first, last] = ends.map((row) => row?.["seq"] ?? null);
  return first === null || last === null ? null : { first: Number(first), last: Number(last) };
}

function filterOf(
  { sessionId, kinds }: LedgerQuery,
): { readonly sql: string; readonly parameters: Parameters } {
  const ofSession = sessionId === undefined ? "" : " AND session_id = ?";
  const ofKind = kinds === undefined ? "" : ` AND kind IN (${kinds.map(() => "?").join(", ")})`;
  return {
    sql: ofSession + ofKind,
    parameters: [...(sessionId === undefined ? [] : [sessionId]), ...(kinds ?? [])],
  };
}

/** Null when the page does not come apart: then one of its rows is damaged, and reading row by row says which. */
function readPage(page: StatementSync, range: Parameters): readonly RawEntry[] | null {
  const row = page.get(...range);
  const count = Number(row?.["count"] ?? 0);
  if (count === 0) return [];
  const [numbers, sessions, bodies] = (["numbers", "sessions", "bodies"] as const).map((column) =>
    parsed(String(row?.[column]))
  );
  const hashes = String(row?.["hashes"]);
  // One text for all of a session's entries instead of one each.
  const names = new Map<string, string>();
  const same = (name: string): string => {
    const known = names.get(name);
    if (known === undefined) names.set(name, name);
    return known ?? name;
  };
  if (bodies?.length !== count || hashes.length !== count * HASH_CHARS) return null;
  // Here, because the database sorts whole bodies.
  return bodies.map((value, index): RawEntry => ({
    seq: Number(numbers?.[2 * index]),
    at: Number(numbers?.[2 * index + 1]),
    sessionId: same(String(sessions?.[index])),
    body: { value },
    hash: hashes.slice(index * HASH_CHARS, (index + 1) * HASH_CHARS),
  })).sort((a, b) => a.seq - b.seq);
}

/** SHA-256 in hex. */
const HASH_CHARS = 64;

function parsed(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

function rowByRow(rows: StatementSync, range: Parameters): readonly RawEntry[] {
  return rows.all(...range).map((row): RawEntry => ({
    seq: Number(row["seq"]),
    at: Number(row["at"]),
    sessionId: String(row["session_id"]),
    body: { json: String(row["body"]) },
    hash: String(row["hash"]),
  }));
}
