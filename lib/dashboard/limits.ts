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
import { REFUSALS } from "../risk/refusals.ts";
import { type Book, grossExposure, occupied, reserved } from "../risk/book.ts";
import { borrowed, heat, netExposure, sectorExposure } from "../risk/exposure.ts";
import { figure, lasting, NO_PEAK, type Valuation } from "./account.ts";
import type { DayFold } from "./day.ts";
import type { DayCounts, LimitRow } from "./feed.ts";
import { riskBook } from "./risk_book.ts";
import type { DashboardState } from "./state.ts";

interface LimitKind {
  readonly label: string;
  readonly meaning: string;
  readonly unit: LimitRow["unit"];
  /** Measured against equity, so it is as old as the marks and unknown without them. */
  readonly ofEquity: boolean;
  /** Why `used` is null, when that is not for want of a valuation. */
  readonly unknown?: string;
  /** In the limit's own unit. */
  used(book: Book, state: DashboardState): Micros | null;
}

type Words = readonly [label: string, meaning: string];

/** Part of equity. */
function share([label, meaning]: Words, amount: (book: Book) => Micros | null): LimitKind {
  return {
    label,
    meaning,
    unit: "percent",
    ofEquity: true,
    used: (book) => percentOf(amount(book), book.equity),
  };
}

/** A fall of equity from some height, percent of that height. */
function fall([label, meaning]: Words, height: (book: Book) => Micros | null): LimitKind {
  return {
    label,
    meaning,
    unit: "percent",
    ofEquity: true,
    used: (book) => {
      const from = height(book);
      if (from === null || book.equity === null) return null;
      return percentOf(greatest(from - book.equity, ZERO), from);
    },
  };
}

function count(
  [label, meaning]: Words,
  number: (book: Book, state: DashboardState) => number,
): LimitKind {
  return {
    label,
    meaning,
    unit: "count",
    ofEquity: false,
    used: (book, state) => fromNumber(number(book, state)),
  };
}

function usd(
  [label, meaning]: Words,
  amount: (book: Book, state: DashboardState) => Micros,
): LimitKind {
  return { label, meaning, unit: "usd", ofEquity: false, used: amount };
}

/** The most of today's entries; nothing while there was none. */
function most(
  [label, meaning]: Words,
  unit: LimitRow["unit"],
  measure: keyof DayFold["widest"],
): LimitKind {
  return {
    label,
    meaning: `${meaning}, the most of today's entries`,
    unit,
    ofEquity: false,
    unknown: "no entry was ordered today",
    used: (_, { day }) => {
      const number = day.widest[measure];
      return number === null ? null : fromNumber(number);
    },
  };
}

/** A limit in force whose use the ledger cannot tell. */
function untold([label, meaning]: Words, unit: LimitRow["unit"], unknown: string): LimitKind {
  return { label, meaning, unit, ofEquity: false, unknown, used: () => null };
}

