import { z } from "zod";
import type { Bar } from "../market/market.ts";
import { Atr, Sma } from "./indicators.ts";
import type { Reason, Signal, Strategy, StrategyDefinition, View } from "./strategy.ts";

const ATR_LENGTH = 14;
const LENGTH_MAX = 1_000;

const parameters = z.strictObject({
  fast: z.coerce.number().int().min(1).max(LENGTH_MAX).default(10)
    .describe("Bars of the fast average"),
  slow: z.coerce.number().int().min(2).max(LENGTH_MAX).default(30)
    .describe("Bars of the slow average"),
  stop: z.enum(["atr", "percent"]).default("atr")
    .describe("How far below the close the stop goes: by ATR or by percent"),
  stopAtr: z.coerce.number().positive().max(100).default(3)
    .describe(`Stop distance in average true ranges of ${ATR_LENGTH} bars, with stop=atr`),
  stopPct: z.coerce.number().positive().lt(100).default(2)
    .describe("Stop distance in percent of the close, with stop=percent"),
}).refine(({ fast, slow }) => fast < slow, {
  path: ["fast"],
  message: "fast must be shorter than slow",
});

export type SmaCrossoverParameters = z.output<typeof parameters>;

/** Long when the fast average of closes crosses above the slow one, flat when it crosses below. */
export const smaCrossover: StrategyDefinition<SmaCrossoverParameters> = {
  name: "sma-crossover",
  summary:
    "Buys when the fast moving average crosses above the slow one, sells when it crosses below",
  barMs: 60_000,
  parameters,
  create: (chosen) => new SmaCrossover(chosen),
};

/** What is remembered of one symbol. */
interface Track {
  readonly fast: Sma;
  readonly slow: Sma;
  readonly atr: Atr;
  /** On which side of the slow average the fast one was last seen: 1 above, −1 below, 0 not known yet. */
  side: number;
  /** True from our entry signal to our exit signal, whatever became of them. */
  wanted: boolean;
}

type Crossing = "above" | "below" | null;

class SmaCrossover implements Strategy {
  readonly warmupBars: number;
  readonly #chosen: SmaCrossoverParameters;
  readonly #tracks = new Map<string, Track>(); // symbol → Track

  constructor(chosen: SmaCrossoverParameters) {
    this.#chosen = chosen;
    this.warmupBars = Math.max(chosen.slow, chosen.stop === "atr" ? ATR_LENGTH + 1 : 0);
  }

  init(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      this.#tracks.set(symbol, {
        fast: new Sma(this.#chosen.fast),
        slow: new Sma(this.#chosen.slow),
        atr: new Atr(ATR_LENGTH),
        side: 0,
        wanted: false,
      });
    }
  }

  warmUp(bar: Bar): void {
    follow(this.#track(bar.symbol), bar);
  }

  next(bar: Bar, view: View): readonly Signal[] {
    const track = this.#track(bar.symbol);
    const crossing = follow(track, bar);
    if (crossing === null) return [];
    const held = view.position(bar.symbol);
    if (crossing === "above" && held === 0) return this.#enter(track, bar);
    if (crossing === "below" && (held > 0 || track.wanted)) return this.#exit(track, bar);
    return [];
  }

  idle(symbol: string): string {
    const { fast, slow } = this.#track(symbol);
    if (fast.value === null || slow.value === null) return "the averages are not filled yet";
    const above = fast.value > slow.value ? "above" : "not above";
    return `the average of the last ${this.#chosen.fast} closes (${
      fast.value.toFixed(4)
    }) did not cross: ` +
      `it is ${above} the average of the last ${this.#chosen.slow} (${slow.value.toFixed(4)})`;
  }

  #enter(track: Track, bar: Bar): readonly Signal[] {
    const distance = this.#stopDistance(track, bar);
    if (distance === null) return [];
    track.wanted = true;
    const { symbol } = bar;
    const reason = this.#reason("sma-cross-above", track, bar);
    return [{ symbol, side: "BUY", purpose: "enter", stopPrice: bar.close - distance, reason }];
  }

  /** Also without a position: an entry that still works must hear that its reason is gone. */
  #exit(track: Track, bar: Bar): readonly Signal[] {
    track.wanted = false;
    const { symbol } = bar;
    const reason = this.#reason("sma-cross-below", track, bar);
    return [{ symbol, side: "SELL", purpose: "exit", stopPrice: null, reason }];
  }

  #stopDistance(track: Track, bar: Bar): number | null {
    const { stop, stopAtr, stopPct } = this.#chosen;
    if (stop === "percent") return (bar.close * stopPct) / 100;
    return track.atr.value === null ? null : track.atr.value * stopAtr;
  }

  #reason(rule: string, track: Track, bar: Bar): Reason {
    const { fast, slow } = this.#chosen;
    const [fastSma, slowSma] = [track.fast.value ?? NaN, track.slow.value ?? NaN];
    const direction = rule === "sma-cross-above" ? "above" : "below";
    return {
      rule,
      text: `The average of the last ${fast} closes (${fastSma.toFixed(4)}) crossed ${direction} ` +
        `the average of the last ${slow} (${slowSma.toFixed(4)})`,
      inputs: { close: bar.close, fast, slow, fastSma, slowSma, atr: track.atr.value ?? "unknown" },
    };
  }

  #track(symbol: string): Track {
    const track = this.#tracks.get(symbol);
    if (track === undefined) {
      throw new RangeError(`Cannot follow "${symbol}": it was not announced`);
    }
    return track;
  }
}

/** The first side seen is where we start, not a crossing. A difference of zero keeps the side it came from. */
function follow(track: Track, bar: Bar): Crossing {
  track.atr.push(bar);
  const fast = track.fast.push(bar.close);
  const slow = track.slow.push(bar.close);
  if (fast === null || slow === null) return null;
  const before = track.side;
  const now = Math.sign(roundToNano(fast - slow));
  if (now === 0 || now === before) return null;
  track.side = now;
  if (before === 0) return null;
  return now > 0 ? "above" : "below";
}

/** Two sums of the same closes differ in their last binary digits; such a difference is no crossing. */
function roundToNano(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
