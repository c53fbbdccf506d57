import type { Entry, ParentOrderEnded, ParentOrderStarted } from "../ledger/entry.ts";
import { divide, formatMicros, type Micros, multiply, ZERO } from "../money.ts";
import { filledOf, isFinal } from "../orders/lifecycle.ts";
import { maskText } from "../probe/mask.ts";
import type { ParentRow, Stamp } from "./feed.ts";
import { type Orders, remainingOf, type TrackedOrder } from "./orders.ts";

/** An order that an algorithm works in slices. */
export interface TrackedParent {
  readonly body: ParentOrderStarted;
  /** intentIds of its slices that trade; their stops are orders like any other. */
  readonly slices: readonly string[];
  /** Null while it is at work. */
  readonly ended: ParentOrderEnded | null;
  /** Its newest entry, those of its slices included. */
  readonly stamp: Stamp;
}

/** The fold of entries into parent orders. */
export class Parents {
  readonly #byId = new Map<string, TrackedParent>();
  /** parentOrderId → parent that is not over */
  readonly #open = new Map<string, TrackedParent>();

  /** The parent this entry is about, as it stands now; null when it is about none. `order` as in `Decisions`. */
  apply({ body }: Entry, stamp: Stamp, order: TrackedOrder | null): TrackedParent | null {
    if (body.kind === "parent-order") {
      return this.#put({ body, slices: [], ended: null, stamp });
    }
    if (body.kind === "parent-ended") {
      const parent = this.#byId.get(body.parentOrderId);
      return parent === undefined ? null : this.#put({ ...parent, ended: body, stamp });
    }
    const parent = this.#byId.get(order?.intent.parentOrderId ?? "");
    if (order === null || parent === undefined || order.intent.role === "stop") return null;
    const slices = body.kind === "intent" ? [...parent.slices, body.intentId] : parent.slices;
    return this.#put({ ...parent, slices, stamp });
  }

  /** Those at work, oldest first. */
  open(): readonly TrackedParent[] {
    return [...this.#open.values()];
  }

  #put(parent: TrackedParent): TrackedParent {
    const { parentOrderId } = parent.body;
    this.#byId.set(parentOrderId, parent);
    if (parent.ended === null) this.#open.set(parentOrderId, parent);
    else this.#open.delete(parentOrderId);
    return parent;
  }
}

/** How far a parent is, from its slices. */
export interface Progress {
  readonly filled: Micros;
  /** Shares its slices may still fill now. */
  readonly working: Micros;
  readonly averagePrice: Micros | null;
}

export function progressOf({ slices }: TrackedParent, orders: Orders): Progress {
  const known = slices.flatMap((intentId) => orders.byId(intentId) ?? []);
  const filled = sum(known.map(({ life }) => filledOf(life)));
  const paid = sum(
    known.flatMap(({ life }) => life.fills.map(({ quantity, price }) => multiply(quantity, price))),
  );
  return {
    filled,
    working: sum(known.filter(({ life }) => !isFinal(life)).map(remainingOf)),
    averagePrice: filled === ZERO ? null : divide(paid, filled),
  };
}

export function parentRows(parents: Parents, orders: Orders): readonly ParentRow[] {
  return parents.open().toReversed().map((parent): ParentRow => {
    const { body, slices, stamp } = parent;
    const { filled, working, averagePrice } = progressOf(parent, orders);
    return {
      parentOrderId: body.parentOrderId,
      symbol: body.symbol,
      side: body.side,
      purpose: body.purpose,
      algorithm: body.algorithm,
      because: maskText(body.because),
      quantity: formatMicros(body.quantity),
      filled: formatMicros(filled),
      working: formatMicros(working),
      slices: slices.length,
      averagePrice: averagePrice === null ? null : formatMicros(averagePrice),
      limitPrice: body.limitPrice === null ? null : formatMicros(body.limitPrice),
      startMs: body.startMs,
      endMs: body.endMs,
      stamp,
    };
  });
}

function sum(amounts: readonly Micros[]): Micros {
  return amounts.reduce((total, amount) => total + amount, ZERO);
}
