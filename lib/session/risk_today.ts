import type { Entry, EntryBody } from "../ledger/entry.ts";
import { Books } from "../ledger/positions.ts";
import { Standing } from "../ledger/standing.ts";
import type { Instrument, Quote } from "../market/market.ts";
import { toNumber, ZERO } from "../money.ts";
import type { Book } from "../risk/book.ts";
import { bookOf } from "./book.ts";
import { Day } from "./day.ts";
import { Intents } from "./intents.ts";
import { MarketView } from "./market_view.ts";
import { Parents } from "./parents.ts";

/** What risk would look at now, as far as the ledger alone can tell: prices are those of its last valuation. */
export interface RiskToday {
  readonly book: Book;
  /** symbol → the newest price the ledger has: of a valuation, a fill, or the quote beside an order. */
  readonly prices: ReadonlyMap<string, number>;
  /** Exchange date of the last session; null when there was none. */
  readonly lastDate: string | null;
  /** When its last entry was written, epoch ms. */
  readonly lastEntryAt: number | null;
  /** Why a person wants no entries; null when nobody does. */
  readonly pausedBecause: string | null;
}

/** `date` is today's by the exchange: what an earlier day has used is not used today. */
export function riskToday(
  entries: Iterable<Entry>,
  { now, date, outlierPct }: {
    readonly now: number;
    readonly date: string;
    readonly outlierPct: number;
  },
): RiskToday {
  const [books, intents, standing] = [new Books(), new Intents(), new Standing()];
  const [parents, day] = [new Parents(intents), new Day(intents)];
  const market = new MarketView({ barMs: 1, opensAt: 0, outlierPct });
  const instruments = new Map<string, Instrument>(); // symbol → Instrument
  const prices = new Map<string, number>();
  let lastDate: string | null = null;
  let lastEntryAt: number | null = null;
  for (const entry of entries) {
    for (const fold of [books, intents, parents, day, standing]) fold.apply(entry);
    lastEntryAt = entry.at;
    const { body } = entry;
    for (const [symbol, price] of pricesIn(body)) prices.set(symbol, price);
    if (body.kind === "session-opened") lastDate = body.date;
    else if (body.kind === "instrument") {
      const { kind: _, ...facts } = body;
      const unknown = { exchange: "SMART", timeZoneId: "", liquidHours: "" };
      instruments.set(body.symbol, { ...facts, ...unknown });
    } else if (body.kind === "equity") {
      for (const [symbol, mark] of Object.entries(body.marks)) {
        market.quotes.set(symbol, frozen(symbol, Number(mark), entry.at));
      }
    }
  }
  const journal = { books, intents, parents, day, standing };
  const known = bookOf({ now, journal, market, instruments, entriesClosed: null });
  // The ledger keeps no bars.
  const book = { ...known, correlation: null };
  const isToday = lastDate === date;
  const pausedBecause = standing.pause?.because ?? null;
  return {
    book: isToday ? book : { ...book, ...NEW_DAY },
    prices,
    lastDate,
    lastEntryAt,
    pausedBecause,
  };
}

const NEW_DAY: Partial<Book> = {
  startOfDayEquity: null,
  dayPeakEquity: null,
  dayNotional: ZERO,
  ordersToday: new Map(),
  losingStreak: 0,
};

function pricesIn(body: EntryBody): readonly (readonly [string, number])[] {
  switch (body.kind) {
    case "equity":
      return Object.entries(body.marks).map(([symbol, mark]) => [symbol, Number(mark)]);
    case "execution":
      return [[body.symbol, toNumber(body.price)]];
    case "intent":
    case "parent-order": {
      const { bid, ask } = body.quote;
      return bid === null || ask === null ? [] : [[body.symbol, (bid + ask) / 2]];
    }
    default:
      return [];
  }
}

function frozen(symbol: string, price: number, time: number): Quote {
  return {
    symbol,
    bid: price,
    ask: price,
    bidSize: null,
    askSize: null,
    last: null,
    lastSize: null,
    volume: null,
    time,
    kind: "frozen",
  };
}
