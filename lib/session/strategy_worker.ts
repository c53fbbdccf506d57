import { Script } from "node:vm";
import type { Bar, Quote } from "../market/market.ts";
import { definitionsOf } from "../strategy/author.ts";
import { type ChosenStrategy, register } from "../strategy/registry.ts";
import type { Strategy } from "../strategy/strategy.ts";

/**
 * The other side of `strategy_host.ts`: runs in a Worker without permissions, beside an author's module. It answers
 * one question at a time, as JSON in shared memory, so that the session can wait for it without letting go.
 */

/** What a view shows, as facts. */
export interface ViewFacts {
  readonly now: number;
  readonly quotes: Readonly<Record<string, Quote>>;
  readonly positions: Readonly<Record<string, number>>;
}

export type Question =
  | { readonly what: "choose"; readonly given: Readonly<Record<string, unknown>> }
  | { readonly what: "create" }
  | { readonly what: "init"; readonly symbols: readonly string[] }
  | { readonly what: "warm-up"; readonly bar: Bar }
  | { readonly what: "next"; readonly bar: Bar; readonly view: ViewFacts }
  | { readonly what: "idle"; readonly symbol: string };

/** In the shared memory: whether an answer is there, its length in bytes, KiB the Worker holds; then the answer. */
export const ANSWERED_AT = 0;
export const LENGTH_AT = 1;
export const HELD_KIB_AT = 2;
export const HEADER_FIELDS = 3;
export const HEADER_BYTES = HEADER_FIELDS * 4;

/** A bar is decided in microseconds; while one takes longer, nothing else of the session moves. */
export const ANSWER_MS = 2_000;

/** Answers the session's questions about the one strategy among these exports, for as long as the Worker lives. */
export function serve(exports: Readonly<Record<string, unknown>>): void {
  const answerer = new Answerer(exports);
  let shared: SharedArrayBuffer | null = null;
  // What its code throws on its own time would end the Worker without a word; the next answer says it instead.
  for (const type of ["error", "unhandledrejection"] as const) {
    addEventListener(type, (event) => {
      event.preventDefault();
      answerer.failed ??= reasonOf(event);
    });
  }
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent)) return;
    if (event.data instanceof SharedArrayBuffer) shared = event.data;
    else if (shared !== null) write(shared, inTime(() => answerer.answer(event.data)));
  });
  hideClocks();
}

/**
 * Deno ends no Worker that is in the middle of a loop (`terminate()` waits for it to come back); V8 ends a script that
 * has a time limit, wherever it is, and what it had taken of memory is free again.
 */
function inTime(answer: () => string): string {
  Reflect.set(globalThis, ASKED, answer);
  try {
    return String(ASK.runInThisContext({ timeout: ANSWER_MS }));
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return JSON.stringify({ error: `it did not answer within ${ANSWER_MS} ms` });
  }
}

/** A script reaches what it runs through the global object only. */
const ASKED = "robo-trader answer";
const ASK = new Script(`globalThis[${JSON.stringify(ASKED)}]()`);

function isTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}

/** A strategy that reads the time would decide otherwise on the same bars; `view.now` is the time it has. */
function hideClocks(): void {
  const refuse = (): never => {
    throw new RangeError("Cannot read the time: a strategy has view.now");
  };
  Date.now = refuse;
  performance.now = refuse;
  Reflect.deleteProperty(Temporal, "Now");
  globalThis.Date = new Proxy(Date, {
    apply: refuse,
    construct: (target, given: unknown[]): Date =>
      given.length === 0 ? refuse() : Reflect.construct(target, given),
  });
}

class Answerer {
  readonly #exports: Readonly<Record<string, unknown>>;
  #chosen: ChosenStrategy | null = null;
  #strategy: Strategy | null = null;
  /** What the author's code threw outside of any answer; null when nothing. */
  failed: string | null = null;

  constructor(exports: Readonly<Record<string, unknown>>) {
    this.#exports = exports;
  }

  answer(question: Question): string {
    if (this.failed !== null) return JSON.stringify({ error: this.failed });
    try {
      return JSON.stringify({ value: this.#value(question) ?? null });
    } catch (error) {
      // Whatever an author's code throws is told to the session, which stops it.
      return JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  #value(question: Question): unknown {
    switch (question.what) {
      case "choose": {
        const [definition, ...others] = definitionsOf(this.#exports);
        if (definition === undefined || others.length > 0) {
          throw new RangeError("it must export exactly one strategy");
        }
        this.#chosen = register(definition).choose(question.given);
        const { name, summary, barMs, parameters } = this.#chosen;
        return { name, summary, barMs, parameters };
      }
      case "create":
        this.#strategy = this.#chosen?.create() ?? null;
        return this.#strategy?.warmupBars;
      case "init":
        this.#strategy?.init(question.symbols);
        return null;
      case "warm-up":
        // An arrow such as `(bar) => closes.set(…)` returns something that nobody asked for.
        this.#strategy?.warmUp(question.bar);
        return null;
      case "next": {
        const { now, quotes, positions } = question.view;
        return this.#strategy?.next(question.bar, {
          now,
          quote: (symbol) => quotes[symbol] ?? null,
          position: (symbol) => positions[symbol] ?? 0,
        });
      }
      case "idle":
        return this.#strategy?.idle?.(question.symbol);
    }
  }
}

function reasonOf(event: Event): string {
  const thrown = event instanceof ErrorEvent
    ? event.error
    : event instanceof PromiseRejectionEvent
    ? event.reason
    : null;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function write(shared: SharedArrayBuffer, text: string): void {
  const header = new Int32Array(shared, 0, HEADER_FIELDS);
  const room = shared.byteLength - HEADER_BYTES;
  let bytes = new TextEncoder().encode(text);
  if (bytes.length > room) {
    const error = `its answer of ${bytes.length} bytes is larger than ${room}`;
    bytes = new TextEncoder().encode(JSON.stringify({ error }));
  }
  new Uint8Array(shared, HEADER_BYTES).set(bytes);
  // Of this Worker alone: it has a heap of its own.
  const { heapUsed, external } = Deno.memoryUsage();
  Atomics.store(header, HELD_KIB_AT, Math.round((heapUsed + external) / 1_024));
  Atomics.store(header, LENGTH_AT, bytes.length);
  Atomics.store(header, ANSWERED_AT, 1);
  Atomics.notify(header, ANSWERED_AT);
}
