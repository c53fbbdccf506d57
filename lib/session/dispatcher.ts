import type { Clock } from "../clock.ts";
import type { Instrument } from "../market/market.ts";
import { plan, type PlanStyle } from "../orders/plan.ts";
import type { Book } from "../risk/book.ts";
import type { BuyingPower } from "../risk/buying_power.ts";
import type { Limits } from "../risk/limits.ts";
import { type Approved, type Decision, review, reviewStop } from "../risk/review.ts";
import type { Signal, Strategy } from "../strategy/strategy.ts";
import { bookOf } from "./book.ts";
import type { OrderDesk } from "./desk.ts";
import { Execution, type ExecutionRules } from "./execution.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";
import { Repeats } from "./repeats.ts";
import type { Permissions } from "./state.ts";

/** What is traded and how. */
export interface TradingRules {
  readonly strategyName: string;
  readonly strategy: Strategy;
  readonly barMs: number;
  readonly limits: Limits;
  /** An order older than this does not leave. */
  readonly orderDeadlineMs: number;
  /** Fresh ULIDs. */
  readonly ids: () => string;
  /** How entries are worked; null sends each whole, at the worst price risk allows. */
  readonly execution: ExecutionRules | null;
}

/** A signal and the number it has in the ledger. */
export interface Wish {
  readonly signal: Signal;
  readonly signalId: string;
}

export interface DispatcherOptions {
  readonly rules: TradingRules;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly desk: OrderDesk;
  readonly market: MarketView;
  readonly may: () => Permissions;
  /** symbol → Instrument */
  readonly instruments: () => ReadonlyMap<string, Instrument>;
  readonly buyingPower: () => BuyingPower | null;
  /** Why no entry may leave now; null when it may. */
  readonly entriesClosed: () => string | null;
  readonly mayLeave: () => boolean;
  /** True while an order of the symbol closes its position, or is about to. */
  readonly isLeaving: (symbol: string) => boolean;
}

/** From a signal to orders: it is written down, reviewed, planned and submitted, or its refusal is booked. */
export class Dispatcher {
  /** The entries that are worked in slices. */
  readonly execution: Execution | null;
  readonly #options: DispatcherOptions;
  readonly #repeats: Repeats;
  #signals = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#repeats = new Repeats(options.journal);
    const { execution, limits, strategyName, barMs } = options.rules;
    this.execution = execution === null ? null : new Execution({
      ...options,
      rules: execution,
      limits,
      strategyName,
      barMs,
      book: () => this.book(),
      style: () => this.#style(),
    });
  }

  /** Writes the signal down; its number in the ledger. */
  record(signal: Signal, strategy: string): string {
    const { journal, market } = this.#options;
    const signalId = `${journal.sessionId}-s${++this.#signals}`;
    const quote = market.seen(signal.symbol);
    const { symbol, side, purpose, stopPrice, reason, group = null } = signal;
    journal.write({
      kind: "signal",
      signalId,
      strategy,
      symbol,
      side,
      purpose,
      stopPrice,
      reason,
      quote,
      group,
    });
    return signalId;
  }

  /**
   * What the strategy wants, by the way of every signal; together, so that all are approved or none. What is refused
   * again for the reason it was refused for a bar ago is counted instead of written down.
   */
  propose(signals: readonly Signal[]): void {
    const { rules, clock } = this.#options;
    const decisions = review(signals, rules.limits, this.book());
    if (this.#repeats.count(decisions, clock.now())) return;
    for (const decision of decisions) this.#repeats.end(decision);
    const signalIds = signals.map((signal) => this.record(signal, rules.strategyName));
    for (const [index, decision] of decisions.entries()) {
      const signalId = signalIds[index];
      if (signalId === undefined) continue;
      if (decision.outcome === "refused") this.#repeats.begin(decision, signalId, clock.now());
      this.#carryOut(decision, signalId);
    }
  }

  /** Once, at the end: nothing is proposed any more. */
  close(): void {
    this.#repeats.endAll();
  }

  /** Through risk and planning to the desk; a refusal is booked instead. Together, all are approved or none. */
  submit(...wishes: readonly Wish[]): void {
    const signals = wishes.map(({ signal }) => signal);
    const decisions = review(signals, this.#options.rules.limits, this.book());
    for (const [index, { signalId }] of wishes.entries()) {
      const decision = decisions[index];
      if (decision !== undefined) this.#carryOut(decision, signalId);
    }
  }

  /** A stop, on its own, for shares that have none. */
  submitStop(wish: Parameters<typeof reviewStop>[0], signalId: string): void {
    this.#carryOut(reviewStop(wish, this.#options.rules.limits, this.book()), signalId);
  }

  /** Everything risk may look at, now. */
  book(): Book {
    const { clock, journal, market, instruments, entriesClosed, buyingPower } = this.#options;
    return bookOf({
      now: clock.now(),
      journal,
      market,
      instruments: instruments(),
      entriesClosed: entriesClosed(),
      buyingPower: buyingPower(),
      workedBars: this.execution?.workedBars ?? 1,
    });
  }

  #carryOut(decision: Decision, signalId: string): void {
    if (decision.outcome === "approved") return this.#send(decision, signalId);
    const { code, value, limit, signal: { symbol } } = decision;
    this.#options.journal.write({ kind: "refused", signalId, symbol, code, value, limit });
  }

  #send(approved: Approved, signalId: string): void {
    const { desk, rules: { strategyName: strategy } } = this.#options;
    const whole = (entryType: PlanStyle["entryType"], sizing: string): void =>
      desk.submit(plan(approved, { ...this.#style(), entryType }), { signalId, strategy, sizing });
    const { sizing, signal } = approved;
    if (signal.purpose === "exit" || this.execution === null) return whole("LMT", sizing);
    const choice = this.execution.choose(approved);
    const { algorithm, because } = choice;
    if (algorithm !== "LIMIT" && algorithm !== "MARKET") {
      return this.execution.begin(approved, choice, signalId);
    }
    whole(algorithm === "LIMIT" ? "LMT" : "MKT", `${sizing}; ${algorithm}: ${because}`);
  }

  #style(): PlanStyle {
    const { rules, clock } = this.#options;
    return {
      entryType: "LMT",
      exitType: "MKT",
      stopTif: "GTC",
      deadlineAfterMs: rules.orderDeadlineMs,
      now: clock.now(),
      ids: rules.ids,
    };
  }
}
