import type { Bar, Instrument } from "../../lib/market/market.ts";
import { parseMicros } from "../../lib/money.ts";

/** What the broker in memory says of a stock and of its prices. */

export function stock(symbol: string): Instrument {
  return {
    symbol,
    conId: conIdOf(symbol),
    exchange: "SMART",
    primaryExchange: "NASDAQ",
    currency: "USD",
    minTick: parseMicros("0.01"),
    longName: symbol,
    industry: "Technology",
    timeZoneId: "US/Eastern",
    liquidHours: "20261120:0930-20261120:1600;20261121:CLOSED",
  };
}

export function barAt(
  symbol: string,
  { time, durationMs, price }: { time: number; durationMs: number; price: number },
): Bar {
  return {
    symbol,
    time,
    durationMs,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: 100,
    wap: price,
    count: 1,
  };
}

export function conIdOf(symbol: string): number {
  return [...symbol].reduce((id, letter) => id * 26 + letter.charCodeAt(0), 7) % 1_000_000;
}
