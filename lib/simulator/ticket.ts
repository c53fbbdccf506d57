import { divide, type Micros, ZERO } from "../money.ts";
import type { OrderStatus } from "../orders/order.ts";
import type { OrderContract } from "../wire/contract.ts";
import type { WireOrder } from "../wire/order.ts";
import type { Account } from "./account.ts";
import type { Side } from "./matching.ts";
import { type OrderTypeTraits, traitsOf } from "./order_types.ts";
import type { Listing } from "./universe.ts";

/**
 * Where an order is. `held`: not transmitted. `child`: waits for its parent. `conditions`: waits for those, or for its
 * time. `trigger`: IB waits for a price. `waiting`: for the open. `routing`: on its way to the exchange. `working`:
 * there. `done`: filled, cancelled or refused.
 */
export type Stage =
  | "held"
  | "child"
  | "conditions"
  | "trigger"
  | "waiting"
  | "routing"
  | "working"
  | "done";

/** One order as the Gateway holds it. Changed by the exchange alone. */
export interface Ticket {
  readonly clientId: number;
  /** 0 of an order entered by hand at TWS, until client 0 binds it. */
  orderId: number;
  readonly permId: number;
  /** Order of acceptance: time priority, and the order of lists. */
  readonly sequence: number;
  readonly listing: Listing;
  readonly account: Account;
  readonly side: Side;
  readonly parent: Ticket | null;
  readonly contract: OrderContract;
  /** As last placed or modified, with what the server adds. */
  order: WireOrder;
  /** As its client last asked for it. */
  placed: WireOrder;
  stage: Stage;
  status: OrderStatus;
  whyHeld: string;
  /** A stop that went off, a price that was touched. */
  triggered: boolean;
  /** Where a trailing stop stands now, in E4; null of other orders. */
  trailE4: number | null;
  /** The client asked for it and the answer is on its way; until then it may still fill. */
  cancelling: boolean;
  /** Its conditions held once. */
  conditionsMet: boolean;
  /** When it was placed, epoch ms. */
  readonly acceptedMs: number;
  /** From when it stood at its present place, epoch ms. */
  sinceMs: number;
  filled: Micros;
  /** Σ price × quantity of its fills. */
  value: Micros;
  lastFillPrice: Micros;
  /** Charged so far; null before the first fill. */
  commission: Micros | null;
  /** Of it, what clients have been told. */
  commissionShown: Micros | null;
  completedAtMs: number | null;
  completedStatus: string;
}

export function remaining(ticket: Ticket): Micros {
  return ticket.order.totalQuantity - ticket.filled;
}

export function averageFillPrice(ticket: Ticket): Micros {
  return ticket.filled === ZERO ? ZERO : divide(ticket.value, ticket.filled);
}

export function isLive(ticket: Ticket): boolean {
  return ticket.stage !== "done";
}

/** Traits of a type that the checks have let in. */
export function traits(ticket: Ticket): OrderTypeTraits {
  return traitsOf(ticket.order.orderType) ?? MARKET;
}

/** Before the open and after the close, limit orders that asked for it trade, and nothing else. */
export function tradesOffHours(ticket: Ticket): boolean {
  const { hasLimit, atClose } = traits(ticket);
  return ticket.order.outsideRth && hasLimit && !atClose;
}

const MARKET: OrderTypeTraits = { watch: null, hasLimit: false, atClose: false };

/** The limit in force in E4: null for what trades at any price. */
export function limitE4(ticket: Ticket): number | null {
  if (!traits(ticket).hasLimit) return null;
  const { lmtPrice, lmtPriceOffset } = ticket.order;
  // The limit of a trailing stop limit trails along.
  if (ticket.trailE4 !== null && lmtPriceOffset !== null) {
    const offset = toE4(lmtPriceOffset);
    return ticket.side === "SELL" ? ticket.trailE4 - offset : ticket.trailE4 + offset;
  }
  return lmtPrice === null ? null : toE4(lmtPrice);
}

/** Micros on a tick are whole E4. */
export function toE4(price: Micros): number {
  return Number(price / 100n);
}

export function fromE4(priceE4: number): Micros {
  return BigInt(priceE4) * 100n;
}

/** Dollars of a script, to the cent's hundredth. */
export function fromDollars(dollars: number): Micros {
  return fromE4(Math.round(dollars * 10_000));
}
