import type { Instrument } from "../market/market.ts";
import { greatest, least, type Micros, ZERO } from "../money.ts";
import type { Book, Holding, WorkingOrder } from "../risk/book.ts";
import { missingExecutions } from "../orders/lifecycle.ts";
import type { BuyingPower } from "../risk/buying_power.ts";
import { stakeOf } from "../risk/working_entry.ts";
import type { Intents, IntentState } from "./intents.ts";
import type { Journal } from "./journal.ts";
import type { MarketView } from "./market_view.ts";
import { openParent, reserveOf } from "./parents.ts";
import { equityOf } from "./valuation.ts";

/** Everything risk may look at, at this instant. */
export function bookOf(options: {
  readonly now: number;
  readonly journal: Pick<Journal, "books" | "intents" | "parents" | "day" | "standing">;
  readonly market: MarketView;
  /** symbol → Instrument */
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly entriesClosed: string | null;
  /** As `Book.workedBars`. */
  readonly workedBars?: number;
  readonly buyingPower?: BuyingPower | null;
}): Book {
  const { now, journal, market, instruments, entriesClosed } = options;
  const { books, intents, day, standing } = journal;
  const parents = journal.parents.active();
  const positions = books.held().map(({ symbol, quantity }): [string, Holding] => [
    symbol,
    { quantity, mark: market.mark(symbol), stopPrice: stopOf(symbol, quantity, intents) },
  ]);
  return {
    now,
    equity: equityOf(books, (symbol) => market.mark(symbol)),
    startOfDayEquity: day.startEquity,
    dayPeakEquity: day.peaks.day,
    peakEquity: day.peaks.all,
    cash: books.cash ?? ZERO,
    positions: new Map(positions),
    working: workingOrders(journal, now),
    parents: new Map(parents.flatMap((state) => {
      const open = openParent(state);
      return open === null ? [] : [[state.started.parentOrderId, open]];
    })),
    dayNotional: day.entryNotional,
    quotes: market.quotes,
    instruments,
    lastTrade: day.lastTrade,
    ordersLastMinute: day.ordersInLastMinute(now),
    ordersToday: day.ordersToday,
    losingStreak: day.trips.losingStreak,
    record: () => day.trips.record(),
    correlation: (a, b) => market.correlation(a, b),
    averageVolume: market.averageVolume(),
    workedBars: options.workedBars ?? 1,
    quarantined: market.quarantined,
    buyingPower: options.buyingPower ?? null,
    halted: standing.halt?.because ?? null,
    entriesClosed,
    frozen: new Set(intents.frozen().map(({ intent }) => intent.symbol)),
    tradingHalted: market.halted,
  };
}

/** What may still fill, what was filled and is not told yet, and what parents have still to send. */
function workingOrders(
  { intents, parents }: Pick<Journal, "intents" | "parents">,
  now: number,
): readonly WorkingOrder[] {
  const orders: WorkingOrder[] = [];
  for (const state of intents.undecided()) {
    const { intent: { quantity }, filled } = state;
    if (isTrade(state)) orders.push(working(state, quantity - filled, intents));
  }
  for (const state of intents.owing(now)) {
    if (isTrade(state)) orders.push(working(state, missingExecutions(state.life), intents));
  }
  for (const state of parents.active()) {
    const reserve = reserveOf(state);
    if (reserve.remaining > ZERO) orders.push(reserve);
  }
  return orders;
}

function isTrade({ intent }: IntentState): boolean {
  return intent.role === "entry" || intent.role === "exit";
}

/** The working stop of a position that would lose most; null when there is none. */
function stopOf(symbol: string, shares: Micros, intents: Intents): Micros | null {
  const side = shares > ZERO ? "SELL" : "BUY";
  const prices = intents.open()
    .filter(({ intent }) =>
      intent.symbol === symbol && intent.role === "stop" && intent.side === side
    )
    .map(({ auxPrice }) => auxPrice)
    .filter((price) => price !== null);
  const [first, ...rest] = prices;
  return first === undefined ? null : rest.reduce(side === "SELL" ? least : greatest, first);
}

function working({ intent }: IntentState, remaining: Micros, intents: Intents): WorkingOrder {
  const entering = intent.role === "entry";
  const stop = intents.undecided().find((one) => one.intent.parentIntentId === intent.intentId);
  const nothing = { reserved: ZERO, atRisk: ZERO };
  return {
    symbol: intent.symbol,
    side: intent.side,
    purpose: entering ? "enter" : "exit",
    remaining,
    ...(entering ? stakeOf(intent, stop?.auxPrice ?? null, remaining) : nothing),
  };
}
