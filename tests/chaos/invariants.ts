import { splitExecId } from "../../lib/exec_id.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import { foldPositions } from "../../lib/ledger/positions.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import { formatMicros } from "../../lib/money.ts";
import { Intents } from "../../lib/session/intents.ts";
import type { AccountTruth } from "../../lib/simulator/options.ts";

/**
 * I1–I6, held against the Gateway's own history and the ledger's entries, never against the session's word. The
 * answer lists every breach; empty means that all hold.
 */
export function breaches(
  entries: readonly Entry[],
  truth: AccountTruth,
  firstBreak: number | null,
): string[] {
  return [
    ...oneOrderPerIntent(truth),
    ...booksEqual(entries, truth),
    ...nothingUnreviewed(entries, truth),
    ...everyFillOnce(entries, truth),
    ...firstBreak === null ? [] : [`I5: the hash chain breaks at entry ${firstBreak}`],
    ...everyIntentEnds(entries),
  ];
}

function oneOrderPerIntent({ orders }: AccountTruth): string[] {
  const seen = new Set<string>();
  return orders.flatMap(({ orderRef }) => {
    if (seen.has(orderRef)) return [`I1: two broker orders for ${orderRef}`];
    seen.add(orderRef);
    return [];
  });
}

function booksEqual(entries: readonly Entry[], truth: AccountTruth): string[] {
  const books = foldPositions(entries);
  const cash = books.cash ?? 0n;
  const wrong = cash === truth.cash
    ? []
    : [`I2: ledger cash ${formatMicros(cash)}, Gateway ${formatMicros(truth.cash)}`];
  const held = new Map(books.positions().map(({ symbol, quantity }) => [symbol, quantity]));
  const theirs = new Map(truth.positions.map(({ symbol, quantity }) => [symbol, quantity]));
  for (const symbol of new Set([...held.keys(), ...theirs.keys()])) {
    const [ours = 0n, broker = 0n] = [held.get(symbol), theirs.get(symbol)];
    if (ours !== broker) {
      wrong.push(`I2: ${symbol} ledger ${formatMicros(ours)}, Gateway ${formatMicros(broker)}`);
    }
  }
  return wrong;
}

function nothingUnreviewed(entries: readonly Entry[], { orders }: AccountTruth): string[] {
  const intents = bodiesOf(entries, "intent");
  const known = new Set(intents.map(({ orderRef }) => orderRef));
  const refused = new Set(bodiesOf(entries, "refused").map(({ signalId }) => signalId));
  return [
    ...orders.filter(({ orderRef }) => !known.has(orderRef))
      .map(({ orderRef }) => `I3: the Gateway has ${orderRef}, the ledger no intent for it`),
    ...intents.filter(({ signalId }) => signalId !== null && refused.has(signalId))
      .map(({ orderRef }) => `I3: ${orderRef} was sent though refused`),
  ];
}

function everyFillOnce(entries: readonly Entry[], { executions }: AccountTruth): string[] {
  const booked = bodiesOf(entries, "execution").map(({ execId }) => execId);
  const known = new Set(booked);
  const theirs = new Set(executions.map(({ execId }) => execId));
  const stems = new Set(executions.map(({ execId }) => splitExecId(execId).stem));
  return [
    ...booked.length === known.size ? [] : ["I4: an execution is booked twice"],
    ...[...theirs].filter((execId) => !known.has(execId)).map((id) => `I4: fill ${id} is missing`),
    // The Gateway remembers a corrected fill as corrected; the ledger keeps what it said before as well.
    ...booked.filter((execId) => !stems.has(splitExecId(execId).stem))
      .map((id) => `I4: fill ${id} is invented`),
  ];
}

function everyIntentEnds(entries: readonly Entry[]): string[] {
  const intents = new Intents();
  for (const entry of entries) intents.apply(entry);
  return intents.open().map(({ intent, status }) =>
    `I6: ${intent.orderRef} (${intent.role}) has no end, status ${status}`
  );
}
