import { z } from "zod";
import type { Bar } from "../market/market.ts";
import { Atr, type Bands, Bollinger, Rsi } from "./indicators.ts";
import { entrySignal, exitSignal } from "./signals.ts";
import type { Reason, Signal, Strategy, StrategyDefinition, View } from "./strategy.ts";

const LENGTH_MAX = 1_000;
const ATR_LENGTH = 14;

const parameters = z.strictObject({
  length: z.coerce.number().int().min(2).max(LENGTH_MAX).default(20)
    .describe("Bars of the Bollinger bands"),
  width: z.coerce.number().positive().max(10).default(2)
    .describe("Standard deviations from the middle to a band"),
  rsiLength: z.coerce.number().int().min(2).max(LENGTH_MAX).default(14)
    .describe("Bars of the relative strength index"),
  rsiBelow: z.coerce.number().gt(0).lt(100).default(30)
    .describe("The index must be below this to enter"),
  stopAtr: z.coerce.number().positive().max(100).default(3)
    .describe(`Stop distance in average true ranges of ${ATR_LENGTH} bars`),
});

export type BollingerReversionParameters = z.output<typeof parameters>;

/** Long when a close falls below the lower band with a weak index, flat when one is back at the middle. */
export const bollingerReversion: StrategyDefinition<BollingerReversionParameters> = {
  name: "bollinger-reversion",
  summary: "Buys a close below the lower Bollinger band when RSI is low, sells at the middle band",
  barMs: 60_000,
  parameters,
  create: (chosen) => new BollingerReversion(chosen),
};

interface Track {
  readonly bands: Bollinger;
  readonly rsi: Rsi;
  readonly atr: Atr;
  /** True while the entry's condition has held since it was last signalled: one dip, one entry. */
  oversold: boolean;
  /** True from our entry signal to our exit signal, whatever became of them. */
  wanted: boolean;
}

interface Seen {
  readonly bands: Bands;
  readonly rsi: number;
  readonly atr: number;
}

class BollingerReversion implements Strategy {
  readonly warmupBars: number;
  readonly #chosen: BollingerReversionParameters;
  readonly #tracks = new Map<string, Track>(); // symbol → Track

  constructor(chosen: BollingerReversionParameters) {
    this.#chosen = chosen;
    this.warmupBars = Math.max(chosen.length, chosen.rsiLength + 1, ATR_LENGTH + 1);
  }

  init(symbols: readonly string[]): void {
    const { length, width, rsiLength } = this.#chosen;
    for (const symbol of symbols) {
      this.#tracks.set(symbol, {
        bands: new Bollinger(length, width),
        rsi: new Rsi(rsiLength),
        atr: new Atr(ATR_LENGTH),
        oversold: false,
        wanted: false,
      });
    }
  }

  warmUp(bar: Bar): void {
    const track = this.#tracks.get(bar.symbol);
    if (track === undefined) return;
    const seen = follow(track, bar);
    track.oversold = seen !== null && this.#isOversold(bar, seen);
  }

  next(bar: Bar, view: View): readonly Signal[] {
    const track = this.#tracks.get(bar.symbol);
    if (track === undefined) return [];
    const seen = follow(track, bar);
    if (seen === null) return [];
    const before = track.oversold;
    track.oversold = this.#isOversold(bar, seen);
    const held = view.position(bar.symbol);
    if (bar.close >= seen.bands.middle && (held > 0 || track.wanted)) {
      track.wanted = false;
      const text = `The close ${bar.close} is back at the middle band ${fixed(seen.bands.middle)}`;
      return [exitSignal(bar.symbol, held, reason("bollinger-middle", text, { bar, seen }))];
    }
    if (!track.oversold || before || held !== 0) return [];
    track.wanted = true;
    const text = `The close ${bar.close} is below the lower band ${fixed(seen.bands.lower)} ` +
      `and the RSI ${fixed(seen.rsi)} below ${this.#chosen.rsiBelow}`;
    return [entrySignal("BUY", bar, {
      distance: this.#chosen.stopAtr * seen.atr,
      reason: reason("bollinger-oversold", text, { bar, seen }),
    })];
  }

  idle(symbol: string): string {
    const track = this.#tracks.get(symbol);
    const [bands, rsi] = [track?.bands.value ?? null, track?.rsi.value ?? null];
    if (track === undefined || bands === null || rsi === null) {
      return "the bands are not filled yet";
    }
    const standing = `the bands are at ${fixed(bands.lower)}, ${fixed(bands.middle)} and ` +
      `${fixed(bands.upper)}, the RSI at ${fixed(rsi)}`;
    return track.oversold ? `still oversold: ${standing}` : `not newly oversold: ${standing}`;
  }

  #isOversold(bar: Bar, { bands, rsi }: Seen): boolean {
    return bar.close < bands.lower && rsi < this.#chosen.rsiBelow;
  }
}

function follow(track: Track, bar: Bar): Seen | null {
  const bands = track.bands.push(bar.close);
  const rsi = track.rsi.push(bar.close);
  const atr = track.atr.push(bar);
  return bands === null || rsi === null || atr === null ? null : { bands, rsi, atr };
}

function reason(
  rule: string,
  text: string,
  { bar, seen }: { readonly bar: Bar; readonly seen: Seen },
): Reason {
  return { rule, text, inputs: { close: bar.close, ...seen.bands, rsi: seen.rsi, atr: seen.atr } };
}

function fixed(value: number): string {
  return value.toFixed(4);
}
