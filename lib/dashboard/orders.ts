import type { Entry, IntentRecorded } from "../ledger/entry.ts";
import type { Micros } from "../money.ts";
import {
  filledOf,
  isFinal,
  newOrder,
  type OrderFact,
  type OrderPhase,
  type OrderState,
  phaseOf,
  withFact,
} from "../orders/lifecycle.ts";
import { maskText } from "../probe/mask.ts";
import type { OrderChange, Stamp } from "./feed.ts";

/** One of our orders as the ledger tells it. */
export interface TrackedOrder {
  /** With its prices as they were changed since. */
  readonly intent: IntentRecorded;
  readonly life: OrderState;
  /** Its newest entry. */
  readonly stamp: Stamp;
  readonly whyHeld: string;
  /** Why nobody knows what became of it; null while somebody does. */
  readonly frozen: string | null;
  /** The newest change of its prices. */
  readonly changed: OrderChange | null;
}

/** The fold of entries into orders. */
export class Orders {
  /** intentId → order */
  readonly #byId = new Map<string, TrackedOrder>();
  /** intentId → order that is not over */
  readonly #open = new Map<string, TrackedOrder>();

  /** The order this entry is about, as it stands now; null when it is about none. */
  apply({ body }: Entry, stamp: Stamp): TrackedOrder | null {
    switch (body.kind) {
      case "intent":
        return this.#put({
          intent: body,
          life: newOrder(body.quantity),
          stamp,
          whyHeld: "",
          frozen: null,
          changed: null,
        });
      case "order-sent":
        return this.#learn(body.intentId, { type: "sent", orderId: body.orderId }, { stamp });
      case "order-event": {
        const { permId, status, filled, whyHeld, source } = body;
        const fact: OrderFact = { type: "order-status", permId, status, filled };
        // The broker named it, so it is known again; our own request names nothing.
        const known = source === "local" ? {} : { frozen: null };
        return this.#learn(body.intentId, fact, { stamp, whyHeld, ...known });
      }
      case "execution":
        return this.#learn(body.intentId, { type: "execution", execution: body }, {
          stamp,
          frozen: null,
        });
      case "order-message": {
        const { code, text } = body;
        return this.#learn(body.intentId, { type: "order-message", code, text }, { stamp });
      }
      case "intent-frozen": {
        const order = this.#byId.get(body.intentId);
        return order === undefined ? null : this.#put({ ...order, stamp, frozen: body.because });
      }
      case "order-changed": {
        const order = this.#byId.get(body.intentId);
        if (order === undefined) return null;
        const { lmtPrice, auxPrice, rule, because } = body;
        const intent = { ...order.intent, lmtPrice, auxPrice };
        return this.#put({
          ...order,
          intent,
          stamp,
          changed: { rule, because: maskText(because) },
        });
      }
      default:
        return null;
    }
  }

  byId(intentId: string): TrackedOrder | undefined {
    return this.#byId.get(intentId);
  }

  /** Orders that may still fill, and those whose fate is unknown; oldest first. */
  open(): readonly TrackedOrder[] {
    return [...this.#open.values()];
  }

  #learn(
    intentId: string | null,
    fact: OrderFact,
    seen: Partial<TrackedOrder> & { readonly stamp: Stamp },
  ): TrackedOrder | null {
    const order = intentId === null ? undefined : this.#byId.get(intentId);
    if (order === undefined) return null;
    return this.#put({ ...order, ...seen, life: withFact(order.life, fact) });
  }

  #put(order: TrackedOrder): TrackedOrder {
    const { intentId } = order.intent;
    this.#byId.set(intentId, order);
    if (isFinal(order.life)) this.#open.delete(intentId);
    else this.#open.set(intentId, order);
    return order;
  }
}

/** Shares that may still fill. */
export function remainingOf({ intent, life }: TrackedOrder): Micros {
  return intent.quantity - filledOf(life);
}

/** Where the order stands, in a word. */
export function phaseWord(order: TrackedOrder): OrderPhase | "frozen" {
  return order.frozen !== null && !isFinal(order.life) ? "frozen" : phaseOf(order.life);
}
