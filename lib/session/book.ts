import type { Instrument } from "../market/market.ts";
import { multiply, ZERO } from "../money.ts";
import type { Book, Holding, WorkingOrder } from "../risk/book.ts";
import type { IntentState } from "./intents.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";
import { valuation } from "./valuation.ts";

/** Everything risk may look at, at this instant. */
export function bookOf(options: {
  readonly now: number;
  readonly journal: Journal;
  readonly market: MarketView;
  /** symbol → Instrument */
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly entriesClosed: string | null;
}): Book {
  const { now, journal, market, instruments, entriesClosed } = options;
  const { books, intents, day, halt } = journal;
  const positions = books.positions().map(({ symbol, quantity }): [string, Holding] => [
    symbol,
    { quantity, mark: market.mark(symbol) },
  ]);
  return {
    now,
    equity: valuation(books, (symbol) => market.mark(symbol))?.equity ?? null,
    startOfDayEquity: day.startEquity,
    cash: books.cash ?? ZERO,
    positions: new Map(positions),
    working: intents.open().filter(isTrade).map(working),
    dayNotional: day.entryNotional,
    quotes: market.quotes,
    instruments,
    lastTrade: day.lastTrade,
    ordersLastMinute: day.ordersInLastMinute(now),
    halted: halt.current?.because ?? null,
    entriesClosed,
    frozen: new Set(intents.frozen().map(({ intent }) => intent.symbol)),
    tradingHalted: market.halted,
  };
}

function isTrade({ intent }: IntentState): boolean {
  return intent.role === "entry" || intent.role === "exit";
}

function working({ intent, filled }: IntentState): WorkingOrder {
  const remaining = intent.quantity - filled;
  const entering = intent.role === "entry";
  return {
    symbol: intent.symbol,
    side: intent.side,
    purpose: entering ? "enter" : "exit",
    remaining,
    reserved: entering ? multiply(intent.lmtPrice ?? ZERO, remaining) : ZERO,
  };
}
