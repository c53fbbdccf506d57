import type { BrokerOrder, Execution } from "../../lib/broker/broker.ts";
import type { Entry, EntryBody, IntentRecorded } from "../../lib/ledger/entry.ts";
import { parseMicros } from "../../lib/money.ts";
import type { BrokerWord } from "../../lib/session/reconcile.ts";

export const ACCOUNT = "DU1234567";
const NO_QUOTE = { bid: null, ask: null, time: 0 };

/** Entries as the ledger would hold them; the hash plays no part in folds. */
export function entries(...bodies: readonly EntryBody[]): Entry[] {
  return bodies.map((body, index) => ({
    seq: index + 1,
    at: 1_000 + index,
    sessionId: "2026-11-20-1",
    body,
    hash: "",
  }));
}

export function intent(changes: Partial<IntentRecorded> = {}): IntentRecorded {
  return {
    kind: "intent",
    intentId: "I1",
    signalId: "S1",
    orderRef: "rt-I1",
    strategy: "sma-crossover",
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    role: "entry",
    orderType: "LMT",
    tif: "DAY",
    quantity: parseMicros("100"),
    lmtPrice: parseMicros("10.01"),
    auxPrice: null,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    deadlineMs: 0,
    sizing: "",
    quote: NO_QUOTE,
    ...changes,
  };
}

export function execution(changes: Partial<Execution> = {}): Execution {
  return {
    execId: "0000e0d5.0001.01.01",
    orderId: 7,
    permId: 1001,
    clientId: 17,
    orderRef: "rt-I1",
    account: ACCOUNT,
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    quantity: parseMicros("100"),
    price: parseMicros("10.01"),
    time: 0,
    exchange: "ISLAND",
    cumQty: parseMicros("100"),
    lastLiquidity: 2,
    ...changes,
  };
}

export function brokerOrder(changes: Partial<BrokerOrder> = {}): BrokerOrder {
  return {
    orderId: 7,
    permId: 1001,
    clientId: 17,
    orderRef: "rt-I1",
    symbol: "AAPL",
    conId: 265598,
    account: ACCOUNT,
    side: "BUY",
    orderType: "LMT",
    quantity: parseMicros("100"),
    lmtPrice: parseMicros("10.01"),
    auxPrice: null,
    status: "Submitted",
    filled: null,
    parentId: 0,
    ...changes,
  };
}

export function word(changes: Partial<BrokerWord> = {}, cash = "100000.00"): BrokerWord {
  return {
    openOrders: [],
    completedOrders: [],
    executions: [],
    commissions: [],
    positions: [],
    account: {
      account: ACCOUNT,
      values: new Map([["TotalCashValue", cash], ["NetLiquidation", cash]]),
    },
    ...changes,
  };
}
