import type { TagValue } from "../wire/contract.ts";
import type { WireOrder } from "../wire/order.ts";
import { traitsOf } from "./order_types.ts";
import { invalid, type Refusal } from "./refusal.ts";
import { isLive, type Ticket } from "./ticket.ts";

/** Why TWS does not let a live order take new values, in the order of its checks. */

export const CANNOT_MODIFY_FILLED: Refusal = { code: 104, text: "Cannot modify a filled order." };

const DOES_NOT_MATCH: Refusal = {
  code: 105,
  text: "Order being modified does not match original order",
};

/** Order types that TWS changes into each other; the stops keep their trigger. */
const KINDS: readonly ReadonlySet<string>[] = [
  new Set(["MKT", "LMT"]),
  new Set(["STP", "STP LMT"]),
  new Set(["TRAIL", "TRAIL LIMIT"]),
  new Set(["MIT", "LIT"]),
];

/** Null when it may take them; `order` null is one for another contract. */
export function checkModification(ticket: Ticket, order: WireOrder | null): Refusal | null {
  const { order: old } = ticket;
  if (!isLive(ticket) || ticket.cancelling) return CANNOT_MODIFY_FILLED;
  if (order === null || order.action !== old.action) return DOES_NOT_MATCH;
  if (order.account !== "" && order.account !== old.account) return DOES_NOT_MATCH;
  if (order.totalQuantity < ticket.filled) return DOES_NOT_MATCH;
  const isKin = KINDS.some((kind) => kind.has(old.orderType) && kind.has(order.orderType));
  if (order.orderType !== old.orderType && !isKin) {
    return { code: 329, text: "Order modify failed. Cannot change to the new order type." };
  }
  if ((order.tif || "DAY") !== old.tif) {
    const text = `Order modify failed. Cannot change to the new Time in Force.${order.tif}`;
    return { code: 462, text };
  }
  return changedGroup(old, order) ?? changedTrail(ticket, order);
}

function changedGroup(old: WireOrder, order: WireOrder): Refusal | null {
  if (order.parentId !== old.parentId) return invalid("Parent order id cannot be modified");
  if (order.ocaGroup !== "" && order.ocaGroup !== old.ocaGroup) {
    return { code: 10326, text: "OCA group revision is not allowed" };
  }
  // Orders that never said a type are shown with one.
  if (order.ocaType !== 0 && order.ocaType !== (old.ocaType || SHOWN_OCA_TYPE)) {
    return { code: 10327, text: "OCA group type revision is not allowed" };
  }
  const isSameAlgo = order.algoStrategy === old.algoStrategy &&
    textOf(order.algoParams) === textOf(old.algoParams);
  return isSameAlgo
    ? null
    : { code: 440, text: "Order modify failed. Algorithm cannot be modified." };
}

const SHOWN_OCA_TYPE = 3;

function textOf(params: readonly TagValue[]): string {
  return params.map(({ tag, value }) => `${tag}=${value}`).join(";");
}

/** A new distance needs a new stop to begin from; without one the old would stand at neither. */
function changedTrail(ticket: Ticket, order: WireOrder): Refusal | null {
  if (traitsOf(order.orderType)?.watch !== "trail" || order.trailStopPrice === null) return null;
  const { placed } = ticket;
  const isNewDistance = order.auxPrice !== placed.auxPrice ||
    order.trailingPercent !== placed.trailingPercent;
  const isOldStop = order.trailStopPrice === placed.trailStopPrice ||
    order.trailStopPrice === ticket.order.trailStopPrice;
  if (!isNewDistance || !isOldStop) return null;
  const text = "Stop price must be changed together with the trailing amount for a trailing order";
  return { code: 10067, text };
}
