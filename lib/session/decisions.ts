import type { DecisionsSummary } from "../ledger/entry.ts";
import type { Bar } from "../market/market.ts";
import type { Signal, Strategy } from "../strategy/strategy.ts";

interface Answers {
  bars: number;
  withSignal: number;
  late: number;
  lastBarAt: number;
  lastLate: boolean;
  /** What the newest bar led to; empty for nothing. */
  lastSignals: readonly Signal[];
}

/** What a strategy answered to its bars, counted, so that "nothing" can be read later without an entry each. */
export class Decisions {
  readonly #answers = new Map<string, Answers>(); // symbol → Answers

  add(
    bar: Bar,
    { signals, isLate }: { readonly signals: readonly Signal[]; readonly isLate: boolean },
  ): void {
    let answers = this.#answers.get(bar.symbol);
    if (answers === undefined) {
      answers = { bars: 0, withSignal: 0, late: 0, lastBarAt: 0, lastLate: false, lastSignals: [] };
      this.#answers.set(bar.symbol, answers);
    }
    answers.bars++;
    if (signals.length > 0) answers.withSignal++;
    if (isLate) answers.late++;
    answers.lastBarAt = bar.time + bar.durationMs;
    answers.lastLate = isLate;
    answers.lastSignals = signals;
  }

  /** Each symbol in the order of its first bar. The strategy says where its rule stands. */
  summary(strategy: Strategy): DecisionsSummary["symbols"] {
    return [...this.#answers].map(([symbol, answers]) => {
      const { bars, withSignal, late, lastBarAt } = answers;
      return {
        symbol,
        bars,
        withSignal,
        late,
        lastBarAt,
        last: lastWord(symbol, answers, strategy),
      };
    });
  }
}

function lastWord(
  symbol: string,
  { lastLate, lastSignals }: Answers,
  strategy: Strategy,
): string {
  if (lastLate) return "nothing, because the bar came too late to act on";
  if (lastSignals.length > 0) {
    return lastSignals.map(({ purpose, side, symbol, reason }) =>
      `${purpose} ${side} ${symbol}, because ${reason.text}`
    ).join("; ");
  }
  return `nothing, because ${strategy.idle?.(symbol) ?? "the strategy does not say"}`;
}
