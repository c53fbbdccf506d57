import { divide, type Micros, ZERO } from "../money.ts";
import type { OrderStatus } from "../orders/order.ts";
import type { OrderContract } from "../wire/contract.ts";
import type { WireOrder } from "../wire/order.ts";
import type { Account } from "./account.ts";
import type { Side } from "./matching.ts";
import type { Listing } from "./universe.ts";

/**
 * Where an order is. `held`: not transmitted. `child`: waits for its parent. `trigger`: a stop at IB. `waiting`:
 * for the open. `routing`: on its way to the exchange. `working`: there. `done`: filled, cancelled or refused.
 */
export type Stage = "held" | "child" | "trigger" | "waiting" | "routing" | "working" | "done";

/** One order as the Gateway holds it. Changed by the exchange alone. */
export interface Ticket {
  readonly clientId: number;
  readonly orderId: number;
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
  stage: Stage;
  status: OrderStatus;
  whyHeld: string;
  /** A stop that went off. */
  triggered: boolean;
  /** The client asked for it and the answer is on its way; until then it may still fill. */
  cancelling: boolean;
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

export function isStopType(orderType: string): boolean {
  return orderType === "STP" || orderType === "STP LMT";
}

export function hasLimit(orderType: string): boolean {
  return orderType === "LMT" || orderType === "STP LMT";
}

/** The limit in force in E4: null for what trades at any price. */
export function limitE4(ticket: Ticket): number | null {
  const { orderType, lmtPrice } = ticket.order;
  return hasLimit(orderType) && lmtPrice !== null ? toE4(lmtPrice) : null;
}

/** Micros on a tick are whole E4. */
export function toE4(price: Micros): number {
  return Number(price / 100n);
}

export function fromE4(priceE4: number): Micros {
  return BigInt(priceE4) * 100n;
}
