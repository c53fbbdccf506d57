import type { Clock } from "../clock.ts";
import type { ParentOrderEnded } from "../ledger/entry.ts";
import { midpoint } from "../market/market.ts";
import { formatMicros, fromNumber, toNumber } from "../money.ts";
import { type Choice, chooseAlgorithm } from "../orders/choose.ts";
import { ALGORITHM_NAMES, algorithmOf, type ExecutionSettings } from "../orders/execution_style.ts";
import { phaseOf } from "../orders/lifecycle.ts";
import type { Algorithm, MarketNow, Slice } from "../orders/parent.ts";
import { planSlice, type PlanStyle } from "../orders/plan.ts";
import type { VolumeProfile } from "../orders/vwap.ts";
import type { Book } from "../risk/book.ts";
import type { Limits } from "../risk/limits.ts";
import { formatRefusal } from "../risk/refusals.ts";
import { type Approved, reviewSlice } from "../risk/review.ts";
import type { OrderDesk } from "./desk.ts";
import { type IntentState, isOpen } from "./intents.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";
import { averageFillOf, type ParentState, progressOf } from "./parents.ts";

/** How entries are worked, and within which hours. */
export interface ExecutionRules {
  readonly settings: ExecutionSettings;
  readonly opensAt: number;
  readonly closesAt: number;
  /** No slice leaves after this, epoch ms. */
  readonly entriesEndAt: number;
  /** A symbol's own volume curve; null while unknown. */
  readonly profile: (symbol: string) => VolumeProfile | null;
}

interface ExecutionOptions {
  readonly rules: ExecutionRules;
  readonly limits: Limits;
  readonly strategyName: string;
  readonly barMs: number;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly desk: OrderDesk;
  readonly market: MarketView;
  readonly book: () => Book;
  readonly style: () => PlanStyle;
  /** Whether anything reaches IB now. */
  readonly mayLeave: () => boolean;
  /** Whether the position is being closed: then nothing is added to it. */
  readonly isLeaving: (symbol: string) => boolean;
}

/** A parent gets no more slices than this, whatever its algorithm says: two for each minute of a day. */
const SLICES_MAX = 780;
const RETRY_MS = 30_000;
/** TWS confirms a cancel within a second; after ten its silence means that a message was lost. */
const ANSWER_LATE_MS = 10_000;
/** Bars at both ends of a parent's time lie only partly within it; more than that is a gap. */
const UNSEEN_MS_MAX = 15_000;
/** Less time than this is not worth an algorithm: the order leaves whole. */
const HORIZON_MS_MIN = 60_000;

/**
 * Works approved entries by algorithms. All it must remember is in the ledger: the parent before its first slice,
 * each slice as an intent that names it, and its end. Each slice is reviewed again before it leaves.
 */
export class Execution {
  readonly #options: ExecutionOptions;
  readonly #restUntil = new Map<string, number>(); // intentId of a slice → when it is taken back
  readonly #takenBackAt = new Map<string, number>(); // intentId of a slice → when its cancel was asked for
  readonly #told = new Set<string>(); // `parentOrderId code` of refusals written down

  constructor(options: ExecutionOptions) {
    this.#options = options;
  }

  /** Which algorithm an entry gets, and why. A leg of a group leaves whole: both legs, or none. */
  choose(approved: Approved): Choice {
    const { settings, profile } = this.#options.rules;
    if (approved.signal.group !== undefined) {
      return { algorithm: "LIMIT", because: "the legs of a group leave together" };
    }
    if (this.#horizonMs() < HORIZON_MS_MIN) {
      return { algorithm: "LIMIT", because: "entries end too soon for an algorithm" };
    }
    if (settings.style !== "auto") {
      return { algorithm: settings.style, because: "chosen by hand" };
    }
    const { symbol } = approved.instrument;
    const quote = this.#options.market.quotes.get(symbol);
    return chooseAlgorithm({
      shares: toNumber(approved.quantity),
      touchShares: (approved.signal.side === "BUY" ? quote?.askSize : quote?.bidSize) ?? null,
      expectedVolume: this.#expectedVolume(symbol, this.#horizonMs()),
      hasProfile: profile(symbol) !== null,
    });
  }

  /** Bars of the strategy's length that an entry begun now may be worked for; 1 when it would leave whole. */
  get workedBars(): number {
    const { rules: { settings }, barMs } = this.#options;
    const horizonMs = this.#horizonMs();
    const isWhole = settings.style === "LIMIT" || settings.style === "MARKET";
    return isWhole || horizonMs < HORIZON_MS_MIN ? 1 : Math.max(1, horizonMs / barMs);
  }

