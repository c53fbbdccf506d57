import type { Entry, IntentRecorded, OrderChanged } from "../ledger/entry.ts";
import { greatest, least, type Micros } from "../money.ts";
import {
  filledOf,
  isFinal,
  missingExecutions,
  newOrder,
  type OrderFact,
  type OrderState,
  withFact,
} from "../orders/lifecycle.ts";
import { idWithin } from "../orders/ids.ts";
import type { OrderStatus } from "../orders/order.ts";
import type { Side } from "../strategy/strategy.ts";

const WORKING: ReadonlySet<OrderStatus> = new Set(["PreSubmitted", "Submitted"]);
/** Fills that a status told of follow within a second; after two minutes the lists were asked twice and know of none. */
const OWED_MS_MAX = 120_000;

/** What the ledger knows of one intent. */
export interface IntentState {
  readonly intent: IntentRecorded;
  readonly sessionId: string;
  /** When it was recorded, epoch ms. */
  readonly recordedAt: number;
  /** Id on the wire in the current session; null until sent or adopted. */
  orderId: number | null;
  /** IB's lasting id; 0 until known. */
  permId: number;
  /** Everything the broker has said about it. */
  life: OrderState;
  /** The furthest status it named; null until it named one. */
  status: OrderStatus | null;
  /** Sum of the executions booked for it. */
  filled: Micros;
  /** What still works of it by the broker's newest word, which may have made it smaller; null until it said so. */
  remaining: Micros | null;
  cancelRequested: boolean;
  frozen: boolean;
  /** Trigger of a stop as it stands: recorded, changed since, or found at the broker. */
  auxPrice: Micros | null;
  /** The tightest trigger it was ever to have; a change that was lost on its way is made again up to here. */
  tightest: Micros | null;
}

/**
 * The fold of entries into intents. A session that was killed knows after replaying its ledger exactly what it
 * knew before: this class has no other source.
 */
export class Intents {
  /** intentId → state */
  readonly #byId = new Map<string, IntentState>();
  /** orderId of the current connection's numbering → state */
  readonly #byOrderId = new Map<number, IntentState>();
  /** What `open` and `frozen` answer, kept up to date: a ledger of a year holds many that are over. */
  readonly #open = new Set<IntentState>();
  readonly #frozen = new Set<IntentState>();
  readonly #owing = new Map<IntentState, number>(); // over, with fills not told yet → since when, epoch ms

  readonly #newestExit = new Map<string, IntentState>(); // symbol → newest stop or exit

  readonly #newestBracket = new Map<string, IntentState>(); // symbol → newest stop that came with an entry

  #highestOrderId = 0;

  /** TWS may hand old order ids out again after a restart; ours continue above this. */
  get highestOrderId(): number {
    return this.#highestOrderId;
  }

