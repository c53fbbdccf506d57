import { dirname } from "node:path";
import { beaconPath, type GatewayBeacon } from "../lib/beacon.ts";
import type { Bar } from "../lib/market/market.ts";
import { parseBars } from "../lib/market/bars_csv.ts";
import type { JournalLine } from "../lib/simulator/journal.ts";
import type { GatewayInput } from "../lib/simulator/options.ts";
import {
  type Beginning,
  beginningLine,
  inputLine,
  parseState,
  type State,
} from "../lib/simulator/state.ts";
import { exchangeDate } from "../lib/simulator/trading_days.ts";
import { UNIVERSE } from "../lib/simulator/universe.ts";
import { note } from "../lib/terminal.ts";

/** The files around a simulated Gateway. */

const encoder = new TextEncoder();

/** A file the user named cannot be written. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** A file that is appended to, whole lines at a time. */
class Appender implements Disposable {
  readonly #file: Deno.FsFile;

  /** @throws {OutputError} when it cannot be written */
  constructor(path: string) {
    try {
      Deno.mkdirSync(dirname(path), { recursive: true });
      this.#file = Deno.openSync(path, { append: true, create: true });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new OutputError(
        `Cannot write "${path}": ${error.message}. This task writes below data/ only`,
      );
    }
  }

  write(text: string): void {
    const bytes = encoder.encode(text);
    for (let written = 0; written < bytes.length;) {
      written += this.#file.writeSync(bytes.subarray(written));
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

export interface Journal extends Disposable {
  /** Undefined when none is kept. */
  readonly write: ((line: JournalLine) => void) | undefined;
}

export function openJournal(path: string | undefined): Journal {
  if (path === undefined) return { write: undefined, [Symbol.dispose]: () => {} };
  const file = new Appender(path);
  return {
    write: (line) => file.write(`${JSON.stringify({ ...line, wallMs: Date.now() })}\n`),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** What an earlier Gateway left; null when there is nothing. @throws {SyntaxError} when it is something else */
export function readState(path: string | undefined): State | null {
  if (path === undefined) return null;
  try {
    return parseState(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

export interface StateFile extends Disposable {
  readonly onInput: ((input: GatewayInput) => void) | undefined;
}

/** Continues the file behind its last whole line, or begins it. */
export function openState(
  path: string | undefined,
  { beginning, earlier }: { readonly beginning: Beginning; readonly earlier: State | null },
): StateFile {
  if (path === undefined) return { onInput: undefined, [Symbol.dispose]: () => {} };
  if (earlier !== null) Deno.truncateSync(path, earlier.length);
  const file = new Appender(path);
  if (earlier === null) file.write(beginningLine(beginning));
  return {
    onInput: (input) => file.write(inputLine(input)),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/**
 * The bars of a folder, a file such as AAPL.csv for each stock.
 *
 * @throws {SyntaxError} naming file and line of what cannot be read, {RangeError} when there is no file for any stock
 */
export function readBars(
  folder: string | undefined,
): ((symbol: string, date: string) => readonly Bar[]) | undefined {
  if (folder === undefined) return undefined;
  const days = new Map<string, Bar[]>(); // symbol/date → bars
  for (const { symbol } of UNIVERSE) {
    const text = textOf(`${folder}/${symbol}.csv`);
    if (text === null) continue;
    for (const bar of parseBars(text, { symbol })) {
      const key = `${symbol}/${exchangeDate(bar.time)}`;
      const bars = days.get(key);
      if (bars === undefined) days.set(key, [bar]);
      else bars.push(bar);
    }
  }
  if (days.size === 0) {
    throw new RangeError(
      `Cannot find recorded bars in "${folder}": put files such as AAPL.csv below data/, where this task may read`,
    );
  }
  return (symbol, date) => days.get(`${symbol}/${date}`) ?? [];
}

function textOf(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The clock of a Gateway, left where sessions of this machine look for it. */
export class Beacon implements Disposable {
  readonly #path: string;

  constructor(folder: string, beacon: GatewayBeacon & { readonly accounts: readonly string[] }) {
    this.#path = beaconPath(folder, beacon.port);
    try {
      Deno.mkdirSync(folder, { recursive: true });
      Deno.writeTextFileSync(this.#path, `${JSON.stringify(beacon)}\n`);
    } catch (error) {
      // A full disk, a folder that is not ours: without a beacon everything else still works.
      if (!(error instanceof Error)) throw error;
      note(`Cannot write ${this.#path}; sessions will not follow this clock: ${error.message}`);
    }
  }

  [Symbol.dispose](): void {
    try {
      Deno.removeSync(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
