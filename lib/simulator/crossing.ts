import { MICROS_PER_UNIT } from "../money.ts";
import { patientPriceE4, scheduledShare } from "./algo.ts";
import type { Consumption, FillSource } from "./consumption.ts";
import { shownShares } from "./display.ts";
import type { MarketDay } from "./market_day.ts";
import {
  auctionShares,
  depthFor,
  type Fill,
  noBetterThan,
  restingShares,
  takeFrom,
} from "./matching.ts";
import { CLOSING_AUCTION_SHARE, OPENING_AUCTION_SHARE } from "./microstructure.ts";
import { limitE4, remaining, type Ticket, traits } from "./ticket.ts";

/** Which fills an order gets, from its kind, its place and one step of the market. Decides; books nothing. */

export interface SourcedFill extends Fill {
  readonly source: FillSource;
}

export interface Place {
  readonly day: MarketDay;
  readonly step: number;
  readonly consumption: Consumption;
}

/** Shares the order may still get: a child never more than its parent has filled, an algorithm what is due. */
function fillableShares(ticket: Ticket, { day, step }: Pick<Place, "day" | "step">): number {
  const { filled, parent, order } = ticket;
  const total = order.totalQuantity;
  const covered = parent !== null && parent.filled < total ? parent.filled : total;
  const shares = Number((covered - filled) / MICROS_PER_UNIT);
  const share = scheduledShare(ticket, day, step);
  if (share >= 1) return shares;
  const due = Math.floor(Number(total / MICROS_PER_UNIT) * share) -
    Number(filled / MICROS_PER_UNIT);
  return Math.max(0, Math.min(shares, due));
}

/** An order that reaches the exchange between two steps meets the quote as it stands. */
export function fillsOnArrival(ticket: Ticket, place: Place): SourcedFill[] {
  if (traits(ticket).atClose || ticket.order.tif === "OPG" || isPatient(ticket, place)) return [];
  const wanted = fillableShares(ticket, place);
  const fills = fromDepth(ticket, place, { wanted, limit: limitE4(ticket) });
  if (ticket.order.tif !== "FOK") return fills;
  const shares = fills.reduce((sum, fill) => sum + fill.shares, 0);
  return BigInt(shares) * MICROS_PER_UNIT === remaining(ticket) ? fills : [];
}

/** An order at the exchange, once a step is over, with what it shows. */
export function fillsInStep(ticket: Ticket, place: Place): SourcedFill[] {
  if (traits(ticket).atClose) return fromClosingAuction(ticket, place);
  const auction = fromOpeningAuction(ticket, place);
  if (ticket.order.tif === "OPG") return auction;
  const wanted = fillableShares(ticket, place) -
    auction.reduce((sum, { shares }) => sum + shares, 0);
  if (wanted <= 0) return auction;
  const limit = standingE4(ticket, place);
  if (limit === null) return [...auction, ...fromDepth(ticket, place, { wanted, limit })];
  const shown = Math.min(wanted, shownShares(ticket));
  return [...auction, ...fromResting(ticket, place, { limit, wanted: shown, isShown: true })];
}

/** What an order does not show, after everything that is shown had its turn. */
export function fillsFromReserve(ticket: Ticket, place: Place): SourcedFill[] {
  const limit = limitE4(ticket);
  if (limit === null || traits(ticket).atClose || ticket.order.tif === "OPG") return [];
  const wanted = fillableShares(ticket, place);
  return fromResting(ticket, place, { limit, wanted, isShown: false });
}

/** Its limit, or the better price that its algorithm waits at. */
function standingE4(ticket: Ticket, { day, step }: Place): number | null {
  const limit = limitE4(ticket);
  const patient = patientPriceE4(ticket, day, step);
  if (limit === null || patient === null) return limit ?? patient;
  return ticket.side === "BUY" ? Math.min(limit, patient) : Math.max(limit, patient);
}

/** Its algorithm would rather wait for a price than take what there is. */
function isPatient(ticket: Ticket, { day, step }: Place): boolean {
  return patientPriceE4(ticket, day, Math.max(0, step)) !== null;
}

