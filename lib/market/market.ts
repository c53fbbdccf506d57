import type { Micros } from "../money.ts";

/** The market's nouns. Prices of quotes and bars are numbers: they are observed, never booked. */

/** A stock as IB knows it (reqContractDetails). */
export interface Instrument {
  readonly symbol: string;
  readonly conId: number;
  /** Routing destination, e.g. `SMART`. */
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly minTick: Micros;
  readonly longName: string;
  /** IB's industry, used as the sector; empty when IB sends none. */
  readonly industry: string;
  readonly timeZoneId: string;
  /** As sent: `20260402:0930-20260402:1600;20260403:CLOSED`. */
  readonly liquidHours: string;
}

/** Best bid and offer and last trade. A side that is not quoted is null, never 0. */
export interface Quote {
  readonly symbol: string;
  readonly bid: number | null;
  readonly ask: number | null;
  readonly bidSize: number | null;
  readonly askSize: number | null;
  readonly last: number | null;
  readonly lastSize: number | null;
  /** Day volume in shares. */
  readonly volume: number | null;
  /** When the newest of these was received, epoch ms. */
  readonly time: number;
  readonly kind: "live" | "frozen" | "delayed" | "delayed-frozen";
}

/** One finished bar of trades. `time` is its start, epoch ms. */
export interface Bar {
  readonly symbol: string;
  readonly time: number;
  readonly durationMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Shares. */
  readonly volume: number;
  /** Volume-weighted average price; null when nothing traded. */
  readonly wap: number | null;
  /** Trades in the bar. */
  readonly count: number;
}

/** What the session's loop is fed, in the order the Gateway sent it. */
export type FeedEvent =
  | { readonly type: "bar"; readonly bar: Bar }
  | { readonly type: "quote"; readonly quote: Quote }
  | { readonly type: "trading-halt"; readonly symbol: string; readonly halted: boolean };

/** Middle of a two-sided, uncrossed quote; null otherwise. */
export function midpoint(quote: Pick<Quote, "bid" | "ask">): number | null {
  const { bid, ask } = quote;
  return bid !== null && ask !== null && bid > 0 && ask >= bid ? (bid + ask) / 2 : null;
}
