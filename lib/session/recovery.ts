import { type Broker, NotReadyError } from "../broker/broker.ts";
import { type Clock, sleep } from "../clock.ts";
import type { Reconciled } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import { isBrokerSilence } from "./failures.ts";
import { freeze, nowhere } from "./frozen.ts";
import type { Journal } from "./journal.ts";
import { absentFrom, type BrokerWord, compare, missedFacts, sharesAt } from "./reconcile.ts";

/**
 * Between two looks. A placeOrder still under way when the old link broke reaches TWS within this, or never; and
 * lists made at slightly different moments agree again.
 */
const SECOND_LOOK_MS = 2_000;
/** A list without its End may be one lost message; three in a row are a TWS that does not answer. */
export const TRIES = 3;
const TRY_AGAIN_MS = 2_000;

interface Recovery {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly account: string;
  readonly at: Reconciled["at"];
  readonly signal: AbortSignal;
  /** How often an answer without an end is asked for. After the last, what is open is frozen; once freezes nothing. */
  readonly tries: number;
}

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
 * Brings the ledger up to what the broker knows, after a start, a crash or a lost link alike, and compares. One look
 * proves nothing: an order it does not find, or a position that differs, is looked for a second time. An open intent
 * that two looks find nowhere was never received, unless a position differs in its symbol: then it is frozen.
 * Nothing is ever sent again here.
 */
export async function recover(
  broker: Broker,
  recovery: Recovery,
): Promise<{ readonly word: BrokerWord; readonly reconciled: Reconciled }> {
  const { journal, clock, at, signal } = recovery;
  const { books, intents } = journal;
  let word = await look(broker, recovery);
  const suspects = absentFrom(word, intents);
  let reconciled = compare(word, { books, intents, at });
  const differs = reconciled.differences.some(({ what }) => what === "position");
  if (suspects.length === 0 && !differs) return { word, reconciled };
  await sleep(clock, SECOND_LOOK_MS, signal);
  word = await look(broker, recovery);
  const absent = new Set(absentFrom(word, intents));
  for (const state of suspects.filter((suspect) => absent.has(suspect))) {
    const { symbol } = state.intent;
    const [ours, theirs] = [books.position(symbol)?.quantity ?? 0n, sharesAt(word, symbol)];
    if (ours === theirs) {
      journal.write(nowhere(state));
      continue;
    }
    const shares = `${formatMicros(theirs)} shares, the ledger ${formatMicros(ours)}`;
    freeze(journal, [state], `no list of TWS has it, but TWS has ${shares}`);
  }
  reconciled = compare(word, { books, intents, at });
  return { word, reconciled };
}

/** One complete look, with everything it tells booked. */
async function look(broker: Broker, recovery: Recovery): Promise<BrokerWord> {
  const { journal, clock, account, signal, tries } = recovery;
  for (let attempt = 1;; attempt++) {
    try {
      const word = await askBroker(broker, account);
      journal.write(...missedFacts(word, journal));
      return word;
    } catch (error) {
      // Without a link asking again is for the next one.
      if (!isBrokerSilence(error) || error instanceof NotReadyError) throw error;
      if (attempt >= tries) {
        if (tries > 1) freeze(journal, journal.intents.open(), error.message);
        throw error;
      }
      journal.incident({ code: "broker-silent", text: `${error.message}; asked again` });
      await sleep(clock, TRY_AGAIN_MS, signal);
    }
  }
}
