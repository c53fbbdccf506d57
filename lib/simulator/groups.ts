import { type Micros, ZERO } from "../money.ts";
import { isLive, remaining, type Ticket } from "./ticket.ts";

/** What the end of one order, or a part of it, does to its children and to the others of its OCA group. */

export type GroupEffect =
  | { readonly type: "cancel"; readonly ticket: Ticket }
  | { readonly type: "reduce"; readonly ticket: Ticket; readonly by: Micros }
  /** A child whose parent has begun to fill. */
  | { readonly type: "release"; readonly ticket: Ticket };

export interface Family {
  /** Live orders whose parent this one is. */
  readonly children: readonly Ticket[];
  /** Live orders of its OCA group, itself left out. */
  readonly siblings: readonly Ticket[];
}

/** Cancels all others on the first fill, even a partial one. Types 2 and 3, and none, reduce them instead. */
const CANCEL_WITH_BLOCK = 1;

export function effectsOfFill(ticket: Ticket, quantity: Micros, family: Family): GroupEffect[] {
  const ends = !isLive(ticket) || ticket.order.ocaType === CANCEL_WITH_BLOCK;
  const onSiblings = family.siblings.map((sibling): GroupEffect =>
    ends || remaining(sibling) <= quantity
      ? { type: "cancel", ticket: sibling }
      : { type: "reduce", ticket: sibling, by: quantity }
  );
  // Whether TWS wakes children at the first or at the last fill is not recorded. At the first, and for no more
  // than the parent has filled, a position is protected as it grows and never oversold.
  const onChildren = family.children
    .filter((child) => child.stage === "child")
    .map((child): GroupEffect => ({ type: "release", ticket: child }));
  return [...onSiblings, ...onChildren];
}

/** After the order has ended without being filled completely. */
export function effectsOfEnd(ticket: Ticket, family: Family): GroupEffect[] {
  const onChildren = family.children.flatMap((child): GroupEffect[] => {
    if (ticket.filled === ZERO) return [{ type: "cancel", ticket: child }];
    const excess = child.order.totalQuantity - ticket.filled;
    return excess > ZERO ? [{ type: "reduce", ticket: child, by: excess }] : [];
  });
  const onSiblings = family.siblings.map((sibling): GroupEffect => ({
    type: "cancel",
    ticket: sibling,
  }));
  return [...onChildren, ...onSiblings];
}
