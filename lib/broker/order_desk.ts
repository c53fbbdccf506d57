import type { Clock } from "../clock.ts";
import type { Instrument } from "../market/market.ts";
import { ZERO } from "../money.ts";
import type { Change, Order, OrderFacts } from "../orders/order.ts";
import type { BrokerEvent, Placed, PreviewRequest, Ready } from "./broker.ts";
import type { Encode, StockContract } from "./codec.ts";
import { CANCEL_NOT_SENT, CHANGE_NOT_SENT, ORDER_NOT_SENT } from "./codes.ts";
import { contractOf } from "./feed.ts";
import { type Message, REQUEST_ID_MIN } from "./message.ts";
import { checkOrder } from "./order_check.ts";
import type { Pacer, Parcel } from "./pacer.ts";

/** Gives orders their ids and sends them, or says for certain that they were not sent. */

interface OrderDeskOptions {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly encode: Encode;
  readonly ready: Ready;
  readonly clientId: number;
  readonly account: string | undefined;
  readonly orderIdFloor: number;
  readonly emit: (event: BrokerEvent) => void;
}

interface WaitingOrder {
  readonly order: Order;
  readonly parcel: Parcel;
  readonly parentId: number;
}

/** Intents remembered to know parents and to refuse a second placing: several days of a busy session. */
const INTENTS_MAX = 20_000;

/** What every what-if is beside its contract, side and size. */
const PREVIEWED: Omit<OrderFacts, "conId" | "symbol" | "side" | "quantity"> = {
  intentId: "",
  orderRef: "",
  role: "entry",
  orderType: "MKT",
  tif: "DAY",
  lmtPrice: null,
  auxPrice: null,
  outsideRth: false,
  parentIntentId: null,
  ocaGroup: null,
  parentOrderId: null,
  displaySize: null,
  algo: null,
  transmit: true,
  deadlineMs: 0,
};

export class OrderDesk {
  readonly #options: OrderDeskOptions;
  #lastOrderId: number;
  // intentId → order id, of what was placed over this connection
  readonly #orderIds = new Map<string, number>();
  // order id → the order the rate limit holds back
  readonly #waiting = new Map<number, WaitingOrder>();
  // order id → its parent's, as placed over this connection or as TWS shows it
  readonly #parentIds = new Map<number, number>();
  // conId → instrument, of those asked for over this connection
  readonly #instruments = new Map<number, Instrument>();

  constructor(options: OrderDeskOptions) {
    this.#options = options;
    this.#lastOrderId = Math.max(options.ready.nextOrderId - 1, options.orderIdFloor);
  }

  /** Remembers where and in which currency a contract trades. */
  know(instrument: Instrument): void {
    this.#instruments.set(instrument.conId, instrument);
  }

