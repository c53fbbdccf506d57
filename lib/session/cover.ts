import { absolute, greatest, least, type Micros, ZERO } from "../money.ts";
import { isFinal, missingExecutions } from "../orders/lifecycle.ts";
import type { Intents, IntentState } from "./intents.ts";

/**
 * Shares of a position that no working order would sell (or buy back) at the broker. An entry worked in slices has a
 * stop for each; one of them missing leaves a part of the position bare.
 */
export function bareShares(
  { symbol, quantity }: { readonly symbol: string; readonly quantity: Micros },
  intents: Intents,
): Micros {
  // Of a sale nobody knows whether it works: another beside it could sell the same shares twice.
  if (intents.mayBeLeaving(symbol)) return ZERO;
  let covered = ZERO;
  for (const state of intents.open()) {
    const { role } = state.intent;
    if (state.intent.symbol !== symbol || role === "entry" || role === "target") continue;
    covered += coverOf(state, intents);
  }
  return greatest(absolute(quantity) - covered, ZERO);
}

/** A stop wakes as its entry fills, and for no more than that. */
function coverOf({ intent, filled }: IntentState, intents: Intents): Micros {
  const entry = intent.parentIntentId === null ? undefined : intents.byId(intent.parentIntentId);
  const awake = entry === undefined ? intent.quantity : least(intent.quantity, entry.filled);
  return greatest(awake - filled, ZERO);
}

/**
 * Shares a working stop may still be ordered for: what the broker has of it, and no more than its entry has bought once
 * that is over. TWS may have made it smaller without our hearing of it, and a change must not make it large again.
 */
export function mostOf({ intent, filled, remaining }: IntentState, intents: Intents): Micros {
  const left = remaining ?? intent.quantity - filled;
  const entry = intent.parentIntentId === null ? undefined : intents.byId(intent.parentIntentId);
  const isOver = entry !== undefined && isFinal(entry.life) &&
    missingExecutions(entry.life) === ZERO;
  return isOver ? least(left, greatest(entry.filled - filled, ZERO)) : left;
}
