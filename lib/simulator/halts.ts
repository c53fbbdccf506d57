import type { MarketDay } from "./market_day.ts";

/** A stock is not traded from one time to the other, epoch ms. */
export interface Halt {
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export function isHalted(halts: readonly Halt[], symbol: string, nowMs: number): boolean {
  return halts.some((halt) => halt.symbol === symbol && halt.fromMs <= nowMs && nowMs < halt.toMs);
}

/** Takes the trades out of a day while it was halted; the last price and quote stand. */
export function silence(day: MarketDay, { fromMs, toMs }: Halt): void {
  const stepAt = (epochMs: number): number =>
    Math.max(0, Math.min(day.steps, Math.floor((epochMs - day.session.opensAt) / day.stepMs)));
  const from = Math.max(1, stepAt(fromMs));
  const to = stepAt(toMs);
  const last = day.lastE4[from - 1] ?? 0;
  for (let step = from; step < to; step++) {
    for (const prices of [day.firstE4, day.highE4, day.lowE4, day.lastE4]) prices[step] = last;
    for (const quotes of [day.bidE4, day.askE4, day.bidSize, day.askSize]) {
      quotes[step] = quotes[from - 1] ?? 0;
    }
    day.wapE4[step] = last;
    day.volume[step] = 0;
    day.count[step] = 0;
  }
}
