import { MICROS_PER_UNIT } from "../money.ts";
import type { Consumption, FillSource } from "./consumption.ts";
import type { MarketDay } from "./market_day.ts";
import {
  auctionShares,
  depthFor,
  type Fill,
  noBetterThan,
  restingShares,
  takeFrom,
} from "./matching.ts";
import { OPENING_AUCTION_SHARE } from "./microstructure.ts";
import { limitE4, remaining, type Ticket } from "./ticket.ts";

/** Which fills an order gets, from its kind, its place and one step of the market. Decides; books nothing. */

export interface SourcedFill extends Fill {
  readonly source: FillSource;
}

export interface Place {
  readonly day: MarketDay;
  readonly step: number;
  readonly consumption: Consumption;
}

/** Shares the order may still get: a child never more than its parent has filled. */
export function fillableShares(ticket: Ticket): number {
  const open = remaining(ticket);
  const covered = ticket.parent === null ? open : ticket.parent.filled - ticket.filled;
  return Number((covered < open ? covered : open) / MICROS_PER_UNIT);
}

/** An order that reaches the exchange between two steps meets the quote as it stands. */
export function fillsOnArrival(ticket: Ticket, place: Place): SourcedFill[] {
  return fromDepth(ticket, place, fillableShares(ticket));
}

/** An order at the exchange, once a step is over. */
export function fillsInStep(ticket: Ticket, place: Place): SourcedFill[] {
  const limit = limitE4(ticket);
  const auction = fromAuction(ticket, place);
  const wanted = fillableShares(ticket) - auction.reduce((sum, { shares }) => sum + shares, 0);
  if (wanted <= 0) return auction;
  if (limit === null) return [...auction, ...fromDepth(ticket, place, wanted)];
  const resting = fromFlow(ticket, place, { limit, wanted });
  if (resting.length > 0) return [...auction, ...resting];
  // The quote came to the order's price: whoever brought it there trades at that price, not at a better one.
  const crossed = fromDepth(ticket, place, wanted).map((fill) => ({ ...fill, priceE4: limit }));
  return [...auction, ...crossed];
}

/** A stop that went off at `triggerE4` within the step. */
export function fillsOnTrigger(ticket: Ticket, place: Place, triggerE4: number): SourcedFill[] {
  const limit = limitE4(ticket);
  const beyond = (priceE4: number): boolean =>
    limit !== null && (ticket.side === "BUY" ? priceE4 > limit : priceE4 < limit);
  return fromDepth(ticket, place, fillableShares(ticket))
    .map((fill) => ({ ...noBetterThan(fill, triggerE4, ticket.side), source: fill.source }))
    .filter(({ priceE4 }) => !beyond(priceE4));
}

function fromDepth(
  ticket: Ticket,
  { day, step, consumption }: Place,
  shares: number,
): SourcedFill[] {
  // Before the first step is over there is no quote.
  if (step < 0) return [];
  const { side } = ticket;
  consumption.enter(day, step);
  const depth = depthFor(day, step, { side, taken: consumption.taken("depth", side) });
  return takeFrom(depth, { side, shares, limitE4: limitE4(ticket) })
    .map((fill) => ({ ...fill, source: "depth" }));
}

function fromFlow(
  ticket: Ticket,
  { day, step, consumption }: Place,
  { limit, wanted }: { readonly limit: number; readonly wanted: number },
): SourcedFill[] {
  const { side } = ticket;
  const stepStartMs = day.session.opensAt + step * day.stepMs;
  // Trades of a step the order was not there for from its beginning are not for it.
  if (ticket.sinceMs > stepStartMs) return [];
  consumption.enter(day, step);
  const left = restingShares(day, step, { side, limitE4: limit }) -
    consumption.taken("flow", side);
  const shares = Math.min(wanted, left);
  return shares > 0 ? [{ priceE4: limit, shares, source: "flow" }] : [];
}

/** The opening auction, for orders that waited for it, at its one price. */
function fromAuction(ticket: Ticket, { day, step, consumption }: Place): SourcedFill[] {
  if (step !== 0 || ticket.sinceMs > day.session.opensAt) return [];
  const { side } = ticket;
  const priceE4 = day.plan.openE4;
  const limit = limitE4(ticket);
  if (limit !== null && (side === "BUY" ? limit < priceE4 : limit > priceE4)) return [];
  consumption.enter(day, step);
  const left = auctionShares(day.plan.volume * OPENING_AUCTION_SHARE) -
    consumption.taken("auction", side);
  const shares = Math.min(fillableShares(ticket), left);
  return shares > 0 ? [{ priceE4, shares, source: "auction" }] : [];
}
