import assert from "node:assert/strict";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import { type Books, foldPositions } from "../../lib/ledger/positions.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";

/** Bodies and entries for the books, amounts as decimal text. */

const OPEN_MS = Date.UTC(2026, 10, 20, 14, 30);

let execution = 0;

export function fill(side: "BUY" | "SELL", quantity: string, price: string, more: {
  readonly symbol?: string;
  readonly execId?: string;
} = {}): EntryBody {
  execution++;
  return {
    kind: "execution",
    execId: more.execId ?? `0000e0d5.${execution}.01.01`,
    intentId: null,
    orderId: 1,
    permId: 1,
    orderRef: "",
    account: "DU1",
    symbol: more.symbol ?? "AAPL",
    conId: 265598,
    side,
    quantity: parseMicros(quantity),
    price: parseMicros(price),
    time: OPEN_MS + execution,
    exchange: "NASDAQ",
    lastLiquidity: 2,
    quote: { bid: null, ask: null, time: OPEN_MS },
  };
}

export function commission(execId: string, amount: string): EntryBody {
  return {
    kind: "commission",
    execId,
    amount: parseMicros(amount),
    currency: "USD",
    realizedPnl: null,
  };
}

export function started(
  cash: string,
  positions: readonly (readonly [string, string, string])[],
): EntryBody {
  return {
    kind: "account-snapshot",
    at: "start",
    account: "DU1",
    cash: parseMicros(cash),
    netLiquidation: parseMicros(cash),
    positions: positions.map(([symbol, quantity, avgCost]) => ({
      symbol,
      conId: 265598,
      quantity: parseMicros(quantity),
      avgCost: parseMicros(avgCost),
    })),
  };
}

export function opened(date: string, account = "DU1"): EntryBody {
  return {
    kind: "session-opened",
    mode: "paper",
    account,
    exchange: "NASDAQ",
    date,
    opensAt: OPEN_MS,
    closesAt: OPEN_MS + 23_400_000,
    strategy: "crossover",
    parameters: {},
    symbols: ["AAPL"],
    clock: "wall",
    configHash: "c",
    codeVersion: "v",
    limits: {},
  };
}

export function entries(bodies: readonly EntryBody[]): Entry[] {
  return bodies.map((body, index) => ({
    seq: index + 1,
    at: OPEN_MS + index,
    sessionId: "s1",
    body,
    hash: String(index),
  }));
}

export function booksOf(...bodies: EntryBody[]): Books {
  return foldPositions(entries(bodies));
}

export function only(books: Books, symbol = "AAPL"): {
  readonly quantity: string;
  readonly cost: string;
  readonly average: string | null;
  readonly realized: string;
  readonly realizedAverageCost: string;
} {
  const position = books.position(symbol);
  assert.ok(position);
  return {
    quantity: formatMicros(position.quantity),
    cost: formatMicros(position.cost),
    average: position.averagePrice === null ? null : formatMicros(position.averagePrice),
    realized: formatMicros(position.realized),
    realizedAverageCost: formatMicros(position.realizedAverageCost),
  };
}
