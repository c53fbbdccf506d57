import type { Entry, EntryBody, EntryKind, EntryOf } from "./entry.ts";

/** Which entries: of one session, of some kinds, from a number on, before a number; all of them without a word. */
export interface LedgerQuery {
  readonly sessionId?: string;
  readonly kinds?: readonly EntryKind[];
  readonly fromSeq?: number;
  /** The first that is not read any more. */
  readonly beforeSeq?: number;
}

/** Why orders were made, in the few words by which years of them are added up. */
export interface Grounds {
  readonly intents: ReadonlyMap<string, IntentGround>; // intentId → what it was
  readonly signals: ReadonlyMap<string, SignalGround>; // signalId → what it was
}

export interface IntentGround {
  readonly role: string;
  readonly strategy: string;
  readonly signalId: string | null;
}

export interface SignalGround {
  readonly strategy: string;
  readonly rule: string;
}

/** What a reader may do: the report, the dashboard, the probe. */
export interface LedgerReader {
  /** Entries in order of seq, as far as the ledger goes when the reading begins. */
  read(query?: LedgerQuery): Iterable<Entry>;
  /** Ids of all sessions, oldest first, with their exchange dates. */
  sessions(): readonly { readonly sessionId: string; readonly date: string }[];
  /** Of the intents and signals among these numbers; reading them whole would take three times as long. */
  grounds(range: { readonly fromSeq: number; readonly beforeSeq: number }): Grounds;
  /** The intents with these ids, whichever session wrote them; an id without one is passed over. */
  intents(intentIds: Iterable<string>): Iterable<EntryOf<"intent">>;
  /** Numbers of the first and the last entry that a session wrote; null when it wrote none. */
  span(sessionId: string): { readonly first: number; readonly last: number } | null;
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
