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
import { percentOf } from "./gates.ts";
import type { Limits } from "./limits.ts";

/** How much of a limit is used at this instant, and what it leaves; as text for people, with units. */
export interface Headroom {
  readonly used: string;
  readonly left: string;
}

/** Why a limit has no headroom to show. */
export interface Unmeasured {
  readonly because: string;
}

const EACH_STOP: Unmeasured = { because: "applied to each stop at each bar's close" };
const EACH_ENTRY: Unmeasured = { because: "checked for each entry" };
const NO_BARS: Unmeasured = {
  because: "checked for each entry: the ledger keeps no bars to compare",
};
const NO_EQUITY: Unmeasured = { because: "equity is unknown: no session of today in the ledger" };

/** Every limit by name, in the order of the schema, with what today has used of it. */
export function headroomOf(
  limits: Limits,
  book: Book,
): ReadonlyMap<string, Headroom | Unmeasured> {
  const measured = new Map<string, Headroom | Unmeasured>([
    ...shares(limits, book),
    ...falls(limits, book),
    ...counts(limits, book),
    ...STOP_RULES.map((name): Row => [name, EACH_STOP]),
    ["pairGraceMs", { because: "counted for each pair" }],
    [
      "maxDailyNotionalUsd",
      usd(book.dayNotional + reserved(book, null), fromNumber(limits.maxDailyNotionalUsd)),
    ],
  ]);
  return new Map(Object.keys(limits).map((name) => [name, measured.get(name) ?? EACH_ENTRY]));
}

const STOP_RULES = ["stopRule", "breakEvenAtR", "trailByR", "stopStepR"];

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
    ["maxPositionPct", of(largestPosition(book), limits.maxPositionPct)],
    ["maxGrossExposurePct", of(gross + reserved(book, null), limits.maxGrossExposurePct)],
    ["maxNetExposurePct", of(absolute(netExposure(book)), limits.maxNetExposurePct)],
    [
      "maxLeverage",
      usd(equity + borrowed(book, nothing), multiply(equity, fromNumber(limits.maxLeverage))),
    ],
    ["maxSectorPct", of(largestSector(book), limits.maxSectorPct)],
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
  const busiest = Math.max(0, ...book.ordersToday.values());
  return [
    ["maxOpenPositions", count(occupied(book).size, limits.maxOpenPositions)],
    ["maxConsecutiveLosses", count(book.losingStreak, limits.maxConsecutiveLosses)],
    ["maxOrdersPerMinute", count(book.ordersLastMinute, limits.maxOrdersPerMinute)],
    ["maxOrdersPerSymbolDay", count(busiest, limits.maxOrdersPerSymbolDay)],
  ];
}

function largestPosition(book: Book): Micros {
  return [...book.positions.values()]
    .map(({ quantity, mark }) =>
      mark === null ? ZERO : absolute(multiply(quantity, fromNumber(mark)))
    )
    .reduce(greatest, ZERO);
}

function largestSector(book: Book): Micros {
  const industries = new Set(
    [...occupied(book)].map((symbol) => book.instruments.get(symbol)?.industry ?? ""),
  );
  return [...industries].map((industry) => sectorExposure(book, industry)).reduce(greatest, ZERO);
}

function usd(used: Micros, limit: Micros): Headroom {
  return { used: `${formatMoney(used)} USD`, left: `${formatMoney(limit - used)} USD` };
}

function count(used: number, limit: number): Headroom {
  return { used: String(used), left: String(limit - used) };
}
