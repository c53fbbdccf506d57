import type { Clock } from "../clock.ts";
import type { Bar, Instrument } from "../market/market.ts";
import { formatMicros, type Micros, ZERO } from "../money.ts";
import { averagePriceOf, isFinal, missingExecutions } from "../orders/lifecycle.ts";
import { shrink, tighten } from "../orders/tighten.ts";
import type { Limits } from "../risk/limits.ts";
import { formatRefusal } from "../risk/refusals.ts";
import { movesStops, stopAfter } from "../risk/stop_rules.ts";
import { reviewTighten } from "../risk/tighten.ts";
import { mostOf } from "./cover.ts";
import type { OrderDesk } from "./desk.ts";
import type { IntentState } from "./intents.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";

/** Where a stop goes, and why, for its entry. */
interface Wanted {
  /** The tightest it was ever to be at. */
  readonly from: Micros;
  readonly to: Micros;
  readonly rule: string;
  readonly because: string;
}

/**
 * Stops that follow the price. Each finished bar moves each stop of its symbol once at most, only towards the market,
 * and only with the broker's answer to its last move in hand. How far is for risk to say; that it is nearer than before
 * risk proves.
 */
export class Stops {
  readonly #limits: Limits;
  readonly #orderDeadlineMs: number;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #desk: OrderDesk;
  readonly #market: MarketView;
  readonly #instruments: () => ReadonlyMap<string, Instrument>;
  readonly #mayLeave: () => boolean;
  /** `intentId price` of what was sent again: a broker that will not have it is not asked for ever. */
  readonly #sentAgain = new Set<string>();
  /** intentIds of stops asked to become smaller. */
  readonly #shrunk = new Set<string>();
  /** What was told: a stop that is kept where it is is told of once for each reason. */
  readonly #told = new Set<string>();

  constructor(options: {
    readonly rules: { readonly limits: Limits; readonly orderDeadlineMs: number };
    readonly clock: Clock;
    readonly journal: Journal;
    readonly desk: OrderDesk;
    readonly market: MarketView;
    /** symbol → Instrument */
    readonly instruments: () => ReadonlyMap<string, Instrument>;
    /** Where exits may leave stops may move: both only reduce. */
    readonly mayLeave: () => boolean;
  }) {
    this.#limits = options.rules.limits;
    this.#orderDeadlineMs = options.rules.orderDeadlineMs;
    this.#clock = options.clock;
    this.#journal = options.journal;
    this.#desk = options.desk;
    this.#market = options.market;
    this.#instruments = options.instruments;
    this.#mayLeave = options.mayLeave;
  }

