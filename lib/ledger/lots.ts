import { absolute, divide, least, MICROS_PER_UNIT, multiply } from "../money.ts";
import type { Micros } from "../money.ts";

/** Shares still open of one fill. Quantity and cost are both negative when they were sold short. */
export interface Lot {
  /** execId of the fill that opened it; null for what was held before the books begin. */
  readonly openedBy: string | null;
  /** Epoch ms; null for what was held before the books begin. */
  readonly openedAt: number | null;
  readonly quantity: Micros;
  /** Signed notional without commissions. */
  readonly cost: Micros;
}

/** A fill as the books see it: `quantity` is negative for a sale. */
export interface LotFill {
  readonly execId: string;
  readonly time: number;
  readonly quantity: Micros;
  /** quantity × price, signed as the quantity. */
  readonly notional: Micros;
}

/** One lot, or a part of it, closed by a fill. */
export interface Closing {
  readonly openedBy: string | null;
  readonly openedAt: number | null;
  /** Signed as the lot was: positive closed a long. */
  readonly quantity: Micros;
  readonly cost: Micros;
  /** Signed notional of the closing fill: negative for a sale. */
  readonly proceeds: Micros;
  readonly realized: Micros;
}

/** Closed lots are dropped from the front in batches, because shifting an array costs its length. */
const COMPACT_MIN = 256;

/**
 * Open lots of one symbol, closed first in, first out.
 *
 * What is taken of a lot takes its share of the cost, and the rest stays with the lot, so that
 * `realized` of all closings minus the cost still open is exactly the cash that moved.
 */
export class FifoLots {
  #lots: Lot[] = [];
  #first = 0;
  #quantity: Micros = 0n;
  #cost: Micros = 0n;

  get quantity(): Micros {
    return this.#quantity;
  }

  get cost(): Micros {
    return this.#cost;
  }

  /** Oldest first. */
  get open(): readonly Lot[] {
    return this.#lots.slice(this.#first);
  }

  /** Forgets every lot and starts from one, or from none when `quantity` is zero. */
  reset(quantity: Micros, price: Micros): void {
    const cost = multiply(quantity, price);
    this.#lots = quantity === 0n ? [] : [{ openedBy: null, openedAt: null, quantity, cost }];
    this.#first = 0;
    this.#quantity = quantity;
    this.#cost = cost;
  }

  /** Forgets every lot and starts from these. */
  load(lots: readonly Lot[]): void {
    this.#lots = [...lots];
    this.#first = 0;
    this.#quantity = lots.reduce((sum, lot) => sum + lot.quantity, 0n);
    this.#cost = lots.reduce((sum, lot) => sum + lot.cost, 0n);
  }

  /** Closes what the fill opposes, oldest first, and opens a lot of the rest. */
  fill(fill: LotFill): readonly Closing[] {
    const closings: Closing[] = [];
    let { quantity, notional } = fill;
    for (let lot = this.#lots[this.#first]; lot !== undefined; lot = this.#lots[this.#first]) {
      if (quantity === 0n || (lot.quantity < 0n) === (quantity < 0n)) break;
      const taken = least(absolute(lot.quantity), absolute(quantity));
      const proceeds = share(notional, taken, absolute(quantity));
      const closed = lot.quantity < 0n ? -taken : taken;
      closings.push(this.#close(lot, closed, proceeds));
      quantity += closed;
      notional -= proceeds;
    }
    if (quantity !== 0n) {
      const opened = { openedBy: fill.execId, openedAt: fill.time, quantity, cost: notional };
      this.#lots.push(opened);
      this.#quantity += quantity;
      this.#cost += notional;
    }
    this.#compact();
    return closings;
  }

  #close(lot: Lot, quantity: Micros, proceeds: Micros): Closing {
    const cost = share(lot.cost, absolute(quantity), absolute(lot.quantity));
    if (quantity === lot.quantity) this.#first++;
    else {
      const rest = { ...lot, quantity: lot.quantity - quantity, cost: lot.cost - cost };
      this.#lots[this.#first] = rest;
    }
    this.#quantity -= quantity;
    this.#cost -= cost;
    const { openedBy, openedAt } = lot;
    return { openedBy, openedAt, quantity, cost, proceeds, realized: -cost - proceeds };
  }

  #compact(): void {
    if (this.#first < COMPACT_MIN || this.#first * 2 < this.#lots.length) return;
    this.#lots = this.#lots.slice(this.#first);
    this.#first = 0;
  }
}

/** The same position at its average cost: every closing takes the average of what is open. */
export class AverageCost {
  #quantity: Micros = 0n;
  #cost: Micros = 0n;

  get quantity(): Micros {
    return this.#quantity;
  }

  get cost(): Micros {
    return this.#cost;
  }

  reset(quantity: Micros, price: Micros): void {
    this.#quantity = quantity;
    this.#cost = multiply(quantity, price);
  }

  load({ quantity, cost }: { readonly quantity: Micros; readonly cost: Micros }): void {
    this.#quantity = quantity;
    this.#cost = cost;
  }

  /** Returns what the fill realised. */
  fill(fill: LotFill): Micros {
    const { notional } = fill;
    const opposes = this.#quantity !== 0n && (this.#quantity < 0n) !== (fill.quantity < 0n);
    if (!opposes) {
      this.#quantity += fill.quantity;
      this.#cost += notional;
      return 0n;
    }
    const taken = least(absolute(this.#quantity), absolute(fill.quantity));
    const cost = share(this.#cost, taken, absolute(this.#quantity));
    const proceeds = taken === 0n ? 0n : share(notional, taken, absolute(fill.quantity));
    this.#quantity += fill.quantity;
    // Past zero the rest of the fill is the new position; before it, the rest of the old one.
    this.#cost = taken < absolute(fill.quantity) ? notional - proceeds : this.#cost - cost;
    return -cost - proceeds;
  }
}

/** amount × part ÷ whole, rounded half to even to a micro; all of it when part is whole. */
export function share(amount: Micros, part: Micros, whole: Micros): Micros {
  return part === whole ? amount : divide(amount * part, whole * MICROS_PER_UNIT);
}
