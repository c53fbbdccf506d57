import { ZERO } from "../money.ts";
import { algoTimeMistake, askedWindow } from "./algo.ts";
import { bookFill, sharesToMicros } from "./booking.ts";
import { fillsOnArrival, type Place, type SourcedFill } from "./crossing.ts";
import type { Floor } from "./floor.ts";
import { effectsOfEnd, effectsOfFill, type Family, type GroupEffect } from "./groups.ts";
import { cappedReason } from "./price_cap.ts";
import { LOCATE_MS, marginReason, mustBeLocated, rejectionReason } from "./risk_checks.ts";
import { parseRequestTime } from "./request_time.ts";
import { isLive, limitE4, remaining, type Ticket, tradesOffHours, traits } from "./ticket.ts";
import { waitingForOpenText } from "./texts.ts";
import { retrail } from "./trailing.ts";

/** The way of an order: from the client's message to the exchange, its fills, and its end. */

const OUTSIDE_RTH_IGNORED =
  "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on the order type and " +
  "destination. PlaceOrder is now being processed.";
/** From TWS to the exchange: between PreSubmitted and Submitted. */
const ROUTE_MS = 20;
/** TWS learns of commissions later than of executions: 50 ms to some seconds in recordings. */
const COMMISSION_DELAY_MS = 80;
/** What completed orders say of an end that nobody asked for. */
export const BY_SYSTEM = "Cancelled by System:\n";
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
  if (!mustBeLocated(ticket)) return begin(floor, ticket);
  floor.listener.message(ticket, 404, "Order held while securities are located.");
  present(floor, ticket, { stage: "conditions", status: "PreSubmitted", whyHeld: "locate" });
  floor.later(LOCATE_MS, () => {
    if (ticket.whyHeld === "locate") begin(floor, ticket);
  });
}

/** Accepted by IB: its warnings, its end, and what it waits for first. */
function begin(floor: Floor, ticket: Ticket): void {
  const { tif, goodTillDate, outsideRth } = ticket.order;
  if (outsideRth && !tradesOffHours(ticket)) {
    floor.listener.message(ticket, 2109, OUTSIDE_RTH_IGNORED);
  }
  if (tif === "GTD") {
    floor.later(untilTime(floor, goodTillDate), () => cancelNow(floor, ticket, BY_SYSTEM));
  }
  const mistake = algoTimeMistake(ticket, floor.now());
  if (mistake !== null) {
    floor.listener.message(ticket, mistake.code, mistake.text);
    present(floor, ticket, { stage: "conditions", status: "PreSubmitted" });
    return cancelNow(floor, ticket, BY_SYSTEM);
  }
  const { parent } = ticket;
  if (parent !== null && parent.filled === ZERO) return watch(floor, ticket, "child");
  release(floor, ticket);
}

/**
 * Out of its parent's shadow: held by its conditions or its time, watched for its trigger, queued for the open, or
 * sent to the exchange.
 */
export function release(floor: Floor, ticket: Ticket): void {
  const { order } = ticket;
  const startMs = askedWindow(ticket, floor.now()).startMs ?? 0;
  const delayMs = Math.max(
    order.goodAfterTime === "" ? 0 : untilTime(floor, order.goodAfterTime),
    startMs - floor.now(),
  );
  if (delayMs > 0) {
    present(floor, ticket, { stage: "conditions", status: "PreSubmitted" });
    return floor.later(delayMs, () => {
      if (ticket.stage === "conditions") release(floor, ticket);
    });
  }
  const mustWait = order.conditions.length > 0 && !order.conditionsCancelOrder;
  if (mustWait && !ticket.conditionsMet) {
    return present(floor, ticket, { stage: "conditions", status: "PreSubmitted" });
  }
  if (traits(ticket).watch !== null && !ticket.triggered) return watch(floor, ticket, "trigger");
  const isLateForOpening = order.tif === "OPG";
  if (!floor.isOpenFor(ticket) || isLateForOpening) return waitForOpen(floor, ticket);
  route(floor, ticket);
}

/** Ms until a time that the checks have let in; 0 when it is past. */
function untilTime(floor: Floor, text: string): number {
  const epochMs = parseRequestTime(text)?.epochMs ?? floor.now();
  return Math.max(0, epochMs - floor.now());
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
  if (!floor.isOpenFor(ticket)) return waitForOpen(floor, ticket);
  const reason = cappedReason(floor, ticket);
  if (reason !== null) return end(floor, ticket, { completedStatus: BY_SYSTEM, reason });
  ticket.stage = "working";
  ticket.sinceMs = floor.now();
  const isMarket = limitE4(ticket) === null;
  if (!isMarket) showSubmitted(floor, ticket);
  const place = floor.place(ticket);
  if (place !== null) applyFills(floor, ticket, place, fillsOnArrival(ticket, place));
  if (!isLive(ticket)) return;
  if (ticket.order.tif === "IOC" || ticket.order.tif === "FOK") {
    present(floor, ticket, { stage: "working", status: "PendingCancel" });
    cancelNow(floor, ticket, BY_SYSTEM);
  } else if (isMarket && ticket.filled === ZERO) showSubmitted(floor, ticket);
}

