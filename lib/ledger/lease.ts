import { DatabaseSync } from "node:sqlite";
import { LedgerError } from "./ledger.ts";

/**
 * Who trades on a ledger, written into it. The lock of the operating system keeps two sessions of one machine apart;
 * this keeps apart two machines that got hold of the same ledger, on a shared disk or by a restored backup.
 */
export interface LeaseOwner {
  readonly host: string;
  readonly pid: number;
  /** Exchange date the session is about, `2026-11-20`: the lease of a day that is over binds nobody. */
  readonly date: string;
  /** Epoch ms. */
  readonly since: number;
}

/** Another machine trades on this ledger today, or died while it did. */
export class LeasedError extends Error {
  override readonly name = "LeasedError";
  constructor(readonly path: string, { host, pid, date, since }: LeaseOwner) {
    super(
      `Another session is running: ${host} (pid ${pid}) trades on ledger "${path}" on ${date}, since ` +
        `${new Date(since).toISOString()}. End it there; if that machine is gone for good: ` +
        `sqlite3 "${path}" "DELETE FROM lease"`,
    );
  }
}

export interface Lease extends Disposable {
  release(): void;
}

/** As long as another's transaction on the same file may take. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Takes the lease, over from a dead session of this machine (whose lock the caller holds) or of a day that is over.
 *
 * @throws {LeasedError} when another machine has it for this day or a later one
 * @throws {LedgerError} when the file cannot be written
 */
export function takeLease(path: string, owner: LeaseOwner): Lease {
  const holder = write(path, (db) => {
    const found = ownerOf(db);
    if (found !== null && found.host !== owner.host && found.date >= owner.date) return found;
    db.prepare("INSERT OR REPLACE INTO lease (id, host, pid, date, since) VALUES (1, ?, ?, ?, ?)")
      .run(owner.host, owner.pid, owner.date, owner.since);
    return null;
  });
  if (holder !== null) throw new LeasedError(path, holder);
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    try {
      write(path, (db) => db.prepare("DELETE FROM lease WHERE host = ?").run(owner.host));
    } catch (error) {
      // A disk that refuses ends the session with its own error; the next one here takes the lease over.
      if (!(error instanceof LedgerError)) throw error;
    }
  };
  return { release, [Symbol.dispose]: release };
}

function ownerOf(db: DatabaseSync): LeaseOwner | null {
  const row = db.prepare("SELECT host, pid, date, since FROM lease").get();
  if (row === undefined) return null;
  const { host, pid, date, since } = row;
  return { host: String(host), pid: Number(pid), date: String(date), since: Number(since) };
}

/** One transaction: between reading the owner and writing ours nobody else can. */
function write<T>(path: string, change: (db: DatabaseSync) => T): T {
  try {
    const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      db.exec("BEGIN IMMEDIATE");
      const result = change(db);
      db.exec("COMMIT");
      return result;
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new LedgerError(`Cannot take the lease of ledger "${path}": ${error.message}`, {
      cause: error,
    });
  }
}
