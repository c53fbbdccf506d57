import type { OrderEvent } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import type { IntentState } from "./intents.ts";
import type { Journal } from "./journal.ts";

/**
 * An intent whose fate nobody can prove is frozen: its symbol takes no entries, whatever it could still cost stays
 * reserved, and nothing that could sell the same shares goes out beside it. It thaws by facts alone: the broker
 * names it, or two complete looks find it nowhere while the positions agree. A person who accepts a difference
 * answers for those left.
 */
export function freeze(
  journal: Journal,
  states: readonly IntentState[],
  because: string,
): void {
  const fresh = states.filter(({ frozen }) => !frozen);
  if (fresh.length === 0) return;
  journal.write(...fresh.map(({ intent: { intentId, symbol } }) => (
    { kind: "intent-frozen", intentId, symbol, because } as const
  )));
  const list = fresh.map(({ intent: { side, quantity, symbol, role, orderRef } }) =>
    `${role} ${side} ${formatMicros(quantity)} ${symbol} (${orderRef})`
  ).join(", ");
  journal.incident({
    code: "order-frozen",
    severity: "error",
    symbol: fresh.length === 1 ? fresh[0]?.intent.symbol ?? null : null,
    text: `Nobody knows what became of ${list}: ${because}. Look for it in TWS`,
  });
}

/** What is written of an order that is proven to be nowhere at the broker: nothing of it will come any more. */
export function nowhere({ intent, permId, filled }: IntentState): OrderEvent {
  return {
    kind: "order-event",
    intentId: intent.intentId,
    orderId: 0,
    permId,
    symbol: intent.symbol,
    status: "ApiCancelled",
    filled,
    remaining: intent.quantity - filled,
    avgFillPrice: null,
    whyHeld: "",
    source: "not-sent",
  };
}
