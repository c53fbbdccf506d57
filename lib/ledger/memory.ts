import { chainHash, GENESIS_HASH } from "./chain.ts";
import type { Entry, EntryBody, EntryOf } from "./entry.ts";
import { groundsOf } from "./grounds.ts";
import type { Grounds, Ledger, LedgerQuery } from "./ledger.ts";
import { encodeBody } from "./schema.ts";

/**
 * A ledger that lives as long as the process, for backtests. The hash chain is the same as on disk and is computed
 * when somebody asks for it, because most backtests never do.
 */
export class MemoryLedger implements Ledger {
  readonly #entries: MemoryEntry[] = [];
  readonly #hashes: string[] = [];

  append(sessionId: string, atMs: number, bodies: readonly EntryBody[]): readonly Entry[] {
    return bodies.map((body) => {
      const seq = this.#entries.length + 1;
      const entry = new MemoryEntry({ seq, at: atMs, sessionId, body }, this);
      this.#entries.push(entry);
      return entry;
    });
  }

  *read(query: LedgerQuery = {}): Iterable<Entry> {
    const { sessionId, kinds, fromSeq = 1, beforeSeq = Infinity } = query;
    const end = Math.min(this.#entries.length, beforeSeq - 1);
    for (let index = Math.max(fromSeq, 1) - 1; index < end; index++) {
      const entry = this.#entries[index];
      if (entry === undefined) return;
      if (sessionId !== undefined && entry.sessionId !== sessionId) continue;
      if (kinds === undefined || kinds.includes(entry.body.kind)) yield entry;
    }
  }

  sessions(): readonly { sessionId: string; date: string }[] {
    const dates = new Map<string, string>(); // sessionId → date of its first opening
    for (const { sessionId, body } of this.#entries) {
      if (body.kind === "session-opened" && !dates.has(sessionId)) dates.set(sessionId, body.date);
    }
    return [...dates].map(([sessionId, date]) => ({ sessionId, date }));
  }

  grounds(range: { fromSeq: number; beforeSeq: number }): Grounds {
    return groundsOf(this.read(range));
  }

  *intents(intentIds: Iterable<string>): Iterable<EntryOf<"intent">> {
    for (const intentId of intentIds) {
      for (const { body, ...entry } of this.#entries) {
        if (body.kind === "intent" && body.intentId === intentId) {
          yield { ...entry, body, hash: this.hashOf(entry.seq) };
        }
      }
    }
  }

  span(sessionId: string): { first: number; last: number } | null {
    const first = this.#entries.find((entry) => entry.sessionId === sessionId)?.seq;
    const last = this.#entries.findLast((entry) => entry.sessionId === sessionId)?.seq;
    return first === undefined || last === undefined ? null : { first, last };
  }

  sessionIds(): readonly string[] {
    return [...new Set(this.#entries.map(({ sessionId }) => sessionId))];
  }

  head(): { seq: number; hash: string } | null {
    const last = this.#entries.at(-1);
    return last === undefined ? null : { seq: last.seq, hash: last.hash };
  }

  /** Nothing can have touched memory, so the chain holds. */
  firstBreak(): null {
    return null;
  }

  close(): void {}

  /** Hash of the entry with this number, over all before it. */
  hashOf(seq: number): string {
    for (let next = this.#hashes.length; next < seq; next++) {
      const entry = this.#entries[next];
      if (entry === undefined) throw new RangeError(`Cannot hash entry ${seq}: there is none`);
      const { at, sessionId, body } = entry;
      const row = { seq: entry.seq, at, sessionId, kind: body.kind, body: encodeBody(body) };
      this.#hashes.push(chainHash(this.#hashes.at(-1) ?? GENESIS_HASH, row));
    }
    return this.#hashes[seq - 1] ?? GENESIS_HASH;
  }
}

class MemoryEntry implements Entry {
  readonly seq: number;
  readonly at: number;
  readonly sessionId: string;
  readonly body: EntryBody;
  readonly #ledger: MemoryLedger;

  constructor(entry: Omit<Entry, "hash">, ledger: MemoryLedger) {
    this.seq = entry.seq;
    this.at = entry.at;
    this.sessionId = entry.sessionId;
    this.body = entry.body;
    this.#ledger = ledger;
  }

  get hash(): string {
    return this.#ledger.hashOf(this.seq);
  }
}