  /** Takes over an approved entry, as a parent in the ledger. Its first slice may leave at once. */
  begin(approved: Approved, { algorithm, because }: Choice, signalId: string): void {
    const { journal, market, clock, strategyName } = this.#options;
    const { signal, quantity, limitPrice, stopPrice, reserved, sizing } = approved;
    const { symbol, side, purpose } = signal;
    const { ids } = this.#options.style();
    const parentOrderId = ids();
    const startMs = clock.now();
    const horizonMs = this.#horizonMs();
    const expected = this.#expectedVolume(symbol, horizonMs);
    journal.write({
      kind: "parent-order",
      parentOrderId,
      signalId,
      strategy: strategyName,
      symbol,
      side,
      purpose,
      quantity,
      algorithm,
      because: algorithm === "VWAP" && this.#options.rules.profile(symbol) === null
        ? `${because}; its volume curve is not known, so it follows the clock`
        : because,
      startMs,
      endMs: startMs + horizonMs,
      seed: seedOf(parentOrderId),
      limitPrice,
      stopPrice,
      reserved,
      sizing,
      expectedVolume: expected === null ? null : fromNumber(expected),
      quote: market.seen(symbol),
    });
  }

  /** No more slices for the parents of this symbol, of all without one; what works of them is taken back. */
  stop(because: string, symbol: string | null = null): void {
    for (const parent of this.#options.journal.parents.active()) {
      if (symbol === null || symbol === parent.started.symbol) this.#stop(parent, because);
    }
  }

  /** True when the broker has been silent about a slice it was asked to cancel. */
  get isOwedAnAnswer(): boolean {
    const since = this.#options.clock.now() - ANSWER_LATE_MS;
    return this.#options.journal.parents.active().some(({ slices }) =>
      slices.some((state) =>
        isOpen(state) && (this.#takenBackAt.get(state.intent.intentId) ?? Infinity) <= since
      )
    );
  }

  /** After each event: takes slices back whose time is over, sends what is due, writes down what has ended. */
  proceed(): void {
    const { journal, mayLeave } = this.#options;
    if (journal.parents.size === 0 || !mayLeave()) return;
    for (const parent of journal.parents.active()) this.#work(parent);
  }

  #work(parent: ParentState): void {
    const { clock } = this.#options;
    const { started, slices } = parent;
    const { quantity, endMs } = started;
    const progress = progressOf(parent, clock.now());
    const over = progress.filled >= quantity ? null : this.#reasonToStop(parent);
    if (over !== null) this.#stop(parent, over);
    const isStopped = parent.stopped !== null;
    const working = slices.filter(isOpen);
    const algorithm = this.#algorithm(parent);
    for (const state of working) {
      const untilMs = this.#restUntil.get(state.intent.intentId) ??
        (algorithm?.atBroker === true ? endMs : 0);
      if (isStopped || untilMs <= clock.now()) this.#takeBack(state);
    }
    if (working.length > 0) return;
    const owing = new Set(this.#options.journal.intents.owing(clock.now()));
    // It ends once what was filled is known; a slice nobody knows of is to be taken back when it shows up again.
    if (isStopped && slices.some((state) => state.frozen || owing.has(state))) return;
    if (progress.filled >= quantity) this.#end(parent, "all of it is filled");
    else if (parent.stopped !== null) this.#end(parent, parent.stopped);
    // A frozen slice may still fill: nothing more is sent, and the rest is not given up either.
    else if (progress.working === 0n) this.#send(parent, algorithm);
  }

  #takeBack(state: IntentState): void {
    const { clock, desk } = this.#options;
    const { intentId } = state.intent;
    if (!this.#takenBackAt.has(intentId)) this.#takenBackAt.set(intentId, clock.now());
    desk.cancel(state);
  }

