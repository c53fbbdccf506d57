import { z } from "zod";
import { type Clock, withDeadline } from "../clock.ts";
import type { Quote } from "../market/market.ts";
import type { ChosenStrategy } from "../strategy/registry.ts";
import type { Signal, Strategy, View } from "../strategy/strategy.ts";
import { StrategyError, StrategyStoppedError } from "../strategy/strategy_error.ts";
import {
  ANSWER_MS,
  ANSWERED_AT,
  HEADER_BYTES,
  HEADER_FIELDS,
  HELD_KIB_AT,
  LENGTH_AT,
  type Question,
} from "./strategy_worker.ts";

/**
 * An author's strategy in a Worker of its own: no network, no disk, no environment, a time limit for each answer
 * and a memory budget. The session waits for the answer where it stands, as for a strategy in its own process, so virtual time
 * stays what it is and the same day gives the same ledger.
 */

/** Transpiling the file and what it imports, once: a second, but on a machine that is busy with others far more. */
const LOAD_MS = 60_000;
/** The Worker itself ends an answer that takes too long; one that does not even do that is awaited no more. */
const SILENT_MS = 2 * ANSWER_MS;
/**
 * What a strategy may hold after an answer, and what the process may grow by within one. A strategy over a hundred
 * symbols needs a tenth of it; the Worker's own limit of gigabytes would end the whole process, not the Worker, and
 * Deno heeds no smaller one (`resourceLimits`) in Workers without permissions.
 */
const MEMORY_MAX_MIB = 256;
/** How often the process's memory is looked at while an answer is awaited. */
const LOOK_EVERY_MS = 50;
const MIB = 1_048_576;
/** More wishes than this for one bar are a fault: a session follows at most 100 symbols, and exits count too. */
const SIGNALS_MAX = 200;
const ANSWER_BYTES_MAX = 1_048_576;

