import {
  type Algorithm,
  cut,
  isActive,
  leftOf,
  type MarketNow,
  type ParentOrder,
  type Slice,
} from "./parent.ts";
import { ZERO } from "../money.ts";

/** How soon the spread is crossed, as a part of the parent's time. */
const CROSSING = { patient: 0.9, normal: 0.5, urgent: 0.1 } as const;

export type Urgency = keyof typeof CROSSING;

/** A price is held this long before it is improved: with its stop, four times two orders a minute. */
const REST_MS = 15_000;

/**
 * Works the spread: begins at the near side and walks to the far one as time passes, sooner the more urgent it is,
 * and crosses from then on.
 */
export function adaptive(urgency: Urgency): Algorithm {
  return {
    name: "ADAPTIVE",
    next(parent, progress, market): Slice | null {
      if (!isActive(parent, progress) || progress.working > ZERO) return null;
      const quantity = cut(parent, progress, leftOf(parent, progress));
      const walked = walkedPart(parent, progress.now, urgency);
      const limitPrice = walked >= 1 ? null : priceAt(parent, market, walked);
      return { quantity, limitPrice, restMs: REST_MS };
    },
  };
}

function walkedPart({ startMs, endMs }: ParentOrder, now: number, urgency: Urgency): number {
  return (now - startMs) / Math.max((endMs - startMs) * CROSSING[urgency], 1);
}

function priceAt({ side }: ParentOrder, { bid, ask }: MarketNow, walked: number): number {
  return side === "BUY" ? bid + (ask - bid) * walked : ask - (ask - bid) * walked;
}
