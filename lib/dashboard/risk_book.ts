import type { Instrument } from "../market/market.ts";
import {
  absolute,
  divide,
  greatest,
  least,
  type Micros,
  multiply,
  toNumber,
  ZERO,
} from "../money.ts";
import type { Book, Holding, WorkingOrder } from "../risk/book.ts";
import { stakeOf } from "../risk/working_entry.ts";
import type { Valuation } from "./account.ts";
import { remainingOf, type TrackedOrder } from "./orders.ts";
import { progressOf } from "./parents.ts";
import type { DashboardState } from "./state.ts";

/**
 * What risk would look at, as far as the ledger tells, so that its own measures say how much of a limit is used.
 * Prices are those of the last valuation; what is only asked for an entry at hand (quotes, volumes) is empty.
 */
export function riskBook(state: DashboardState, { holdings, equity }: Valuation): Book {
  const { day, books, notices } = state;
  const all = state.orders.open();
  const open = all.filter(({ frozen }) => frozen === null);
  // Nobody knows that a frozen order will not fill: what it may cost stays reserved.
  const undecided = [...open, ...all.filter(({ frozen }) => frozen !== null)];
  const positions = holdings.map(({ position, mark }): [string, Holding] => [
    position.symbol,
    {
      quantity: position.quantity,
      mark: mark === null ? null : toNumber(mark.amount),
      stopPrice: stopPriceOf(position.symbol, position.quantity, open),
    },
  ]);
  return {
    now: 0,
    equity: equity?.amount ?? null,
    startOfDayEquity: day.start?.amount ?? null,
    dayPeakEquity: day.high,
    peakEquity: state.high,
    cash: books.cash ?? ZERO,
    positions: new Map(positions),
    working: [
      ...undecided.filter(isTrade).map((order) => workingOrder(order, undecided)),
      ...reserves(state),
    ],
    // Asked only for the next slice.
    parents: new Map(),
    dayNotional: day.entryNotional?.amount ?? ZERO,
    quotes: new Map(),
    instruments: state.instruments,
    lastTrade: new Map(),
    ordersLastMinute: 0,
    ordersToday: day.ordersBySymbol,
    losingStreak: state.streak.length,
    correlation: null,
    buyingPower: null,
    record: () => ({ wins: 0, losses: 0, won: ZERO, lost: ZERO }),
    averageVolume: new Map(),
    workedBars: 1,
    quarantined: new Map(),
    halted: notices.standing.halt?.because ?? null,
    entriesClosed: null,
    frozen: new Set(),
    tradingHalted: new Set(),
  };
}

/** An instrument of the ledger; what only an order needs is not kept there. */
export function instrumentOf(
  facts: Omit<Instrument, "exchange" | "timeZoneId" | "liquidHours">,
): Instrument {
  return { ...facts, exchange: "SMART", timeZoneId: "", liquidHours: "" };
}

/** The working stop that would lose most; null when there is none. */
function stopPriceOf(
  symbol: string,
  shares: Micros,
  open: readonly TrackedOrder[],
): Micros | null {
  const side = shares > ZERO ? "SELL" : "BUY";
  const [first, ...rest] = open.map(({ intent }) => intent)
    .filter((intent) => intent.symbol === symbol && intent.role === "stop" && intent.side === side)
    .map(({ auxPrice }) => auxPrice)
    .filter((price) => price !== null);
  return first === undefined ? null : rest.reduce(side === "SELL" ? least : greatest, first);
}

function isTrade({ intent }: TrackedOrder): boolean {
  return intent.role === "entry" || intent.role === "exit";
}

/** What algorithms have not sent yet, each as an order that may still fill: reserved whole until its end. */
function reserves({ parents, orders }: DashboardState): readonly WorkingOrder[] {
  return parents.open().map((parent): WorkingOrder => {
    const { symbol, side, purpose, quantity, reserved, limitPrice, stopPrice } = parent.body;
    const { filled, working } = progressOf(parent, orders);
    const remaining = greatest(quantity - filled - working, ZERO);
    const perShare = limitPrice === null || stopPrice === null
      ? ZERO
      : absolute(limitPrice - stopPrice);
    return {
      symbol,
      side,
      purpose,
      remaining,
      reserved: divide(multiply(reserved, remaining), quantity),
      atRisk: multiply(perShare, remaining),
    };
  }).filter(({ remaining }) => remaining > ZERO);
}

function workingOrder(
  order: TrackedOrder,
  undecided: readonly TrackedOrder[],
): WorkingOrder {
  const { intent } = order;
  const remaining = remainingOf(order);
  const entering = intent.role === "entry";
  const stop = undecided.find((one) => one.intent.parentIntentId === intent.intentId)?.intent;
  const nothing = { reserved: ZERO, atRisk: ZERO };
  return {
    symbol: intent.symbol,
    side: intent.side,
    purpose: entering ? "enter" : "exit",
    remaining,
    ...(entering ? stakeOf(intent, stop?.auxPrice ?? null, remaining) : nothing),
  };
}
