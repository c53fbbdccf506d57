import type {
  AccountValues,
  BrokerOrder,
  BrokerPosition,
  Commission,
  Execution,
} from "../broker/broker.ts";
import type {
  AccountSnapshot,
  CommissionBooked,
  Difference,
  EntryBody,
  ExecutionBooked,
  OrderChanged,
  OrderEvent,
  QuoteSeen,
  Reconciled,
} from "../ledger/entry.ts";
import { splitExecId } from "../exec_id.ts";
import { type Books, CASH_ROUNDING } from "../ledger/positions.ts";
import { absolute, formatMicros, type Micros, parseMicros } from "../money.ts";
import { intentIdOf } from "../orders/ids.ts";
import { FINAL_STATUSES } from "../orders/order.ts";
import type { Intents, IntentState } from "./intents.ts";

/** Everything the broker says about the account, each list complete. */
export interface BrokerWord {
  readonly openOrders: readonly BrokerOrder[];
  readonly completedOrders: readonly BrokerOrder[];
  readonly executions: readonly Execution[];
  readonly commissions: readonly Commission[];
  readonly positions: readonly BrokerPosition[];
  readonly account: AccountValues;
}

const NO_QUOTE = { bid: null, ask: null, time: 0 };

/** What the broker knows and the ledger does not yet: executions, commissions, states of our orders. */
export function missedFacts(
  word: BrokerWord,
  { books, intents }: { readonly books: Books; readonly intents: Intents },
): EntryBody[] {
  const executions = word.executions
    .filter(({ execId }) => !books.knows(execId))
    .map((execution): EntryBody => executionEntry(execution, intents));
  const commissions = word.commissions
    .filter((commission) => isNews(books.commissionOf(commission.execId), commission))
    .map((commission): EntryBody => ({ kind: "commission", ...commission }));
  const orders = intents.undecided().flatMap((state): EntryBody[] => {
    const found = findOrder(word, state);
    if (found === null) return [];
    const entry = orderEntry(found.order, state, found.source);
    const same = !state.frozen && entry.status === state.status &&
      entry.orderId === state.orderId;
    return same ? [] : [entry];
  });
  return [...executions, ...commissions, ...orders, ...movedStops(word, intents)];
}

/** Stops that stand elsewhere at the broker than the ledger says: a change was lost, or a person made one. */
function movedStops({ openOrders }: BrokerWord, intents: Intents): EntryBody[] {
  return openOrders.flatMap((order): EntryBody[] => {
    const state = intents.byRef(order.orderRef);
    const found = state === undefined ? null : stopFound(state, order);
    return found === null ? [] : [found];
  });
}

/** Null when the broker has the stop where the ledger has it. */
export function stopFound(
  { intent, auxPrice }: IntentState,
  found: Pick<BrokerOrder, "auxPrice">,
): OrderChanged | null {
  if (intent.role !== "stop" || auxPrice === null || found.auxPrice === null) return null;
  if (found.auxPrice === auxPrice) return null;
  const { intentId, symbol, lmtPrice } = intent;
  return {
    kind: "order-changed",
    intentId,
    symbol,
    lmtPrice,
    auxPrice: found.auxPrice,
    rule: "broker",
    because: `the broker has it at ${formatMicros(found.auxPrice)}, ` +
      `the ledger had it at ${formatMicros(auxPrice)}`,
  };
}

/**
 * Open and frozen intents that none of the broker's complete lists mention. One such look is not proof: a message may have
 * been under way when the lists were made.
 */
export function absentFrom(word: BrokerWord, intents: Intents): readonly IntentState[] {
  return intents.undecided().filter((state) => findOrder(word, state) === null);
}

/** Shares the broker says are held, negative when short. */
export function sharesAt(word: BrokerWord, symbol: string): Micros {
  return word.positions.find((position) => position.symbol === symbol)?.quantity ?? 0n;
}

/** An execution as the ledger keeps it, tied to its intent by orderRef. */
export function executionEntry(
  execution: Execution,
  intents: Intents,
  quote: QuoteSeen = NO_QUOTE,
): ExecutionBooked {
  return {
    kind: "execution",
    execId: execution.execId,
    orderId: execution.orderId,
    permId: execution.permId,
    orderRef: execution.orderRef,
    account: execution.account,
    symbol: execution.symbol,
    conId: execution.conId,
    side: execution.side,
    quantity: execution.quantity,
    price: execution.price,
    time: execution.time,
    exchange: execution.exchange,
    lastLiquidity: execution.lastLiquidity,
    intentId: intents.byRef(execution.orderRef)?.intent.intentId ?? null,
    quote,
  };
}

/** True when the broker's word on a commission is new or other than before, and not of a fill since corrected. */
export function isNews(known: CommissionBooked | null, commission: Commission): boolean {
  if (known === null) return true;
  const revisionOf = ({ execId }: { readonly execId: string }): number =>
    splitExecId(execId).revision;
  if (revisionOf(known) > revisionOf(commission)) return false;
  return known.amount !== commission.amount ||
    known.realizedPnl !== commission.realizedPnl;
}

