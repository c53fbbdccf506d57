import { z } from "zod";
import type { Bar } from "../market/market.ts";
import { ExchangeDay } from "./exchange_day.ts";
import { exitSignal } from "./signals.ts";
import type { Reason, Signal, Strategy, StrategyDefinition, View } from "./strategy.ts";

const MINUTE_MS = 60_000;

const parameters = z.strictObject({
  rangeMinutes: z.coerce.number().int().min(1).max(180).default(15)
    .describe("Minutes from the open that make the range"),
  entryMinutes: z.coerce.number().int().min(1).max(390).default(120)
    .describe("Minutes from the open after which no entry is made"),
  direction: z.enum(["long", "both"]).default("long")
    .describe("Breakouts upwards only, or downwards too (selling short)"),
  opensAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as 09:30")
    .default("09:30").describe("Local time of the open"),
  zone: z.string().default("America/New_York").describe("Time zone of the exchange"),
}).refine(({ rangeMinutes, entryMinutes }) => rangeMinutes < entryMinutes, {
  path: ["entryMinutes"],
  message: "entryMinutes must be more than rangeMinutes",
});

export type OpeningRangeParameters = z.output<typeof parameters>;

/** Follows the first close outside the range of the day's first minutes, once a day and symbol. */
export const openingRange: StrategyDefinition<OpeningRangeParameters> = {
  name: "opening-range",
  summary:
    "Follows the day's first close outside the range of its first minutes, the stop at the other end",
  barMs: MINUTE_MS,
  parameters,
  create: (chosen) => new OpeningRange(chosen),
};

/** One symbol's day. */
interface Track {
  date: string;
  high: number;
  low: number;
  /** Milliseconds of the range that bars have covered. */
  coveredMs: number;
  /** What was followed today; null as long as nothing was. */
  followed: "up" | "down" | null;
}

class OpeningRange implements Strategy {
  /** The range is made of the day's own bars; a day whose first bars are missing is not traded. */
  readonly warmupBars = 0;
  readonly #chosen: OpeningRangeParameters;
  readonly #day: ExchangeDay;
  readonly #tracks = new Map<string, Track>(); // symbol → Track

  constructor(chosen: OpeningRangeParameters) {
    this.#chosen = chosen;
    this.#day = new ExchangeDay(chosen.zone, chosen.opensAt);
  }

  init(symbols: readonly string[]): void {
    for (const symbol of symbols) this.#tracks.set(symbol, newDay(""));
  }

  /** A breakout seen in history alone is the day's all the same: a session that starts again does not enter twice. */
  warmUp(bar: Bar): void {
    const track = this.#follow(bar);
    if (track.followed === null) track.followed = this.#breakout(track, bar);
  }

  next(bar: Bar, view: View): readonly Signal[] {
    const track = this.#follow(bar);
    const held = view.position(bar.symbol);
    if (track.followed !== null) return this.#fallBack(track, bar, held);
    const followed = held === 0 ? this.#breakout(track, bar) : null;
    return followed === null ? [] : this.#enter(track, bar, followed);
  }

  /** Where this bar closes outside the range in time for an entry; null when it does not. */
  #breakout(track: Track, bar: Bar): "up" | "down" | null {
    const endMs = this.#day.sinceOpen(bar.time) + bar.durationMs;
    const { rangeMinutes, entryMinutes, direction } = this.#chosen;
    if (endMs <= rangeMinutes * MINUTE_MS || endMs > entryMinutes * MINUTE_MS) return null;
    if (!this.#isComplete(track)) return null;
    if (bar.close > track.high) return "up";
    return bar.close < track.low && direction === "both" ? "down" : null;
  }

  idle(symbol: string): string {
    const { rangeMinutes } = this.#chosen;
    const track = this.#tracks.get(symbol);
    if (track === undefined || !this.#isComplete(track)) {
      const minutes = (track?.coveredMs ?? 0) / MINUTE_MS;
      return `bars covered ${minutes} of the first ${rangeMinutes} minutes`;
    }
    const range = `the range from ${track.low} to ${track.high}`;
    return track.followed === null
      ? `no close left ${range} in time for an entry`
      : `${range} was followed ${track.followed} today, and no close was beyond its other end`;
  }

  #enter(track: Track, bar: Bar, followed: "up" | "down"): readonly Signal[] {
    track.followed = followed;
    const [end, level, stopPrice] = followed === "up"
      ? ["above", track.high, track.low]
      : ["below", track.low, track.high];
    const text = `The close ${bar.close} is ${end} ${level}, ` +
      `the ${followed === "up" ? "high" : "low"} of the first ${this.#chosen.rangeMinutes} minutes`;
    return [{
      symbol: bar.symbol,
      side: followed === "up" ? "BUY" : "SELL",
      purpose: "enter",
      stopPrice,
      reason: reason("opening-range-breakout", text, { track, bar }),
    }];
  }

  /** The other end was closed beyond: the idea is wrong, also where a stop could not be kept at the broker. */
  #fallBack(track: Track, bar: Bar, held: number): readonly Signal[] {
    const wrong = held > 0 ? bar.close < track.low : held < 0 && bar.close > track.high;
    if (!wrong) return [];
    const text = `The close ${bar.close} is beyond the other end of the range ` +
      `from ${track.low} to ${track.high}`;
    return [exitSignal(bar.symbol, held, reason("opening-range-failed", text, { track, bar }))];
  }

  #follow(bar: Bar): Track {
    const date = this.#day.dateOf(bar.time);
    let track = this.#tracks.get(bar.symbol);
    if (track === undefined || track.date !== date) {
      track = newDay(date);
      this.#tracks.set(bar.symbol, track);
    }
    const sinceOpenMs = this.#day.sinceOpen(bar.time);
    if (sinceOpenMs >= 0 && sinceOpenMs < this.#chosen.rangeMinutes * MINUTE_MS) {
      track.high = Math.max(track.high, bar.high);
      track.low = Math.min(track.low, bar.low);
      track.coveredMs += bar.durationMs;
    }
    return track;
  }

  #isComplete(track: Track): boolean {
    return track.coveredMs >= this.#chosen.rangeMinutes * MINUTE_MS;
  }
}

function newDay(date: string): Track {
  return { date, high: -Infinity, low: Infinity, coveredMs: 0, followed: null };
}

function reason(
  rule: string,
  text: string,
  { track, bar }: { readonly track: Track; readonly bar: Bar },
): Reason {
  return { rule, text, inputs: { close: bar.close, high: track.high, low: track.low } };
}
