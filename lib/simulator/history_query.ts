import type { WhatToShow } from "./bars.ts";

/** Bar sizes and durations as clients write them, exactly. */

export interface BarSize {
  /** Length of bars within a session; null of a day and longer. */
  readonly ms: number | null;
  readonly unit: "intraday" | "day" | "week" | "month";
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const INTRADAY: readonly (readonly [text: string, ms: number])[] = [
  ["1 secs", SECOND],
  ["5 secs", 5 * SECOND],
  ["10 secs", 10 * SECOND],
  ["15 secs", 15 * SECOND],
  ["30 secs", 30 * SECOND],
  ["1 min", MINUTE],
  ["2 mins", 2 * MINUTE],
  ["3 mins", 3 * MINUTE],
  ["5 mins", 5 * MINUTE],
  ["10 mins", 10 * MINUTE],
  ["15 mins", 15 * MINUTE],
  ["20 mins", 20 * MINUTE],
  ["30 mins", 30 * MINUTE],
  ["1 hour", HOUR],
  ["2 hours", 2 * HOUR],
  ["3 hours", 3 * HOUR],
  ["4 hours", 4 * HOUR],
  ["8 hours", 8 * HOUR],
];

const BAR_SIZES: ReadonlyMap<string, BarSize> = new Map<string, BarSize>([
  ...INTRADAY.map(([text, ms]) => [text, { ms, unit: "intraday" }] as const),
  ["1 day", { ms: null, unit: "day" }],
  ["1 week", { ms: null, unit: "week" }],
  ["1W", { ms: null, unit: "week" }],
  ["1 month", { ms: null, unit: "month" }],
  ["1M", { ms: null, unit: "month" }],
]);

export const LEGAL_BAR_SIZES =
  "1 secs,5 secs,10 secs,15 secs,30 secs,1 min,2 mins,3 mins,5 mins,10 mins,15 mins,20 mins,30 mins," +
  "1 hour,2 hours,3 hours,4 hours,8 hours,1 day,1W,1M";

export function parseBarSize(text: string): BarSize | undefined {
  return BAR_SIZES.get(text.trim());
}

export interface Duration {
  readonly count: number;
  readonly unit: "S" | "D" | "W" | "M" | "Y";
}

const DURATION = /^([1-9]\d{0,6}) ([SDWMY])$/;

/** `7200 S`, `5 D`; a bare number is seconds. */
export function parseDuration(text: string): Duration | undefined {
  const trimmed = text.trim();
  const match = DURATION.exec(/^\d+$/.test(trimmed) ? `${trimmed} S` : trimmed);
  const [, count, unit] = match ?? [];
  switch (unit) {
    case "S":
    case "D":
    case "W":
    case "M":
    case "Y":
      return { count: Number(count), unit };
    default:
      return undefined;
  }
}

export function parseWhatToShow(text: string): WhatToShow | undefined {
  switch (text) {
    case "TRADES":
    case "MIDPOINT":
    case "BID":
    case "ASK":
      return text;
    // Prices are not adjusted for splits and dividends here: there are none.
    case "ADJUSTED_LAST":
      return "TRADES";
    default:
      return undefined;
  }
}