  /** Order ids TWS mentions are used up, whoever used them: after a restart it may start below them. */
  take(message: Message): void {
    if (message.type === "next-valid-id") this.#use(message.orderId - 1);
    if (message.type === "order-status") this.#seen(message);
    if (message.type === "open-order") {
      const { orderId, clientId, parentId } = message.order;
      this.#seen(message.order);
      if (clientId === this.#options.clientId) this.#rememberParent(orderId, parentId);
    }
    if (message.type === "execution") this.#seen(message.execution);
  }

  /** @throws {RangeError} when the order is malformed or cannot leave in time; then it never leaves */
  place(order: Order): Placed {
    checkOrder(order);
    const before = this.#orderIds.get(order.intentId);
    if (before !== undefined) {
      throw new RangeError(`Cannot place intent "${order.intentId}" again: it is order ${before}`);
    }
    const parentId = this.#parentId(order);
    const account = this.#account();
    const orderId = this.#newOrderId();
    const contract = this.#contract(order);
    const bytes = this.#options.encode.placeOrder({ order, orderId, parentId, account, contract });
    const parcel: Parcel = {
      lane: "order",
      bytes,
      deadlineMs: order.deadlineMs,
      sent: () => void this.#waiting.delete(orderId),
      dropped: (because) => this.#notSent(orderId, because),
    };
    this.#waiting.set(orderId, { order, parcel, parentId });
    this.#remember(order.intentId, orderId);
    this.#rememberParent(orderId, parentId);
    try {
      this.#options.pacer.submit(parcel);
    } catch (error) {
      this.#forget(orderId);
      throw error;
    }
    return { orderId };
  }

  /**
   * The order once more under its id, with new prices.
   *
   * @throws {RangeError} when it is malformed, unknown, or cannot leave in time; then it never leaves
   */
  change({ orderId, order }: Change): void {
    checkOrder(order);
    const parentId = this.#parentIds.get(orderId);
    if (parentId === undefined) {
      // Under an id that TWS does not know either, the change would become a second order.
      throw new RangeError(
        `Cannot change order ${orderId}: TWS has not shown it over this connection`,
      );
    }
    const { pacer, encode, emit } = this.#options;
    const account = this.#account();
    const contract = this.#contract(order);
    const dropped = (because: string): void => {
      const text = `Change of order ${orderId} was not sent: ${because}`;
      emit({ type: "order-message", orderId, code: CHANGE_NOT_SENT, text });
    };
    const bytes = encode.placeOrder({ order, orderId, parentId, account, contract });
    pacer.submit({ lane: "order", bytes, deadlineMs: order.deadlineMs, dropped });
  }

  /** The frame that asks what a market order would do to the account, under an id of its own. */
  whatIf(
    { instrument, side, quantity }: PreviewRequest,
  ): { readonly orderId: number; readonly bytes: Uint8Array } {
    this.know(instrument);
    const { conId, symbol } = instrument;
    const account = this.#account();
    const orderId = this.#newOrderId();
    const order: OrderFacts = { ...PREVIEWED, conId, symbol, side, quantity };
    const contract = this.#contract(order);
    const ticket = { order, orderId, parentId: 0, account, contract, whatIf: true };
    return { orderId, bytes: this.#options.encode.placeOrder(ticket) };
  }

  /** An order that has not left is taken back; for any other TWS is asked, ahead of everything else. */
  cancel(orderId: number): void {
    if (!Number.isSafeInteger(orderId) || orderId <= 0 || orderId >= REQUEST_ID_MIN) {
      throw new RangeError(`Cannot cancel order ${orderId}: no such id`);
    }
    const { pacer, encode, emit } = this.#options;
    const waiting = this.#waiting.get(orderId);
    // Overtaking its own order, a cancel would miss it, and the order would then go live.
    if (waiting !== undefined && pacer.withdraw(waiting.parcel, "it was cancelled before")) return;
    const dropped = (because: string): void => {
      const text = `Cancel of order ${orderId} was not sent: ${because}`;
      emit({ type: "order-message", orderId, code: CANCEL_NOT_SENT, text });
    };
    pacer.submit({ lane: "cancel", bytes: encode.cancelOrder(orderId), dropped });
  }

  #notSent(orderId: number, because: string): void {
    const order = this.#forget(orderId);
    if (order === undefined) return;
    const { emit, pacer } = this.#options;
    const text = `Order ${orderId} was not sent: ${because}`;
    emit({ type: "order-message", orderId, code: ORDER_NOT_SENT, text });
    emit({
      type: "order-status",
      orderId,
      permId: 0,
      status: "ApiCancelled",
      filled: ZERO,
      remaining: order.quantity,
      avgFillPrice: null,
      whyHeld: "",
    });
    for (const child of [...this.#waiting.values()]) {
      if (child.parentId === orderId) pacer.withdraw(child.parcel, "its parent was not sent");
    }
  }

  #forget(orderId: number): Order | undefined {
    const order = this.#waiting.get(orderId)?.order;
    this.#waiting.delete(orderId);
    if (order !== undefined) this.#orderIds.delete(order.intentId);
    return order;
  }

  #remember(intentId: string, orderId: number): void {
    this.#orderIds.set(intentId, orderId);
    if (this.#orderIds.size <= INTENTS_MAX) return;
    const [oldest] = this.#orderIds.keys();
    if (oldest !== undefined) this.#orderIds.delete(oldest);
  }

  #rememberParent(orderId: number, parentId: number): void {
    this.#parentIds.set(orderId, parentId);
    if (this.#parentIds.size <= INTENTS_MAX) return;
    const [oldest] = this.#parentIds.keys();
    if (oldest !== undefined) this.#parentIds.delete(oldest);
  }

  #parentId({ intentId, parentIntentId }: Order): number {
    if (parentIntentId === null) return 0;
    const parentId = this.#orderIds.get(parentIntentId);
    if (parentId !== undefined) return parentId;
    throw new RangeError(
      `Cannot place "${intentId}": its parent "${parentIntentId}" was not placed over this connection`,
    );
  }

  #account(): string {
    const { account, ready } = this.#options;
    const [only, ...others] = ready.accounts;
    if (account !== undefined) return account;
    if (only !== undefined && others.length === 0) return only;
    throw new RangeError(
      `Cannot place the order: the login manages ${ready.accounts.length} accounts and none is configured`,
    );
  }

  #contract({ conId, symbol }: Pick<Order, "conId" | "symbol">): StockContract {
    const instrument = this.#instruments.get(conId);
    return instrument === undefined ? { conId, symbol, exchange: "SMART" } : contractOf(instrument);
  }

  #newOrderId(): number {
    const orderId = this.#lastOrderId + 1;
    if (orderId >= REQUEST_ID_MIN) {
      throw new RangeError(
        `Cannot place the order: all order ids below ${REQUEST_ID_MIN} are used`,
      );
    }
    this.#lastOrderId = orderId;
    return orderId;
  }

  #seen({ orderId, clientId }: { readonly orderId: number; readonly clientId: number }): void {
    if (clientId === this.#options.clientId) this.#use(orderId);
  }

  #use(orderId: number): void {
    if (orderId < REQUEST_ID_MIN) this.#lastOrderId = Math.max(this.#lastOrderId, orderId);
  }
}
