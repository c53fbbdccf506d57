import type { Clock } from "../clock.ts";
import type { Entry, EntryBody, Incident } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { Books } from "../ledger/positions.ts";
import { Standing } from "../ledger/standing.ts";
import { Day } from "./day.ts";
import { Intents } from "./intents.ts";
import { Pairs } from "./pairs.ts";
import { Parents } from "./parents.ts";

/**
 * The session's one way into its ledger, and the state folded from it. What is written is durable before it
 * counts; what counts can be rebuilt from what was written.
 */
export class Journal {
  readonly books = new Books();
  readonly intents = new Intents();
  readonly parents = new Parents(this.intents);
  readonly pairs = new Pairs(this.intents);
  readonly day = new Day(this.intents);
  readonly standing = new Standing();
  /** What is written belongs to it; a backtest goes on to the next with every day. */
  sessionId: string;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #observe: (entry: Entry) => void;
  /** seq of the newest entry folded in */
  #seq = 0;

  /** Replays the whole ledger: starting and recovering are the same. */
  constructor(options: {
    readonly ledger: Ledger;
    readonly clock: Clock;
    readonly sessionId: string;
    /** Sees each entry right after it became durable. */
    readonly observe?: (entry: Entry) => void;
  }) {
    this.#ledger = options.ledger;
    this.#clock = options.clock;
    this.sessionId = options.sessionId;
    this.#observe = options.observe ?? (() => {});
    for (const entry of this.#ledger.read()) this.#apply(entry);
    this.intents.startConnection();
  }

  /** Takes in what others wrote meanwhile, such as a person's halt from another terminal, and shows it. */
  catchUp(): void {
    if ((this.#ledger.head()?.seq ?? 0) === this.#seq) return;
    const news = [...this.#ledger.read({ fromSeq: this.#seq + 1 })];
    for (const entry of news) this.#apply(entry);
    for (const entry of news) this.#observe(entry);
  }

  /** @throws {LedgerError} when the disk refuses: fatal, the session must not go on */
  write(...bodies: readonly EntryBody[]): void {
    const entries = this.#ledger.append(this.sessionId, this.#clock.now(), bodies);
    const [first] = entries;
    // Somebody else wrote in between; what is ours comes with it.
    if (first !== undefined && first.seq > this.#seq + 1) return this.catchUp();
    for (const entry of entries) this.#apply(entry);
    for (const entry of entries) this.#observe(entry);
  }

  /** By the session's clock, epoch ms. */
  now(): number {
    return this.#clock.now();
  }

  /** Something a person should know of: a warning, unless said otherwise. */
  incident(
    { code, text, symbol = null, severity = "warning", durationMs = null }: {
      readonly code: string;
      readonly text: string;
      readonly symbol?: string | null;
      readonly severity?: Incident["severity"];
      readonly durationMs?: number | null;
    },
  ): void {
    this.write({ kind: "incident", code, severity, symbol, text, durationMs });
  }

  #apply(entry: Entry): void {
    this.#seq = entry.seq;
    this.books.apply(entry);
    this.intents.apply(entry);
    this.parents.apply(entry);
    this.pairs.apply(entry);
    this.day.apply(entry);
    this.standing.apply(entry);
  }
}
