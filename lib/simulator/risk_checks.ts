import { formatMoney, greatest, type Micros, multiply, ZERO } from "../money.ts";
import type { Floor } from "./floor.ts";
import { figuresOf, marginOf } from "./margin.ts";
import { shortability } from "./shortability.ts";
import { isLive, remaining, type Ticket } from "./ticket.ts";

/** IB's own checks of an order against its account, made when it is transmitted. */

/** Why IB would not take the order; null when it would. */
export function rejectionReason(floor: Floor, ticket: Ticket): string | null {
  const { parent } = ticket;
  if (parent !== null && !isLive(parent) && parent.filled === ZERO) {
    return "Parent order is being cancelled.";
  }
  if (isShortSale(ticket) && shortability(ticket.listing) === "none") {
    return "The contract is not available for short sale.";
  }
  return floor.rejection(ticket) ?? marginReason(floor, ticket);
}

/** How long IB takes to find shares to lend; not recorded, and minutes or days in reality. */
export const LOCATE_MS = 30_000;

/** True of short sales that IB takes and holds until it has found the shares. */
export function mustBeLocated(ticket: Ticket): boolean {
  return isShortSale(ticket) && shortability(ticket.listing) === "locate";
}

/** Orders of a bracket close what their parent opens. */
function isShortSale(ticket: Ticket): boolean {
  if (ticket.side === "BUY" || ticket.parent !== null) return false;
  return ticket.account.quantityOf(ticket.listing.conId) < ticket.order.totalQuantity;
}

/** Working orders that add to a position tie up margin as if they were filled. */
export function marginReason(floor: Floor, ticket: Ticket): string | null {
  const required = marginNeeded(floor, ticket);
  if (required === ZERO) return null;
  const marks = (listing: Ticket["listing"]): Micros => floor.ticker(listing).mark(floor.now());
  const { availableFunds } = figuresOf(ticket.account, marks);
  let reserved = ZERO;
  for (const other of floor.book.live()) {
    if (other === ticket || other.account !== ticket.account || other.stage === "held") continue;
    reserved += marginNeeded(floor, other);
  }
  const available = greatest(ZERO, availableFunds - reserved);
  if (required <= available) return null;
  return "We are unable to accept your order. Your Available Funds are insufficient to cover the Initial " +
    `Margin requirement of the order. Available Funds: ${formatMoney(available)} USD, required: ` +
    `${formatMoney(required)} USD`;
}

export function marginNeeded(floor: Floor, ticket: Ticket): Micros {
  if (ticket.parent !== null) return ZERO;
  const held = ticket.account.quantityOf(ticket.listing.conId);
  const open = remaining(ticket);
  const after = ticket.side === "BUY" ? held + open : held - open;
  const added = magnitude(after) - magnitude(held);
  if (added <= ZERO) return ZERO;
  const price = ticket.order.lmtPrice ?? ticket.order.auxPrice ??
    floor.ticker(ticket.listing).mark(floor.now());
  const value = multiply(price, added);
  return marginOf(ticket.side === "BUY" ? value : -value);
}

function magnitude(value: Micros): Micros {
  return value < ZERO ? -value : value;
}
