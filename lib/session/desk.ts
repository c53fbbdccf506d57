import {
  type Broker,
  type BrokerEvent,
  type BrokerOrder,
  NotReadyError,
  type Placed,
} from "../broker/broker.ts";
import type {
  EntryBody,
  IntentRecorded,
  OrderEvent,
  OrderSent,
  QuoteSeen,
} from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import { phaseOf, REJECTED_CODE } from "../orders/lifecycle.ts";
import type { Change, Order } from "../orders/order.ts";
import { nowhere } from "./frozen.ts";
import { type IntentState, isOpen } from "./intents.ts";
import type { Journal } from "./journal.ts";
import { executionEntry, isNews, stopFound } from "./reconcile.ts";

/** Why an order exists, for its intent. */
export interface Grounds {
  readonly signalId: string | null;
  readonly strategy: string;
  /** Why this size and these prices, in words with the numbers. */
  readonly sizing: string;
}

/** What the session wants to know of an order event after it was booked. */
export interface Booked {
  readonly state: IntentState;
  readonly entry: EntryBody;
}

type StatusEvent = Extract<BrokerEvent, { readonly type: "order-status" }>;

/**
 * The one gate to the broker. An order's intent is durable before its first byte leaves, and everything the
 * broker says about it is booked once, whatever the order and however often it says it.
 */
export class OrderDesk {
  readonly #journal: Journal;
  readonly #quoteOf: (symbol: string) => QuoteSeen;
  /** intentId → last order event booked, to drop the repeats TWS likes to send */
  readonly #lastEvent = new Map<string, OrderEvent>();
  /** intentId → when a change of it was sent that the broker has not shown yet, epoch ms */
  readonly #changing = new Map<string, number>();
  #broker: Broker | null = null;

  constructor(journal: Journal, quoteOf: (symbol: string) => QuoteSeen) {
    this.#journal = journal;
    this.#quoteOf = quoteOf;
  }

  /** The connection to use from now on; null while there is none. */
  set broker(broker: Broker | null) {
    this.#broker = broker;
    this.#changing.clear();
    this.#journal.intents.startConnection();
  }

  /**
   * Records the intents of these orders, which belong together, then sends them. When the link refuses one, it
   * and those after it are booked as never sent: no byte of them left.
   */
  submit(orders: readonly Order[], grounds: Grounds): void {
    this.#journal.write(...orders.map((order) => this.#intent(order, grounds)));
    const sent: OrderSent[] = [];
    try {
      for (const [index, order] of orders.entries()) {
        const placed = this.#place(order);
        if (typeof placed === "string") return this.#notSent(orders.slice(index), placed);
        sent.push({ kind: "order-sent", intentId: order.intentId, orderId: placed.orderId });
      }
    } finally {
      // After the last of them: each entry costs a write to the disk, and the stop must not wait for its entry's.
      if (sent.length > 0) this.#journal.write(...sent);
    }
  }

