import {
  absolute,
  divide,
  fromNumber,
  greatest,
  type Micros,
  multiply,
  parseMicros,
  toNumber,
  ZERO,
} from "../money.ts";
import { figure, lasting, type Valuation } from "./account.ts";
import type { Dated } from "./day.ts";
import type { LimitRow, Stamp } from "./feed.ts";
import { remainingOf, type TrackedOrder } from "./orders.ts";
import type { DashboardState } from "./state.ts";

interface Context {
  readonly state: DashboardState;
  readonly valuation: Valuation;
  /** Entries that may still fill. */
  readonly entries: readonly TrackedOrder[];
}

interface LimitKind {
  readonly label: string;
  readonly meaning: string;
  readonly unit: LimitRow["unit"];
  /** Counted from entries, not measured at a sample. */
  readonly counted: boolean;
  /** In the limit's own unit; null when unknown. */
  used(context: Context): Dated | null;
  /** Why it may be unknown. */
  readonly because: string;
}

const NO_ORDERS = "nothing was ordered yet";
const NO_VALUE = "no valuation yet";

/** The limits that can be measured from the ledger, by the name a session writes them down with. */
const KINDS: Readonly<Record<string, LimitKind>> = {
  maxDailyLossPct: {
    label: "Loss of the day",
    meaning: "opening net liquidation less equity, of the opening; trading halts at the limit",
    unit: "percent",
    because: NO_VALUE,
    counted: false,
    used: ({ state: { day }, valuation: { equity } }) => {
      if (day.start === null || equity === null) return null;
      const loss = greatest(ZERO, day.start.amount - equity.amount);
      return { amount: percent(loss, day.start.amount), stamp: equity.stamp };
    },
  },
  maxGrossExposurePct: {
    label: "Gross exposure",
    meaning: "long and short positions and working entries, of equity",
    unit: "percent",
    because: NO_VALUE,
    counted: false,
    used: ({ valuation: { equity, gross }, entries }) => {
      if (equity === null || gross === null || equity.amount <= ZERO) return null;
      const reserved = entries.map(reservedBy).reduce((sum, amount) => sum + amount, ZERO);
      return { amount: percent(gross.amount + reserved, equity.amount), stamp: gross.stamp };
    },
  },
  maxPositionPct: {
    label: "Largest position",
    meaning: "market value of the largest position, of equity",
    unit: "percent",
    because: NO_VALUE,
    counted: false,
    used: ({ valuation: { equity, holdings } }) => {
      if (equity === null || equity.amount <= ZERO) return null;
      const values = holdings.map(({ position, mark }) =>
        absolute(multiply(position.quantity, mark?.amount ?? ZERO))
      );
      const largest = values.reduce(greatest, ZERO);
      return { amount: percent(largest, equity.amount), stamp: equity.stamp };
    },
  },
  maxOpenPositions: {
    label: "Positions",
    meaning: "symbols held, and those with a working entry",
    unit: "count",
    because: "no session has opened yet",
    counted: true,
    used: ({ state, valuation, entries }) => {
      if (state.bookedAt === null) return null;
      const symbols = new Set([
        ...valuation.holdings.map(({ position }) => position.symbol),
        ...entries.map(({ intent }) => intent.symbol),
      ]);
      return count(symbols.size, newest(state.bookedAt, entries));
    },
  },
  maxDailyNotionalUsd: {
    label: "Entries of the day",
    meaning: "quantity × price of all entry fills today",
    unit: "usd",
    because: "no entry filled yet",
    counted: true,
    used: ({ state }) => state.day.entryNotional,
  },
  maxOrderNotionalUsd: {
    label: "Largest entry",
    meaning: "quantity × limit price of today's largest entry",
    unit: "usd",
    because: NO_ORDERS,
    counted: true,
    used: ({ state }) => state.day.largestEntry,
  },
  maxOrdersPerMinute: {
    label: "Orders in a minute",
    meaning: "sent within the busiest minute of the day, stops included",
    unit: "count",
    because: NO_ORDERS,
    counted: true,
    used: ({ state: { day: { busiestMinute } } }) =>
      busiestMinute === null ? null : count(busiestMinute.orders, busiestMinute.stamp),
  },
};

/** Every measurable limit in force, with how much of it is used. */
export function limitRows(state: DashboardState, valuation: Valuation): readonly LimitRow[] {
  const limits = state.opened?.body.limits ?? {};
  const entries = state.orders.open().filter(({ intent }) => intent.role === "entry");
  return Object.entries(KINDS).flatMap(([name, kind]): LimitRow[] => {
    const text = limits[name];
    if (text === undefined) return [];
    const used = kind.used({ state, valuation, entries });
    const { label, meaning, unit, because, counted } = kind;
    const shown = counted ? lasting(used, because) : figure(used, because);
    const share = used === null ? null : shareOf(used.amount, parseMicros(text));
    return [{ name, label, meaning, unit, limit: text, used: shown, share }];
  });
}

function percent(part: Micros, whole: Micros): Micros {
  return whole === ZERO ? ZERO : divide(part * 100n, whole);
}

function shareOf(used: Micros, limit: Micros): number | null {
  return limit === ZERO ? null : toNumber(divide(used, limit));
}

function count(number: number, stamp: Stamp): Dated {
  return { amount: fromNumber(number), stamp };
}

function reservedBy(order: TrackedOrder): Micros {
  return multiply(order.intent.lmtPrice ?? ZERO, remainingOf(order));
}

function newest(stamp: Stamp, orders: readonly TrackedOrder[]): Stamp {
  return orders.reduce((last, order) => order.stamp.at > last.at ? order.stamp : last, stamp);
}
