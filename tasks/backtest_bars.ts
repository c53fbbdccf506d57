import { join } from "node:path";
import type { Bar, Instrument } from "../lib/market/market.ts";
import { parseBars } from "../lib/market/bars_csv.ts";
import { parseMicros } from "../lib/money.ts";
import type { PastSession } from "../lib/orders/vwap.ts";
import type { TradingDay } from "../lib/session/backtest.ts";
import type { LabMarket } from "../lib/session/execution_lab.ts";
import { Market } from "../lib/simulator/market.ts";
import { type Listing, listingOf } from "../lib/simulator/universe.ts";

/** Where a backtest's bars come from: a folder of files, or the simulated market. */
export interface BarSource {
  readonly instruments: readonly Instrument[];
  /** Of these days, oldest first, all symbols mixed. */
  bars(days: readonly TradingDay[]): Iterable<Bar>;
}

/** A symbol cannot be tested: it has no bars. */
export class NoBarsError extends Error {
  override readonly name = "NoBarsError";
}

const MINUTE_MS = 60_000;
const CENT = parseMicros("0.01");
const HUNDREDTH_OF_A_CENT = parseMicros("0.0001");
/** A date past every horizon: the whole market on its coarse grid, whose finest bar is the minute asked for. */
const NEVER = "9999-12-31";

/**
 * `<folder>/<SYMBOL>.csv` for each symbol.
 *
 * @throws {NoBarsError} when a file is missing, {SyntaxError} when one cannot be used
 */
export function recordedBars(folder: string, symbols: readonly string[]): BarSource {
  const all = symbols.map((symbol) => readBars(join(folder, `${symbol}.csv`), symbol));
  const merged = all.flat().sort((a, b) => a.time - b.time);
  return {
    instruments: symbols.map((symbol, index) => ({
      ...stock(symbol, index + 1),
      minTick: (all[index] ?? []).some(({ low }) => low < 1) ? HUNDREDTH_OF_A_CENT : CENT,
    })),
    *bars(days): Iterable<Bar> {
      const [first, last] = [days[0], days.at(-1)];
      if (first === undefined || last === undefined) return;
      for (const bar of merged) {
        if (bar.time >= first.opensAt && bar.time < last.closesAt) yield bar;
      }
    },
  };
}

function readBars(path: string, symbol: string): readonly Bar[] {
  try {
    return parseBars(Deno.readTextFileSync(path), { symbol });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new NoBarsError(`Cannot test ${symbol}: file "${path}" does not exist`);
  }
}

/**
 * Minute bars of the seeded market that the simulated Gateway trades.
 *
 * @throws {NoBarsError} for a symbol it does not list
 */
export function simulatedBars(seed: number, symbols: readonly string[]): BarSource {
  const market = new Market({ seed, fineFrom: NEVER });
  const listings = symbols.map(listed);
  return {
    instruments: listings.map(({ symbol, conId, subPenny, longName, industry }) => ({
      ...stock(symbol, conId),
      minTick: subPenny ? HUNDREDTH_OF_A_CENT : CENT,
      longName,
      industry,
    })),
    *bars(days): Iterable<Bar> {
      for (const day of days) {
        const bars = listings.flatMap((listing) => dayBars(market, listing, day));
        yield* bars.sort((a, b) => a.time - b.time);
      }
    },
  };
}

function dayBars(
  market: Market,
  listing: Listing,
  day: Pick<TradingDay, "opensAt" | "closesAt">,
  barMs = MINUTE_MS,
): readonly Bar[] {
  const { opensAt: fromMs, closesAt: toMs } = day;
  return market.intradayBars(listing, { barMs, fromMs, toMs, what: "TRADES" }).map((bar) => ({
    symbol: listing.symbol,
    time: bar.startMs,
    durationMs: barMs,
    open: bar.openE4 / 1e4,
    high: bar.highE4 / 1e4,
    low: bar.lowE4 / 1e4,
    close: bar.closeE4 / 1e4,
    volume: bar.volume,
    wap: bar.volume > 0 ? bar.wapE4 / 1e4 : null,
    count: bar.count,
  }));
}

function stock(symbol: string, conId: number): Instrument {
  return {
    symbol,
    conId,
    exchange: "SMART",
    primaryExchange: "",
    currency: "USD",
    minTick: CENT,
    longName: symbol,
    industry: "",
    timeZoneId: "America/New_York",
    liquidHours: "",
  };
}

const LAB_BAR_MS = 5_000;
/** Bid to ask of a liquid stock, as part of its price; a cent at least. */
const SPREAD_PART = 0.0002;

/** Markets for the execution lab, out of the seeded market. */
export function labMarket(seed: number): {
  market(symbol: string, day: TradingDay): LabMarket;
  /** Sessions before this one, oldest first. */
  past(symbol: string, day: TradingDay, count: number): readonly PastSession[];
} {
  const fine = new Market({ seed, stepMs: LAB_BAR_MS });
  const coarse = new Market({ seed, fineFrom: NEVER });
  return {
    market(symbol, day): LabMarket {
      const listing = listed(symbol);
      const plan = fine.plan(listing, day.date);
      if (plan === null) throw new NoBarsError(`Cannot test ${symbol}: no session on ${day.date}`);
      return {
        bars: dayBars(fine, listing, day, LAB_BAR_MS),
        dailyVolume: plan.volume,
        dailyVolatility: plan.volatility,
        spread: Math.max(0.01, (plan.openE4 / 1e4) * SPREAD_PART),
      };
    },
    past(symbol, day, count): readonly PastSession[] {
      const listing = listed(symbol);
      const before = Temporal.PlainDate.from(day.date);
      // Two calendar days for each session leave room for weekends and holidays.
      const dates = coarse.days.between(
        before.subtract({ days: 2 * count }).toString(),
        before.subtract({ days: 1 }).toString(),
      ).slice(-count);
      return dates.map(({ opensAt, closesAt }) => ({
        opensAt,
        closesAt,
        bars: dayBars(coarse, listing, { opensAt, closesAt }),
      }));
    },
  };
}

function listed(symbol: string): Listing {
  const listing = listingOf(symbol);
  if (listing !== undefined) return listing;
  throw new NoBarsError(`Cannot test ${symbol}: the simulated market does not list it`);
}
