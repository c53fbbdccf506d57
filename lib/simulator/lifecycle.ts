import { ZERO } from "../money.ts";
import { bookFill, sharesToMicros } from "./booking.ts";
import {
  fillsInStep,
  fillsOnArrival,
  fillsOnTrigger,
  type Place,
  type SourcedFill,
} from "./crossing.ts";
import type { Floor } from "./floor.ts";
import { effectsOfEnd, effectsOfFill, type Family, type GroupEffect } from "./groups.ts";
import { triggerPriceE4 } from "./matching.ts";
import { rejectionReason } from "./risk_checks.ts";
import { isLive, isStopType, remaining, type Ticket, toE4 } from "./ticket.ts";
import { waitingForOpenText } from "./texts.ts";

/** The way of an order: from the client's message to the exchange, its fills, and its end. */

/** From TWS to the exchange: between PreSubmitted and Submitted. */
const ROUTE_MS = 20;
/** TWS learns of commissions later than of executions: 50 ms to some seconds in recordings. */
const COMMISSION_DELAY_MS = 80;
const LIQUIDITY = { depth: 2, flow: 1, auction: 0 } as const;

/** Sets an order going that has been transmitted, with those of its group that waited for it. */
export function transmit(floor: Floor, ticket: Ticket): void {
  const root = ticket.parent ?? ticket;
  for (const member of [root, ...floor.book.childrenOf(root)]) {
    if (member.stage === "held") start(floor, member);
  }
}

function start(floor: Floor, ticket: Ticket): void {
  const reason = rejectionReason(floor, ticket);
  if (reason !== null) return reject(floor, ticket, reason);
  const { parent } = ticket;
  if (parent !== null && parent.filled === ZERO) return watch(floor, ticket, "child");
  release(floor, ticket);
}

/** Out of its parent's shadow: to the trigger watch, into the queue for the open, or to the exchange. */
function release(floor: Floor, ticket: Ticket): void {
  if (isStopType(ticket.order.orderType) && !ticket.triggered) {
    return watch(floor, ticket, "trigger");
  }
  if (floor.session() === null) return waitForOpen(floor, ticket);
  route(floor, ticket);
}

/** On its way to the exchange, new or modified. */
function route(floor: Floor, ticket: Ticket): void {
  present(floor, ticket, { stage: "routing", status: "PreSubmitted" });
  const routedAtMs = ticket.sinceMs;
  floor.later(ROUTE_MS, () => {
    // Ended, or routed anew, meanwhile.
    if (ticket.stage === "routing" && ticket.sinceMs === routedAtMs) arrive(floor, ticket);
  });
}

function arrive(floor: Floor, ticket: Ticket): void {
  if (floor.session() === null) return waitForOpen(floor, ticket);
  ticket.stage = "working";
  ticket.sinceMs = floor.now();
  const isMarket = ticket.order.orderType === "MKT";
  if (!isMarket) showSubmitted(floor, ticket);
  const place = floor.place(ticket.listing);
  if (place !== null) applyFills(floor, ticket, place, fillsOnArrival(ticket, place));
  if (!isLive(ticket)) return;
  if (ticket.order.tif === "IOC") {
    present(floor, ticket, { stage: "working", status: "PendingCancel" });
    cancelNow(floor, ticket, "Cancelled by System:\n");
  } else if (isMarket && ticket.filled === ZERO) showSubmitted(floor, ticket);
}

function watch(floor: Floor, ticket: Ticket, stage: "child" | "trigger"): void {
  const isStop = isStopType(ticket.order.orderType);
  const whyHeld = stage === "trigger" ? "trigger" : isStop ? "child,trigger" : "child";
  present(floor, ticket, { stage, status: "PreSubmitted", whyHeld });
}

function waitForOpen(floor: Floor, ticket: Ticket): void {
  floor.listener.message(ticket, 399, waitingForOpenText(ticket, floor.nextSession()));
  present(floor, ticket, { stage: "waiting", status: "PreSubmitted" });
}

function showSubmitted(floor: Floor, ticket: Ticket): void {
  present(floor, ticket, { stage: "working", status: "Submitted" });
}

function present(
  floor: Floor,
  ticket: Ticket,
  { stage, status, whyHeld = "" }: Pick<Ticket, "stage" | "status"> & { whyHeld?: string },
): void {
  ticket.stage = stage;
  ticket.status = ticket.cancelling ? "PendingCancel" : status;
  ticket.whyHeld = whyHeld;
  ticket.sinceMs = floor.now();
  floor.listener.changed(ticket);
}

/** Refused by IB's risk checks or by the exchange: Inactive, the reason, and Inactive once more. */
function reject(floor: Floor, ticket: Ticket, reason: string): void {
  ticket.status = "Inactive";
  ticket.completedStatus = `Inactive: ${reason}`;
  floor.book.close(ticket, floor.now());
  floor.listener.changed(ticket);
  floor.listener.message(ticket, 201, `Order rejected - reason:${reason}`);
  floor.listener.changed(ticket);
  apply(floor, effectsOfEnd(ticket, familyOf(floor, ticket)));
}

