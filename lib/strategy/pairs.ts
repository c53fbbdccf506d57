import { z } from "zod";
import type { Bar } from "../market/market.ts";
import { criticalValue, dickeyFuller, regress } from "./cointegration.ts";
import { entrySignal, exitSignal } from "./signals.ts";
import type { Reason, Signal, Strategy, StrategyDefinition, View } from "./strategy.ts";
import { StrategyError } from "./strategy_error.ts";

const GROUP = "pair";
/** Paired bars one leg may be held alone before it is given up: the legs' fills need not come on the same bar. */
const NAKED_BARS_MAX = 2;

const parameters = z.strictObject({
  first: z.string().optional().describe(
    "The symbol bought when the spread is low; the session's first",
  ),
  second: z.string().optional().describe(
    "The symbol sold when the spread is low; the session's second",
  ),
  window: z.coerce.number().int().min(30).max(2_000).default(240)
    .describe("Bars of the regression and of the z-score"),
  entryZ: z.coerce.number().positive().max(10).default(2)
    .describe("Standard deviations of the spread at which both legs are entered"),
  exitZ: z.coerce.number().nonnegative().max(10).default(0.5)
    .describe("Standard deviations within which both legs are left"),
  stopZ: z.coerce.number().positive().max(20).default(4)
    .describe("Standard deviations beyond which the pair is given up"),
  stopPct: z.coerce.number().positive().lt(100).default(5)
    .describe("Stop of each leg at the broker, percent of its close"),
}).refine(({ exitZ, entryZ, stopZ }) => exitZ < entryZ && entryZ < stopZ, {
  path: ["entryZ"],
  message: "entryZ must lie between exitZ and stopZ",
});

export type PairsParameters = z.output<typeof parameters>;

/** Bets that two cointegrated prices come back together: both legs or none. */
export const pairs: StrategyDefinition<PairsParameters> = {
  name: "pairs",
  summary: "Buys one symbol and sells another short when their cointegrated spread is far out",
  barMs: 60_000,
  parameters,
  create: (chosen) => new Pairs(chosen),
};

interface Leg {
  readonly symbol: string;
  /** Logarithms of closes, oldest first, at most a window of them. */
  readonly logs: number[];
  /** The bar not paired yet. */
  bar: Bar | null;
}

interface Spread {
  readonly zScore: number;
  readonly beta: number;
  /** Engle and Granger's statistic; null when it cannot be computed. */
  readonly statistic: number | null;
}

class Pairs implements Strategy {
  readonly warmupBars: number;
  readonly #chosen: PairsParameters;
  #first: Leg = newLeg("");
  #second: Leg = newLeg("");
  #nakedBars = 0;

  constructor(chosen: PairsParameters) {
    this.#chosen = chosen;
    this.warmupBars = chosen.window;
  }

