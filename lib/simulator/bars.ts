import type { MarketDay } from "./market_day.ts";

/** Bars out of the grid. The one place where they are made, so what was streamed and what history says are equal. */

export type WhatToShow = "TRADES" | "MIDPOINT" | "BID" | "ASK";

/** Prices in E4 (midpoints may be halves); for quotes, volume, count and wap are -1 as TWS sends them. */
export interface GridBar {
  /** Start, epoch ms; for a day or longer the opening of its first session. */
  readonly startMs: number;
  /** Exchange date of the (first) session. */
  readonly date: string;
  /** Of its start, since midnight at the exchange. */
  readonly timeOfDayMs: number;
  readonly openE4: number;
  readonly highE4: number;
  readonly lowE4: number;
  readonly closeE4: number;
  readonly volume: number;
  readonly count: number;
  readonly wapE4: number;
}

export interface StepRange {
  readonly fromStep: number;
  /** Exclusive. */
  readonly toStep: number;
}

/** The bar of these steps. A range without trades is flat at the last price before it. */
export function barOf(day: MarketDay, range: StepRange, what: WhatToShow): GridBar {
  return what === "TRADES" ? tradeBar(day, range) : quoteBar(day, range, what);
}

function tradeBar(day: MarketDay, { fromStep, toStep }: StepRange): GridBar {
  const before = fromStep > 0 ? day.lastE4[fromStep - 1] : day.plan.openE4;
  let openE4 = before ?? 0;
  let highE4 = openE4;
  let lowE4 = openE4;
  let closeE4 = openE4;
  let volume = 0;
  let count = 0;
  let turnover = 0;
  for (let step = fromStep; step < toStep; step++) {
    const trades = day.count[step] ?? 0;
    if (trades === 0) continue;
    const high = day.highE4[step] ?? 0;
    const low = day.lowE4[step] ?? 0;
    if (count === 0) {
      openE4 = day.firstE4[step] ?? 0;
      highE4 = high;
      lowE4 = low;
    }
    if (high > highE4) highE4 = high;
    if (low < lowE4) lowE4 = low;
    closeE4 = day.lastE4[step] ?? 0;
    const shares = day.volume[step] ?? 0;
    volume += shares;
    count += trades;
    turnover += shares * (day.wapE4[step] ?? 0);
  }
  const wapE4 = volume === 0 ? closeE4 : turnover / volume;
  return { ...place(day, fromStep), openE4, highE4, lowE4, closeE4, volume, count, wapE4 };
}

function quoteBar(day: MarketDay, { fromStep, toStep }: StepRange, what: WhatToShow): GridBar {
  const at = (step: number): number => {
    const bid = day.bidE4[step] ?? 0;
    const ask = day.askE4[step] ?? 0;
    if (what === "BID") return bid;
    return what === "ASK" ? ask : (bid + ask) / 2;
  };
  const openE4 = at(Math.max(0, fromStep - 1));
  let highE4 = openE4;
  let lowE4 = openE4;
  for (let step = fromStep; step < toStep; step++) {
    highE4 = Math.max(highE4, at(step));
    lowE4 = Math.min(lowE4, at(step));
  }
  const closeE4 = at(Math.max(fromStep, toStep - 1));
  return {
    ...place(day, fromStep),
    openE4,
    highE4,
    lowE4,
    closeE4,
    volume: -1,
    count: -1,
    wapE4: -1,
  };
}

function place(day: MarketDay, step: number): Pick<GridBar, "startMs" | "date" | "timeOfDayMs"> {
  const sinceOpenMs = step * day.stepMs;
  return {
    startMs: day.session.opensAt + sinceOpenMs,
    date: day.session.date,
    timeOfDayMs: day.openingTimeOfDayMs + sinceOpenMs,
  };
}

/** Steps of the day that are over at `nowMs`. */
export function stepsDone(day: MarketDay, nowMs: number): number {
  const done = Math.floor((nowMs - day.session.opensAt) / day.stepMs);
  return Math.max(0, Math.min(day.steps, done));
}

export interface IntradayQuery {
  readonly barMs: number;
  /** Bars that start in [fromMs, toMs); what is after `toMs` is not looked at. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly what: WhatToShow;
  /** Early and late trading too; a bar may then reach from one into the other. */
  readonly allHours?: boolean;
}

/**
 * The session's bars of this size, the last one perhaps unfinished. Bars start at multiples of their size since
 * midnight at the exchange, the first at the opening: hours run 09:30, 10:00, 11:00.
 */
export function intradayBars(day: MarketDay, query: IntradayQuery): GridBar[] {
  const { opensAt } = day.session;
  const { barMs, fromMs, what } = query;
  const end = stepsDone(day, query.toMs);
  const bars: GridBar[] = [];
  let fromStep = 0;
  while (fromStep < end) {
    const timeOfDayMs = day.openingTimeOfDayMs + fromStep * day.stepMs;
    const leftMs = barMs - timeOfDayMs % barMs;
    const toStep = Math.min(end, fromStep + Math.max(1, Math.round(leftMs / day.stepMs)));
    if (opensAt + fromStep * day.stepMs >= fromMs) {
      bars.push(barOf(day, { fromStep, toStep }, what));
    }
    fromStep = toStep;
  }
  return bars;
}

/** Bars of segments that follow each other: what lies in the same piece of the day becomes one bar. */
export function joined(bars: readonly GridBar[], barMs: number): GridBar[] {
  const pieceOf = ({ timeOfDayMs }: GridBar): number => Math.floor(timeOfDayMs / barMs);
  const result: GridBar[] = [];
  for (const bar of bars) {
    const before = result.at(-1);
    const isSame = before !== undefined && before.date === bar.date &&
      pieceOf(before) === pieceOf(bar);
    const whole = isSame ? merged([before, bar]) : null;
    if (whole === null) result.push(bar);
    else result[result.length - 1] = whole;
  }
  return result;
}

/** One bar of several: of days into a week or a month. Null of none. */
export function merged(bars: readonly GridBar[]): GridBar | null {
  const first = bars[0];
  const last = bars.at(-1);
  if (first === undefined || last === undefined) return null;
  const isQuote = first.volume < 0;
  const volume = isQuote ? -1 : bars.reduce((sum, bar) => sum + bar.volume, 0);
  const turnover = bars.reduce((sum, bar) => sum + bar.wapE4 * bar.volume, 0);
  return {
    ...first,
    highE4: Math.max(...bars.map((bar) => bar.highE4)),
    lowE4: Math.min(...bars.map((bar) => bar.lowE4)),
    closeE4: last.closeE4,
    volume,
    count: isQuote ? -1 : bars.reduce((sum, bar) => sum + bar.count, 0),
    wapE4: isQuote ? -1 : volume === 0 ? last.closeE4 : turnover / volume,
  };
}
