import { absolute, divide, least, type Micros, multiply, ZERO } from "../money.ts";
import type { Listing } from "./universe.ts";

/** The truth about one account, exact to the micro. */

export interface Position {
  readonly listing: Listing;
  /** Negative when short. */
  readonly quantity: Micros;
  /** What the shares held cost, commissions included, as IB reckons it; negative when short. */
  readonly cost: Micros;
  /** Realised in this symbol since the account began. */
  readonly realizedPnl: Micros;
}

export interface Booking {
  readonly listing: Listing;
  readonly side: "BUY" | "SELL";
  readonly quantity: Micros;
  readonly price: Micros;
  readonly commission: Micros;
}

/** One symbol since the day began: what its daily P&L is reckoned from. */
export interface PositionDay {
  readonly startValue: Micros;
  readonly startRealizedPnl: Micros;
  /** Paid for shares and commissions since, less what sales brought. */
  readonly outlay: Micros;
}

const NEW_TODAY: PositionDay = { startValue: ZERO, startRealizedPnl: ZERO, outlay: ZERO };

export class Account {
  readonly id: string;
  readonly startingCash: Micros;
  #dayStartEquity: Micros;
  #dayStartRealizedPnl: Micros = ZERO;
  readonly #days = new Map<number, PositionDay>(); // conId → its day so far
  #cash: Micros;
  #realizedPnl: Micros = ZERO;
  #commissions: Micros = ZERO;
  readonly #positions = new Map<number, Position>(); // conId → Position, closed ones too

  constructor(id: string, cash: Micros) {
    this.id = id;
    this.startingCash = cash;
    this.#cash = cash;
    this.#dayStartEquity = cash;
  }

  get cash(): Micros {
    return this.#cash;
  }

  get realizedPnl(): Micros {
    return this.#realizedPnl;
  }

  get commissions(): Micros {
    return this.#commissions;
  }

  /** Net liquidation at the last close. */
  get dayStartEquity(): Micros {
    return this.#dayStartEquity;
  }

  get dayStartRealizedPnl(): Micros {
    return this.#dayStartRealizedPnl;
  }

  dayOf(conId: number): PositionDay {
    return this.#days.get(conId) ?? NEW_TODAY;
  }

  /** After the close: daily P&L counts from these values on. */
  beginDay(valueOf: (position: Position) => Micros): void {
    this.#days.clear();
    this.#dayStartRealizedPnl = this.#realizedPnl;
    this.#dayStartEquity = this.#cash;
    for (const position of this.#positions.values()) {
      const startValue = valueOf(position);
      this.#dayStartEquity += startValue;
      this.#days.set(position.listing.conId, {
        startValue,
        startRealizedPnl: position.realizedPnl,
        outlay: ZERO,
      });
    }
  }

  /** Held now or earlier in the account's life, in the order of their first trade. */
  get positions(): readonly Position[] {
    return [...this.#positions.values()];
  }

  quantityOf(conId: number): Micros {
    return this.#positions.get(conId)?.quantity ?? ZERO;
  }

  positionOf(conId: number): Position | undefined {
    return this.#positions.get(conId);
  }

  /**
   * A fill turns out to have been `perShare` dearer: into the cost of what is still held of it, else into what was
   * realised.
   */
  adjust(booking: Pick<Booking, "listing" | "side" | "quantity">, perShare: Micros): void {
    const { listing, side, quantity } = booking;
    const outlay = multiply(perShare, side === "BUY" ? quantity : -quantity);
    this.#cash -= outlay;
    const held = this.#positions.get(listing.conId);
    if (held === undefined) return;
    const isHeld = held.quantity !== ZERO && held.quantity > ZERO === (side === "BUY");
    const realized = isHeld ? ZERO : -outlay;
    this.#realizedPnl += realized;
    this.#positions.set(listing.conId, {
      ...held,
      cost: isHeld ? held.cost + outlay : held.cost,
      realizedPnl: held.realizedPnl + realized,
    });
  }

  /** Books an execution and its commission together. Answers the realised P&L; null when nothing was closed. */
  book(booking: Booking): Micros | null {
    const { listing, side, quantity, price, commission } = booking;
    const signed = side === "BUY" ? quantity : -quantity;
    const held = this.#positions.get(listing.conId) ??
      { listing, quantity: ZERO, cost: ZERO, realizedPnl: ZERO };
    const outlay = multiply(price, signed) + commission;
    this.#cash -= outlay;
    this.#commissions += commission;
    const day = this.dayOf(listing.conId);
    this.#days.set(listing.conId, { ...day, outlay: day.outlay + outlay });
    const opposite = held.quantity !== ZERO && held.quantity < ZERO !== signed < ZERO;
    const closing = opposite ? least(absolute(held.quantity), quantity) : ZERO;
    // Of an order that goes through zero, closing and opening bear their shares of the outlay.
    const closingOutlay = closing === quantity ? outlay : prorate(outlay, closing, quantity);
    const closedCost = closing === ZERO
      ? ZERO
      : closing === absolute(held.quantity)
      ? held.cost
      : prorate(held.cost, closing, absolute(held.quantity));
    const realized = closing === ZERO ? ZERO : -closingOutlay - closedCost;
    this.#realizedPnl += realized;
    this.#positions.set(listing.conId, {
      listing,
      quantity: held.quantity + signed,
      cost: held.cost - closedCost + (outlay - closingOutlay),
      realizedPnl: held.realizedPnl + realized,
    });
    return closing === ZERO ? null : realized;
  }
}

/** Cost of one share held, IB's avgCost: positive for short positions too. Zero of nothing. */
export function averageCost({ quantity, cost }: Position): Micros {
  return quantity === ZERO ? ZERO : divide(cost, quantity);
}

function prorate(amount: Micros, part: Micros, whole: Micros): Micros {
  return divide(multiply(amount, part), whole);
}