const nothing = z.null();
const choice = z.strictObject({
  name: z.string(),
  summary: z.string(),
  barMs: z.int().positive(),
  parameters: z.record(z.string(), z.unknown()),
});
const signals: z.ZodType<readonly Signal[]> = z.array(z.strictObject({
  symbol: z.string(),
  side: z.enum(["BUY", "SELL"]),
  purpose: z.enum(["enter", "exit"]),
  stopPrice: z.number().nullable(),
  reason: z.strictObject({
    rule: z.string(),
    text: z.string(),
    inputs: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
  group: z.string().exactOptional(),
}));
const answer = z.union([
  z.strictObject({ value: z.unknown() }),
  z.strictObject({ error: z.string() }),
]);

export class StrategyHost implements Disposable {
  readonly #worker: Worker;
  readonly #growthMaxMib: number;
  readonly #shared = new SharedArrayBuffer(HEADER_BYTES + ANSWER_BYTES_MAX);
  readonly #header = new Int32Array(this.#shared, 0, HEADER_FIELDS);
  #stopped: string | null = null;

  private constructor(worker: Worker, growthMaxMib: number) {
    this.#worker = worker;
    this.#growthMaxMib = growthMaxMib;
    worker.postMessage(this.#shared);
  }

  /**
   * Loads the module of this file into a Worker; `clock` is the wall's, however fast the session's runs. What the
   * process grows by while an answer is awaited counts as the strategy's: a process that does more than trade needs a
   * larger `growthMaxMib`.
   *
   * @throws {StrategyError} when it cannot be loaded
   */
  static async load(
    file: URL,
    clock: Clock,
    growthMaxMib = MEMORY_MAX_MIB,
  ): Promise<StrategyHost> {
    checkThere(file);
    const runtime = new URL("./strategy_worker.ts", import.meta.url).href;
    const entry = `import { serve } from ${JSON.stringify(runtime)};` +
      `import * as author from ${JSON.stringify(file.href)};serve(author);postMessage("ready");`;
    const worker = new Worker(`data:text/javascript,${encodeURIComponent(entry)}`, {
      type: "module",
      deno: { permissions: "none" },
    });
    try {
      await withDeadline(clock, ready(worker), LOAD_MS, "the file does not load");
    } catch (error) {
      worker.terminate();
      if (!(error instanceof Error)) throw error;
      throw new StrategyError(`Cannot load strategy file "${file.pathname}": ${error.message}`);
    }
    return new StrategyHost(worker, growthMaxMib);
  }

  /**
   * The strategy with its parameters checked.
   *
   * @throws {StrategyError} for a parameter it does not take, or a file without one strategy
   */
  choose(given: Readonly<Record<string, unknown>>): ChosenStrategy {
    try {
      const chosen = this.#ask({ what: "choose", given }, choice);
      return { ...chosen, create: () => this.#create() };
    } catch (error) {
      if (error instanceof StrategyStoppedError) throw new StrategyError(error.message);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #create(): Strategy {
    const warmupBars = this.#ask({ what: "create" }, z.int().nonnegative());
    let known: readonly string[] = [];
    return {
      warmupBars,
      init: (symbols) => {
        known = symbols;
        this.#ask({ what: "init", symbols }, nothing);
      },
      warmUp: (bar) => void this.#ask({ what: "warm-up", bar }, nothing),
      next: (bar, view) => {
        const wishes = this.#ask({ what: "next", bar, view: factsOf(view, known) }, signals);
        if (wishes.length <= SIGNALS_MAX) return wishes;
        throw this.#stop(`it asked for ${wishes.length} orders at once, limit ${SIGNALS_MAX}`);
      },
      idle: (symbol) =>
        this.#stopped === null
          ? this.#ask({ what: "idle", symbol }, z.string().nullable()) ??
            "the strategy does not say"
          : `the strategy was stopped: ${this.#stopped}`,
    };
  }

  /** @throws {StrategyStoppedError} when it does not answer in time, or with something else */
  #ask<T>(question: Question, schema: z.ZodType<T>): T {
    if (this.#stopped !== null) throw new StrategyStoppedError(this.#stopped);
    Atomics.store(this.#header, ANSWERED_AT, 0);
    this.#worker.postMessage(question);
    const overrun = this.#wait() ?? this.#overheld();
    if (overrun !== null) throw this.#stop(overrun);
    const parsed = answer.safeParse(this.#read());
    if (!parsed.success) throw this.#stop("its answer cannot be read");
    if ("error" in parsed.data) throw this.#stop(parsed.data.error);
    const value = schema.safeParse(parsed.data.value);
    if (value.success) return value.data;
    throw this.#stop(`its answer is wrong: ${z.prettifyError(value.error)}`);
  }

  /** Null once the answer is there, else why it is awaited no longer. */
  #wait(): string | null {
    const before = Deno.memoryUsage().rss;
    for (let waitedMs = 0; waitedMs < SILENT_MS; waitedMs += LOOK_EVERY_MS) {
      if (Atomics.wait(this.#header, ANSWERED_AT, 0, LOOK_EVERY_MS) !== "timed-out") return null;
      const grownMib = Math.round((Deno.memoryUsage().rss - before) / MIB);
      if (grownMib > this.#growthMaxMib) {
        return `it took ${grownMib} MiB of memory within one answer, limit ${this.#growthMaxMib} MiB`;
      }
    }
    return `it did not answer within ${SILENT_MS} ms`;
  }

  /** Why what the Worker holds after its answer is too much; null when it is not. */
  #overheld(): string | null {
    const heldMib = Math.round(Atomics.load(this.#header, HELD_KIB_AT) / 1_024);
    return heldMib <= MEMORY_MAX_MIB
      ? null
      : `it holds ${heldMib} MiB of memory, limit ${MEMORY_MAX_MIB} MiB`;
  }

  #read(): unknown {
    const length = Atomics.load(this.#header, LENGTH_AT);
    // A decoder takes no shared memory, hence the copy.
    const bytes = new Uint8Array(this.#shared, HEADER_BYTES, length).slice();
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #stop(because: string): StrategyStoppedError {
    this.#stopped = because;
    this.#worker.terminate();
    return new StrategyStoppedError(because);
  }
}

function factsOf(
  view: View,
  symbols: readonly string[],
): Extract<Question, { what: "next" }>["view"] {
  const quotes: Record<string, Quote> = {};
  const positions: Record<string, number> = {};
  for (const symbol of symbols) {
    const quote = view.quote(symbol);
    if (quote !== null) quotes[symbol] = quote;
    positions[symbol] = view.position(symbol);
  }
  return { now: view.now, quotes, positions };
}

/** A Worker that finds no module tells the terminal before it tells us, in the words of its own entry. */
function checkThere(file: URL): void {
  try {
    Deno.statSync(file);
  } catch (error) {
    // A permission set that ignores what it does not name says so of every file outside of it.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StrategyError(
      `Cannot load strategy file "${file.pathname}": there is no such file in the folders this task ` +
        "may read; a session reads the project's folder",
    );
  }
}

/** Resolves with the Worker's first word; rejects with what its module threw. */
function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = (event) => {
      event.preventDefault();
      // The lines below the first are a trace through the Worker's own entry.
      reject(new Error(event.message.split("\n")[0] ?? ""));
    };
  });
}
