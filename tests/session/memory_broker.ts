import type {
  AccountValues,
  Broker,
  BrokerEvent,
  BrokerOrder,
  BrokerPosition,
  Commission,
  Execution,
  MarginPreview,
  Placed,
  PreviewRequest,
} from "../../lib/broker/broker.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Bar, Instrument } from "../../lib/market/market.ts";
import { formatMicros, fromNumber, type Micros, multiply, parseMicros } from "../../lib/money.ts";
import {
  type Change,
  FINAL_STATUSES,
  type Order,
  type OrderRole,
  type OrderStatus,
} from "../../lib/orders/order.ts";
import { ACCOUNT } from "./fixtures.ts";
import { type Held, MemoryAccount, type Path } from "./memory_account.ts";
import { barAt, conIdOf, stock } from "./memory_market.ts";

export { MemoryAccount, type Path } from "./memory_account.ts";

const BAR_MS = 5_000;
const COMMISSION: Micros = parseMicros("1");

export interface MemoryBrokerOptions {
  readonly clock: Clock;
  readonly path: Path;
  /** 5-second bars and quotes run between these. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly cash?: string;
}

export class MemoryBroker implements Broker {
  readonly ready = {
    serverVersion: 178,
    connectionTime: "20261120 09:20:00 EST",
    accounts: [ACCOUNT],
    nextOrderId: 1,
  };
  /** Orders as they came over the port: what really left the session. */
  readonly placed: Order[] = [];
  /** Changes likewise. */
  readonly changes: Change[] = [];
  readonly account: MemoryAccount;
  /** True loses what is said about orders and fills; the broker goes on working them. */
  muteOrders = false;
  /** Symbols whose feed says nothing. */
  readonly silent = new Set<string>();
  /** True stops the quotes; bars go on. */
  muteQuotes = false;
  /** True leaves entries and market orders working. */
  fillsNothing = false;
  /** True when statuses come before the executions they tell of. */
  lateExecutions = false;
  /** True when stops that are cancelled fill first. */
  fillsCancelledStops = false;
  /** True when it has no half hours of earlier days. */
  noCurve = false;
  /** True when nothing it is told arrives any more. */
  deaf = false;
  /** Refuses changes with this code; the order stays as it is. */
  refusesChanges: number | null = null;
  /** Symbols in which entries are rejected, a second later, and in which they are left working. */
  readonly rejects = new Set<string>();
  readonly unfilled = new Set<string>();
  /** Rejects the next order of this role with 201. */
  rejectNext: OrderRole | null = null;
  readonly #options: MemoryBrokerOptions;
  #listener: (event: BrokerEvent) => void = () => {};
  #open = true;

  constructor(options: MemoryBrokerOptions, account = new MemoryAccount(options.cash)) {
    this.#options = options;
    this.account = account;
  }

  listen(listener: (event: BrokerEvent) => void): void {
    this.#listener = listener;
  }

  place(order: Order): Placed {
    this.placed.push(order);
    const orderId = this.account.nextOrderId++;
    const held: Held = { order, orderId, status: "PendingSubmit", filled: 0n };
    this.account.orders.set(order.intentId, held);
    if (order.role === "entry" && this.rejects.has(order.symbol)) {
      this.#later(1_000, () => this.#reject(held));
      return { orderId };
    }
    if (this.rejectNext === order.role) {
      this.rejectNext = null;
      this.#later(50, () => this.#reject(held));
      return { orderId };
    }
    if (order.transmit) this.#later(100, () => this.#activate(held));
    return { orderId };
  }

