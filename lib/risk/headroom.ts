import {
  absolute,
  formatMoney,
  fromNumber,
  greatest,
  type Micros,
  multiply,
  ZERO,
} from "../money.ts";
import { type Book, dayLoss, grossExposure, occupied, reserved } from "./book.ts";
import { largestCorrelated } from "./correlated.ts";
import { borrowed, heat, netExposure, sectorExposure } from "./exposure.ts";
import { entryRoom, type Prices } from "./entry_room.ts";
import { percentOf } from "./gates.ts";
import type { Limits } from "./limits.ts";

/** How much of a limit is used at this instant, and what it leaves; as text for people, with units. */
export interface Headroom {
  readonly used: string;
  readonly left: string;
  /** The symbol or industry that uses the most, where each has the limit to itself; absent when none does. */
  readonly most?: string;
}

/** What the limit leaves the next entry, symbol by symbol where it depends on a price. */
export interface EntryRoom {
  readonly each: string;
}

/** Why a limit has no headroom to show. */
export interface Unmeasured {
  readonly because: string;
}

const NO_BARS: Unmeasured = { because: "only a session knows: the ledger keeps no bars" };
const NO_QUOTES: Unmeasured = { because: "only a session knows: by each quote" };
/** Limits with nothing to use up, and why. */
const APPLIED: ReadonlyMap<string, Unmeasured> = new Map([
  ["correlationMin", { because: "where max_correlated_pct begins to count" }],
  ["maxBarVolumePct", NO_BARS],
  ["maxQuoteAgeMs", NO_QUOTES],
  ["requireLiveQuotes", NO_QUOTES],
  ["allowShort", { because: "no number: a short entry is allowed or refused" }],
  ["pairGraceMs", { because: "counted for each pair" }],
]);
const EACH_STOP: Unmeasured = { because: "applied to each stop at each bar's close" };
const NO_EQUITY: Unmeasured = { because: "equity is unknown: no session of today in the ledger" };

/** Every limit by name, in the order of the schema, with what today has used of it and what it leaves. */
export function headroomOf(
  limits: Limits,
  book: Book,
  prices: Prices = new Map(),
): ReadonlyMap<string, Headroom | EntryRoom | Unmeasured> {
  const measured = new Map<string, Headroom | Unmeasured>([
    ...shares(limits, book),
    ...falls(limits, book),
    ...counts(limits, book),
    [
      "maxDailyNotionalUsd",
      usd(book.dayNotional + reserved(book, null), fromNumber(limits.maxDailyNotionalUsd)),
    ],
  ]);
  const roomOf = (name: string): Headroom | EntryRoom | Unmeasured => {
    const known = measured.get(name) ?? APPLIED.get(name);
    if (known !== undefined) return known;
    const each = entryRoom(name, limits, { book, prices });
    if (each !== null) return { each };
    return name.startsWith("size") || name.startsWith("sizing") || name.startsWith("kelly")
      ? NO_EQUITY
      : EACH_STOP;
  };
  return new Map(Object.keys(limits).map((name) => [name, roomOf(name)]));
}

type Row = readonly [string, Headroom | Unmeasured];

/** What is held, against equity. */
function shares(limits: Limits, book: Book): readonly Row[] {
  const names = [
    "maxPositionPct",
    "maxGrossExposurePct",
    "maxNetExposurePct",
    "maxLeverage",
    "maxSectorPct",
    "maxCorrelatedPct",
    "maxHeatPct",
  ];
  const { equity } = book;
  const gross = grossExposure(book);
  if (equity === null || gross === null) return names.map((name) => [name, NO_EQUITY]);
  const of = (used: Micros, pct: number): Headroom => usd(used, percentOf(equity, pct));
  const correlated = largestCorrelated(limits, book);
  const nothing = { side: "BUY", notional: ZERO } as const;
  return [
    ["maxPositionPct", most(positionsOf(book), (used) => of(used, limits.maxPositionPct))],
    ["maxGrossExposurePct", of(gross + reserved(book, null), limits.maxGrossExposurePct)],
    ["maxNetExposurePct", of(absolute(netExposure(book)), limits.maxNetExposurePct)],
    [
      "maxLeverage",
      usd(equity + borrowed(book, nothing), multiply(equity, fromNumber(limits.maxLeverage))),
    ],
    ["maxSectorPct", most(sectorsOf(book), (used) => of(used, limits.maxSectorPct))],
    [
      "maxCorrelatedPct",
      correlated === null ? NO_BARS : of(correlated, limits.maxCorrelatedPct),
    ],
    ["maxHeatPct", of(heat(book), limits.maxHeatPct)],
  ];
}

/** Losses of the day and falls from the peaks. */
function falls(limits: Limits, book: Book): readonly Row[] {
  const { equity, startOfDayEquity, dayPeakEquity, peakEquity } = book;
  const fall = (from: Micros | null, pct: number): Headroom | Unmeasured =>
    from === null || equity === null
      ? NO_EQUITY
      : usd(greatest(from - equity, ZERO), percentOf(from, pct));
  const loss = dayLoss(book);
  return [
    [
      "maxDailyLossPct",
      loss === null ? NO_EQUITY : fall(startOfDayEquity, limits.maxDailyLossPct),
    ],
    ["maxDayDrawdownPct", fall(dayPeakEquity, limits.maxDayDrawdownPct)],
    ["maxDrawdownPct", fall(peakEquity, limits.maxDrawdownPct)],
  ];
}

function counts(limits: Limits, book: Book): readonly Row[] {
  const orders = [...book.ordersToday].map(([symbol, today]) => [symbol, BigInt(today)] as const);
  return [
    ["maxOpenPositions", count(occupied(book).size, limits.maxOpenPositions)],
    ["maxConsecutiveLosses", count(book.losingStreak, limits.maxConsecutiveLosses)],
    ["maxOrdersPerMinute", count(book.ordersLastMinute, limits.maxOrdersPerMinute)],
    [
      "maxOrdersPerSymbolDay",
      most(orders, (used) => count(Number(used), limits.maxOrdersPerSymbolDay)),
    ],
  ];
}

type Amounts = readonly (readonly [string, bigint])[];

function positionsOf(book: Book): Amounts {
  return [...book.positions].map(([symbol, { quantity, mark }]) => [
    symbol,
    mark === null ? ZERO : absolute(multiply(quantity, fromNumber(mark))),
  ]);
}

function sectorsOf(book: Book): Amounts {
  const industries = new Set(
    [...occupied(book)].map((symbol) => book.instruments.get(symbol)?.industry ?? ""),
  );
  return [...industries].map((industry) => [industry, sectorExposure(book, industry)]);
}

/** The row of the largest among them, with its name; of 0 when there are none. */
function most(amounts: Amounts, row: (used: bigint) => Headroom): Headroom {
  const largest = amounts.reduce<readonly [string, bigint]>(
    (a, b) => (b[1] > a[1] ? b : a),
    ["", ZERO],
  );
  return { ...row(largest[1]), ...(largest[0] === "" ? {} : { most: largest[0] }) };
}

function usd(used: Micros, limit: Micros): Headroom {
  return { used: `${formatMoney(used)} USD`, left: `${formatMoney(limit - used)} USD` };
}

function count(used: number, limit: number): Headroom {
  return { used: String(used), left: String(limit - used) };
}
