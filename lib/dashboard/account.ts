import { type Position, unrealizedAt } from "../ledger/positions.ts";
import { absolute, formatMicros, greatest, type Micros, multiply, ZERO } from "../money.ts";
import type { Dated } from "./day.ts";
import type { AccountPanel, Figure, Stamp } from "./feed.ts";
import type { DashboardState } from "./state.ts";

/** What is held and what one share of it was worth when the session last said so. */
export interface Holding {
  readonly position: Position;
  readonly mark: Dated | null;
}

/** The account at its newest marks. Null where a part is unknown: a sum that leaves something out is no sum. */
export interface Valuation {
  readonly holdings: readonly Holding[];
  readonly equity: Dated | null;
  readonly unrealized: Dated | null;
  readonly gross: Dated | null;
  readonly net: Dated | null;
  /** Why parts are unknown; empty when none is. */
  readonly because: string;
}

export function valuate({ books, day, bookedAt }: DashboardState): Valuation {
  const holdings = books.positions().map((position): Holding => ({
    position,
    mark: day.marks.get(position.symbol) ?? null,
  }));
  // Together they are as old as the oldest mark; without shares every change of the cash is news.
  const stamp = holdings.length > 0
    ? holdings.flatMap(({ mark }) => mark === null ? [] : [mark.stamp]).reduce(older, null)
    : newer(day.sampledAt, bookedAt);
  const unpriced = holdings.filter(({ mark }) => mark === null).map((one) => one.position.symbol);
  const total = (worth: (holding: Holding, mark: Micros) => Micros): Dated | null => {
    if (stamp === null || unpriced.length > 0) return null;
    const parts = holdings.map((holding) => worth(holding, holding.mark?.amount ?? ZERO));
    return { amount: parts.reduce((sum, part) => sum + part, ZERO), stamp };
  };
  const net = total(({ position }, mark) => multiply(position.quantity, mark));
  const { cash } = books;
  return {
    holdings,
    net,
    gross: total(({ position }, mark) => absolute(multiply(position.quantity, mark))),
    unrealized: total(({ position }, mark) => unrealizedAt(position, mark)),
    equity: cash === null || net === null ? null : { ...net, amount: cash + net.amount },
    because: unpriced.length > 0
      ? `no valuation of ${unpriced.join(", ")} yet`
      : "no session has opened yet",
  };
}

export function accountPanel(state: DashboardState, valuation: Valuation): AccountPanel {
  const { books, day, bookedAt } = state;
  const { equity, unrealized, gross, net, because } = valuation;
  const start = day.start;
  const pnl = minus(equity, start?.amount ?? null);
  const parts = unrealized === null
    ? null
    : books.realizedGross + unrealized.amount - books.commissions;
  const booked = (amount: Micros | null): Figure =>
    lasting(amount === null || bookedAt === null ? null : { amount, stamp: bookedAt }, NO_SESSION);
  return {
    equity: figure(equity, because),
    start: lasting(start, "the broker's opening snapshot is not there yet"),
    pnl: figure(pnl, because),
    realized: booked(books.realizedGross),
    unrealized: figure(unrealized, because),
    commissions: booked(books.commissions),
    carried: figure(minus(pnl, parts), because),
    provisionalFills: books.withoutCommission().length,
    drawdown: figure(below(equity, day.high), equity === null ? because : NO_PEAK),
    gross: figure(gross, because),
    net: figure(net, because),
    cash: booked(books.cash),
    netLiquidation: lasting(day.netLiquidation, "the broker's snapshot is not there yet"),
    counts: { ...day.counts, fills: books.fills },
  };
}

const NO_SESSION = "no session has opened yet";
/** A person who lifts a halt has seen the fall; it is counted anew from the next valuation. */
export const NO_PEAK = "no valuation since the halt was lifted";

/** A number that was measured; null says why there is none. */
export function figure(dated: Dated | null, because: string): Figure {
  if (dated === null) return { value: null, because };
  return { value: formatMicros(dated.amount), stamp: dated.stamp, lasting: false };
}

/** A number that stays true until an entry changes it. */
export function lasting(dated: Dated | null, because: string): Figure {
  const shown = figure(dated, because);
  return shown.value === null ? shown : { ...shown, lasting: true };
}

function minus(dated: Dated | null, amount: Micros | null): Dated | null {
  return dated === null || amount === null ? null : { ...dated, amount: dated.amount - amount };
}

function below(dated: Dated | null, high: Micros | null): Dated | null {
  if (dated === null || high === null) return null;
  return { ...dated, amount: greatest(ZERO, high - dated.amount) };
}

function older(a: Stamp | null, b: Stamp): Stamp {
  return a === null || b.at < a.at ? b : a;
}

function newer(a: Stamp | null, b: Stamp | null): Stamp | null {
  if (a === null || b === null) return a ?? b;
  return a.at > b.at ? a : b;
}
