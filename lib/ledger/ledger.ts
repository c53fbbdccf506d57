import type { Entry, EntryBody } from "./entry.ts";

/** What a reader may do: the report, the dashboard, the probe. */
export interface LedgerReader {
  /** Entries in order of seq; of one session when `sessionId` is given; from `fromSeq` on. */
  read(query?: { readonly sessionId?: string; readonly fromSeq?: number }): Iterable<Entry>;
  /** Ids of all sessions, oldest first, with their exchange dates. */
  sessions(): readonly { readonly sessionId: string; readonly date: string }[];
  /** Every session id that ever wrote, in any order; also of sessions that ended before they opened. */
  sessionIds(): readonly string[];
  /** Hash and seq of the newest entry; null of an empty ledger. */
  head(): { readonly seq: number; readonly hash: string } | null;
  /** Recomputes the chain. Null when it holds, else the first seq that does not. */
  firstBreak(): number | null;
  close(): void;
}

/** The one writer: the session (and the halt commands). */
export interface Ledger extends LedgerReader {
  /**
   * Appends in one durable transaction: when it returns, a power cut loses none of them.
   *
   * @throws {LedgerError} when the disk refuses; then nothing of it was written
   */
  append(sessionId: string, atMs: number, bodies: readonly EntryBody[]): readonly Entry[];
}

/** The ledger cannot be opened, read or written. Fatal: no order may leave without it. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
}