  #notSent(orders: readonly Order[], refusal: string): void {
    const symbol = orders[0]?.symbol ?? null;
    this.#journal.incident({ code: "order-not-sent", text: refusal, symbol });
    const { intents } = this.#journal;
    this.#journal.write(...orders.flatMap(({ intentId }) => {
      const state = intents.byId(intentId);
      return state === undefined ? [] : [nowhere(state)];
    }));
  }

  /** Asks the broker to cancel; the order stays open until the broker says it is not. */
  cancel(state: IntentState): void {
    if (state.orderId === null || state.cancelRequested || this.#broker === null) return;
    const { orderId, permId, intent, filled } = state;
    this.#journal.write({
      kind: "order-event",
      intentId: intent.intentId,
      orderId,
      permId,
      symbol: intent.symbol,
      status: "PendingCancel",
      filled,
      remaining: intent.quantity - filled,
      avgFillPrice: null,
      whyHeld: "",
      source: "local",
    });
    try {
      this.#broker.cancel(orderId);
    } catch (error) {
      // The link has just gone. Over the next one it may be asked for again.
      if (!(error instanceof NotReadyError)) throw error;
      this.#journal.incident({
        code: "cancel-not-sent",
        text: error.message,
        symbol: intent.symbol,
      });
    }
  }

  /**
   * Writes down where this stop goes, then sends the change. While the broker has not shown the last change of it,
   * nothing happens: it has one on its way at most. True when it was sent.
   */
  change(state: IntentState, change: Change, why: { rule: string; because: string }): boolean {
    const { intentId, symbol } = state.intent;
    if (this.#broker === null || this.#changing.has(intentId)) return false;
    const { lmtPrice, auxPrice, quantity } = change.order;
    const before = state.auxPrice;
    const size = quantity === state.intent.quantity ? null : quantity;
    const entry = { kind: "order-changed", intentId, symbol, lmtPrice, quantity: size } as const;
    this.#journal.write({ ...entry, auxPrice, ...why });
    // Before it is sent, as the broker may answer at once.
    this.#changing.set(intentId, this.#journal.now());
    try {
      this.#broker.change(change);
      return true;
    } catch (error) {
      if (!(error instanceof NotReadyError || error instanceof RangeError)) throw error;
      const because = error.message;
      this.#changing.delete(intentId);
      this.#journal.write({ ...entry, auxPrice: before, rule: "not-sent", because });
      this.#journal.incident({ code: "change-not-sent", text: because, symbol });
      return false;
    }
  }

  /** True while a change of this order is under way. */
  isChanging(intentId: string): boolean {
    return this.#changing.has(intentId);
  }

  /** True when a change was sent by then that the broker has not shown. */
  isChangeOwed(sinceMs: number): boolean {
    return [...this.#changing.values()].some((at) => at <= sinceMs);
  }

  /** The broker was asked for its orders and its word is booked. */
  forgetChanges(): void {
    this.#changing.clear();
  }

  /** Books what the broker says about orders; null when it is nothing new or not about an order. */
  handle(event: BrokerEvent): Booked | null {
    switch (event.type) {
      case "order-status":
        return this.#status(event);
      case "execution": {
        if (this.#journal.books.knows(event.execution.execId)) return null;
        const quote = this.#quoteOf(event.execution.symbol);
        return this.#book(executionEntry(event.execution, this.#journal.intents, quote));
      }
      case "commission": {
        const { commission } = event;
        if (!isNews(this.#journal.books.commissionOf(commission.execId), commission)) return null;
        const { execId, amount, currency, realizedPnl } = commission;
        this.#journal.write({ kind: "commission", execId, amount, currency, realizedPnl });
        return null;
      }
      case "open-order":
        return this.#shown(event.order);
      case "order-message": {
        const state = this.#journal.intents.byOrderId(event.orderId);
        const { orderId, code, text } = event;
        const isOurs = state !== undefined && !this.#isAboutChange(state, code);
        const intentId = isOurs ? state.intent.intentId : null;
        return this.#book({ kind: "order-message", intentId, orderId, code, text });
      }
      default:
        return null;
    }
  }

  /**
   * A rejection while a change is under way may mean the change alone: whether the order still works is known once its
   * status says so, or the broker is asked. Taken for dead, it would get a second one beside it.
   */
  #isAboutChange(state: IntentState, code: number): boolean {
    const isUnderWay = this.#changing.has(state.intent.intentId);
    return code === REJECTED_CODE && isUnderWay && isOpen(state);
  }

  /** Where a stop stands at the broker: the answer to a change, or a person has moved it. */
  #shown(order: BrokerOrder): null {
    const state = this.#journal.intents.byRef(order.orderRef);
    if (state === undefined || !isOpen(state)) return null;
    const { intentId } = state.intent;
    const found = stopFound(state, order);
    if (found === null) this.#changing.delete(intentId);
    // What was said before our change arrived still shows the old price.
    else if (!this.#changing.has(intentId)) this.#journal.write(found);
    return null;
  }

  #status(event: StatusEvent): Booked | null {
    const state = this.#journal.intents.byOrderId(event.orderId);
    if (state === undefined) return null;
    const { orderId, permId, status, filled, remaining, avgFillPrice, whyHeld } = event;
    const { intentId, symbol } = state.intent;
    const last = this.#lastEvent.get(intentId);
    if (last !== undefined && saysTheSame(last, event)) return null;
    const entry: OrderEvent = {
      kind: "order-event",
      intentId,
      orderId,
      permId,
      symbol,
      status,
      filled,
      remaining,
      avgFillPrice,
      whyHeld,
      source: "status",
    };
    this.#lastEvent.set(intentId, entry);
    return this.#book(entry);
  }

  #book(entry: EntryBody & { readonly intentId: string | null }): Booked | null {
    const state = entry.intentId === null ? undefined : this.#journal.intents.byId(entry.intentId);
    const wasRejected = state !== undefined && phaseOf(state.life) === "rejected";
    this.#journal.write(entry);
    if (state === undefined) return null;
    if (!wasRejected && phaseOf(state.life) === "rejected") this.#reportRejection(state);
    return { state, entry };
  }

  #reportRejection({ intent, life }: IntentState): void {
    const { symbol, side, quantity, role } = intent;
    const because = life.rejection === null
      ? "TWS gave no reason"
      : `${life.rejection.code} ${life.rejection.text}`;
    const text = `${role} ${side} ${formatMicros(quantity)} ${symbol} rejected: ${because}`;
    this.#journal.incident({ code: "order-rejected", severity: "error", symbol, text });
  }

  /** Its id when the order is on the wire, else why it is not. */
  #place(order: Order): Placed | string {
    if (this.#broker === null) return "Cannot send an order: the broker is not connected";
    try {
      return this.#broker.place(order);
    } catch (error) {
      if (error instanceof NotReadyError || error instanceof RangeError) return error.message;
      throw error;
    }
  }

  #intent(order: Order, grounds: Grounds): IntentRecorded {
    return {
      kind: "intent",
      intentId: order.intentId,
      signalId: grounds.signalId,
      orderRef: order.orderRef,
      strategy: grounds.strategy,
      symbol: order.symbol,
      conId: order.conId,
      side: order.side,
      role: order.role,
      orderType: order.orderType,
      tif: order.tif,
      quantity: order.quantity,
      lmtPrice: order.lmtPrice,
      auxPrice: order.auxPrice,
      parentIntentId: order.parentIntentId,
      ocaGroup: order.ocaGroup,
      parentOrderId: order.parentOrderId,
      displaySize: order.displaySize,
      algo: order.algo,
      deadlineMs: order.deadlineMs,
      sizing: grounds.sizing,
      quote: this.#quoteOf(order.symbol),
    };
  }
}

function saysTheSame(a: OrderEvent, b: StatusEvent): boolean {
  return a.status === b.status && a.filled === b.filled && a.remaining === b.remaining &&
    a.whyHeld === b.whyHeld;
}
