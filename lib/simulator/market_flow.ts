import { toNumber } from "../money.ts";
import { isAlgoOver } from "./algo.ts";
import { conditionsHold, type ConditionView } from "./conditions.ts";
import { fillsFromReserve, fillsInStep, fillsOnTrigger, type Place } from "./crossing.ts";
import { beginsClip, hasReserve, inPriority } from "./display.ts";
import type { Floor } from "./floor.ts";
import { applyFills, BY_SYSTEM, cancelNow, present, release, showSubmitted } from "./lifecycle.ts";
import { figuresOf } from "./margin.ts";
import { triggerPriceE4 } from "./matching.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import { outlivesDay } from "./order_types.ts";
import { fromE4, isLive, type Ticket, toE4, tradesOffHours, traits } from "./ticket.ts";
import type { SegmentKind } from "./trading_days.ts";
import { firstTrailE4, followedE4 } from "./trailing.ts";
import { listingByConId } from "./universe.ts";

/** What the market does to orders: at the bells, and after each step, in the order of their acceptance. */

/** Orders that waited and may trade now go to the exchange; in the regular session into its opening auction. */
export function openSegment(floor: Floor): void {
  for (const ticket of floor.book.live()) {
    if (ticket.stage === "waiting" && floor.isOpenFor(ticket)) showSubmitted(floor, ticket);
  }
}

/**
 * DAY orders end with the last segment they could trade in, others go back to waiting. Those that wait for another
 * opening were never in this one.
 */
export function closeSegment(floor: Floor, kind: SegmentKind): void {
  if (kind === "early") return;
  for (const ticket of floor.book.live()) {
    // Another one's end may have been its end too.
    if (!isLive(ticket) || ticket.stage === "waiting") continue;
    if (tradesOffHours(ticket) !== (kind === "late")) continue;
    if (!outlivesDay(ticket.order.tif)) cancelNow(floor, ticket, BY_SYSTEM);
    else if (ticket.stage === "working" || ticket.stage === "routing") {
      present(floor, ticket, { stage: "waiting", status: "PreSubmitted" });
    }
  }
}

export function matchStep(floor: Floor): void {
  const tickets = inPriority(floor.book.live());
  const filledBefore = tickets.map(({ filled }) => filled);
  for (const ticket of tickets) {
    const place = placeOf(floor, ticket);
    if (place === null) continue;
    if (ticket.order.conditions.length > 0) weighConditions(floor, ticket);
    if (ticket.stage === "trigger") matchWatched(floor, ticket, place);
    else if (ticket.stage === "working") {
      applyFills(floor, ticket, place, fillsInStep(ticket, place));
      const isOver = ticket.order.tif === "OPG" || isAlgoOver(ticket, floor.now());
      if (isOver) cancelNow(floor, ticket, BY_SYSTEM);
    }
  }
  for (const [index, ticket] of tickets.entries()) {
    if (ticket.stage !== "working" || !hasReserve(ticket)) continue;
    const place = placeOf(floor, ticket);
    if (place !== null) applyFills(floor, ticket, place, fillsFromReserve(ticket, place));
    // The next clip stands there from now on.
    if (ticket.filled !== filledBefore[index] && beginsClip(ticket)) ticket.sinceMs = floor.now();
  }
}

/** Null when the order has ended, or may not trade now. */
function placeOf(floor: Floor, ticket: Ticket): Place | null {
  if (!isLive(ticket)) return null;
  const place = floor.place(ticket);
  return place === null || place.step < 0 ? null : place;
}

function weighConditions(floor: Floor, ticket: Ticket): void {
  const { order } = ticket;
  if (!order.conditionsCancelOrder && ticket.stage !== "conditions") return;
  if (ticket.conditionsMet || !conditionsHold(order.conditions, viewOf(floor, ticket))) return;
  if (order.conditionsCancelOrder) return cancelNow(floor, ticket, BY_SYSTEM);
  ticket.conditionsMet = true;
  release(floor, ticket);
}

function viewOf(floor: Floor, ticket: Ticket): ConditionView {
  const snapshot = (conId: number) => {
    const listing = listingByConId(conId);
    return listing === undefined ? null : floor.ticker(listing).snapshot(floor.now());
  };
  const { netLiquidation, maintMargin } = figuresOf(
    ticket.account,
    (listing) => floor.ticker(listing).mark(floor.now()),
  );
  const equity = toNumber(netLiquidation);
  return {
    nowMs: floor.now(),
    lastPrice: (conId) => {
      const lastE4 = snapshot(conId)?.lastE4;
      return lastE4 === undefined ? null : lastE4 / E4_PER_DOLLAR;
    },
    volume: (conId) => snapshot(conId)?.volume ?? null,
    percentChange: (conId) => {
      const found = snapshot(conId);
      return found === null ? null : (found.lastE4 / found.previousCloseE4 - 1) * 100;
    },
    cushionPercent: equity <= 0 ? 0 : (equity - toNumber(maintMargin)) / equity * 100,
    hasTraded: (symbol) =>
      floor.executions.some((execution) =>
        execution.ticket.listing.symbol === symbol && execution.timeMs >= ticket.acceptedMs
      ),
  };
}

function matchWatched(floor: Floor, ticket: Ticket, place: Place): void {
  const { day, step } = place;
  // As with resting orders: trades from before the order stood do not count.
  if (ticket.sinceMs > day.session.opensAt + step * day.stepMs) return;
  const { watch } = traits(ticket);
  if (watch === "trail" && ticket.trailE4 === null) ticket.trailE4 = firstTrailE4(ticket, place);
  const stopE4 = watch === "trail" ? ticket.trailE4 : toE4(ticket.order.auxPrice ?? 0n);
  if (stopE4 === null) return;
  // A price that is touched comes from the other side than one that is broken.
  const side = watch === "touch" ? (ticket.side === "BUY" ? "SELL" : "BUY") : ticket.side;
  const triggerE4 = triggerPriceE4(day, step, { side, stopE4 });
  if (triggerE4 === null) {
    if (watch === "trail") follow(floor, ticket, place);
    return;
  }
  ticket.triggered = true;
  showSubmitted(floor, ticket);
  applyFills(floor, ticket, place, fillsOnTrigger(ticket, place, triggerE4));
}

/** Moves the stop behind the best price of the step. */
function follow(floor: Floor, ticket: Ticket, place: Place): void {
  const followed = followedE4(ticket, place);
  if (followed === null) return;
  ticket.trailE4 = followed;
  ticket.order = { ...ticket.order, trailStopPrice: fromE4(followed) };
  floor.listener.changed(ticket);
}
