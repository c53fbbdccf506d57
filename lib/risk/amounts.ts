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
  const checks: readonly (readonly [RefusalCode, Micros, Micros])[] = [
    ["EXCEEDS_ORDER_NOTIONAL", notional, fromNumber(limits.maxOrderNotionalUsd)],
    ["EXCEEDS_POSITION_LIMIT", notional, percentOf(equity, limits.maxPositionPct)],
    [
      "EXCEEDS_DAILY_NOTIONAL",
      book.dayNotional + working + notional,
      fromNumber(limits.maxDailyNotionalUsd),
    ],
    [
      "EXCEEDS_GROSS_EXPOSURE",
      gross + working + notional,
      percentOf(equity, limits.maxGrossExposurePct),
    ],
  ];
  for (const [code, value, limit] of checks) {
    if (value > limit) return refusal(code, formatMicros(value), formatMicros(limit));
  }
  const needed = reserved(book, "BUY") + notional;
  if (side === "BUY" && needed > book.cash) {
    return refusal("INSUFFICIENT_CASH", formatMicros(needed), formatMicros(book.cash));
  }
  return null;
}
