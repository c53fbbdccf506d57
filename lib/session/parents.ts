import type { Entry, ParentOrderStarted } from "../ledger/entry.ts";
import { divide, greatest, type Micros, multiply, ZERO } from "../money.ts";
import { averagePriceOf, missingExecutions } from "../orders/lifecycle.ts";
import type { Progress } from "../orders/parent.ts";
import type { OpenParent, WorkingOrder } from "../risk/book.ts";
import { type Intents, type IntentState, isOpen } from "./intents.ts";

/** A parent, the entries cut of it so far, and their stops. */
export interface ParentState {
  readonly started: ParentOrderStarted;
  readonly slices: IntentState[];
  readonly stops: IntentState[];
  /** Why it gets no more slices; null while it does. */
  stopped: string | null;
}

/**
 * The fold of entries into parents that are still worked. Like `Intents` it has no other source, so a session that
 * was killed in the middle of an algorithm goes on where its ledger ends.
 */
export class Parents {
  readonly #intents: Intents;
  readonly #active = new Map<string, ParentState>(); // parentOrderId → state

  constructor(intents: Intents) {
    this.#intents = intents;
  }

  /** After `Intents` has seen the same entry. */
  apply({ body }: Entry): void {
    if (body.kind === "parent-order") {
      const state = { started: body, slices: [], stops: [], stopped: null };
      this.#active.set(body.parentOrderId, state);
    } else if (body.kind === "parent-stopped") {
      const parent = this.#active.get(body.parentOrderId);
      if (parent !== undefined) parent.stopped = body.because;
    } else if (body.kind === "parent-ended") this.#active.delete(body.parentOrderId);
    else if (body.kind === "intent" && body.parentOrderId !== null) {
      const parent = this.#active.get(body.parentOrderId);
      const state = this.#intents.byId(body.intentId);
      if (parent === undefined || state === undefined) return;
      if (body.role === "entry") parent.slices.push(state);
      else parent.stops.push(state);
    }
  }

  /** Those not ended, oldest first. */
  active(): readonly ParentState[] {
    return [...this.#active.values()];
  }

  get size(): number {
    return this.#active.size;
  }
}

/** Shares filled and shares that may still fill. A frozen slice counts as working: nobody knows it will not. */
export function progressOf({ slices }: ParentState, now: number): Progress {
  let [filled, working] = [ZERO, ZERO];
  for (const state of slices) {
    filled += state.filled;
    if (isOpen(state) || state.frozen) {
      working += greatest(state.intent.quantity - state.filled, ZERO);
      // A status may come before the executions it tells of.
    } else working += missingExecutions(state.life);
  }
  return { now, filled, working };
}

/** What no slice was cut of yet. */
export function unsentOf(state: ParentState): Micros {
  const { filled, working } = progressOf(state, 0);
  return greatest(state.started.quantity - filled - working, ZERO);
}

/** The parent as risk sees it; null for one without a price or a stop, which can get no more slices. */
export function openParent(state: ParentState): OpenParent | null {
  const { symbol, side, limitPrice, stopPrice, sizing } = state.started;
  if (limitPrice === null || stopPrice === null) return null;
  return { symbol, side, unsent: unsentOf(state), limitPrice, stopPrice, sizing };
}

/** Its unsent part as an order that may still fill: reserved whole before the first slice, and until its end. */
export function reserveOf(state: ParentState): WorkingOrder {
  const { symbol, side, purpose, quantity, reserved, limitPrice, stopPrice } = state.started;
  const remaining = unsentOf(state);
  const perShare = limitPrice === null || stopPrice === null
    ? ZERO
    : greatest(limitPrice - stopPrice, stopPrice - limitPrice);
  return {
    symbol,
    side,
    purpose,
    remaining,
    reserved: divide(multiply(reserved, remaining), quantity),
    atRisk: multiply(perShare, remaining),
  };
}

/** Average price of everything filled of it; null without a fill. */
export function averageFillOf({ slices }: ParentState): Micros | null {
  let [shares, turnover] = [ZERO, ZERO];
  for (const { life, filled } of slices) {
    const price = averagePriceOf(life);
    if (price === null) continue;
    shares += filled;
    turnover += multiply(price, filled);
  }
  return shares === ZERO ? null : divide(turnover, shares);
}
