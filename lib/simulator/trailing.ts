import type { WireOrder } from "../wire/order.ts";
import type { Place } from "./crossing.ts";
import { roundToTick } from "./microstructure.ts";
import { fromE4, type Ticket, toE4 } from "./ticket.ts";

/** Where a trailing stop stands. */

/** The stop it was given, else its distance from the market. */
export function firstTrailE4(ticket: Ticket, { day, step }: Pick<Place, "day" | "step">): number {
  const { trailStopPrice } = ticket.order;
  if (trailStopPrice !== null) return toE4(trailStopPrice);
  const before = day.lastE4[Math.max(0, step - 1)] ?? 0;
  return atDistance(ticket, before);
}

/**
 * Behind the best price of the step; null when that is no better than where it stands. The step's trigger was looked at
 * first: of a rise and a fall within one step the fall counts as the earlier one, which lets some stops live that a
 * finer market would set off.
 */
export function followedE4(
  ticket: Ticket,
  { day, step }: Pick<Place, "day" | "step">,
): number | null {
  if ((day.count[step] ?? 0) === 0 || ticket.trailE4 === null) return null;
  const isSell = ticket.side === "SELL";
  const best = (isSell ? day.highE4[step] : day.lowE4[step]) ?? 0;
  const candidate = atDistance(ticket, best);
  const improves = isSell ? candidate > ticket.trailE4 : candidate < ticket.trailE4;
  return improves ? candidate : null;
}

function atDistance(ticket: Ticket, priceE4: number): number {
  const { auxPrice, trailingPercent } = ticket.order;
  const distance = auxPrice ? toE4(auxPrice) : Math.round(priceE4 * (trailingPercent ?? 0) / 100);
  const stopE4 = ticket.side === "SELL" ? priceE4 - distance : priceE4 + distance;
  return roundToTick(ticket.listing, stopE4);
}

/**
 * A stop that was changed stands where it was put; a changed distance alone begins anew from the market. Clients that
 * change something else send the stop they once asked for, and the stop has moved on since.
 */
export function retrail(ticket: Ticket, order: WireOrder): WireOrder {
  const { placed, trailE4 } = ticket;
  const { trailStopPrice } = order;
  const shown = trailE4 === null ? placed.trailStopPrice : fromE4(trailE4);
  if (trailStopPrice !== null && trailStopPrice !== placed.trailStopPrice) {
    ticket.trailE4 = toE4(trailStopPrice);
    return order;
  }
  const isSameDistance = order.auxPrice === placed.auxPrice &&
    order.trailingPercent === placed.trailingPercent;
  if (isSameDistance) return { ...order, trailStopPrice: shown };
  ticket.trailE4 = null;
  return order;
}
