import type { Instrument } from "../market/market.ts";
import {
  absolute,
  formatMicros,
  fromNumber,
  greatest,
  type Micros,
  multiply,
  ZERO,
} from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import { type Book, type Holding, reserved } from "./book.ts";
import { correlatedExposure } from "./correlated.ts";
import { percentOf } from "./gates.ts";
import type { Limits } from "./limits.ts";
import { type Refusal, refusal, type RefusalCode } from "./refusals.ts";

/** Checks of how a sized entry would change the whole of what is held: net, borrowed, by industry, to the stops. */

/** A sized entry as these checks see it. */
export interface SizedEntry {
  readonly instrument: Instrument;
  readonly side: Side;
  /** The most it can cost. */
  readonly notional: Micros;
  /** What it loses between its worst fill and its stop. */
  readonly atRisk: Micros;
}

/** Null when every limit holds, else the first that does not. */
export function checkExposure(entry: SizedEntry, limits: Limits, book: Book): Refusal | null {
  const { equity } = book;
  if (equity === null) return refusal("VALUATION_UNKNOWN", "equity");
  const { instrument: { symbol, industry }, side, notional, atRisk } = entry;
  const net = netExposure(book) + (side === "BUY" ? notional : -notional);
  return beyond("EXCEEDS_NET_EXPOSURE", net, percentOf(equity, limits.maxNetExposurePct)) ??
    beyond(
      "EXCEEDS_LEVERAGE",
      equity + borrowed(book, { side, notional }),
      multiply(equity, fromNumber(limits.maxLeverage)),
    ) ??
    beyond(
      "EXCEEDS_SECTOR",
      sectorExposure(book, industry) + notional,
      percentOf(equity, limits.maxSectorPct),
    ) ??
    beyond(
      "EXCEEDS_CORRELATED",
      correlatedExposure({ symbol, side }, limits, book) + notional,
      percentOf(equity, limits.maxCorrelatedPct),
    ) ??
    beyond("EXCEEDS_HEAT", heat(book) + atRisk, percentOf(equity, limits.maxHeatPct));
}

/** The refusal of a value farther from zero than its limit; null within it. */
function beyond(code: RefusalCode, value: Micros, limit: Micros): Refusal | null {
  return absolute(value) > limit ? refusal(code, formatMicros(value), formatMicros(limit)) : null;
}

/** Long less short market value, working entries as if filled. Positions without a price are refused before. */
export function netExposure(book: Book): Micros {
  let net = reserved(book, "BUY") - reserved(book, "SELL");
  for (const holding of book.positions.values()) net += worth(holding);
  return net;
}

/** Money and shares that would be borrowed once every working entry and this one were filled. */
export function borrowed(
  book: Book,
  { side, notional }: { readonly side: Side; readonly notional: Micros },
): Micros {
  let shorts = reserved(book, "SELL") + (side === "SELL" ? notional : ZERO);
  for (const holding of book.positions.values()) shorts += greatest(-worth(holding), ZERO);
  const cash = book.cash - reserved(book, "BUY") - (side === "BUY" ? notional : ZERO);
  return shorts + greatest(-cash, ZERO);
}

/** Long and short market value of one industry. Symbols of which none is known count together as one. */
export function sectorExposure(book: Book, industry: string): Micros {
  const isOf = (symbol: string): boolean =>
    (book.instruments.get(symbol)?.industry ?? "") === industry;
  let exposure = ZERO;
  for (const [symbol, holding] of book.positions) {
    if (isOf(symbol)) exposure += absolute(worth(holding));
  }
  for (const order of book.working) if (isOf(order.symbol)) exposure += order.reserved;
  return exposure;
}

/**
 * What is lost when every stop is hit at its price. Only the session's own symbols count: what a person holds
 * beside them has no stop of ours.
 */
export function heat(book: Book): Micros {
  let total = ZERO;
  for (const [symbol, holding] of book.positions) {
    if (book.instruments.has(symbol)) total += toStop(holding);
  }
  for (const { atRisk } of book.working) total += atRisk;
  return total;
}

/** Whether the market can bear so many shares in the time they are worked: at once, or in `bars` average bars. */
export function checkLiquidity(
  entry: { readonly symbol: string; readonly quantity: Micros; readonly bars: number },
  limits: Limits,
  book: Book,
): Refusal | null {
  const { symbol, quantity, bars } = entry;
  const average = book.averageVolume.get(symbol);
  if (average === undefined || !Number.isFinite(average)) return refusal("LIQUIDITY_UNKNOWN");
  const volume = fromNumber(Math.max(average, 0) * bars);
  const limit = percentOf(volume, limits.maxBarVolumePct);
  if (quantity <= limit) return null;
  return refusal("EXCEEDS_LIQUIDITY", formatMicros(quantity), formatMicros(limit));
}

function toStop(holding: Holding): Micros {
  const { quantity, stopPrice } = holding;
  if (stopPrice === null) return absolute(worth(holding));
  // A stop beyond the mark, in profit or about to trigger, has nothing left to lose to it.
  return greatest(worth(holding) - multiply(quantity, stopPrice), ZERO);
}

function worth({ quantity, mark }: Holding): Micros {
  return mark === null ? ZERO : multiply(quantity, fromNumber(mark));
}
