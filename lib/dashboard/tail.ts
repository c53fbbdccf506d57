import type { LedgerPanel } from "./feed.ts";
import { LedgerError, type LedgerReader } from "../ledger/ledger.ts";
import { DashboardState } from "./state.ts";

/** Entries folded at a time: some 20 ms of work, then others have their turn. */
const BATCH_MAX = 1_000;
/** How often the file itself is looked at: it may not be there yet, or another may have taken its name. */
const FILE_CHECK_MS = 1_000;

export interface TailOptions {
  /** Opens the ledger for reading. */
  readonly open: () => LedgerReader;
  /** Tells one file from another under the same name; null when there is none. */
  readonly identity: () => string | null;
}

/**
 * Follows a ledger by its numbers and folds it. Read-only, so the session is never disturbed; whatever happens to
 * the file, the last state stays and `status` says what is wrong.
 */
export class Tail {
  readonly #options: TailOptions;
  #reader: LedgerReader | null = null;
  #identity: string | null = null;
  #checkedAt = -Infinity;
  /** True once everything that was there at the start is folded: from then on entries are seen as they happen. */
  #live = false;
  #state = new DashboardState();
  #status: Pick<LedgerPanel, "state" | "because" | "since">;

  constructor(options: TailOptions, now: number) {
    this.#options = options;
    this.#status = { state: "reading", because: "the ledger is being opened", since: now };
  }

  get state(): DashboardState {
    return this.#state;
  }

  get panel(): LedgerPanel {
    const { seq, hash } = this.#state.head ?? { seq: 0, hash: null };
    return { ...this.#status, seq, hash };
  }

  /** Folds the next entries. True when there are more right now. */
  poll(now: number): boolean {
    try {
      this.#checkFile(now);
      return this.#reader === null ? false : this.#advance(this.#reader, now);
    } catch (error) {
      if (!isLedgerTrouble(error)) throw error;
      this.close();
      this.#become("unreadable", error.message, now);
      return false;
    }
  }

  close(): void {
    this.#reader?.close();
    this.#reader = null;
  }

  #checkFile(now: number): void {
    if (now - this.#checkedAt < FILE_CHECK_MS) return;
    const identity = this.#options.identity();
    if (identity === null) {
      this.#checkedAt = now;
      this.close();
      this.#become("missing", "there is no ledger yet: deno task session begins one", now);
      return;
    }
    if (this.#identity !== null && identity !== this.#identity) this.#startOver();
    this.#checkedAt = now;
    this.#identity = identity;
    this.#reader ??= this.#options.open();
  }

  /** Another file under the same name: what was folded is of another ledger. */
  #startOver(): void {
    this.close();
    this.#state = new DashboardState();
    this.#live = false;
    this.#checkedAt = -Infinity;
  }

  #advance(reader: LedgerReader, now: number): boolean {
    const head = reader.head()?.seq ?? 0;
    let seq = this.#state.head?.seq ?? 0;
    if (head < seq) {
      this.#startOver();
      return true;
    }
    if (head > seq) {
      let folded = 0;
      for (const entry of reader.read({ fromSeq: seq + 1 })) {
        this.#state.apply(entry, this.#live ? now : null);
        seq = entry.seq;
        if (++folded === BATCH_MAX) break;
      }
    }
    if (head > seq) {
      if (!this.#live) this.#become("reading", `entry ${seq} of ${head}`, now);
      return true;
    }
    this.#live = true;
    this.#become("following", null, now);
    return false;
  }

  #become(state: LedgerPanel["state"], because: string | null, now: number): void {
    const since = state === this.#status.state ? this.#status.since : now;
    this.#status = { state, because, since };
  }
}

/** SQLite's own errors come with this code; LedgerError when the file is no ledger or an entry cannot be read. */
function isLedgerTrouble(error: unknown): error is Error {
  return error instanceof LedgerError ||
    (error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR");
}
