import type { Bar, Instrument } from "../market/market.ts";
import { formatMicros, fromNumber, type Micros, toNumber, ZERO } from "../money.ts";
import type { Change, Order, OrderFacts, OrderStatus } from "../orders/order.ts";
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
  Ready,
} from "./broker.ts";
import { PaperAccount } from "./paper_account.ts";
import { childFillPrice, fillPrice, type Resting } from "./paper_fill.ts";

/** What the paper account begins with and costs. */
export interface PaperOptions {
  readonly account: string;
  readonly cash: Micros;
  readonly instruments: readonly Instrument[];
  /** Commission of one fill. */
  readonly commission: (fill: { readonly quantity: Micros; readonly price: Micros }) => Micros;
}

/** An order and what became of it. */
interface Ticket {
  order: OrderFacts;
  resting: Resting;
  /** End of the newest bar when it was placed, epoch ms: only later bars may fill it. */
  readonly placedAt: number;
  readonly orderId: number;
  status: OrderStatus;
  filled: Micros;
}

const CLIENT_ID = 0;
const SERVER_VERSION = 0;

/**
 * A broker in memory that fills orders from recorded bars, for backtests. An order placed after a bar can be
 * filled by the next one at the earliest: `match` is given a bar before the strategy is.
 *
 * Its events wait until `deliver`, as a real broker's answers come after the call, never within it.
 */
export class PaperBroker implements Broker {
  readonly ready: Ready;
  readonly #options: PaperOptions;
  /** symbol → orders that may still fill, oldest first */
  readonly #working = new Map<string, Ticket[]>();
  /** orderId → ticket, of orders that may still fill */
  readonly #byId = new Map<number, Ticket>();
  /** intentId of the parent → children that wait for its fill */
  readonly #waiting = new Map<string, Ticket[]>();
  readonly account: PaperAccount;
  readonly #executions: Execution[] = [];
  readonly #commissions: Commission[] = [];
  readonly #completed: Ticket[] = [];
  #events: BrokerEvent[] = [];
  #listener: (event: BrokerEvent) => void = () => {};
  #nextOrderId = 1;
  #nowMs = 0;

  constructor(options: PaperOptions) {
    this.#options = options;
    this.account = new PaperAccount(options.cash);
    this.ready = {
      serverVersion: SERVER_VERSION,
      connectionTime: "",
      accounts: [options.account],
      nextOrderId: this.#nextOrderId,
    };
  }

  listen(listener: (event: BrokerEvent) => void): void {
    this.#listener = listener;
  }

