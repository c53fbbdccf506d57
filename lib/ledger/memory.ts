import { chainHash, GENESIS_HASH } from "./chain.ts";
import type { Entry, EntryBody, EntryOf } from "./entry.ts";
import { groundsOf } from "./grounds.ts";
import type { Grounds, Ledger, LedgerQuery } from "./ledger.ts";
import { encodeBody } from "./schema.ts";

/** Room for times at first; it doubles as it fills. */
const TIMES_MIN = 1_024;

/**
 * A ledger that lives as long as the process, for backtests. The hash chain is the same as on disk and is computed
 * when somebody asks for it, because most backtests never do.
 *
 * It keeps columns and makes an entry of them when one is read: a backtest of years fills millions, and an object
 * each, with its time, costs the collector more than the writing.
 */
export class MemoryLedger implements Ledger {
  readonly #bodies: EntryBody[] = [];
  readonly #sessionIds: string[] = [];
  #times = new Float64Array(TIMES_MIN);
  readonly #hashes: string[] = [];

  append(sessionId: string, atMs: number, bodies: readonly EntryBody[]): readonly Entry[] {
    return bodies.map((body) => {
      const seq = this.#bodies.push(body);
      this.#sessionIds.push(sessionId);
      this.#keepTime(seq - 1, atMs);
      return new MemoryEntry({ seq, at: atMs, sessionId, body }, this);
    });
  }

  *read(query: LedgerQuery = {}): Iterable<Entry> {
    const { sessionId, kinds, fromSeq = 1, beforeSeq = Infinity } = query;
    const end = Math.min(this.#bodies.length, beforeSeq - 1);
    for (let index = Math.max(fromSeq, 1) - 1; index < end; index++) {
      const kind = this.#bodies[index]?.kind;
      if (kind === undefined || (kinds !== undefined && !kinds.includes(kind))) continue;
      if (sessionId !== undefined && this.#sessionIds[index] !== sessionId) continue;
      yield this.#entry(index + 1);
    }
  }

  sessions(): readonly { sessionId: string; date: string }[] {
    const dates = new Map<string, string>(); // sessionId → date of its first opening
    for (const { sessionId, body } of this.read()) {
      if (body.kind === "session-opened" && !dates.has(sessionId)) dates.set(sessionId, body.date);
    }
    return [...dates].map(([sessionId, date]) => ({ sessionId, date }));
  }

  grounds(range: { fromSeq: number; beforeSeq: number }): Grounds {
    return groundsOf(this.read(range));
  }

  *intents(intentIds: Iterable<string>): Iterable<EntryOf<"intent">> {
    const wanted = [...intentIds];
    if (wanted.length === 0) return;
    const found = new Map<string, EntryOf<"intent">>();
    for (const { seq, at, sessionId, body } of this.read({ kinds: ["intent"] })) {
      if (body.kind !== "intent") continue;
      found.set(body.intentId, { seq, at, sessionId, body, hash: "" });
    }
    // In the order asked for, as from disk.
    for (const intentId of wanted) {
      const entry = found.get(intentId);
      if (entry !== undefined) yield { ...entry, hash: this.hashOf(entry.seq) };
    }
  }

  span(sessionId: string): { first: number; last: number } | null {
    const first = this.#sessionIds.indexOf(sessionId) + 1;
    return first === 0 ? null : { first, last: this.#sessionIds.lastIndexOf(sessionId) + 1 };
  }

  sessionIds(): readonly string[] {
    return [...new Set(this.#sessionIds)];
  }

  head(): { seq: number; hash: string } | null {
    const seq = this.#bodies.length;
    return seq === 0 ? null : { seq, hash: this.hashOf(seq) };
  }

  /** Nothing can have touched memory, so the chain holds. */
  firstBreak(): null {
    return null;
  }

  close(): void {}

  /** Hash of the entry with this number, over all before it. */
  hashOf(seq: number): string {
    for (let next = this.#hashes.length; next < seq; next++) {
      const { at, sessionId, body } = this.#entry(next + 1);
      const row = { seq: next + 1, at, sessionId, kind: body.kind, body: encodeBody(body) };
      this.#hashes.push(chainHash(this.#hashes.at(-1) ?? GENESIS_HASH, row));
    }
    return this.#hashes[seq - 1] ?? GENESIS_HASH;
  }

  #entry(seq: number): Entry {
    const [body, sessionId] = [this.#bodies[seq - 1], this.#sessionIds[seq - 1]];
    if (body === undefined || sessionId === undefined) {
      throw new RangeError(`Cannot read entry ${seq}: there is none`);
    }
    return new MemoryEntry({ seq, at: this.#times[seq - 1] ?? NaN, sessionId, body }, this);
  }

  #keepTime(index: number, atMs: number): void {
    if (index === this.#times.length) {
      const more = new Float64Array(index * 2);
      more.set(this.#times);
      this.#times = more;
    }
    this.#times[index] = atMs;
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
