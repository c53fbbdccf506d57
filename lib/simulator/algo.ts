import type { MarketDay } from "./market_day.ts";
import { parseRequestTime } from "./request_time.ts";
import type { Ticket } from "./ticket.ts";
import { exchangeDate } from "./trading_days.ts";

/**
 * IB's algorithms, as far as their schedule goes. Twap spreads an order evenly over its time, Vwap along the volume
 * of the market; both send market or limit orders as they are due. Adaptive, and what is not known here, goes as if
 * there were no algorithm; IB's Adaptive fills a little later and a little better.
 */
export function scheduledShare(ticket: Ticket, day: MarketDay, step: number): number {
  switch (ticket.order.algoStrategy) {
    case "Twap":
      return timeShare(ticket, day, stepEndMs(day, step));
    case "Vwap":
      return volumeShare(ticket, day, step);
    default:
      return 1;
  }
}

/** From its beginning to its end, as far as it is. */
function timeShare(ticket: Ticket, day: MarketDay, nowMs: number): number {
  const { startMs, endMs } = windowOf(ticket, day);
  return endMs <= startMs ? 1 : clamp((nowMs - startMs) / (endMs - startMs));
}

/** Of the volume the market has within the order's window; a real Vwap has to guess what is still to come. */
function volumeShare(ticket: Ticket, day: MarketDay, step: number): number {
  const { startMs, endMs } = windowOf(ticket, day);
  const traded = volumeSoFar(day);
  const until = (index: number): number =>
    traded[Math.max(-1, Math.min(day.steps - 1, index))] ?? 0;
  const first = until(stepAt(day, startMs));
  const whole = until(stepAt(day, endMs)) - first;
  return whole <= 0 ? 1 : clamp((until(step) - first) / whole);
}

/** The last step that is over at that time. */
function stepAt(day: MarketDay, epochMs: number): number {
  return Math.floor((epochMs - day.session.opensAt) / day.stepMs) - 1;
}

/** day → volume up to the end of each step; asked for at every step, summed once */
const VOLUMES = new WeakMap<MarketDay, Float64Array>();

function volumeSoFar(day: MarketDay): Float64Array {
  let sums = VOLUMES.get(day);
  if (sums === undefined) {
    let sum = 0;
    sums = Float64Array.from(day.volume, (volume) => sum += volume);
    VOLUMES.set(day, sums);
  }
  return sums;
}

function windowOf(
  ticket: Ticket,
  day: MarketDay,
): { readonly startMs: number; readonly endMs: number } {
  const param = (tag: string): number | undefined => {
    const text = ticket.order.algoParams.find((each) => each.tag === tag)?.value ?? "";
    // A time of day alone is one of this day.
    const full = /^\d{1,2}:/.test(text)
      ? `${exchangeDate(day.session.opensAt).replaceAll("-", "")} ${text}`
      : text;
    return parseRequestTime(full)?.epochMs;
  };
  return {
    startMs: Math.max(ticket.acceptedMs, day.session.opensAt, param("startTime") ?? 0),
    endMs: Math.min(day.session.closesAt, param("endTime") ?? day.session.closesAt),
  };
}

function stepEndMs(day: MarketDay, step: number): number {
  return day.session.opensAt + (step + 1) * day.stepMs;
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}