interface Resting {
  readonly limit: number;
  readonly wanted: number;
  readonly isShown: boolean;
}

function fromResting(ticket: Ticket, place: Place, resting: Resting): SourcedFill[] {
  const { limit, wanted } = resting;
  if (wanted <= 0) return [];
  const flow = fromFlow(ticket, place, resting);
  if (flow.length > 0) return flow;
  // The quote came to the order's price: whoever brought it there trades at that price, not at a better one.
  return fromDepth(ticket, place, { wanted, limit }).map((fill) => ({ ...fill, priceE4: limit }));
}

/** A stop that went off at `triggerE4` within the step. */
export function fillsOnTrigger(ticket: Ticket, place: Place, triggerE4: number): SourcedFill[] {
  // An algorithm begins now.
  if (isPatient(ticket, place)) return [];
  const limit = limitE4(ticket);
  const beyond = (priceE4: number): boolean =>
    limit !== null && (ticket.side === "BUY" ? priceE4 > limit : priceE4 < limit);
  return fromDepth(ticket, place, { wanted: fillableShares(ticket, place), limit })
    .map((fill) => ({ ...noBetterThan(fill, triggerE4, ticket.side), source: fill.source }))
    .filter(({ priceE4 }) => !beyond(priceE4));
}

function fromDepth(
  ticket: Ticket,
  { day, step, consumption }: Place,
  { wanted, limit }: { readonly wanted: number; readonly limit: number | null },
): SourcedFill[] {
  // Before the first step is over there is no quote.
  if (step < 0) return [];
  const { side } = ticket;
  consumption.enter(day, step);
  const depth = depthFor(day, step, { side, taken: consumption.taken("depth", side) });
  return takeFrom(depth, { side, shares: wanted, limitE4: limit })
    .map((fill) => ({ ...fill, source: "depth" }));
}

function fromFlow(
  ticket: Ticket,
  { day, step, consumption }: Place,
  { limit, wanted, isShown }: Resting,
): SourcedFill[] {
  const { side } = ticket;
  const stepStartMs = day.session.opensAt + step * day.stepMs;
  // Trades of a step the order was not there for from its beginning are not for it.
  if (ticket.sinceMs > stepStartMs) return [];
  consumption.enter(day, step);
  const left = restingShares(day, step, { side, limitE4: limit, isShown }) -
    consumption.taken("flow", side);
  const shares = Math.min(wanted, left);
  return shares > 0 ? [{ priceE4: limit, shares, source: "flow" }] : [];
}

/** The opening auction, for orders that waited for it. */
function fromOpeningAuction(ticket: Ticket, place: Place): SourcedFill[] {
  const { day, step } = place;
  if (day.kind !== "regular" || step !== 0 || ticket.sinceMs > day.session.opensAt) return [];
  return fromAuction(ticket, place, { priceE4: day.plan.openE4, share: OPENING_AUCTION_SHARE });
}

/** The closing auction, for orders that wanted it and nothing else. */
function fromClosingAuction(ticket: Ticket, place: Place): SourcedFill[] {
  const { day, step } = place;
  if (day.kind !== "regular" || step !== day.steps - 1) return [];
  const priceE4 = day.lastE4[step] ?? day.plan.closeE4;
  return fromAuction(ticket, place, { priceE4, share: CLOSING_AUCTION_SHARE });
}

/** An auction has one price, for everybody whose limit allows it. */
function fromAuction(
  ticket: Ticket,
  place: Place,
  { priceE4, share }: { readonly priceE4: number; readonly share: number },
): SourcedFill[] {
  const { day, step, consumption } = place;
  const { side } = ticket;
  const limit = limitE4(ticket);
  if (limit !== null && (side === "BUY" ? limit < priceE4 : limit > priceE4)) return [];
  consumption.enter(day, step);
  const left = auctionShares(day.plan.volume * share) - consumption.taken("auction", side);
  const shares = Math.min(fillableShares(ticket, place), left);
  return shares > 0 ? [{ priceE4, shares, source: "auction" }] : [];
}
