import type { Clock } from "../clock.ts";
import type { Bar, Instrument } from "../market/market.ts";
import { type Micros, toNumber } from "../money.ts";
import type { BuyingPower } from "../risk/buying_power.ts";
import { checkHalting } from "../risk/gates.ts";
import type { Reason, Signal, View } from "../strategy/strategy.ts";
import { Adviser } from "./adviser.ts";
import { Decisions } from "./decisions.ts";
import type { Booked, OrderDesk } from "./desk.ts";
import { Dispatcher, type TradingRules } from "./dispatcher.ts";
import type { Execution } from "./execution.ts";
import { Exits } from "./exits.ts";
import { freeze } from "./frozen.ts";
import type { IntentState } from "./intents.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";
import { OwnPositions } from "./own_positions.ts";
import { PairKeeper } from "./pair_keeper.ts";
import { type Bare, Protector } from "./protector.ts";
import { Stops } from "./stops.ts";
import type { Permissions } from "./state.ts";

/** TWS acknowledges within a second; after ten its silence means that a message was lost. */
const ANSWER_LATE_MS = 10_000;
/** A bar whose end came this late is history; deciding on it would be deciding on the past. */
const BAR_AGE_MAX_MS = 30_000;

/** From a finished bar to orders: decide, review, plan, submit. Everything on the way is in the ledger. */
export class Trader {
  #upstreamLost = false;
  readonly #rules: TradingRules;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #desk: OrderDesk;
  readonly #market: MarketView;
  readonly #may: () => Permissions;
  readonly #pausedBecause: () => string | null;
  readonly #dispatcher: Dispatcher;
  readonly #exits: Exits;
  readonly #execution: Execution | null;
  readonly #protector: Protector;
  readonly #stops: Stops;
  readonly #decisions: Decisions;
  readonly #adviser: Adviser;
  readonly #pairs: PairKeeper;
  /** symbol → Instrument */
  #instruments: ReadonlyMap<string, Instrument> = new Map();
  readonly #own: OwnPositions;
  /** What a strategy may look at beside the bar; made once, as it is handed over with every bar. */
  readonly #view = {
    now: 0,
    quote: (symbol: string) => this.#market.quotes.get(symbol) ?? null,
    position: (symbol: string) => toNumber(this.#journal.books.quantity(symbol)),
  } satisfies View;

