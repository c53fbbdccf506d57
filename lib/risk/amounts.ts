import { formatMicros, fromNumber, type Micros } from "../money.ts";
import type { Side } from "../strategy/strategy.ts";
import { type Book, grossExposure, reserved } from "./book.ts";
import { percentOf } from "./gates.ts";
import type { Limits } from "./limits.ts";
import { type Refusal, refusal, type RefusalCode } from "./refusals.ts";

/** Checks of a sized entry: `notional` is the most it can cost, on top of everything held and working. */
export function checkAmounts(
  entry: { readonly notional: Micros; readonly side: Side },
  limits: Limits,
  book: Book,
): Refusal | null {
  const { notional, side } = entry;
  const equity = book.equity;
  const gross = grossExposure(book);
  if (equity === null || gross === null) return refusal("VALUATION_UNKNOWN", "equity");
  const working = reserved(book, null);
  const { maxOrderNotionalUsd, maxPositionPct, maxDailyNotionalUsd, maxGrossExposurePct } = limits;
  const day = book.dayNotional + working + notional;
  return above("EXCEEDS_ORDER_NOTIONAL", notional, fromNumber(maxOrderNotionalUsd)) ??
    above("EXCEEDS_POSITION_LIMIT", notional, percentOf(equity, maxPositionPct)) ??
    above("EXCEEDS_DAILY_NOTIONAL", day, fromNumber(maxDailyNotionalUsd)) ??
    above(
      "EXCEEDS_GROSS_EXPOSURE",
      gross + working + notional,
      percentOf(equity, maxGrossExposurePct),
    ) ??
    (side === "BUY"
      ? above("INSUFFICIENT_CASH", reserved(book, "BUY") + notional, book.cash)
      : null);
}

/** The refusal of a value above its limit; null within it. */
export function above(code: RefusalCode, value: Micros, limit: Micros): Refusal | null {
  return value > limit ? refusal(code, formatMicros(value), formatMicros(limit)) : null;
}