  apply(entry: Entry): void {
    const { body, at } = entry;
    switch (body.kind) {
      case "intent":
        return this.#record(entry, body);
      case "order-sent":
        return this.#number(this.#byId.get(body.intentId), body.orderId);
      case "order-event": {
        const state = this.#known(body.intentId);
        if (state === undefined) return;
        if (body.orderId > 0) this.#number(state, body.orderId);
        if (body.permId > 0) state.permId = body.permId;
        if (body.status === "PendingCancel") state.cancelRequested = true;
        if (body.source === "status" || body.source === "open-orders") {
          state.remaining = body.remaining;
        }
        // Its list has it working: our cancel was lost on its way, and may be asked for again.
        if (body.source === "open-orders" && WORKING.has(body.status)) {
          state.cancelRequested = false;
        }
        const { permId, status, filled } = body;
        if (body.source !== "local") this.#thaw(state);
        return this.#learn(state, { type: "order-status", permId, status, filled }, at);
      }
      case "order-changed":
        return moveStop(this.#byId.get(body.intentId), body);
      case "order-message":
        return this.#learn(this.#known(body.intentId), {
          type: "order-message",
          code: body.code,
          text: body.text,
        }, at);
      case "execution": {
        const state = this.#known(body.intentId);
        if (state !== undefined) this.#thaw(state);
        return this.#learn(state, { type: "execution", execution: body }, at);
      }
      case "intent-frozen": {
        const state = this.#byId.get(body.intentId);
        if (state === undefined || isFinal(state.life)) return;
        state.frozen = true;
        this.#file(state);
        return;
      }
      default:
    }
  }

  #known(intentId: string | null): IntentState | undefined {
    return intentId === null ? undefined : this.#byId.get(intentId);
  }

  #learn(state: IntentState | undefined, fact: OrderFact, at: number): void {
    if (state === undefined) return;
    const life = withFact(state.life, fact);
    if (life === state.life) return;
    state.life = life;
    state.status = life.status;
    state.filled = filledOf(life);
    const isOver = this.#file(state);
    if (!isOver || missingExecutions(life) === 0n) this.#owing.delete(state);
    else if (!this.#owing.has(state)) this.#owing.set(state, at);
  }

  /** The broker named it: it is known again. */
  #thaw(state: IntentState): void {
    if (!state.frozen) return;
    state.frozen = false;
    this.#file(state);
  }

  /** True when it is over. */
  #file(state: IntentState): boolean {
    const isOver = isFinal(state.life);
    if (isOver) state.frozen = false;
    if (!isOver && state.frozen) this.#frozen.add(state);
    else this.#frozen.delete(state);
    if (!isOver && !state.frozen) this.#open.add(state);
    else this.#open.delete(state);
    return isOver;
  }

  byId(intentId: string): IntentState | undefined {
    return this.#byId.get(intentId);
  }

  byOrderId(orderId: number): IntentState | undefined {
    return this.#byOrderId.get(orderId);
  }

  byRef(orderRef: string): IntentState | undefined {
    const state = this.#byId.get(idWithin(orderRef));
    return state?.intent.orderRef === orderRef ? state : undefined;
  }

  /** Intents that may still fill, oldest first. */
  open(): readonly IntentState[] {
    return [...this.#open];
  }

  /** The newest order that was to reduce or close this position, whatever became of it; null when there was none. */
  newestExit(symbol: string): IntentState | null {
    return this.#newestExit.get(symbol) ?? null;
  }

  /**
   * The stop that came with the entry this stop protects, and that entry. One that was placed again has no parent: it
   * protects what the symbol's newest entry bought. Null when there was none.
   */
  bracketOf(
    { intent }: IntentState,
  ): { readonly entry: IntentState; readonly firstStop: IntentState } | null {
    const firstStop = intent.parentIntentId === null
      ? this.#newestBracket.get(intent.symbol)
      : this.#byId.get(intent.intentId);
    const entry = this.#byId.get(firstStop?.intent.parentIntentId ?? "");
    return entry === undefined || firstStop === undefined ? null : { entry, firstStop };
  }

  /** Intents whose fate nobody can prove. */
  frozen(): readonly IntentState[] {
    return [...this.#frozen];
  }

  /** Everything that is not over: it may still fill, or nobody knows. */
  undecided(): readonly IntentState[] {
    return [...this.#open, ...this.#frozen];
  }

  /**
   * Orders that are over by their status while executions of them are still to come: until those are booked nobody
   * may count on what is held. For `lateMs` at least already.
   */
  owing(now: number, lateMs = 0): readonly IntentState[] {
    if (this.#owing.size === 0) return [];
    return [...this.#owing].filter(([, since]) =>
      now - since >= lateMs && now - since < OWED_MS_MAX
    ).map(([state]) => state);
  }

  /** An order that would reduce this position may be at work, and nobody knows. */
  mayBeLeaving(symbol: string): boolean {
    if (this.#frozen.size === 0) return false;
    return this.frozen().some(({ intent }) => intent.symbol === symbol && intent.role !== "entry");
  }

  /**
   * A new connection: order ids belong to one connection's numbering, as TWS may hand the same ones out again
   * after a restart; and a cancel that was asked for may never have left, so it may be asked for again.
   */
  startConnection(): void {
    this.#byOrderId.clear();
    for (const state of this.#byId.values()) {
      state.orderId = null;
      state.cancelRequested = false;
    }
  }

  #record(entry: Entry, intent: IntentRecorded): void {
    const state: IntentState = {
      intent,
      sessionId: entry.sessionId,
      recordedAt: entry.at,
      orderId: null,
      permId: 0,
      life: newOrder(intent.quantity),
      status: null,
      filled: 0n,
      remaining: null,
      cancelRequested: false,
      frozen: false,
      auxPrice: intent.auxPrice,
      tightest: intent.auxPrice,
    };
    this.#byId.set(intent.intentId, state);
    if (intent.role === "stop" || intent.role === "exit") {
      this.#newestExit.set(intent.symbol, state);
    }
    if (intent.role === "stop" && intent.parentIntentId !== null) {
      this.#newestBracket.set(intent.symbol, state);
    }
    this.#file(state);
  }

  #number(state: IntentState | undefined, orderId: number): void {
    if (state === undefined) return;
    this.#highestOrderId = Math.max(this.#highestOrderId, orderId);
    state.orderId = orderId;
    this.#byOrderId.set(orderId, state);
  }
}

function moveStop(state: IntentState | undefined, { auxPrice }: OrderChanged): void {
  if (state === undefined || auxPrice === null) return;
  state.auxPrice = auxPrice;
  state.tightest = tighterOf(state.intent.side, auxPrice, state.tightest ?? auxPrice);
}

/** Of two triggers the one nearer to the market: of a stop that sells the higher, of one that buys the lower. */
export function tighterOf(side: Side, one: Micros, other: Micros): Micros {
  return side === "SELL" ? greatest(one, other) : least(one, other);
}

/** True while the broker may still fill some of it and nothing keeps it from doing so. */
export function isOpen(state: IntentState): boolean {
  return !state.frozen && !isFinal(state.life);
}
