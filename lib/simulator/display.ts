import { MICROS_PER_UNIT } from "../money.ts";
import { type Fill, type Side } from "./matching.ts";
import { limitE4, remaining, type Ticket, traits } from "./ticket.ts";

/**
 * What others see of an order, and who comes first. At one price, shares that are shown come before shares that are
 * not, and among those shown the order that has stood longer. An iceberg shows its display size; when that is gone,
 * the next clip stands at the end of the queue.
 */

/** Shares of a resting order that its book shows: all, one clip of an iceberg, none when it is hidden. */
export function shownShares(ticket: Ticket): number {
  const left = Number(remaining(ticket) / MICROS_PER_UNIT);
  if (ticket.order.hidden) return 0;
  const clip = ticket.order.displaySize ?? 0;
  if (clip <= 0) return left;
  const filled = Number(ticket.filled / MICROS_PER_UNIT);
  return Math.min(left, clip - filled % clip);
}

/** True of orders that are more than they show. */
export function hasReserve(ticket: Ticket): boolean {
  return shownShares(ticket) < Number(remaining(ticket) / MICROS_PER_UNIT);
}

/** True when the clips so far are used up: the next one has no claim from before. */
export function beginsClip({ order, filled }: Ticket): boolean {
  const clip = order.displaySize ?? 0;
  const shares = Number(filled / MICROS_PER_UNIT);
  return clip > 0 && !order.hidden && shares % clip === 0;
}

/**
 * The same orders with those for one side of one stock in the order of their claim: the better price first, then who
 * stood there longer. Each keeps one of the places that its like had.
 */
export function inPriority(tickets: readonly Ticket[]): Ticket[] {
  const queues = new Map<string, Ticket[]>(); // side/symbol → its orders
  for (const ticket of tickets) {
    const queue = queues.get(queueOf(ticket));
    if (queue === undefined) queues.set(queueOf(ticket), [ticket]);
    else queue.push(ticket);
  }
  const next = new Map<string, Iterator<Ticket>>();
  for (const [key, queue] of queues) next.set(key, queue.sort(byClaim)[Symbol.iterator]());
  return tickets.map((ticket) => next.get(queueOf(ticket))?.next().value ?? ticket);
}

function queueOf({ side, listing }: Ticket): string {
  return `${side}/${listing.symbol}`;
}

function byClaim(a: Ticket, b: Ticket): number {
  return aggression(b) - aggression(a) || a.sinceMs - b.sinceMs || a.sequence - b.sequence;
}

/** Larger for a better price; market orders come before all others. */
function aggression(ticket: Ticket): number {
  const limit = limitE4(ticket);
  if (limit === null) return Number.MAX_SAFE_INTEGER;
  return ticket.side === "BUY" ? limit : -limit;
}

/**
 * The levels that an order of `side` would take from, best first, with what our own resting orders show on that side.
 * Only market depth has them: quote ticks stay the market's own, as those of a paper account do. Slices of algorithms
 * come and go within a step and are not shown.
 */
export function withOwn(
  levels: readonly Fill[],
  orders: readonly Ticket[],
  side: Side,
): Fill[] {
  const shares = new Map(levels.map((level) => [level.priceE4, level.shares]));
  for (const order of orders) {
    const limit = limitE4(order);
    const shown = shownShares(order);
    if (order.side === side || limit === null || !stands(order) || shown <= 0) continue;
    shares.set(limit, (shares.get(limit) ?? 0) + shown);
  }
  const direction = side === "BUY" ? 1 : -1;
  return [...shares].map(([priceE4, sum]) => ({ priceE4, shares: sum }))
    .sort((a, b) => direction * (a.priceE4 - b.priceE4));
}

function stands(ticket: Ticket): boolean {
  const { stage, order } = ticket;
  return stage === "working" && order.algoStrategy === "" && order.tif !== "OPG" &&
    !traits(ticket).atClose;
}
