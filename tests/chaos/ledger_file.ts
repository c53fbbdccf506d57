import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/** A ledger file as a stranger reads it: rows of a database, not one line of the program that wrote them. */

export interface Row {
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly sessionId: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface LedgerFile {
  readonly rows: readonly Row[];
  /** First seq whose hash does not stand on the one before it; null when the chain holds. */
  readonly firstBreak: number | null;
  /** Of the newest row. */
  readonly head: string;
  /** What SQLite says about the file itself: `ok`. */
  readonly integrity: string;
}

/** Before the first row. */
export const GENESIS = { seq: 0, hash: "0".repeat(64) };

/** Rows behind `from`, which was read and found right before. */
export function readLedgerFile(
  path: string,
  from: { readonly seq: number; readonly hash: string } = GENESIS,
): LedgerFile {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const rows: Row[] = [];
    let firstBreak: number | null = null;
    let head = from.hash;
    const all = db.prepare(
      "SELECT seq, at, session_id, kind, body, hash FROM entries WHERE seq > ? ORDER BY seq",
    ).all(from.seq);
    for (const [index, { seq, at, session_id: sessionId, kind, body, hash }] of all.entries()) {
      const text = [head, seq, at, sessionId, kind, body].join("\n");
      head = createHash("sha256").update(text).digest("hex");
      const expected = from.seq + index + 1;
      if (hash !== head || seq !== expected) firstBreak ??= expected;
      rows.push({
        seq: Number(seq),
        at: Number(at),
        sessionId: String(sessionId),
        kind: String(kind),
        body: recordOf(JSON.parse(String(body))),
      });
    }
    const [check] = db.prepare("PRAGMA integrity_check").all();
    return {
      rows,
      firstBreak,
      head,
      integrity: String(check?.["integrity_check"]),
    };
  } finally {
    db.close();
  }
}

/** The bodies of one kind, in order. */
export function bodies(
  { rows }: LedgerFile,
  kind: string,
): Readonly<Record<string, unknown>>[] {
  return rows.filter((row) => row.kind === kind).map(({ body }) => body);
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new TypeError(`No object: ${value}`);
  return { ...value };
}
