import type { Broker } from "../broker/broker.ts";
import { type Clock, sleep } from "../clock.ts";
import type { Reconciled } from "../ledger/entry.ts";
import type { Journal } from "./journal.ts";
import { absentFrom, type BrokerWord, compare, missedFacts } from "./reconcile.ts";

/**
 * Between the two looks that prove an order absent. A placeOrder still under way when the old link broke reaches
 * TWS within this, or never.
 */
const SECOND_LOOK_MS = 2_000;

/** Asks the broker for every list the books are compared with. Rejects when one of them has no end. */
export async function askBroker(broker: Broker, account: string): Promise<BrokerWord> {
  const [openOrders, completedOrders, fills, positions, values] = await Promise.all([
    broker.openOrders(),
    broker.completedOrders(),
    broker.executions(),
    broker.positions(),
    broker.accountValues(account),
  ]);
  const ours = <T extends { readonly account: string }>(list: readonly T[]): readonly T[] =>
    list.filter((item) => item.account === account);
  return {
    openOrders: ours(openOrders),
    completedOrders: ours(completedOrders),
    executions: ours(fills.executions),
    commissions: fills.commissions,
    positions: ours(positions),
    account: values,
  };
}

/**
 * Brings the ledger up to what the broker knows, after a start, a crash or a lost link alike, and compares.
 * An open intent that two looks in a row find nowhere was never received; nothing is ever sent again here.
 */
export async function recover(
  broker: Broker,
  { journal, clock, account, at, signal }: {
    readonly journal: Journal;
    readonly clock: Clock;
    readonly account: string;
    readonly at: Reconciled["at"];
    readonly signal: AbortSignal;
  },
): Promise<{ readonly word: BrokerWord; readonly reconciled: Reconciled }> {
  let word = await askBroker(broker, account);
  journal.write(...missedFacts(word, journal));
  const suspects = absentFrom(word, journal.intents);
  if (suspects.length > 0) {
    await sleep(clock, SECOND_LOOK_MS, signal);
    word = await askBroker(broker, account);
    journal.write(...missedFacts(word, journal));
    const absent = new Set(absentFrom(word, journal.intents));
    for (const state of suspects.filter((suspect) => absent.has(suspect))) {
      journal.write({
        kind: "order-event",
        intentId: state.intent.intentId,
        orderId: 0,
        permId: state.permId,
        symbol: state.intent.symbol,
        status: "ApiCancelled",
        filled: state.filled,
        remaining: state.intent.quantity - state.filled,
        avgFillPrice: null,
        whyHeld: "",
        source: "not-sent",
      });
    }
  }
  return { word, reconciled: compare(word, { books: journal.books, at }) };
}