/** Ends an order at once: orderStatus Cancelled, then 202. */
export function cancelNow(floor: Floor, ticket: Ticket, completedStatus: string): void {
  // Groups can lead back to an order that has ended meanwhile.
  if (!isLive(ticket)) return;
  ticket.status = "Cancelled";
  ticket.completedStatus = completedStatus;
  floor.book.close(ticket, floor.now());
  floor.listener.statusChanged(ticket);
  floor.listener.message(ticket, 202, "Order Canceled - reason:");
  apply(floor, effectsOfEnd(ticket, familyOf(floor, ticket)));
}

/** New values of a live order: held ones stay held, working ones go to the exchange again. */
export function amend(floor: Floor, ticket: Ticket, order: Ticket["order"]): void {
  const wasHeld = ticket.stage === "held";
  ticket.order = order;
  if (wasHeld) return order.transmit ? transmit(floor, ticket) : undefined;
  if (remaining(ticket) === ZERO) return cancelNow(floor, ticket, "Cancelled by Trader");
  if (ticket.stage === "working" || ticket.stage === "routing") route(floor, ticket);
  else {
    const { stage, status, whyHeld } = ticket;
    present(floor, ticket, { stage, status, whyHeld });
  }
}

/** After each step of the market: stops go off, orders fill, in the order of their acceptance. */
export function matchStep(floor: Floor): void {
  for (const ticket of floor.book.live()) {
    if (!isLive(ticket)) continue;
    if (ticket.stage !== "working" && ticket.stage !== "trigger") continue;
    const place = floor.place(ticket.listing);
    if (place === null || place.step < 0) continue;
    if (ticket.stage === "trigger") matchStop(floor, ticket, place);
    else applyFills(floor, ticket, place, fillsInStep(ticket, place));
  }
}

function matchStop(floor: Floor, ticket: Ticket, place: Place): void {
  const { day, step } = place;
  const stop = ticket.order.auxPrice;
  // As with resting orders: trades from before the stop stood do not count.
  if (stop === null || ticket.sinceMs > day.session.opensAt + step * day.stepMs) return;
  const triggerE4 = triggerPriceE4(day, step, { side: ticket.side, stopE4: toE4(stop) });
  if (triggerE4 === null) return;
  ticket.triggered = true;
  showSubmitted(floor, ticket);
  applyFills(floor, ticket, place, fillsOnTrigger(ticket, place, triggerE4));
}

function applyFills(
  floor: Floor,
  ticket: Ticket,
  { consumption }: Place,
  fills: readonly SourcedFill[],
): void {
  for (const { source, shares, priceE4 } of fills) {
    // A sibling's cancellation may have reached it between two fills.
    if (!isLive(ticket)) return;
    consumption.take(source, ticket.side, shares);
    fill(floor, ticket, { source, shares, priceE4 });
  }
}

/** Truth first, then the messages, then what it does to the order's group. */
function fill(floor: Floor, ticket: Ticket, { source, shares, priceE4 }: SourcedFill): void {
  const quantity = sharesToMicros(shares);
  const execution = bookFill(floor, ticket, {
    quantity,
    price: BigInt(priceE4) * 100n,
    lastLiquidity: LIQUIDITY[source],
  });
  if (remaining(ticket) === ZERO) {
    ticket.status = "Filled";
    ticket.completedStatus = `Filled Size: ${ticket.filled / 1_000_000n}`;
    floor.book.close(ticket, floor.now());
  } else ticket.status = ticket.cancelling ? "PendingCancel" : "Submitted";
  floor.listener.executed(execution);
  floor.listener.changed(ticket);
  floor.later(COMMISSION_DELAY_MS, () => {
    ticket.commissionShown = (ticket.commissionShown ?? ZERO) + execution.commission;
    floor.listener.commissioned(execution);
  });
  apply(floor, effectsOfFill(ticket, quantity, familyOf(floor, ticket)));
}

function apply(floor: Floor, effects: readonly GroupEffect[]): void {
  for (const effect of effects) {
    const { ticket } = effect;
    if (!isLive(ticket)) continue;
    if (effect.type === "cancel") cancelNow(floor, ticket, "Cancelled by System:\n");
    else if (effect.type === "release") release(floor, ticket);
    else {
      const totalQuantity = ticket.order.totalQuantity - effect.by;
      ticket.order = { ...ticket.order, totalQuantity };
      floor.listener.changed(ticket);
    }
  }
}

function familyOf(floor: Floor, ticket: Ticket): Family {
  return { children: floor.book.childrenOf(ticket), siblings: floor.book.ocaSiblings(ticket) };
}

/** The bell: orders that waited go to the exchange, into its opening auction. */
export function openSession(floor: Floor): void {
  for (const ticket of floor.book.live()) {
    if (ticket.stage === "waiting") showSubmitted(floor, ticket);
  }
}

/** The closing bell: DAY orders end, others go back to waiting. */
export function closeSession(floor: Floor): void {
  for (const ticket of floor.book.live()) {
    // Another one's end may have been its end too.
    if (!isLive(ticket)) continue;
    if (ticket.order.tif !== "GTC") cancelNow(floor, ticket, "Cancelled by System:\n");
    else if (ticket.stage === "working" || ticket.stage === "routing") {
      present(floor, ticket, { stage: "waiting", status: "PreSubmitted" });
    }
  }
}
