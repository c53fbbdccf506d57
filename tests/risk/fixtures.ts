import type { Instrument, Quote } from "../../lib/market/market.ts";
import { type Micros, parseMicros } from "../../lib/money.ts";
import type { Book, Holding } from "../../lib/risk/book.ts";
import { DEFAULT_LIMITS, type Limits } from "../../lib/risk/limits.ts";
import type { Approved, Decision } from "../../lib/risk/review.ts";
import type { Signal } from "../../lib/strategy/strategy.ts";

/** 2026-11-20 10:00 in New York. */
export const NOW = Date.parse("2026-11-20T15:00:00Z");

export function micros(text: string): Micros {
  return parseMicros(text);
}

export function instrument(symbol: string): Instrument {
  return {
    symbol,
    conId: 265598,
    exchange: "SMART",
    primaryExchange: "NASDAQ",
    currency: "USD",
    minTick: micros("0.01"),
    longName: symbol,
    industry: "Technology",
    timeZoneId: "US/Eastern",
    liquidHours: "",
  };
}

/** 99.99 bid, 100.01 asked, last 100, one second old. */
export function quote(symbol: string, rest: Partial<Quote> = {}): Quote {
  return {
    symbol,
    bid: 99.99,
    ask: 100.01,
    bidSize: 500,
    askSize: 500,
    last: 100,
    lastSize: 100,
    volume: 1_000_000,
    time: NOW - 1_000,
    kind: "live",
    ...rest,
  };
}

const noRecord: Book["record"] = () => ({ wins: 0, losses: 0, won: 0n, lost: 0n });
const noCorrelation: Book["correlation"] = () => 0;

const SYMBOLS = ["AAPL", "MSFT", "NVDA"];

/** An account of 100,000 dollars in cash, three quoted symbols, nothing held. */
export function book(rest: Partial<Book> = {}): Book {
  return {
    now: NOW,
    equity: micros("100000"),
    startOfDayEquity: micros("100000"),
    dayPeakEquity: micros("100000"),
    peakEquity: micros("100000"),
    cash: micros("100000"),
    positions: new Map(),
    working: [],
    parents: new Map(),
    dayNotional: 0n,
    quotes: new Map(SYMBOLS.map((symbol) => [symbol, quote(symbol)])),
    instruments: new Map(SYMBOLS.map((symbol) => [symbol, instrument(symbol)])),
    lastTrade: new Map(),
    ordersLastMinute: 0,
    ordersToday: new Map(),
    losingStreak: 0,
    record: noRecord,
    correlation: noCorrelation,
    averageVolume: new Map(SYMBOLS.map((symbol) => [symbol, 10_000])),
    workedBars: 1,
    buyingPower: null,
    quarantined: new Map(),
    halted: null,
    entriesClosed: null,
    frozen: new Set(),
    tradingHalted: new Set(),
    ...rest,
  };
}

export function holding(
  symbol: string,
  shares: string,
  mark: number | null = 100,
  stop: string | null = null,
): Map<string, Holding> {
  const stopPrice = stop === null ? null : micros(stop);
  return new Map([[symbol, { quantity: micros(shares), mark, stopPrice }]]);
}

export function limits(rest: Partial<Limits> = {}): Limits {
  return {
    ...DEFAULT_LIMITS,
    sizePct: 5,
    maxDailyNotionalUsd: 100_000,
    maxSectorPct: 100,
    ...rest,
  };
}

const reason = { rule: "test", text: "A test wants it", inputs: {} };

export function enter(symbol: string, rest: Partial<Signal> = {}): Signal {
  return { symbol, side: "BUY", purpose: "enter", stopPrice: 98, reason, ...rest };
}

export function exit(symbol: string, rest: Partial<Signal> = {}): Signal {
  return { symbol, side: "SELL", purpose: "exit", stopPrice: null, reason, ...rest };
}

/** The one decision, which must be an approval. */
export function approval(decisions: readonly Decision[]): Approved {
  const [decision] = decisions;
  if (decision?.outcome === "approved") return decision;
  throw new Error(`Not approved: ${decision === undefined ? "no decision" : decision.code}`);
}
