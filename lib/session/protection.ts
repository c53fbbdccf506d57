import { formatMicros, fromNumber, type Micros, ZERO } from "../money.ts";
import { missingExecutions } from "../orders/lifecycle.ts";
import type { Intents, IntentState } from "./intents.ts";

/** What is done about a position that has no working stop. */
export type Remedy =
  /** Its stop is placed again, where it was last to be. */
  | { readonly action: "stop"; readonly stopPrice: Micros }
  | { readonly action: "close"; readonly because: string }
  /** The broker owes us the fills that end it. */
  | { readonly action: "wait" };

/**
 * The stop goes back to its recorded price. It does not when that would only sell in disguise (the price is beyond
 * it, or an exit was under way) or has been tried in this session: then the position is closed, and the ledger
 * says why.
 */
export function remedyFor(
  position: { readonly symbol: string; readonly quantity: Micros },
  { intents, mark, sessionId }: {
    readonly intents: Intents;
    /** What a share is worth now; null when unknown. */
    readonly mark: number | null;
    readonly sessionId: string;
  },
): Remedy {
  const { symbol, quantity } = position;
  const newest = intents.newestExit(symbol);
  if (newest === null) return { action: "close", because: "no stop of it is recorded" };
  if (newest.status === "Filled" && missingExecutions(newest.life) > ZERO) {
    return { action: "wait" };
  }
  const { intent: { role }, tightest: auxPrice } = newest;
  if (role === "exit" || auxPrice === null) {
    return { action: "close", because: "the order that should have closed it did not" };
  }
  if (isReplacement(newest) && newest.sessionId === sessionId) {
    return { action: "close", because: "the stop placed again did not stay" };
  }
  if (mark !== null && isBeyond(fromNumber(mark), auxPrice, quantity)) {
    const because = `its price ${mark} is already beyond the stop at ${formatMicros(auxPrice)}`;
    return { action: "close", because };
  }
  return { action: "stop", stopPrice: auxPrice };
}

function isReplacement({ intent }: IntentState): boolean {
  return intent.parentIntentId === null;
}

function isBeyond(price: Micros, stop: Micros, quantity: Micros): boolean {
  return quantity > ZERO ? price <= stop : price >= stop;
}
