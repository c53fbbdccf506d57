import { type GridBar, merged, type WhatToShow } from "./bars.ts";
import { FIRST_DATE } from "./daily_plan.ts";
import type { BarSize, Duration } from "./history_query.ts";
import type { MarketSource } from "./market.ts";
import { addDays, exchangeDate, exchangeInstant } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

export interface HistoryQuery {
  readonly listing: Listing;
  readonly size: BarSize;
  readonly duration: Duration;
  readonly what: WhatToShow;
  /** End of the window, epoch ms. */
  readonly endMs: number;
  /** Early and late trading too; bars of a day and longer are of the session alone. */
  readonly allHours?: boolean;
  /** Bars within a day that start earlier are left out. */
  readonly fromMs?: number;
}

const DAY_MS = 24 * 3_600_000;
/** Ordinary sessions are this long; how many a number of seconds needs is counted with it. */
const SESSION_SECONDS = 23_400;

/** The bars a request means, oldest first. */
export function historyBars(market: MarketSource, query: HistoryQuery): GridBar[] {
  const { listing, size, duration, what, endMs } = query;
  const from = firstDate(market, query);
  if (size.ms === null) {
    const daily = market.dailyBars(listing, { from, nowMs: endMs, what });
    if (size.unit === "day") return daily;
    return grouped(daily, size.unit === "week" ? mondayOf : monthOf);
  }
  const fromMs = query.fromMs ?? exchangeInstant(from, "00:00");
  const { allHours = false } = query;
  const bars = market.intradayBars(listing, {
    barMs: size.ms,
    fromMs,
    toMs: endMs,
    what,
    allHours,
  });
  if (duration.unit !== "S") return bars;
  // Seconds are counted in trading time: what is missing today comes from the end of the session before.
  return bars.slice(-Math.ceil(duration.count * 1000 / size.ms));
}

/** Start of the window as TWS reports it: the duration before the end, on the clock. */
export function windowStartMs(
  { duration, endMs }: Pick<HistoryQuery, "duration" | "endMs">,
): number {
  return endMs - duration.count * UNIT_MS[duration.unit];
}

const UNIT_MS = { S: 1000, D: DAY_MS, W: 7 * DAY_MS, M: 30 * DAY_MS, Y: 365 * DAY_MS } as const;

/** Days are counted in sessions that have begun, longer spans on the calendar. */
export function firstDate(
  market: MarketSource,
  { duration, endMs }: Pick<HistoryQuery, "duration" | "endMs">,
): string {
  const { count, unit } = duration;
  const end = exchangeDate(endMs);
  if (unit === "W") return addDays(end, -7 * count + 1);
  if (unit === "M" || unit === "Y") {
    const span = unit === "M" ? { months: count } : { years: count };
    return Temporal.PlainDate.from(end).subtract(span).add({ days: 1 }).toString();
  }
  const sessions = unit === "D" ? count : Math.ceil(count / SESSION_SECONDS) + 1;
  const today = market.days.on(end);
  let date = today !== null && today.opensAt < endMs ? end : market.days.before(end)?.date ?? end;
  for (let back = 1; back < sessions && date > FIRST_DATE; back++) {
    date = market.days.before(date)?.date ?? FIRST_DATE;
  }
  return date;
}

function grouped(daily: readonly GridBar[], keyOf: (date: string) => string): GridBar[] {
  const groups = new Map<string, GridBar[]>(); // key → its days
  for (const bar of daily) {
    const key = keyOf(bar.date);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [bar]);
    else group.push(bar);
  }
  return [...groups.values()].flatMap((group) => merged(group) ?? []);
}

function mondayOf(date: string): string {
  return addDays(date, 1 - Temporal.PlainDate.from(date).dayOfWeek);
}

function monthOf(date: string): string {
  return date.slice(0, "2026-11".length);
}