/** Ledger against broker, after every missed fact was booked. */
export function compare(
  word: BrokerWord,
  { books, intents, at }: {
    readonly books: Books;
    readonly intents: Intents;
    readonly at: Reconciled["at"];
  },
): Reconciled {
  const brokerCash = cashOf(word.account);
  const brokerPositions = new Map(
    word.positions.filter(({ quantity }) => quantity !== 0n).map((p) => [p.symbol, p.quantity]),
  );
  const ledgerPositions = new Map(books.positions().map((p) => [p.symbol, p.quantity]));
  const differences: Difference[] = [];
  for (const symbol of new Set([...brokerPositions.keys(), ...ledgerPositions.keys()])) {
    const ledger = ledgerPositions.get(symbol) ?? 0n;
    const broker = brokerPositions.get(symbol) ?? 0n;
    if (ledger === broker) continue;
    differences.push({
      what: "position",
      key: symbol,
      ledger: formatMicros(ledger),
      broker: formatMicros(broker),
    });
  }
  const missing = word.executions.filter(({ execId }) => !books.knows(execId));
  for (const { execId, quantity } of missing) {
    differences.push({
      what: "execution",
      key: execId,
      ledger: "",
      broker: formatMicros(quantity),
    });
  }
  differences.push(...strayOrders(word, intents));
  // Before the first snapshot there is no cash of our own to compare.
  const ledgerCash = books.cash ?? brokerCash;
  if (absolute(ledgerCash - brokerCash) > CASH_ROUNDING) {
    differences.push({
      what: "cash",
      key: word.account.account,
      ledger: formatMicros(ledgerCash),
      broker: formatMicros(brokerCash),
    });
  }
  const known = word.executions.length - missing.length;
  return {
    kind: "reconciled",
    at,
    fills: { ledger: known, broker: word.executions.length },
    positions: { ledger: ledgerPositions.size, broker: brokerPositions.size },
    cash: { ledger: ledgerCash, broker: brokerCash },
    differences,
  };
}

/**
 * Orders that work under a reference of ours and stand in no entry: another ledger made them, or this one was restored
 * from before them. A stop among them could sell what is closed meanwhile. Orders made by hand are a person's.
 */
function strayOrders({ openOrders }: BrokerWord, intents: Intents): readonly Difference[] {
  return openOrders
    .filter(({ orderRef, status }) =>
      intentIdOf(orderRef) !== null && intents.byRef(orderRef) === undefined &&
      !FINAL_STATUSES.has(status)
    )
    .map(({ orderRef, side, quantity, symbol, orderType }) => ({
      what: "order",
      key: orderRef,
      ledger: "",
      broker: `${side} ${formatMicros(quantity)} ${symbol} ${orderType}`,
    }));
}

/**
 * The broker's own word on the account as an entry.
 *
 * @throws {RangeError} when the broker did not send a value it needs
 */
export function snapshot(word: BrokerWord, at: AccountSnapshot["at"]): AccountSnapshot {
  return {
    kind: "account-snapshot",
    at,
    account: word.account.account,
    cash: cashOf(word.account),
    netLiquidation: valueOf(word.account, "NetLiquidation"),
    positions: word.positions.map(({ account: _, ...position }) => position),
  };
}

function cashOf(account: AccountValues): Micros {
  return valueOf(account, "TotalCashValue");
}

function valueOf({ account, values }: AccountValues, tag: string): Micros {
  const text = values.get(tag);
  if (text === undefined) {
    throw new RangeError(`Cannot reconcile account "${account}": the broker sent no ${tag}`);
  }
  return parseMicros(text);
}

function findOrder(
  word: BrokerWord,
  { intent, permId }: IntentState,
): { order: BrokerOrder; source: "open-orders" | "completed-orders" } | null {
  const same = (order: BrokerOrder): boolean =>
    order.orderRef === intent.orderRef || (permId !== 0 && order.permId === permId);
  const open = word.openOrders.find(same);
  if (open !== undefined) return { order: open, source: "open-orders" };
  const completed = word.completedOrders.find(same);
  return completed === undefined ? null : { order: completed, source: "completed-orders" };
}

function orderEntry(
  order: BrokerOrder,
  { intent, filled }: IntentState,
  source: "open-orders" | "completed-orders",
): OrderEvent {
  const done = order.filled ?? filled;
  // A finished order is listed without its size.
  const quantity = source === "open-orders" ? order.quantity : intent.quantity;
  return {
    kind: "order-event",
    intentId: intent.intentId,
    // A finished order keeps no id on the wire; a working one is cancelled by it.
    orderId: FINAL_STATUSES.has(order.status) ? 0 : order.orderId,
    permId: order.permId,
    symbol: intent.symbol,
    status: order.status,
    filled: done,
    remaining: quantity - done,
    avgFillPrice: null,
    whyHeld: "",
    source,
  };
}
