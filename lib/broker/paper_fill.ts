import type { Bar } from "../market/market.ts";
import type { Order } from "../orders/order.ts";
import type { Side } from "../strategy/strategy.ts";

/**
 * How recorded bars fill orders. A bar says which prices were seen and not in which order, so every doubt goes
 * against us:
 *
 * - A market order fills at the open.
 * - A limit fills at the open when that is at least as good, else at its price when the bar traded through it. A
 *   bar that only touches the limit leaves it open: others were first in the queue.
 * - A stop fills at its trigger when the bar reached it, or at the open when the bar began beyond it.
 * - A stop limit fills like a limit, in a bar that reached its trigger.
 * - A bar without volume fills nothing.
 *
 * Prices are compared as numbers: both sides come from decimals of at most six places, and equal decimals are
 * equal numbers.
 */

/** An order's prices, converted once. */
export interface Resting {
  readonly side: Side;
  readonly orderType: Order["orderType"];
  readonly limit: number | null;
  readonly trigger: number | null;
}

/** The price at which a bar fills a working order; null when it does not. */
export function fillPrice(order: Resting, bar: Bar): number | null {
  if (bar.volume <= 0) return null;
  switch (order.orderType) {
    case "MKT":
      return bar.open;
    case "LMT":
      return limitFill(order, bar);
    case "STP":
      return stopFill(order, bar);
    case "STP LMT":
      return stopFill(order, bar) === null ? null : limitFill(order, bar);
  }
}

/**
 * The price of a child whose parent was filled at `parentPrice` within this same bar. What the bar did before that
 * fill and what after it nobody knows: a stop counts as reached when the bar reached it at all, anything else does
 * not fill. A stop that the parent's own fill lies beyond triggers at once, and gets no better price than that.
 */
export function childFillPrice(child: Resting, bar: Bar, parentPrice: number): number | null {
  const { side, orderType, trigger } = child;
  if (orderType !== "STP" || trigger === null || bar.volume <= 0) return null;
  if (!reaches(side, trigger, bar)) return null;
  return side === "BUY" ? Math.max(trigger, parentPrice) : Math.min(trigger, parentPrice);
}

function limitFill({ side, limit }: Resting, bar: Bar): number | null {
  if (limit === null) return null;
  if (side === "BUY" ? bar.open <= limit : bar.open >= limit) return bar.open;
  return (side === "BUY" ? bar.low < limit : bar.high > limit) ? limit : null;
}

function stopFill({ side, trigger }: Resting, bar: Bar): number | null {
  if (trigger === null) return null;
  if (side === "BUY" ? bar.open >= trigger : bar.open <= trigger) return bar.open;
  return reaches(side, trigger, bar) ? trigger : null;
}

function reaches(side: Side, trigger: number, bar: Bar): boolean {
  return side === "BUY" ? bar.high >= trigger : bar.low <= trigger;
}