  constructor(options: {
    readonly rules: TradingRules;
    readonly clock: Clock;
    readonly journal: Journal;
    readonly desk: OrderDesk;
    readonly market: MarketView;
    readonly may: () => Permissions;
    /** What the broker lends; absent where none does. */
    readonly buyingPower?: () => BuyingPower;
    /** Why entries wait although the session trades; null when they do not. */
    readonly pausedBecause?: () => string | null;
  }) {
    this.#rules = options.rules;
    this.#decisions = new Decisions(options.rules.strategy);
    this.#clock = options.clock;
    this.#journal = options.journal;
    this.#desk = options.desk;
    this.#market = options.market;
    this.#may = options.may;
    this.#pausedBecause = options.pausedBecause ?? (() => null);
    this.#own = new OwnPositions(options.journal);
    this.#adviser = new Adviser(options.rules.strategy, {
      journal: options.journal,
      onStopped: (because) => this.cancelEntries(because),
    });
    const mayLeave = (): boolean => !this.#upstreamLost;
    const isLeaving = (symbol: string): boolean =>
      this.#exits.isWaiting(symbol) || this.#isLeaving(symbol);
    this.#pairs = new PairKeeper({
      ...options,
      mayLeave,
      isLeaving,
      close: (signal) => this.#want(signal),
    });
    this.#exits = new Exits({ ...options, mayLeave });
    this.#dispatcher = new Dispatcher({
      ...options,
      instruments: () => this.#instruments,
      buyingPower: options.buyingPower ?? (() => null),
      entriesClosed: () => this.#entriesClosed(),
      mayLeave,
      isLeaving,
    });
    this.#execution = this.#dispatcher.execution;
    this.#protector = new Protector({
      ...options,
      positions: () => this.#own.among(this.#instruments),
      isWaiting: (symbol) => this.#exits.isWaiting(symbol),
      staysOpen: () => this.#may().entries && this.#journal.standing.flatten === null,
      guard: (position, stopPrice, reason) => this.#guard(position, stopPrice, reason),
      close: ({ symbol, quantity }, reason) => this.#close(symbol, quantity, reason),
    });
    this.#stops = new Stops({
      ...options,
      instruments: () => this.#instruments,
      mayLeave: () => this.#may().exits && mayLeave(),
    });
  }

  /** The broker has lost its own line; nothing leaves until it is back. */
  get upstreamLost(): boolean {
    return this.#upstreamLost;
  }

  set upstreamLost(lost: boolean) {
    const isBack = this.#upstreamLost && !lost;
    this.#upstreamLost = lost;
    const mayEnter = this.#may().entries && !this.#journal.standing.blocksEntries;
    if (isBack && !mayEnter) this.cancelEntries("entries ended while the line was down");
  }

  set instruments(instruments: readonly Instrument[]) {
    this.#instruments = new Map(instruments.map((one) => [one.symbol, one]));
  }

  /** The strategy's turn. In every state it sees the bar; whether its wish leaves is for risk to say. */
  onBar(bar: Bar): void {
    const now = bar.time + bar.durationMs;
    this.#view.now = now;
    this.#market.learn(bar);
    const signals = this.#adviser.ask(bar, this.#view);
    const isLate = this.#clock.now() - now > BAR_AGE_MAX_MS;
    this.#decisions.add(bar, { signals, isLate });
    if (isLate) return;
    for (const signal of signals) if (signal.purpose === "exit") this.#leave(signal);
    this.#stops.onBar(bar);
    if (signals.length === 0) return;
    const entries = signals.filter(({ purpose }) => purpose === "enter");
    if (entries.length > 0) this.#dispatcher.propose(entries);
  }

  /** What became of the bars since it was last told. */
  tellDecisions(): void {
    const symbols = this.#decisions.take();
    if (symbols.length > 0) this.#journal.write({ kind: "decisions-summary", symbols });
  }

  /** Once, at the end: nothing is proposed any more. */
  close(): void {
    this.#dispatcher.close();
    this.tellDecisions();
  }

  /** Sends the slices that are due and the exits whose way has become free. */
  proceed(): void {
    for (const { symbol, price, good } of this.#market.takeOutliers()) {
      const text = `${symbol} jumped from ${good} to ${price}; it moves nothing until confirmed`;
      this.#journal.incident({ code: "price-outlier", text, symbol });
    }
    this.#pairs.proceed();
    // First, so that an algorithm hears of an exit before the exit has left.
    this.#execution?.proceed();
    for (const exit of this.#exits.ready()) this.#dispatcher.submit(exit);
  }

  /** True when the broker owes us a word: on a cancel, or on an order it should have acknowledged. */
  get isOwedAnAnswer(): boolean {
    return this.#exits.overdue().length > 0 || this.#execution?.isOwedAnAnswer === true ||
      this.#desk.isChangeOwed(this.#clock.now() - ANSWER_LATE_MS) ||
      this.#journal.intents.owing(this.#clock.now(), ANSWER_LATE_MS).length > 0 ||
      this.#unanswered().length > 0 || this.#journal.intents.frozen().length > 0;
  }

  /** The broker does not answer at all: nobody knows of the orders it never acknowledged. An entry is called back. */
  freezeUnanswered(because: string): void {
    const states = this.#unanswered();
    freeze(this.#journal, states, because);
    for (const state of states) if (state.intent.role === "entry") this.#desk.cancel(state);
  }

  #unanswered(): readonly IntentState[] {
    const since = this.#clock.now() - ANSWER_LATE_MS;
    return this.#journal.intents.open().filter((state) =>
      state.orderId !== null && state.status === null && state.recordedAt <= since
    );
  }

  /** Exits whose cancels the broker, asked, has not carried out: the orders stay, the exit does not come. */
  giveUpOverdue(): void {
    this.#desk.forgetChanges();
    this.proceed();
    for (const exit of this.#exits.overdue()) {
      this.#exits.giveUp(exit);
      const { symbol } = exit;
      const text = `${symbol} is not closed: its orders are still working`;
      this.#journal.incident({ code: "cancel-unconfirmed", text, symbol });
    }
  }

  /** What an order's event changed was booked; null when it was nothing. */
  onBooked(booked: Booked | null): void {
    if (booked !== null && this.#protector.mayBare(booked)) this.protect();
  }

  /** Once a minute: halt on too large a loss, and see to what has lost its protection. */
  onMinute(): void {
    const breach = checkHalting(this.#rules.limits, this.#dispatcher.book());
    if (breach !== null && this.#journal.standing.halt === null) {
      const because = `${breach.code} value=${breach.value} limit=${breach.limit}`;
      this.#journal.write({ kind: "halted", actor: "risk", because });
      this.cancelEntries("halted");
    }
    this.protect();
  }

  /** Every position without a stop at the broker gets its stop back, or is closed. */
  protect(): void {
    if (!this.#may().exits || this.#upstreamLost) return;
    this.#stops.shrink();
    this.#protector.protect(this.#instruments.keys());
    this.#stops.restore();
  }

  /** Takes every working entry back and ends what algorithms still have to send. */
  cancelEntries(because: string): void {
    this.#execution?.stop(because);
    if (this.#upstreamLost) return;
    for (const state of this.#journal.intents.undecided()) {
      if (state.intent.role === "entry") this.#desk.cancel(state);
    }
  }

  /** Closes every position that no exit is closing already, and cancels what else still works. */
  flatten(because: string): void {
    this.cancelEntries(because);
    for (const { symbol, quantity } of this.#own.among(this.#instruments)) {
      if (this.#isLeaving(symbol)) continue;
      this.#close(symbol, quantity, { rule: "flatten", text: because, inputs: {} });
    }
  }

  #leave(signal: Signal): void {
    const { symbol } = signal;
    const position = this.#journal.books.quantity(symbol);
    const entries = this.#journal.intents.open().filter(({ intent }) =>
      intent.symbol === symbol && intent.role === "entry"
    );
    // Also of what is between two slices, with nothing filled yet.
    this.#execution?.stop("the strategy wants out", symbol);
    // The end of an idea that was refused, or whose stop has already sold: there is nothing to do about it.
    if (position === 0n && entries.length === 0) return;
    const isRefused = position !== 0n && !this.#may().exits;
    if (isRefused) this.#dispatcher.propose([signal]);
    // While it waits for its way to be free, asking for it once more is nothing new.
    else if (!this.#exits.isWaiting(symbol)) {
      const signalId = this.#dispatcher.record(signal, this.#rules.strategyName);
      if (position !== 0n) this.#exits.want({ symbol, signal, signalId });
    }
    if (!this.#upstreamLost) { for (const state of entries) this.#desk.cancel(state); }
  }

  #guard({ symbol, quantity, bare }: Bare, stopPrice: Micros, reason: Reason): void {
    const side = quantity > 0n ? "SELL" : "BUY";
    const signal: Signal = {
      symbol,
      side,
      purpose: "exit",
      stopPrice: toNumber(stopPrice),
      reason,
    };
    const signalId = this.#dispatcher.record(signal, "session");
    this.#dispatcher.submitStop({ signal, shares: bare }, signalId);
  }

  #close(symbol: string, quantity: Micros, reason: Reason): void {
    if (this.#exits.isWaiting(symbol)) return;
    const signal: Signal = {
      symbol,
      side: quantity > 0n ? "SELL" : "BUY",
      purpose: "exit",
      stopPrice: null,
      reason,
    };
    this.#want(signal);
  }

  /** The session's own wish to close a position. */
  #want(signal: Signal): void {
    const { symbol } = signal;
    this.#exits.want({ symbol, signal, signalId: this.#dispatcher.record(signal, "session") });
  }

  #isLeaving(symbol: string): boolean {
    const { intents } = this.#journal;
    return intents.mayBeLeaving(symbol) ||
      intents.open().some(({ intent }) => intent.symbol === symbol && intent.role === "exit");
  }

  #entriesClosed(): string | null {
    if (this.#upstreamLost) return "TWS has lost its connection to IBKR";
    if (!this.#may().entries) return "the session is not trading";
    if (this.#adviser.stopped) return "the strategy was stopped";
    const [bare] = this.#protector.bare();
    return bare === undefined ? this.#pausedBecause() : `${bare.symbol} is held without a stop`;
  }
}
