import type { Micros } from "../money.ts";
import { EMPTY_ORDER_CONTRACT } from "../wire/contract.ts";
import type { WireOrder } from "../wire/order.ts";
import { UNSET_ORDER } from "../wire/order_defaults.ts";
import type { PlaceOrder } from "../wire/requests_orders.ts";
import type { Account } from "./account.ts";
import { bookBust, bookCorrection, sharesToMicros } from "./booking.ts";
import type { CommissionSchedule } from "./commission.ts";
import type { Place } from "./crossing.ts";
import { Consumption } from "./consumption.ts";
import type { ExchangeListener, Floor, OrderAddress, SimExecution } from "./floor.ts";
import { amend, cancelNow, transmit } from "./lifecycle.ts";
import type { MarketSource } from "./market.ts";
import { figuresOf, marketValue, type Marks } from "./margin.ts";
import { closeSegment, matchStep, openSegment } from "./market_flow.ts";
import { CANNOT_MODIFY_FILLED, checkModification } from "./modify_rules.ts";
import { OrderBook } from "./order_book.ts";
import {
  checkAgainst,
  checkOrderId,
  checkParent,
  DUPLICATE_ID,
  NO_SECURITY,
  unknownAccount,
  validate,
} from "./order_rules.ts";
import type { Segment } from "./pulse.ts";
import type { Refusal } from "./refusal.ts";
import { Random } from "./random.ts";
import { contractOf, resolve } from "./resolve.ts";
import { Ticker } from "./ticker.ts";
import { isLive, type Ticket, tradesOffHours } from "./ticket.ts";
import { exchangeDate, type SegmentKind, type TradingSession } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

export interface ExchangeOptions {
  readonly seed: number;
  readonly market: MarketSource;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly listener: ExchangeListener;
  readonly commissions?: CommissionSchedule;
  /** The stretch of trading in progress at the start. */
  readonly segment?: Segment | null;
  now(): number;
  later(delayMs: number, callback: () => void): void;
  /** Why IB rejects an order, beyond the ordinary reasons; null in health. */
  rejection?(ticket: Ticket): string | null;
  /** True when the account's order preset fills in a missing time in force, and says so. */
  hasTifPreset?(): boolean;
  /** From a cancel request to its effect, when it is not the usual time. */
  cancelMs?(): number | null;
}

/** From the client's request to its effect. */
const CANCEL_MS = 20;
const TIF_WAS_SET = "Order TIF was set to DAY based on order preset.";

