import { algoTime } from "./algo_rules.ts";
import type { MarketDay } from "./market_day.ts";
import { tickE4 } from "./microstructure.ts";
import type { Refusal } from "./refusal.ts";
import type { Ticket } from "./ticket.ts";
import { exchangeDate } from "./trading_days.ts";

/**
 * IB's algorithms, as far as anybody outside can tell. Twap spreads an order evenly over its time in slices, Vwap along
 * the volume of the market; both send market or limit orders as they are due, catch up when a slice found too little,
 * and end with their time. Adaptive begins at its own side of the spread and goes to the other by its priority. IB's
 * own also find hidden and midpoint liquidity, which is left out here: an error against the strategy.
 */

/** A slice of Twap is this long, or a tenth of a shorter window. */
const SLICE_MS = 30_000;
const SLICES_MIN = 10;

/** Share of the order that may be done at the end of this step. */
export function scheduledShare(ticket: Ticket, day: MarketDay, step: number): number {
  switch (ticket.order.algoStrategy) {
    case "Twap":
      return timeShare(windowOf(ticket, day), stepEndMs(day, step));
    case "Vwap":
      return volumeShare(ticket, day, step);
    default:
      return 1;
  }
}

/** From its beginning to its end, as far as it is, in whole slices. */
function timeShare({ startMs, endMs }: Window, nowMs: number): number {
  if (nowMs >= endMs) return 1;
  const sliceMs = Math.min(SLICE_MS, (endMs - startMs) / SLICES_MIN);
  const slices = Math.ceil((endMs - startMs) / sliceMs);
  return clamp(Math.floor((nowMs - startMs) / sliceMs) / slices);
}

/**
 * Of the volume the market has within the order's window. A real Vwap has to guess what is still to come, so this one
 * comes nearer to its mark than IB's.
 */
function volumeShare(ticket: Ticket, day: MarketDay, step: number): number {
  const { startMs, endMs } = windowOf(ticket, day);
  const traded = volumeSoFar(day);
  const until = (index: number): number =>
    traded[Math.max(-1, Math.min(day.steps - 1, index))] ?? 0;
  const first = until(stepAt(day, startMs));
  const whole = until(stepAt(day, endMs)) - first;
  const share = whole <= 0 ? 1 : clamp((until(step) - first) / whole);
  const part = Number(paramOf(ticket, "maxPctVol") ?? NaN);
  if (Number.isNaN(part)) return share;
  const total = Number(ticket.order.totalQuantity / 1_000_000n);
  return Math.min(share, part * Math.max(0, until(step) - first) / total);
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

/** How long Adaptive takes from its own side of the spread to the other. IB says no more than the names. */
const PATIENCE_MS: Readonly<Record<string, number>> = {
  Urgent: 5_000,
  Normal: 20_000,
  Patient: 60_000,
};

/**
 * The price that an algorithm waits at during this step, from the quote before it; null when it takes what there is.
 * For Vwap that is to take no liquidity, for ever; for Adaptive it ends with its patience.
 */
export function patientPriceE4(ticket: Ticket, day: MarketDay, step: number): number | null {
  const { algoStrategy } = ticket.order;
  if (algoStrategy === "Vwap") {
    return isSet(paramOf(ticket, "noTakeLiq")) ? betweenE4(ticket, day, { step, part: 0 }) : null;
  }
  if (algoStrategy !== "Adaptive") return null;
  const patienceMs = PATIENCE_MS[paramOf(ticket, "adaptivePriority") ?? "Normal"] ?? 0;
  const part = (stepEndMs(day, step) - day.stepMs - ticket.sinceMs) / patienceMs;
  return part >= 1 ? null : betweenE4(ticket, day, { step, part: Math.max(0, part) });
}

/** Between the order's own side of the quote (0) and the other (1), rounded to its own. */
function betweenE4(
  { side }: Ticket,
  day: MarketDay,
  { step, part }: { readonly step: number; readonly part: number },
): number {
  const before = Math.max(0, step - 1);
  const bid = day.bidE4[before] ?? 0;
  const ask = day.askE4[before] ?? 0;
  const tick = tickE4(day.listing, bid);
  const moved = Math.floor((ask - bid) * part / tick) * tick;
  return side === "BUY" ? bid + moved : ask - moved;
}

interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

function windowOf(ticket: Ticket, day: MarketDay): Window {
  const { opensAt, closesAt } = day.session;
  const { startMs, endMs } = askedWindow(ticket, opensAt);
  return {
    startMs: Math.max(ticket.acceptedMs, opensAt, startMs ?? 0),
    endMs: Math.min(closesAt, endMs ?? closesAt),
  };
}

/** As its parameters say; undefined where they say nothing. `nowMs` tells the date that a time of day is of. */
export function askedWindow(
  ticket: Ticket,
  nowMs: number,
): { readonly startMs: number | undefined; readonly endMs: number | undefined } {
  if (ticket.order.algoParams.length === 0) return ALL_DAY;
  const date = exchangeDate(nowMs);
  return {
    startMs: algoTime(paramOf(ticket, "startTime") ?? "", date),
    endMs: algoTime(paramOf(ticket, "endTime") ?? "", date),
  };
}

const ALL_DAY = { startMs: undefined, endMs: undefined };

/** True once the time of the algorithm is over and it may not go on behind it. */
export function isAlgoOver(ticket: Ticket, nowMs: number): boolean {
  const { endMs } = askedWindow(ticket, nowMs);
  return endMs !== undefined && nowMs >= endMs && !isSet(paramOf(ticket, "allowPastEndTime"));
}

/** A window that is over before it begins; such an order is told so and ends. Null when there is nothing to say. */
export function algoTimeMistake(ticket: Ticket, nowMs: number): Refusal | null {
  const { startMs, endMs } = askedWindow(ticket, nowMs);
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs) {
    const text = `Algorithm end time precedes algorithm start time for ${ticket.orderId}`;
    return { code: 2183, text };
  }
  if (!isAlgoOver(ticket, nowMs)) return null;
  return { code: 2182, text: `Algorithm end time is in the past for order ${ticket.orderId}` };
}

function paramOf({ order }: Ticket, tag: string): string | undefined {
  return order.algoParams.find((param) => param.tag === tag)?.value;
}

function isSet(flag: string | undefined): boolean {
  return flag === "1" || flag?.toLowerCase() === "true";
}

function stepEndMs(day: MarketDay, step: number): number {
  return day.session.opensAt + (step + 1) * day.stepMs;
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}
