import { type Cancel, type Clock, TimeoutError } from "../clock.ts";
import { NotReadyError } from "./broker.ts";
import { UnreadableMessageError } from "./failures.ts";
import type { Pacer } from "./pacer.ts";
import { Turnstile } from "./turnstile.ts";

/**
 * A list TWS sends without a request id: open orders, completed orders, positions. Only the End marker says that
 * it is whole.
 *
 * Rows of a list whose End never came are kept for the next question, because TWS may still be sending them: that
 * one's End may then belong to the earlier list, and without the earlier rows a shorter list would look complete.
 */
export interface ListOptions<Row> {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly timeoutMs: number;
  /** What ends the list, for the error: `openOrderEnd (53)`. */
  readonly endMarker: string;
  /** Rows with the same key are one: the newest counts. */
  readonly keyOf: (row: Row) => string;
  readonly encode: () => Uint8Array;
  /** Sent once the list is whole, for a request that would go on as a subscription. */
  readonly encodeStop?: () => Uint8Array;
  /** An answer that comes too late is stale, and must not pass for that of the next question (a time). */
  readonly stale?: boolean;
}

interface Waiter<Row> {
  resolve(rows: readonly Row[]): void;
  reject(error: Error): void;
  cancel: Cancel;
}

/** An account has hundreds of orders and positions at most; more is a stream that never ends. */
const ROWS_MAX = 20_000;
/** Askers in line for one list. */
const LINE_MAX = 20;

export class UnnumberedList<Row> {
  readonly #options: ListOptions<Row>;
  // key of the row → newest row
  readonly #rows = new Map<string, Row>();
  #waiter: Waiter<Row> | null = null;
  /** A question timed out and its End is still owed. */
  #owed = false;
  /** The next End belongs to a list that is spoilt or stale: it ends nothing. */
  #discardNext = false;
  /** The question now open has seen an End discarded; should it time out, its own was that one. */
  #discarded = false;
  readonly #turnstile: Turnstile;

  constructor(options: ListOptions<Row>) {
    this.#options = options;
    this.#turnstile = new Turnstile({ what: options.endMarker, atOnce: 1, lineMax: LINE_MAX });
  }

  /** True while rows are, or may be, part of an answer. */
  get collecting(): boolean {
    return this.#waiter !== null || this.#owed;
  }

  /** Asks, after those who asked before: two answers without an id could not be told apart. */
  ask(): Promise<readonly Row[]> {
    return this.#turnstile.pass(() => this.#askNow());
  }

  add(row: Row): void {
    if (!this.collecting) return;
    this.#rows.set(this.#options.keyOf(row), row);
    if (this.#rows.size > ROWS_MAX) this.spoil(`more than ${ROWS_MAX} rows came`);
  }

  /** Changes the row with this key, if it is there. */
  update(key: string, change: (row: Row) => Row): void {
    const row = this.#rows.get(key);
    if (row !== undefined) this.#rows.set(key, change(row));
  }

  end(): void {
    if (this.#discardNext) {
      this.#discardNext = false;
      this.#discarded = true;
      this.#rows.clear();
      return;
    }
    const rows = [...this.#rows.values()];
    this.#rows.clear();
    this.#owed = false;
    this.#finish()?.resolve(rows);
  }

  /** A row could not be read: the list cannot be whole any more. */
  spoil(detail: string): void {
    if (!this.collecting) return;
    // The rest of it still comes, up to an End that must not complete the next question's list.
    this.#discardNext = true;
    this.#fail(
      new UnreadableMessageError(`List up to ${this.#options.endMarker} is incomplete: ${detail}`),
    );
  }

  refuse(error: Error): void {
    this.#fail(error);
  }

  abandon(detail: string): void {
    this.#turnstile.close(detail);
    this.#fail(new NotReadyError("tcp", `No ${this.#options.endMarker}: ${detail}`));
  }

  #askNow(): Promise<readonly Row[]> {
    const { clock, pacer, timeoutMs, endMarker, encode } = this.#options;
    return new Promise((resolve, reject) => {
      const waiter: Waiter<Row> = { resolve, reject, cancel: () => {} };
      const sent = (): void => {
        waiter.cancel = clock.at(clock.now() + timeoutMs, () => {
          if (this.#options.stale !== true) this.#owed = true;
          else if (!this.#discarded) this.#discardNext = true;
          this.#finish()?.reject(new TimeoutError(endMarker, timeoutMs));
        });
      };
      this.#waiter = waiter;
      this.#discarded = false;
      try {
        pacer.submit({ lane: "rest", bytes: encode(), sent });
      } catch (error) {
        this.#finish();
        throw error;
      }
    });
  }

  #fail(error: Error): void {
    this.#rows.clear();
    this.#owed = false;
    this.#finish()?.reject(error);
  }

  #finish(): Waiter<Row> | null {
    const waiter = this.#waiter;
    this.#waiter = null;
    if (waiter === null) return null;
    waiter.cancel();
    const { encodeStop, pacer } = this.#options;
    if (encodeStop !== undefined) pacer.offer(encodeStop());
    return waiter;
  }
}