/** The exchange and IB's order desk before it: takes requests, keeps the truth, tells a listener. */
export class Exchange {
  readonly #floor: Floor;
  readonly #options: ExchangeOptions;
  readonly #tickers = new Map<string, Ticker>(); // symbol → Ticker
  readonly #consumption = new Map<string, Consumption>(); // symbol → what our orders took
  #segment: Segment | null;
  /** Client 0 asked that orders entered by hand get an API id at once. */
  bindsManualOrders = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#segment = options.segment ?? null;
    const { market } = options;
    const random = Random.seeded(options.seed).split(exchangeDate(options.now()));
    const stem = Math.floor(random.next() * 0x10000).toString(16).padStart(8, "0");
    const firstExecution = Math.floor(random.next() * 0x7000_0000);
    this.#floor = {
      market,
      book: new OrderBook(1_000_000_000 + Math.floor(random.next() * 900_000_000)),
      accounts: options.accounts,
      executions: [],
      listener: options.listener,
      commissions: options.commissions ?? "fixed",
      now: options.now,
      later: options.later,
      ticker: (listing) => this.ticker(listing),
      place: (ticket) => {
        const place = this.present(ticket.listing);
        return place !== null && this.#isOpenFor(ticket, place.day.kind) ? place : null;
      },
      execId: (number) =>
        `${stem}.${(firstExecution + number).toString(16).padStart(8, "0")}.01.01`,
      rejection: (ticket) => options.rejection?.(ticket) ?? null,
      isOpenFor: (ticket) => this.#segment !== null && this.#isOpenFor(ticket, this.#segment.kind),
      nextSession: () => this.#nextSession(),
    };
  }

  get book(): OrderBook {
    return this.#floor.book;
  }

  /** Oldest first. */
  get executions(): readonly SimExecution[] {
    return this.#floor.executions;
  }

  get floor(): Floor {
    return this.#floor;
  }

  ticker(listing: Listing): Ticker {
    let ticker = this.#tickers.get(listing.symbol);
    if (ticker === undefined) {
      ticker = new Ticker(listing, this.#options.market);
      this.#tickers.set(listing.symbol, ticker);
    }
    return ticker;
  }

  /** Prices that accounts are valued at. */
  readonly marks: Marks = (listing): Micros => this.ticker(listing).mark(this.#options.now());

  figures(account: Account): ReturnType<typeof figuresOf> {
    return figuresOf(account, this.marks);
  }

  /** A new order, or new values for a live one. A refusal is a message and nothing else. */
  place(clientId: number, request: PlaceOrder): void {
    const refusal = this.#accept(clientId, request);
    if (refusal !== null) {
      this.#floor.listener.message(
        { clientId, orderId: request.orderId },
        refusal.code,
        refusal.text,
      );
    }
  }

  /** What would refuse this what-if order; null when its preview may be shown. */
  preview(request: PlaceOrder): Refusal | { readonly listing: Listing; readonly account: Account } {
    const refusal = validate(request) ?? checkOrderId(request.orderId);
    if (refusal !== null) return refusal;
    const listing = resolve(request.contract);
    if (listing === null) return NO_SECURITY;
    const account = this.#accountOf(request.order);
    if (account === undefined) return unknownAccount(request.order.account);
    return checkAgainst(listing, request) ?? { listing, account };
  }

  /** `actor` is who asks; the order is its own, unless it may touch others'. */
  cancel(order: OrderAddress): void {
    const ticket = this.#floor.book.get(order.clientId, order.orderId);
    const tell = (code: number, text: string): void =>
      this.#floor.listener.message(order, code, text);
    if (ticket === undefined) {
      return tell(10147, `OrderId ${order.orderId} that needs to be cancelled is not found.`);
    }
    if (!isLive(ticket) || ticket.cancelling) {
      const text =
        `OrderId ${order.orderId} that needs to be cancelled cannot be cancelled, state: ${ticket.status}.`;
      return tell(10148, text);
    }
    this.#requestCancel(ticket);
  }

  /** Every live order, whoever placed it. */
  cancelAll(): void {
    for (const ticket of this.#floor.book.live()) {
      if (isLive(ticket) && !ticket.cancelling) this.#requestCancel(ticket);
    }
  }

  /** A market order entered at TWS by a person; client 0 sees it once it is bound. */
  placeByHand(
    { listing, side, shares }: {
      readonly listing: Listing;
      readonly side: "BUY" | "SELL";
      readonly shares: number;
    },
  ): Ticket {
    const account = [...this.#options.accounts.values()][0];
    if (account === undefined) throw new RangeError("Cannot trade by hand without an account");
    const quantity = sharesToMicros(shares);
    const ticket = this.#floor.book.add({
      clientId: 0,
      orderId: 0,
      listing,
      account,
      side,
      parent: null,
      contract: { ...EMPTY_ORDER_CONTRACT, ...contractOf(listing) },
      order: {
        ...UNSET_ORDER,
        action: side,
        totalQuantity: quantity,
        orderType: "MKT",
        tif: "DAY",
        account: account.id,
      },
      nowMs: this.#floor.now(),
    });
    if (this.bindsManualOrders) this.#floor.book.bind(ticket);
    transmit(this.#floor, ticket);
    return ticket;
  }

  /** The newest execution was `dollars` a share dearer than first reported. */
  correctNewest(dollars: Micros): void {
    const wrong = this.#newest();
    if (wrong === undefined) return;
    const corrected = bookCorrection(this.#floor, wrong, wrong.price + dollars);
    this.#floor.listener.executed(corrected);
  }

  /** The newest execution is taken back. */
  bustNewest(): void {
    const wrong = this.#newest();
    if (wrong !== undefined) this.#floor.listener.executed(bookBust(this.#floor, wrong));
  }

  #newest(): SimExecution | undefined {
    return this.#floor.executions.findLast(({ quantity }) => quantity > 0n);
  }

  open(segment: Segment): void {
    this.#segment = segment;
    openSegment(this.#floor);
  }

  /** A step of the market is over. */
  step(): void {
    matchStep(this.#floor);
  }

  close({ kind }: Segment): void {
    closeSegment(this.#floor, kind);
    this.#segment = null;
    if (kind !== "regular") return;
    for (const account of this.#options.accounts.values()) {
      account.beginDay((position) => marketValue(position, this.marks));
    }
  }

  #accept(clientId: number, request: PlaceOrder): Refusal | null {
    const { orderId, contract, order } = request;
    const refusal = validate(request) ?? checkOrderId(orderId);
    if (refusal !== null) return refusal;
    const known = this.#floor.book.get(clientId, orderId);
    if (known !== undefined && isLive(known)) return this.#modify(known, request);
    if (known !== undefined && known.listing === resolve(contract)) return CANNOT_MODIFY_FILLED;
    if (orderId < this.#floor.book.nextOrderId(clientId)) return DUPLICATE_ID;
    const listing = resolve(contract);
    if (listing === null) return NO_SECURITY;
    const account = this.#accountOf(order);
    if (account === undefined) return unknownAccount(order.account);
    const unfit = checkAgainst(listing, request);
    if (unfit !== null) return unfit;
    const parent = order.parentId > 0 ? this.#floor.book.get(clientId, order.parentId) : null;
    const orphan = checkParent(order, parent);
    if (orphan !== null || parent === undefined) return orphan;
    if (order.tif === "" && this.#options.hasTifPreset?.() === true) {
      const address = { clientId, orderId };
      this.#floor.listener.message(address, 10349, TIF_WAS_SET);
    }
    const ticket = this.#floor.book.add({
      clientId,
      orderId,
      listing,
      account,
      side: order.action === "BUY" ? "BUY" : "SELL",
      parent,
      contract: { ...EMPTY_ORDER_CONTRACT, ...contractOf(listing, contract.exchange || "SMART") },
      order: {
        ...order,
        account: account.id,
        tif: order.tif || "DAY",
        // Children of one parent cancel each other, under their parent's permId, whatever group they asked for.
        ocaGroup: parent === null ? order.ocaGroup : String(parent.permId),
      },
      nowMs: this.#floor.now(),
    });
    if (order.transmit) transmit(this.#floor, ticket);
    return null;
  }

  #modify(ticket: Ticket, request: PlaceOrder): Refusal | null {
    const listing = resolve(request.contract);
    if (listing !== ticket.listing) {
      return listing === null ? NO_SECURITY : checkModification(ticket, null);
    }
    const refusal = checkModification(ticket, request.order) ?? checkAgainst(listing, request);
    if (refusal !== null) return refusal;
    const { permId, clientId, account, ocaGroup, parentId } = ticket.order;
    amend(this.#floor, ticket, {
      ...request.order,
      permId,
      clientId,
      account,
      parentId,
      tif: request.order.tif || "DAY",
      ocaGroup: request.order.ocaGroup || ocaGroup,
    });
    return null;
  }

  #accountOf(order: WireOrder): Account | undefined {
    const { accounts } = this.#options;
    if (order.account !== "") return accounts.get(order.account);
    return accounts.size === 1 ? accounts.values().next().value : undefined;
  }

  #requestCancel(ticket: Ticket): void {
    ticket.cancelling = true;
    // What waits for a trigger goes without PendingCancel, as recorded; so here does what waits for anything but the open.
    if (["working", "routing", "waiting"].includes(ticket.stage)) {
      ticket.status = "PendingCancel";
      this.#floor.listener.changed(ticket);
    }
    this.#floor.later(this.#options.cancelMs?.() ?? CANCEL_MS, () => {
      if (isLive(ticket)) return cancelNow(this.#floor, ticket, "Cancelled by Trader");
      if (ticket.status !== "Filled") return;
      const text = "Cancel attempted when order is not in a cancellable state.  Order permId =" +
        ticket.permId;
      this.#floor.listener.message(ticket, 161, text);
    });
  }

  /** The market of a stock now, with what our orders took of it; null while it is not traded. */
  present(listing: Listing): Place | null {
    const segment = this.#segment;
    const now = this.#floor.now();
    if (segment === null || this.#options.market.isHalted(listing, now)) return null;
    const present = this.ticker(listing).at(now);
    // At the very opening the ticker still shows what was before.
    if (present === null || present.day.kind !== segment.kind) return null;
    let consumption = this.#consumption.get(listing.symbol);
    if (consumption === undefined) {
      consumption = new Consumption();
      this.#consumption.set(listing.symbol, consumption);
    }
    return { ...present, consumption };
  }

  #isOpenFor(ticket: Ticket, kind: SegmentKind): boolean {
    return kind === "regular" || tradesOffHours(ticket);
  }

  #nextSession(): TradingSession | null {
    const { days } = this.#options.market;
    const now = this.#floor.now();
    const today = days.on(exchangeDate(now));
    if (today !== null && now < today.opensAt) return today;
    return days.after(exchangeDate(now));
  }
}