function watch(floor: Floor, ticket: Ticket, stage: "child" | "trigger"): void {
  if (!floor.isOpenFor(ticket)) {
    floor.listener.message(ticket, 399, waitingForOpenText(ticket, floor.nextSession()));
  }
  const isWatched = traits(ticket).watch !== null;
  const whyHeld = stage === "trigger" ? "trigger" : isWatched ? "child,trigger" : "child";
  present(floor, ticket, { stage, status: "PreSubmitted", whyHeld });
}

function waitForOpen(floor: Floor, ticket: Ticket): void {
  floor.listener.message(ticket, 399, waitingForOpenText(ticket, floor.nextSession()));
  present(floor, ticket, { stage: "waiting", status: "PreSubmitted" });
}

export function showSubmitted(floor: Floor, ticket: Ticket): void {
  present(floor, ticket, { stage: "working", status: "Submitted" });
}

export function present(
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
  end(floor, ticket, { completedStatus, reason: "" });
}

function end(
  floor: Floor,
  ticket: Ticket,
  { completedStatus, reason }: { readonly completedStatus: string; readonly reason: string },
): void {
  // Groups can lead back to an order that has ended meanwhile.
  if (!isLive(ticket)) return;
  ticket.status = "Cancelled";
  ticket.completedStatus = completedStatus;
  floor.book.close(ticket, floor.now());
  floor.listener.statusChanged(ticket);
  floor.listener.message(ticket, 202, `Order Canceled - reason:${reason}`);
  apply(floor, effectsOfEnd(ticket, familyOf(floor, ticket)));
}

/**
 * New values of a live order: held ones stay held, working ones go to the exchange again. What the account cannot pay
 * for is rejected, and the order goes on as it was.
 */
export function amend(floor: Floor, ticket: Ticket, order: Ticket["order"]): void {
  const { order: before, trailE4 } = ticket;
  ticket.order = traits(ticket).watch === "trail" ? retrail(ticket, order) : order;
  if (ticket.stage === "held") {
    ticket.placed = order;
    return order.transmit ? transmit(floor, ticket) : undefined;
  }
  const reason = marginReason(floor, ticket);
  if (reason !== null) {
    Object.assign(ticket, { order: before, trailE4 });
    return floor.listener.message(ticket, 201, `Order rejected - reason:${reason}`);
  }
  ticket.placed = order;
  if (remaining(ticket) === ZERO) return cancelNow(floor, ticket, "Cancelled by Trader");
  if (ticket.stage === "working" || ticket.stage === "routing") route(floor, ticket);
  else {
    const { stage, status, whyHeld, sinceMs } = ticket;
    present(floor, ticket, { stage, status, whyHeld });
    // It has stood all along: a stop does not sleep while it is moved. What the step printed before counts with it.
    ticket.sinceMs = sinceMs;
  }
}

export function applyFills(
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
  if (remaining(ticket) === ZERO) complete(floor, ticket);
  else ticket.status = ticket.cancelling ? "PendingCancel" : "Submitted";
  floor.listener.executed(execution);
  floor.listener.changed(ticket);
  floor.later(COMMISSION_DELAY_MS, () => {
    ticket.commissionShown = (ticket.commissionShown ?? ZERO) + execution.commission;
    floor.listener.commissioned(execution);
  });
  apply(floor, effectsOfFill(ticket, quantity, familyOf(floor, ticket)));
}

function complete(floor: Floor, ticket: Ticket): void {
  ticket.status = "Filled";
  ticket.completedStatus = `Filled Size: ${ticket.filled / 1_000_000n}`;
  floor.book.close(ticket, floor.now());
}

function apply(floor: Floor, effects: readonly GroupEffect[]): void {
  for (const effect of effects) {
    const { ticket } = effect;
    if (!isLive(ticket)) continue;
    if (effect.type === "cancel") cancelNow(floor, ticket, BY_SYSTEM);
    else if (effect.type === "release") release(floor, ticket);
    else {
      const totalQuantity = ticket.order.totalQuantity - effect.by;
      ticket.order = { ...ticket.order, totalQuantity };
      // A stop that has sold all its entry will ever buy is done.
      if (remaining(ticket) === ZERO) complete(floor, ticket);
      floor.listener.changed(ticket);
    }
  }
}

function familyOf(floor: Floor, ticket: Ticket): Family {
  return { children: floor.book.childrenOf(ticket), siblings: floor.book.ocaSiblings(ticket) };
}
