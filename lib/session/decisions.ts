import type { DecisionSpan, DecisionsSummary } from "../ledger/entry.ts";
import type { Bar } from "../market/market.ts";
import type { Signal, Strategy } from "../strategy/strategy.ts";
import { StrategyStoppedError } from "../strategy/strategy_error.ts";

/** An answer that lasted for some bars. */
type Span = { -readonly [K in keyof DecisionSpan]: DecisionSpan[K] };
type Kind = "nothing" | "late" | "signal";

interface Answers {
  bars: number;
  withSignal: number;
  late: number;
  lastBarAt: number;
  lastKind: Kind;
  /** What the newest bar led to; empty for nothing. */
  lastSignals: readonly Signal[];
  readonly spans: Span[];
}

/** Told one by one of each symbol; a day's signals are far fewer, and a summary stays one readable entry. */
const SPANS_MAX = 200;
const TOO_LATE = "nothing, because the bar came too late to act on";

/**
 * What a strategy answered to every bar, without an entry for each: a signal stands alone, and "nothing" is told
 * once for as long as it lasts, with where the rule stood when it began.
 */
export class Decisions {
  readonly #strategy: Strategy;
  readonly #answers = new Map<string, Answers>(); // symbol → Answers

  constructor(strategy: Strategy) {
    this.#strategy = strategy;
  }

  add(
    bar: Bar,
    { signals, isLate }: { readonly signals: readonly Signal[]; readonly isLate: boolean },
  ): void {
    const answers = this.#of(bar.symbol);
    const kind = isLate ? "late" : signals.length > 0 ? "signal" : "nothing";
    const lasts = kind === answers.lastKind && kind !== "signal" && answers.bars > 0;
    answers.bars++;
    if (signals.length > 0) answers.withSignal++;
    if (isLate) answers.late++;
    answers.lastBarAt = bar.time + bar.durationMs;
    answers.lastKind = kind;
    answers.lastSignals = signals;
    this.#tell(bar, answers, lasts);
  }

  /** Of the bars since it was last taken, each symbol in the order of its first bar. */
  take(): DecisionsSummary["symbols"] {
    const taken = [...this.#answers].map(([symbol, answers]) => {
      const { bars, withSignal, late, lastBarAt, spans } = answers;
      const last = this.#wordOn(symbol, answers);
      return { symbol, bars, withSignal, late, lastBarAt, last, spans };
    });
    this.#answers.clear();
    return taken;
  }

  #of(symbol: string): Answers {
    let answers = this.#answers.get(symbol);
    if (answers === undefined) {
      const counts = { bars: 0, withSignal: 0, late: 0, lastBarAt: 0 };
      answers = { ...counts, lastKind: "nothing", lastSignals: [], spans: [] };
      this.#answers.set(symbol, answers);
    }
    return answers;
  }

  /** `lasts`: the bar got the same answer as the one before. */
  #tell({ symbol }: Bar, answers: Answers, lasts: boolean): void {
    const { spans, lastBarAt } = answers;
    const newest = spans.at(-1);
    const isFull = spans.length === SPANS_MAX;
    if (newest !== undefined && (lasts || isFull)) {
      if (!lasts) newest.answer = `more than ${SPANS_MAX} changes; from here on the signals tell`;
      newest.to = lastBarAt;
      newest.bars++;
      return;
    }
    const answer = this.#wordOn(symbol, answers);
    spans.push({ from: lastBarAt, to: lastBarAt, bars: 1, answer });
  }

  #wordOn(symbol: string, { lastKind, lastSignals }: Answers): string {
    if (lastKind === "late") return TOO_LATE;
    if (lastKind === "nothing") return `nothing, because ${this.#whyNothing(symbol)}`;
    return lastSignals.map(({ purpose, side, symbol, reason }) =>
      `${purpose} ${side} ${symbol}, because ${reason.text}`
    ).join("; ");
  }

  #whyNothing(symbol: string): string {
    try {
      return this.#strategy.idle?.(symbol) ?? "the strategy does not say";
    } catch (error) {
      // That it was stopped is told with its next bar; here it only has no more to say.
      if (!(error instanceof StrategyStoppedError)) throw error;
      return `the strategy was stopped: ${error.message}`;
    }
  }
}