  change(change: Change): void {
    const { orderId, order } = change;
    this.changes.push(change);
    const held = [...this.account.orders.values()].find((one) => one.orderId === orderId);
    if (this.deaf || held === undefined) return;
    this.#later(50, () => {
      const code = this.refusesChanges ?? (FINAL_STATUSES.has(held.status) ? 104 : null);
      if (code !== null) {
        const text = "The change was not accepted";
        return this.#emit({ type: "order-message", orderId, code, text });
      }
      held.order = order;
      this.show(orderId);
    });
  }

  /** Fills this order now, or so many of its shares. */
  fill(orderId: number, shares?: Micros): void {
    const held = [...this.account.orders.values()].find((one) => one.orderId === orderId);
    const { clock, path } = this.#options;
    if (held !== undefined) this.#fill(held, path(held.order.symbol, clock.now()), shares);
  }

  /** Says how this order stands, as after a change. */
  show(orderId: number): void {
    const held = [...this.account.orders.values()].find((one) => one.orderId === orderId);
    const [order] = this.#list((one) => one === held);
    if (held === undefined || order === undefined) return;
    this.#emit({ type: "open-order", order });
    this.#status(held, held.status);
  }

  cancel(orderId: number): void {
    const held = [...this.account.orders.values()].find((one) => one.orderId === orderId);
    if (this.deaf || held === undefined || FINAL_STATUSES.has(held.status)) return;
    const fillsFirst = this.fillsCancelledStops && held.order.role === "stop";
    if (fillsFirst) return this.#later(50, () => this.fill(orderId));
    this.#later(50, () => this.#cancel(held));
  }

  openOrders(): Promise<readonly BrokerOrder[]> {
    return Promise.resolve(this.#list((held) => !FINAL_STATUSES.has(held.status)));
  }

  completedOrders(): Promise<readonly BrokerOrder[]> {
    return Promise.resolve(this.#list((held) => FINAL_STATUSES.has(held.status)));
  }

  executions(): Promise<{ executions: Execution[]; commissions: Commission[] }> {
    const { executions, commissions } = this.account;
    return Promise.resolve({ executions: [...executions], commissions: [...commissions] });
  }

  positions(): Promise<readonly BrokerPosition[]> {
    return Promise.resolve(
      [...this.account.shares].map(([symbol, quantity]) => ({
        account: ACCOUNT,
        symbol,
        conId: conIdOf(symbol),
        quantity,
        avgCost: fromNumber(100),
      })),
    );
  }

  accountValues(account: string): Promise<AccountValues> {
    const { clock, path } = this.#options;
    let worth = this.account.cash;
    for (const [symbol, quantity] of this.account.shares) {
      worth += multiply(quantity, fromNumber(path(symbol, clock.now())));
    }
    const values = new Map([
      ["TotalCashValue", formatMicros(this.account.cash)],
      ["NetLiquidation", formatMicros(worth)],
      ["AvailableFunds", formatMicros(this.account.availableFunds ?? worth)],
    ]);
    return Promise.resolve({ account, values });
  }

  preview({ instrument, quantity }: PreviewRequest): Promise<MarginPreview> {
    const { clock, path } = this.#options;
    const price = fromNumber(path(instrument.symbol, clock.now()));
    return Promise.resolve({ initMarginChange: multiply(quantity, price) / 2n });
  }

  instrument(symbol: string): Promise<Instrument | null> {
    if (symbol === "NOSUCH") return Promise.resolve(null);
    return Promise.resolve(stock(symbol));
  }

  history(
    { instrument, barMs }: { instrument: Instrument; barMs: number },
  ): Promise<readonly Bar[]> {
    const { clock, path, opensAt } = this.#options;
    if (this.noCurve && barMs === 30 * 60_000) return Promise.resolve([]);
    const sinceOpen = Math.max(Math.floor((clock.now() - opensAt) / barMs), 0);
    const bars = Array.from({ length: 100 + sinceOpen }, (_, index) => {
      const time = opensAt - (100 - index) * barMs;
      const price = path(instrument.symbol, time);
      const bar = barAt(instrument.symbol, { time, durationMs: barMs, price });
      return { ...bar, volume: (bar.volume * barMs) / BAR_MS };
    });
    return Promise.resolve(bars);
  }

  subscribe(instruments: readonly Instrument[]): void {
    const { clock, opensAt } = this.#options;
    const symbols = instruments.map(({ symbol }) => symbol);
    const bars = Math.ceil(Math.max(0, clock.now() - opensAt) / BAR_MS);
    clock.at(opensAt + bars * BAR_MS, () => this.#tick(symbols));
  }

  currentTime(): Promise<number> {
    return Promise.resolve(this.#options.clock.now());
  }

  close(): Promise<void> {
    this.#open = false;
    return Promise.resolve();
  }

  /** The link breaks; what the broker has keeps working. */
  breakLink(): void {
    this.#emit({ type: "connection", state: "closed", detail: "TWS closed the link" });
    this.#open = false;
  }

  /** Reports an event as TWS would. */
  emit(event: BrokerEvent): void {
    this.#emit(event);
  }

  #tick(symbols: readonly string[]): void {
    const { clock, path, closesAt } = this.#options;
    const now = clock.now();
    if (!this.#open || now > closesAt) return;
    for (const symbol of symbols) {
      const price = path(symbol, now);
      const quote = { bid: price - 0.01, ask: price + 0.01, bidSize: 100, askSize: 100 };
      const rest = { last: price, lastSize: 100, volume: 1_000, time: now, kind: "live" as const };
      if (this.silent.has(symbol)) continue;
      if (!this.muteQuotes) {
        this.#emit({
          type: "feed",
          event: { type: "quote", quote: { symbol, ...quote, ...rest } },
        });
      }
      const bar = barAt(symbol, { time: now - BAR_MS, durationMs: BAR_MS, price });
      this.#emit({ type: "feed", event: { type: "bar", bar } });
      for (const held of [...this.account.orders.values()]) this.#trigger(held, symbol, price);
    }
    clock.at(now + BAR_MS, () => this.#tick(symbols));
  }

  #trigger(held: Held, symbol: string, price: number): void {
    const { order } = held;
    if (order.symbol !== symbol || order.orderType !== "STP" || held.status !== "PreSubmitted") {
      return;
    }
    const trigger = Number(formatMicros(order.auxPrice ?? 0n));
    if (this.#waitsForParent(held)) return;
    if (order.side === "SELL" ? price <= trigger : price >= trigger) this.#fill(held, price);
  }

  #activate(held: Held): void {
    const { order } = held;
    const parent = order.parentIntentId === null
      ? undefined
      : this.account.orders.get(order.parentIntentId);
    if (this.rejects.has(order.symbol) && (parent ?? held).order.role === "entry") return;
    if (parent?.status === "PendingSubmit") this.#activate(parent);
    this.#status(held, order.orderType === "STP" ? "PreSubmitted" : "Submitted");
    if (order.orderType === "STP") return;
    this.#later(100, () => {
      const isKept = order.role === "entry" && this.unfilled.has(order.symbol);
      if (!FINAL_STATUSES.has(held.status) && !this.fillsNothing && !isKept) {
        this.#fill(held, this.#options.path(order.symbol, this.#options.clock.now()));
      }
    });
  }

  #waitsForParent({ order }: Held): boolean {
    const parent = order.parentIntentId === null
      ? undefined
      : this.account.orders.get(order.parentIntentId);
    return parent !== undefined && parent.filled === 0n;
  }

  #fill(held: Held, at: number, traded = held.order.quantity - held.filled): void {
    const { order, orderId } = held;
    const price = fromNumber(at);
    const signed = order.side === "BUY" ? traded : -traded;
    const { account } = this;
    const execId = `0000e0d5.${String(account.executions.length).padStart(4, "0")}.01.01`;
    account.cash -= multiply(signed, price) + COMMISSION;
    const shares = (account.shares.get(order.symbol) ?? 0n) + signed;
    if (shares === 0n) account.shares.delete(order.symbol);
    else account.shares.set(order.symbol, shares);
    const execution: Execution = {
      execId,
      orderId,
      permId: 1_000 + orderId,
      clientId: 17,
      orderRef: order.orderRef,
      account: ACCOUNT,
      symbol: order.symbol,
      conId: order.conId,
      side: order.side,
      quantity: traded,
      price,
      time: this.#options.clock.now(),
      exchange: "ISLAND",
      cumQty: held.filled + traded,
      lastLiquidity: 2,
    };
    account.executions.push(execution);
    if (this.lateExecutions) this.#later(20, () => this.#emit({ type: "execution", execution }));
    else this.#emit({ type: "execution", execution });
    held.filled += traded;
    this.#status(held, held.filled >= order.quantity ? "Filled" : "Submitted");
    const commission = { execId, amount: COMMISSION, currency: "USD", realizedPnl: null };
    account.commissions.push(commission);
    this.#later(50, () => this.#emit({ type: "commission", commission }));
  }

  #reject(held: Held): void {
    const text = "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED";
    this.#emit({ type: "order-message", orderId: held.orderId, code: 201, text });
    this.#cancelAs(held, "Inactive");
  }

  #cancel(held: Held): void {
    this.#cancelAs(held, "Cancelled");
  }

  #cancelAs(held: Held, status: OrderStatus): void {
    if (FINAL_STATUSES.has(held.status)) return;
    this.#status(held, status);
    // TWS at its worst: the stop of an entry that was bought in part stays as large as it was.
    if (held.filled > 0n) return;
    for (const child of this.account.orders.values()) {
      if (child.order.parentIntentId === held.order.intentId) this.#cancel(child);
    }
  }

  #status(held: Held, status: OrderStatus): void {
    held.status = status;
    this.#emit({
      type: "order-status",
      orderId: held.orderId,
      permId: 1_000 + held.orderId,
      status,
      filled: held.filled,
      remaining: held.order.quantity - held.filled,
      avgFillPrice: null,
      whyHeld: "",
    });
  }

  #list(which: (held: Held) => boolean): BrokerOrder[] {
    return [...this.account.orders.values()].filter(which).map((
      { order, orderId, status, filled },
    ) => ({
      orderId,
      permId: 1_000 + orderId,
      clientId: 17,
      orderRef: order.orderRef,
      symbol: order.symbol,
      conId: order.conId,
      account: ACCOUNT,
      side: order.side,
      orderType: order.orderType,
      quantity: order.quantity,
      lmtPrice: order.lmtPrice,
      auxPrice: order.auxPrice,
      status,
      filled,
      parentId: 0,
    }));
  }

  #later(ms: number, action: () => void): void {
    const { clock } = this.#options;
    clock.at(clock.now() + ms, action);
  }

  #emit(event: BrokerEvent): void {
    const lost = this.muteOrders && event.type !== "feed" && event.type !== "connection";
    if (this.#open && !lost) this.#listener(event);
  }
}