  /** @throws {StrategyError} when there are not two different symbols among those announced */
  init(symbols: readonly string[]): void {
    const [first = symbols[0], second = symbols[1]] = [this.#chosen.first, this.#chosen.second];
    if (first === undefined || second === undefined) {
      throw new StrategyError(
        `Cannot trade a pair among the symbols "${symbols.join()}": it takes two`,
      );
    }
    for (const symbol of [first, second]) {
      if (symbols.includes(symbol)) continue;
      throw new StrategyError(
        `Cannot trade a pair of "${first}" and "${second}": "${symbol}" is missing`,
      );
    }
    if (first === second) {
      throw new StrategyError(`Cannot trade a pair of "${first}" with itself`);
    }
    this.#first = newLeg(first);
    this.#second = newLeg(second);
  }

  warmUp(bar: Bar): void {
    this.#pair(bar);
  }

  next(bar: Bar, view: View): readonly Signal[] {
    const paired = this.#pair(bar);
    if (paired === null) return [];
    const [first, second] = paired;
    const held: Held = [view.position(first.symbol), view.position(second.symbol)];
    const naked = this.#leaveNaked(paired, held);
    if (naked.length > 0) return naked;
    const spread = this.#spread();
    if (spread === null) return [];
    if (held[0] !== 0 || held[1] !== 0) return this.#leave(spread, paired, held);
    const { entryZ, stopZ } = this.#chosen;
    const distance = Math.abs(spread.zScore);
    const critical = criticalValue(this.#chosen.window - 2);
    const cointegrated = spread.statistic !== null && spread.statistic < critical;
    if (distance < entryZ || distance >= stopZ || !cointegrated) return [];
    return this.#enter({ ...spread, critical }, [first, second]);
  }

  idle(symbol: string): string {
    const names = [this.#first.symbol, this.#second.symbol];
    if (!names.includes(symbol)) return `it is not one of the pair ${names.join(" and ")}`;
    const spread = this.#spread();
    if (spread === null) return "the window of both legs is not filled yet";
    const { entryZ, stopZ, window } = this.#chosen;
    const statistic = spread.statistic?.toFixed(2) ?? "unknown";
    return `the spread is ${
      spread.zScore.toFixed(2)
    } standard deviations from its mean, an entry needs ` +
      `${entryZ} to ${stopZ} either way and a statistic below ` +
      `${criticalValue(window - 2).toFixed(2)}; it is ${statistic}`;
  }

  #enter(
    spread: Spread & { readonly critical: number },
    [first, second]: readonly [Bar, Bar],
  ): readonly Signal[] {
    const low = spread.zScore < 0;
    const reason: Reason = {
      rule: "pair-spread-out",
      text: `The spread of ${first.symbol} and ${second.symbol} is ${spread.zScore.toFixed(2)} ` +
        `standard deviations from its mean`,
      inputs: inputsOf(spread),
    };
    const leg = (bar: Bar, side: Signal["side"]): Signal => ({
      ...entrySignal(side, bar, { distance: (bar.close * this.#chosen.stopPct) / 100, reason }),
      group: GROUP,
    });
    return [leg(first, low ? "BUY" : "SELL"), leg(second, low ? "SELL" : "BUY")];
  }

  #leave(spread: Spread, bars: readonly [Bar, Bar], held: Held): readonly Signal[] {
    const { exitZ, stopZ } = this.#chosen;
    // The spread was low when the first leg is held long; back means no longer low, not merely small.
    const low = held[0] > 0 || held[1] < 0;
    const outward = low ? -spread.zScore : spread.zScore;
    if (outward > exitZ && outward < stopZ) return [];
    const [rule, what] = outward <= exitZ
      ? ["pair-spread-back", "is back at"]
      : ["pair-spread-lost", "has run away to"];
    const text = `The spread ${what} ${spread.zScore.toFixed(2)} standard deviations`;
    return exits(bars, held, { rule, text, inputs: inputsOf(spread) });
  }

  /** One leg without the other is no pair: after a short patience it is closed. */
  #leaveNaked(bars: readonly [Bar, Bar], held: Held): readonly Signal[] {
    this.#nakedBars = (held[0] === 0) === (held[1] === 0) ? 0 : this.#nakedBars + 1;
    if (this.#nakedBars <= NAKED_BARS_MAX) return [];
    const text = `Only one leg is held since ${this.#nakedBars} bars`;
    return exits(bars, held, { rule: "pair-naked-leg", text, inputs: { bars: this.#nakedBars } });
  }

  /** Both legs' bars once they are of the same time; a bar without its partner is left out. */
  #pair(bar: Bar): readonly [Bar, Bar] | null {
    if (bar.symbol === this.#first.symbol) this.#first.bar = bar;
    else if (bar.symbol === this.#second.symbol) this.#second.bar = bar;
    const [first, second] = [this.#first.bar, this.#second.bar];
    if (first === null || second === null || first.time !== second.time) return null;
    for (const leg of [this.#first, this.#second]) {
      leg.logs.push(Math.log(leg.bar?.close ?? NaN));
      if (leg.logs.length > this.#chosen.window) leg.logs.shift();
      leg.bar = null;
    }
    return [first, second];
  }

  /**
   * Where the spread stands; null before the window is full. Done afresh over the window each time: a regression
   * moves every residual, so there is nothing to keep.
   */
  #spread(): Spread | null {
    if (this.#first.logs.length < this.#chosen.window) return null;
    const fit = regress(Float64Array.from(this.#first.logs), Float64Array.from(this.#second.logs));
    if (fit === null || fit.deviation === 0) return null;
    const zScore = (fit.residuals.at(-1) ?? NaN) / fit.deviation;
    return { zScore, beta: fit.beta, statistic: dickeyFuller(fit.residuals) };
  }
}

/** Shares of the first and of the second leg. */
type Held = readonly [number, number];

function newLeg(symbol: string): Leg {
  return { symbol, logs: [], bar: null };
}

function exits(bars: readonly [Bar, Bar], held: Held, reason: Reason): readonly Signal[] {
  return bars.flatMap(({ symbol }, index) => {
    const shares = held[index] ?? 0;
    return shares === 0 ? [] : [exitSignal(symbol, shares, reason)];
  });
}

function inputsOf(spread: Spread & { readonly critical?: number }): Reason["inputs"] {
  const { zScore, beta, statistic, critical } = spread;
  return {
    zScore,
    beta,
    statistic: statistic ?? "unknown",
    ...(critical === undefined ? {} : { critical }),
  };
}