  #reasonToStop({ started, slices, stops }: ParentState): string | null {
    const { clock, isLeaving } = this.#options;
    if (clock.now() > started.endMs) return "its time is over";
    if (isLeaving(started.symbol)) return "the position is being closed";
    if (stops.some(({ filled }) => filled > 0n)) return "its stop was hit";
    const rejected = slices.find(({ life }) => phaseOf(life) === "rejected")?.life.rejection;
    if (rejected !== undefined) {
      return `the broker rejected a slice: ${rejected?.code ?? ""} ${rejected?.text ?? ""}`.trim();
    }
    return slices.length >= SLICES_MAX ? `${SLICES_MAX} slices are enough` : null;
  }

  /** A slice that never left is not followed at once by another: the link has just gone, or is jammed. */
  #mustWait({ slices }: ParentState): boolean {
    const last = slices.at(-1);
    if (last === undefined || last.permId !== 0 || last.filled > 0n) return false;
    return this.#options.clock.now() - last.recordedAt < RETRY_MS;
  }

  #algorithm({ started }: ParentState): Algorithm | null {
    const { rules } = this.#options;
    const name = ALGORITHM_NAMES.find((known) => known === started.algorithm);
    return name === undefined ? null : algorithmOf(name, {
      ...rules,
      quantity: started.quantity,
      price: started.limitPrice,
      profile: rules.profile(started.symbol),
    });
  }

  /** Null without a quote to work by. */
  #marketNow(symbol: string, sinceMs: number): MarketNow | null {
    const { market, clock } = this.#options;
    const quote = market.quotes.get(symbol);
    if (quote === undefined || midpoint(quote) === null) return null;
    const { bid, ask } = quote;
    if (bid === null || ask === null) return null;
    const { volume } = market.tape.between(symbol, sinceMs, clock.now());
    return { bid, ask, volume: fromNumber(Math.floor(volume)) };
  }

  /** Shares the market trades in so long, going by its average bar; null when that is unknown. */
  #expectedVolume(symbol: string, horizonMs: number): number | null {
    const average = this.#options.market.averageVolume().get(symbol);
    return average === undefined ? null : Math.round((average * horizonMs) / this.#options.barMs);
  }

  #horizonMs(): number {
    const { settings, entriesEndAt } = this.#options.rules;
    return Math.min(settings.horizonMinutes * 60_000, entriesEndAt - this.#options.clock.now());
  }

  #send(parent: ParentState, algorithm: Algorithm | null): void {
    const { started } = parent;
    const now = this.#options.clock.now();
    const market = this.#marketNow(started.symbol, started.startMs);
    if (algorithm === null || market === null || this.#mustWait(parent)) return;
    const slice = algorithm.next(started, progressOf(parent, now), market);
    if (slice === null) return;
    const { limits, book, journal } = this.#options;
    const { parentOrderId, symbol } = started;
    const decision = reviewSlice({ parentOrderId, quantity: slice.quantity }, limits, book());
    if (decision.outcome === "approved") return this.#submit(parent, slice, decision);
    // Once each: it is asked again with every event.
    const key = `${parentOrderId} ${decision.code}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const text = `${symbol} waits with its next slice: ${formatRefusal(decision)}`;
    journal.incident({ code: "slice-waits", text, symbol, severity: "note" });
  }

  #submit({ started }: ParentState, slice: Slice, approved: Approved): void {
    const { desk, clock, style } = this.#options;
    const { displaySize, algo } = slice;
    const orders = planSlice(approved, style(), {
      quantity: slice.quantity,
      limitPrice: slice.limitPrice === null ? null : fromNumber(slice.limitPrice),
      before: 0n,
      parentOrderId: started.parentOrderId,
      ...(displaySize === undefined ? {} : { displaySize }),
      ...(algo === undefined ? {} : { algo }),
    });
    for (const { intentId, role } of orders) {
      if (role === "entry") this.#restUntil.set(intentId, clock.now() + slice.restMs);
    }
    const { signalId, strategy, algorithm, quantity } = started;
    const sizing = `${algorithm} slice of ${formatMicros(quantity)}: ${approved.sizing}`;
    desk.submit(orders, { signalId, strategy, sizing });
  }

  #stop({ started: { parentOrderId, symbol }, stopped }: ParentState, because: string): void {
    if (stopped !== null) return;
    this.#options.journal.write({ kind: "parent-stopped", parentOrderId, symbol, because });
  }

  #end(parent: ParentState, because: string): void {
    const { journal, clock, market } = this.#options;
    const { started } = parent;
    const { filled } = progressOf(parent, clock.now());
    const traded = market.tape.between(started.symbol, started.startMs, clock.now());
    const whole = clock.now() - started.startMs - traded.coveredMs <= UNSEEN_MS_MAX;
    const outcome: ParentOrderEnded["outcome"] = filled >= started.quantity
      ? "filled"
      : filled > 0n
      ? "partly-filled"
      : "unfilled";
    for (const { intent: { intentId } } of parent.slices) {
      this.#restUntil.delete(intentId);
      this.#takenBackAt.delete(intentId);
    }
    journal.write({
      kind: "parent-ended",
      parentOrderId: started.parentOrderId,
      symbol: started.symbol,
      outcome,
      because,
      filled,
      remainder: started.quantity - filled,
      avgFillPrice: averageFillOf(parent),
      intervalVwap: whole ? traded.vwap : null,
      marketVolume: whole ? fromNumber(traded.volume) : null,
      quote: market.seen(started.symbol),
    });
  }
}

/** Repeatable from the ledger: FNV-1a over the parent's id. */
function seedOf(parentOrderId: string): number {
  let hash = 0x811c9dc5;
  for (const letter of parentOrderId) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  }
  return hash;
}
