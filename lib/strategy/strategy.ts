import type { z } from "zod";
import type { Bar, Quote } from "../market/market.ts";

/** The strategy port: what an author writes, and the nouns an author sees. */

/** BUY or SELL, IB's `action`. */
export type Side = "BUY" | "SELL";

/** What a strategy wants done with one symbol. How much, and whether at all, is for risk to say. */
export interface Signal {
  readonly symbol: string;
  readonly side: Side;
  /** `enter` opens or adds, `exit` closes what is held in this symbol. */
  readonly purpose: "enter" | "exit";
  /** For an entry: the price at which the idea is wrong. The stop at the broker goes there. */
  readonly stopPrice: number | null;
  readonly reason: Reason;
  /** Entries of one answer that name the same group go out together or not at all: the legs of a pair. */
  readonly group?: string;
}

/** Why: the rule's name, a sentence, and the numbers it saw. Kept in the ledger, shown in the report. */
export interface Reason {
  readonly rule: string;
  readonly text: string;
  readonly inputs: Readonly<Record<string, number | string>>;
}

/** What a strategy may look at besides the bar. */
export interface View {
  /** Start of the current bar plus its length, epoch ms: the only clock a strategy has. */
  readonly now: number;
  quote(symbol: string): Quote | null;
  /** Shares held, negative when short. */
  position(symbol: string): number;
}

export interface Strategy {
  /** Finished bars per symbol it needs before `next` may be asked. */
  readonly warmupBars: number;
  /** Called once, before any bar, with the symbols it will see. */
  init(symbols: readonly string[]): void;
  /** Called for a bar of history, oldest first, to fill the indicators. */
  warmUp(bar: Bar): void;
  /** Called for each finished bar. An empty answer means: nothing to do. */
  next(bar: Bar, view: View): readonly Signal[];
  /** Where the rule stands with this symbol, in a sentence with its numbers: why its newest bar led to nothing. */
  idle?(symbol: string): string;
}

export interface StrategyDefinition<P = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Length of the bars it wants, in ms. */
  readonly barMs: number;
  readonly parameters: z.ZodType<P>;
  create(parameters: P): Strategy;
}