/** The limits by the name a session writes them down with. */
const KINDS: Readonly<Record<string, LimitKind>> = {
  maxDailyLossPct: fall(
    ["Loss of the day", "since the opening net liquidation; trading halts"],
    (book) => book.startOfDayEquity,
  ),
  maxDayDrawdownPct: fall(
    ["Drawdown of the day", "below the day's highest equity; trading halts"],
    (book) => book.dayPeakEquity,
  ),
  maxDrawdownPct: fall(
    ["Drawdown", "below the highest equity since a halt was last lifted; trading halts"],
    (book) => book.peakEquity,
  ),
  maxHeatPct: share(["Loss at the stops", "if every stop were hit at its price"], heat),
  maxGrossExposurePct: share(
    ["Gross exposure", "long and short positions and working entries"],
    (book) => plus(grossExposure(book), reserved(book, null)),
  ),
  maxNetExposurePct: share(
    ["Net exposure", "long less short, working entries as if filled"],
    (book) => absolute(netExposure(book)),
  ),
  maxSectorPct: share(["Largest sector", "positions of one industry"], largestSector),
  maxCorrelatedPct: untold(
    ["Moving together", "positions that gain and lose together"],
    "percent",
    "the ledger keeps no bars to compare",
  ),
  maxPositionPct: share(["Largest position", "its market value"], largestPosition),
  maxLeverage: {
    label: "Leverage",
    meaning: "equity, borrowed money and borrowed shares, in multiples of equity",
    unit: "times",
    ofEquity: true,
    used: (book) => {
      if (book.equity === null || book.equity <= ZERO) return null;
      const debt = borrowed(book, { side: "BUY", notional: ZERO });
      return divide(book.equity + debt, book.equity);
    },
  },
  maxOpenPositions: count(
    ["Positions", "symbols held, and those with a working entry"],
    (book) => occupied(book).size,
  ),
  maxConsecutiveLosses: count(
    ["Losses in a row", "round trips of today; no entries at the limit until the next day"],
    (book) => book.losingStreak,
  ),
  maxDailyNotionalUsd: usd(
    ["Entries of the day", "fills, and what working entries may still take"],
    (book) => book.dayNotional + reserved(book, null),
  ),
  maxOrderNotionalUsd: usd(
    ["Largest entry", "quantity × limit price of today's largest"],
    (_, { day }) => day.largestEntry,
  ),
  maxOrdersPerMinute: count(
    ["Orders in a minute", "sent within the day's busiest minute, stops included"],
    (_, { day }) => day.busiestMinute,
  ),
  maxOrdersPerSymbolDay: count(
    ["Orders in a symbol", "sent today in the busiest one, stops included"],
    (book) => Math.max(0, ...book.ordersToday.values()),
  ),
  maxSpreadPct: most(["Spread", "bid to ask, of their middle"], "percent", "spreadPct"),
  priceCollarPct: most(
    ["Price off the middle", "limit price from the quote's middle"],
    "percent",
    "fromMiddlePct",
  ),
  maxQuoteAgeMs: most(["Age of the quote", "when an entry relied on it"], "ms", "quoteAgeMs"),
  maxBarVolumePct: untold(
    ["Share of volume", "largest entry against the volume of the time it is worked"],
    "percent",
    "the ledger keeps no volumes of bars",
  ),
  cooldownMs: untold(
    ["Wait in a symbol", "between a trade and the next entry there"],
    "ms",
    "a wait has no most: what it blocked is counted",
  ),
  outlierPct: untold(
    ["Step of a price", "beyond it a price waits to be confirmed"],
    "percent",
    "the ledger keeps no prices between its samples",
  ),
};

/** Every limit in force, with how much of it is used and how often it said no today. */
export function limitRows(state: DashboardState, valuation: Valuation): readonly LimitRow[] {
  const limits = state.opened?.body.limits ?? {};
  const book = riskBook(state, valuation);
  const countedAt = state.session?.last ?? null;
  return Object.entries(KINDS).flatMap(([name, kind]): LimitRow[] => {
    const text = limits[name];
    if (text === undefined) return [];
    const { label, meaning, unit, ofEquity } = kind;
    const amount = kind.used(book, state);
    const stamp = ofEquity ? valuation.equity?.stamp ?? null : state.bookedAt ?? countedAt;
    const dated = amount === null || stamp === null ? null : { amount, stamp };
    const because = kind.unknown ?? (valuation.equity === null ? valuation.because : NO_PEAK);
    const used = ofEquity ? figure(dated, because) : lasting(dated, because);
    const part = dated === null ? null : shareOf(dated.amount, parseMicros(text));
    const blocked = blockedBy(name, state.day.counts.refusals);
    return [{ name, label, meaning, unit, limit: text, used, share: part, blocked }];
  });
}

/** Refusals of the day whose code stands for this limit. */
function blockedBy(name: string, refusals: DayCounts["refusals"]): number {
  return Object.entries(REFUSALS).filter(([, { limit }]) => limit.split(" ")[0] === name)
    .map(([code]) => refusals[code] ?? 0).reduce((sum, times) => sum + times, 0);
}

function percentOf(part: Micros | null, whole: Micros | null): Micros | null {
  if (part === null || whole === null || whole <= ZERO) return null;
  return divide(part * 100n, whole);
}

function plus(a: Micros | null, b: Micros): Micros | null {
  return a === null ? null : a + b;
}

function shareOf(used: Micros, limit: Micros): number | null {
  return limit === ZERO ? null : toNumber(divide(used, limit));
}

function largestPosition(book: Book): Micros {
  return [...book.positions.values()]
    .map(({ quantity, mark }) =>
      mark === null ? ZERO : absolute(multiply(quantity, fromNumber(mark)))
    )
    .reduce(greatest, ZERO);
}

function largestSector(book: Book): Micros {
  const industries = [...occupied(book)].map((symbol) =>
    book.instruments.get(symbol)?.industry ?? ""
  );
  return [...new Set(industries)].map((name) => sectorExposure(book, name)).reduce(greatest, ZERO);
}
