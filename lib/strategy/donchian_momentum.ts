import { z } from "zod";
import type { Bar } from "../market/market.ts";
import { Atr, type Channel, Donchian } from "./indicators.ts";
import { entrySignal, exitSignal } from "./signals.ts";
import type { Reason, Signal, Strategy, StrategyDefinition, View } from "./strategy.ts";

const LENGTH_MAX = 1_000;

const parameters = z.strictObject({
  entryLength: z.coerce.number().int().min(2).max(LENGTH_MAX).default(55)
    .describe("Bars whose high a close must exceed to enter"),
  exitLength: z.coerce.number().int().min(2).max(LENGTH_MAX).default(20)
    .describe("Bars whose low a close must fall below to leave"),
  atrLength: z.coerce.number().int().min(1).max(LENGTH_MAX).default(20)
    .describe("Bars of the average true range"),
  stopAtr: z.coerce.number().positive().max(100).default(2)
    .describe("Stop distance in average true ranges"),
}).refine(({ entryLength, exitLength }) => exitLength <= entryLength, {
  path: ["exitLength"],
  message: "exitLength must not be longer than entryLength",
});

export type DonchianMomentumParameters = z.output<typeof parameters>;

/** Long when a close breaks out of the channel of the bars before it, flat when one falls out of a shorter one. */
export const donchianMomentum: StrategyDefinition<DonchianMomentumParameters> = {
  name: "donchian-momentum",
  summary:
    "Buys a close above the highest high of many bars, sells one below the lowest low of fewer",
  barMs: 60_000,
  parameters,
  create: (chosen) => new DonchianMomentum(chosen),
};

interface Track {
  readonly entry: Donchian;
  readonly exit: Donchian;
  readonly atr: Atr;
  /** True from our entry signal until a close falls out of the exit channel, whatever became of the entry. */
  wanted: boolean;
}

class DonchianMomentum implements Strategy {
  readonly warmupBars: number;
  readonly #chosen: DonchianMomentumParameters;
  readonly #tracks = new Map<string, Track>(); // symbol → Track

  constructor(chosen: DonchianMomentumParameters) {
    this.#chosen = chosen;
    this.warmupBars = Math.max(chosen.entryLength, chosen.atrLength + 1);
  }

  init(symbols: readonly string[]): void {
    const { entryLength, exitLength, atrLength } = this.#chosen;
    for (const symbol of symbols) {
      this.#tracks.set(symbol, {
        entry: new Donchian(entryLength),
        exit: new Donchian(exitLength),
        atr: new Atr(atrLength),
        wanted: false,
      });
    }
  }

  warmUp(bar: Bar): void {
    const track = this.#tracks.get(bar.symbol);
    track?.entry.push(bar);
    track?.exit.push(bar);
    track?.atr.push(bar);
  }

  next(bar: Bar, view: View): readonly Signal[] {
    const track = this.#tracks.get(bar.symbol);
    if (track === undefined) return [];
    // A bar is compared with the channels of the bars before it; with its own high in them nothing ever breaks out.
    const [entry, exit] = [track.entry.value, track.exit.value];
    this.warmUp(bar);
    const atr = track.atr.value;
    if (entry === null || exit === null || atr === null) return [];
    const held = view.position(bar.symbol);
    if (bar.close < exit.lower && (held > 0 || track.wanted)) {
      track.wanted = false;
      const reason = this.#reason("donchian-breakdown", bar, { channel: exit, atr });
      return [exitSignal(bar.symbol, held, reason)];
    }
    if (bar.close <= entry.upper || held !== 0 || track.wanted) return [];
    track.wanted = true;
    const reason = this.#reason("donchian-breakout", bar, { channel: entry, atr });
    return [entrySignal("BUY", bar, { distance: this.#chosen.stopAtr * atr, reason })];
  }

  idle(symbol: string): string {
    const track = this.#tracks.get(symbol);
    const [entry, exit] = [track?.entry.value ?? null, track?.exit.value ?? null];
    if (entry === null || exit === null) return "the channels are not filled yet";
    return `no close left the channels: above ${entry.upper} would enter, below ${exit.lower} exit`;
  }

  #reason(
    rule: "donchian-breakout" | "donchian-breakdown",
    bar: Bar,
    { channel, atr }: { readonly channel: Channel; readonly atr: number },
  ): Reason {
    const { entryLength, exitLength } = this.#chosen;
    const text = rule === "donchian-breakout"
      ? `The close ${bar.close} is above ${channel.upper}, the highest high of ${entryLength} bars`
      : `The close ${bar.close} is below ${channel.lower}, the lowest low of ${exitLength} bars`;
    return { rule, text, inputs: { close: bar.close, ...channel, atr } };
  }
}