  place(order: Order): Placed {
    const orderId = this.#nextOrderId++;
    const ticket: Ticket = {
      order,
      resting: restingOf(order),
      placedAt: this.#nowMs,
      orderId,
      status: "Submitted",
      filled: ZERO,
    };
    this.#byId.set(orderId, ticket);
    if (order.parentIntentId === null) {
      this.#activate(ticket);
    } else {
      ticket.status = "PreSubmitted";
      push(this.#waiting, order.parentIntentId, ticket);
    }
    this.#report(ticket);
    return { orderId };
  }

  /** In force from the next bar on. */
  change({ orderId, order }: Change): void {
    const ticket = this.#byId.get(orderId);
    if (ticket === undefined) return;
    ticket.order = order;
    ticket.resting = restingOf(order);
    this.#events.push({ type: "open-order", order: this.#view(ticket) });
  }

  cancel(orderId: number): void {
    const ticket = this.#byId.get(orderId);
    if (ticket !== undefined) this.#finish(ticket, "Cancelled");
  }

  /** Fills what this bar fills. Orders placed since the bar before take part for the first time. */
  match(bar: Bar): void {
    this.account.mark(bar.symbol, bar.close);
    this.#nowMs = Math.max(this.#nowMs, bar.time + bar.durationMs);
    const working = this.#working.get(bar.symbol);
    if (working === undefined) return;
    // Stops before anything else: when a bar reached both a stop and a target, it reached the stop first.
    const ordered = working.length === 1 ? working : working.toSorted(stopsFirst);
    for (const ticket of [...ordered]) {
      if (ticket.placedAt > bar.time || !this.#byId.has(ticket.orderId)) continue;
      const price = fillPrice(ticket.resting, bar);
      if (price !== null) this.#fill(ticket, price, bar);
    }
  }

  /** The close of an exchange day: what is good for the day only ends. */
  endDay(): void {
    for (const ticket of [...this.#byId.values()]) {
      if (ticket.order.tif !== "GTC") this.#finish(ticket, "Cancelled");
    }
  }

  /** True while there is something to tell. */
  get hasNews(): boolean {
    return this.#events.length > 0;
  }

  /** Tells everything that happened since the last time, in order. */
  deliver(): void {
    while (this.#events.length > 0) {
      const events = this.#events;
      this.#events = [];
      for (const event of events) this.#listener(event);
    }
  }

  openOrders(): Promise<readonly BrokerOrder[]> {
    return Promise.resolve([...this.#byId.values()].map((ticket) => this.#view(ticket)));
  }

  completedOrders(): Promise<readonly BrokerOrder[]> {
    return Promise.resolve(this.#completed.map((ticket) => this.#view(ticket)));
  }

  executions(): Promise<{
    readonly executions: readonly Execution[];
    readonly commissions: readonly Commission[];
  }> {
    return Promise.resolve({
      executions: [...this.#executions],
      commissions: [...this.#commissions],
    });
  }

  positions(): Promise<readonly BrokerPosition[]> {
    return Promise.resolve(this.held());
  }

  /** As `positions`, at once. */
  held(): readonly BrokerPosition[] {
    return this.account.positions().map((position) => ({
      account: this.#options.account,
      conId: this.#instrument(position.symbol)?.conId ?? 0,
      ...position,
    }));
  }

  accountValues(account: string): Promise<AccountValues> {
    const values = new Map([
      ["TotalCashValue", formatMicros(this.account.cash)],
      ["NetLiquidation", formatMicros(this.account.equity)],
    ]);
    return Promise.resolve({ account, values });
  }

  instrument(symbol: string): Promise<Instrument | null> {
    return Promise.resolve(this.#instrument(symbol) ?? null);
  }

  /** Cash is all this broker asks for. */
  preview(): Promise<MarginPreview> {
    return Promise.reject(new RangeError("Cannot preview: the paper broker lends nothing"));
  }

  /** Recorded bars are with whoever feeds them; this broker keeps none. */
  history(): Promise<readonly Bar[]> {
    return Promise.reject(new RangeError("Cannot give history: the paper broker keeps no bars"));
  }

  /** Nothing to do: a backtest feeds the bars itself. */
  subscribe(): void {}

  /** End of the newest bar. */
  currentTime(): Promise<number> {
    return Promise.resolve(this.#nowMs);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #instrument(symbol: string): Instrument | undefined {
    return this.#options.instruments.find((one) => one.symbol === symbol);
  }

  #activate(ticket: Ticket): void {
    push(this.#working, ticket.order.symbol, ticket);
  }

  #fill(ticket: Ticket, paid: number, bar: Bar): void {
    const { order } = ticket;
    const price = fromNumber(paid);
    const execution = this.#execution(ticket, price, bar);
    ticket.filled = order.quantity;
    this.account.fill(order.symbol, order.side, { quantity: order.quantity, price });
    this.#executions.push(execution);
    this.#events.push({ type: "execution", execution });
    this.#finish(ticket, "Filled", price);
    this.#charge(execution);
    for (const child of this.#release(order.intentId)) {
      const childPrice = childFillPrice(child.resting, bar, paid);
      if (childPrice !== null) this.#fill(child, childPrice, bar);
    }
  }

  #execution({ order, orderId }: Ticket, price: Micros, bar: Bar): Execution {
    const number = this.#executions.length + 1;
    return {
      execId: `paper.${String(number).padStart(8, "0")}.01.01`,
      orderId,
      permId: orderId,
      clientId: CLIENT_ID,
      orderRef: order.orderRef,
      account: this.#options.account,
      symbol: order.symbol,
      conId: order.conId,
      side: order.side,
      quantity: order.quantity,
      price,
      time: bar.time,
      exchange: "PAPER",
      cumQty: order.quantity,
      lastLiquidity: 0,
    };
  }

  #charge({ execId, symbol, quantity, price }: Execution): void {
    const amount = this.#options.commission({ quantity, price });
    const currency = this.#instrument(symbol)?.currency ?? "USD";
    const commission: Commission = { execId, amount, currency, realizedPnl: null };
    this.account.pay(amount);
    this.#commissions.push(commission);
    this.#events.push({ type: "commission", commission });
  }

  /** The children of a filled parent, active from now on. */
  #release(parentIntentId: string): readonly Ticket[] {
    const children = this.#waiting.get(parentIntentId) ?? [];
    this.#waiting.delete(parentIntentId);
    for (const child of children) this.#activate(child);
    return children;
  }

  /** Over, and with it the children that waited for it and the others of its OCA group. */
  #finish(ticket: Ticket, status: OrderStatus, price: Micros | null = null): void {
    if (!this.#byId.delete(ticket.orderId)) return;
    const { symbol, intentId, ocaGroup, parentIntentId } = ticket.order;
    remove(this.#working, symbol, ticket);
    if (parentIntentId !== null) remove(this.#waiting, parentIntentId, ticket);
    ticket.status = status;
    this.#completed.push(ticket);
    this.#report(ticket, price);
    if (status !== "Filled") {
      for (const child of [...this.#waiting.get(intentId) ?? []]) this.#finish(child, "Cancelled");
    }
    if (ocaGroup === null) return;
    for (const other of [...this.#byId.values()]) {
      if (other.order.ocaGroup === ocaGroup) this.#finish(other, "Cancelled");
    }
  }

  #report(ticket: Ticket, avgFillPrice: Micros | null = null): void {
    const { orderId, status, filled, order } = ticket;
    this.#events.push({
      type: "order-status",
      orderId,
      permId: orderId,
      status,
      filled,
      remaining: order.quantity - filled,
      avgFillPrice,
      whyHeld: "",
    });
  }

  #view({ order, orderId, status, filled }: Ticket): BrokerOrder {
    return {
      orderId,
      permId: orderId,
      clientId: CLIENT_ID,
      orderRef: order.orderRef,
      symbol: order.symbol,
      conId: order.conId,
      account: this.#options.account,
      side: order.side,
      orderType: order.orderType,
      quantity: order.quantity,
      lmtPrice: order.lmtPrice,
      auxPrice: order.auxPrice,
      status,
      filled,
      parentId: 0,
    };
  }
}

function restingOf({ side, orderType, lmtPrice, auxPrice }: OrderFacts): Resting {
  const limit = lmtPrice === null ? null : toNumber(lmtPrice);
  return { side, orderType, limit, trigger: auxPrice === null ? null : toNumber(auxPrice) };
}

function stopsFirst(a: Ticket, b: Ticket): number {
  return Number(isStop(b)) - Number(isStop(a));
}

function isStop({ order }: Ticket): boolean {
  return order.orderType === "STP" || order.orderType === "STP LMT";
}

function push(lists: Map<string, Ticket[]>, key: string, ticket: Ticket): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [ticket]);
  else list.push(ticket);
}

function remove(lists: Map<string, Ticket[]>, key: string, ticket: Ticket): void {
  const list = lists.get(key);
  const index = list?.indexOf(ticket) ?? -1;
  if (list === undefined || index < 0) return;
  list.splice(index, 1);
  if (list.length === 0) lists.delete(key);
}