  /** A bar has ended: every stop of its symbol follows. */
  onBar(bar: Bar): void {
    if (!movesStops(this.#limits) || !this.#mayLeave()) return;
    for (const state of this.#movable()) {
      const wanted = state.intent.symbol === bar.symbol ? this.#after(bar.close, state) : null;
      if (wanted !== null) this.#move(state, wanted);
    }
  }

  /**
   * A change that was written down and then lost (the process died, the link broke, TWS refused it) is made again,
   * once the market allows it: the stop ends where it was to be.
   */
  restore(): void {
    if (!this.#mayLeave()) return;
    for (const state of this.#movable()) {
      const { tightest, auxPrice, intent: { intentId } } = state;
      if (tightest === null || auxPrice === null || tightest === auxPrice) continue;
      const key = `${intentId} ${tightest}`;
      const because = `it was to be at ${formatMicros(tightest)}, ` +
        `the broker has it at ${formatMicros(auxPrice)}`;
      if (this.#sentAgain.has(key)) {
        this.#tell(state, { why: `${because}, also after it was sent again`, key });
        continue;
      }
      if (this.#move(state, { from: auxPrice, to: tightest, rule: "again", because })) {
        this.#sentAgain.add(key);
      }
    }
  }

  /**
   * An entry that ended before it had bought all its stop was made for: a stop that TWS has left as large as it was
   * would sell more than was bought, so it is made smaller where it stands. Once each; what refuses is taken back
   * instead, when its symbol is quiet.
   */
  shrink(): void {
    if (!this.#mayLeave()) return;
    const { intents } = this.#journal;
    for (const state of intents.open()) {
      const { intent, orderId, filled, remaining, cancelRequested, auxPrice } = state;
      const entry = intent.parentIntentId === null
        ? undefined
        : intents.byId(intent.parentIntentId);
      if (entry === undefined || !isFinal(entry.life) || missingExecutions(entry.life) > ZERO) {
        continue;
      }
      const total = filled + (remaining ?? ZERO);
      const bought = entry.filled;
      if (remaining === null || orderId === null || cancelRequested || auxPrice === null) continue;
      if (bought <= filled || total <= bought || this.#shrunk.has(intent.intentId)) continue;
      this.#shrunk.add(intent.intentId);
      const deadlineMs = this.#clock.now() + this.#orderDeadlineMs;
      const change = shrink({ ...intent, auxPrice, orderId, quantity: total, deadlineMs }, bought);
      const because = `its entry bought ${formatMicros(bought)} of ${formatMicros(total)}`;
      this.#desk.change(state, change, { rule: "shrink", because });
    }
  }

  /** Stops the broker holds, of positions that exist, and that nobody is taking back. */
  #movable(): readonly IntentState[] {
    const { intents, books } = this.#journal;
    return intents.open().filter(({ intent, orderId, status, filled, cancelRequested }) => {
      if (intent.role !== "stop" || orderId === null || cancelRequested) return false;
      if (filled > ZERO || (status !== "PreSubmitted" && status !== "Submitted")) return false;
      const held = books.position(intent.symbol)?.quantity ?? ZERO;
      return intent.side === "SELL" ? held > ZERO : held < ZERO;
    });
  }

  #after(close: number, state: IntentState): Wanted | null {
    const { intent: { symbol, side }, tightest } = state;
    const bracket = this.#journal.intents.bracketOf(state);
    const entry = bracket === null ? null : averagePriceOf(bracket.entry.life);
    const firstStop = bracket?.firstStop.intent.auxPrice ?? null;
    const minTick = this.#instruments().get(symbol)?.minTick;
    if (entry === null || firstStop === null || tightest === null || minTick === undefined) {
      return null;
    }
    const seen = { side, entry, firstStop, stop: tightest, minTick };
    const move = stopAfter(close, seen, this.#limits);
    return move === null ? null : { from: tightest, ...move };
  }

  /** True when the change has left, or is about to. */
  #move(state: IntentState, { from, to, rule, because }: Wanted): boolean {
    const { intent, orderId } = state;
    const { intentId, symbol, side } = intent;
    // Nothing was bought for it: TWS is about to cancel it.
    const quantity = mostOf(state, this.#journal.intents);
    if (orderId === null || quantity === ZERO) return false;
    const now = this.#clock.now();
    const { quotes, quarantined } = this.#market;
    const market = { now, quotes, quarantined, instruments: this.#instruments() };
    const decision = reviewTighten({ intentId, symbol, side, from, to }, this.#limits, market);
    if (decision.outcome === "refused") {
      const why = `${formatRefusal(decision)} (${rule}: ${because})`;
      this.#tell(state, { why, key: `${intentId} ${decision.code}` });
      return false;
    }
    const deadlineMs = now + this.#orderDeadlineMs;
    const change = tighten(decision, { ...intent, orderId, quantity, deadlineMs });
    return this.#desk.change(state, change, { rule, because });
  }

  #tell(
    { intent: { symbol }, auxPrice }: IntentState,
    { why, key }: { readonly why: string; readonly key: string },
  ): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const text = `${symbol} keeps its stop at ${formatMicros(auxPrice ?? ZERO)}: ${why}`;
    this.#journal.incident({ code: "stop-not-moved", text, symbol });
  }
}
