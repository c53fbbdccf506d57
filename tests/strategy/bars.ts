import type { Bar } from "../../lib/market/market.ts";
import type { Signal, Strategy, View } from "../../lib/strategy/strategy.ts";

/** Friday 2026-11-20, 09:30 in New York. */
export const OPEN = Date.parse("2026-11-20T14:30:00Z");
export const MINUTE = 60_000;

/** A minute bar half a dollar around its close, unless told otherwise. */
export function bar(minute: number, close: number, rest: Partial<Bar> = {}): Bar {
  return {
    symbol: "AAPL",
    time: OPEN + minute * MINUTE,
    durationMs: MINUTE,
    open: close,
    high: close + 0.5,
    low: close - 0.5,
    close,
    volume: 1_000,
    wap: close,
    count: 10,
    ...rest,
  };
}

export function view(held: Readonly<Record<string, number>> = {}): View {
  return { now: OPEN, quote: () => null, position: (symbol) => held[symbol] ?? 0 };
}

/** A strategy's answers to closes, one a minute, as `<side> <purpose>` or nothing. */
export function answers(strategy: Strategy, closes: readonly number[], held = 0): string[] {
  return closes.map((close, minute) =>
    told(strategy.next(bar(minute, close), view({ AAPL: held })))
  );
}

export function told(signals: readonly Signal[]): string {
  return signals.map(({ side, purpose, symbol, reason }) =>
    `${side} ${purpose} ${symbol}: ${reason.rule}`
  ).join(", ");
}
