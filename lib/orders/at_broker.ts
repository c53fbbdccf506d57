import type { Micros } from "../money.ts";
import { type Algorithm, cut, isActive, leftOf, type ParentOrder, type Slice } from "./parent.ts";
import { MICROS_PER_UNIT, ZERO } from "../money.ts";
import type { IbAlgo } from "./order.ts";

/** Algorithms that the broker works: one slice of everything that is left, until the parent's end. */

/**
 * IB's own iceberg: one limit order of which a clip is shown at a time (`displaySize`), so it rests at the near side.
 *
 * @throws {RangeError} for a clip of less than a share
 */
export function nativeIceberg(clip: Micros): Algorithm {
  if (clip < MICROS_PER_UNIT) throw new RangeError("Cannot show less than a share at a time");
  return {
    name: "ICEBERG",
    atBroker: true,
    next(parent, progress, { bid, ask }): Slice | null {
      if (!isActive(parent, progress) || progress.working > ZERO) return null;
      return {
        quantity: cut(parent, progress, leftOf(parent, progress)),
        limitPrice: parent.side === "BUY" ? bid : ask,
        restMs: parent.endMs - progress.now,
        displaySize: clip,
      };
    },
  };
}

/** An order that IB works by `algo`, at no worse than the limit that risk set. */
export function atIb(name: string, algo: (parent: ParentOrder, now: number) => IbAlgo): Algorithm {
  return {
    name,
    atBroker: true,
    next(parent, progress): Slice | null {
      if (!isActive(parent, progress) || progress.working > ZERO) return null;
      return {
        quantity: cut(parent, progress, leftOf(parent, progress)),
        limitPrice: null,
        restMs: parent.endMs - progress.now,
        algo: algo(parent, progress.now),
      };
    },
  };
}

const PRIORITIES = { patient: "Patient", normal: "Normal", urgent: "Urgent" } as const;

/** https://www.interactivebrokers.com/campus/ibkr-api-page/twsapi-doc/#ib-algorithms: Adaptive. */
export function ibAdaptive(urgency: keyof typeof PRIORITIES): Algorithm {
  const params = { adaptivePriority: PRIORITIES[urgency] };
  return atIb("IB_ADAPTIVE", () => ({ strategy: "Adaptive", params }));
}

/**
 * Same page: TWAP, which ends with the parent's time and not after it. The page's `strategyType` is left out: newer
 * Gateways refuse it (443), older ones take `Marketable` when it is missing.
 */
export function ibTwap(): Algorithm {
  return atIb("IB_TWAP", (parent, now) => ({
    strategy: "Twap",
    params: { ...span(parent, now), allowPastEndTime: "0" },
  }));
}

/** Same page: VWAP. `rate` is the most it may take of the market's volume, 0 to 1. */
export function ibVwap(rate: number): Algorithm {
  return atIb("IB_VWAP", (parent, now) => ({
    strategy: "Vwap",
    params: {
      maxPctVol: String(rate),
      ...span(parent, now),
      allowPastEndTime: "0",
      noTakeLiq: "0",
    },
  }));
}

function span(parent: ParentOrder, now: number): { startTime: string; endTime: string } {
  return { startTime: utc(Math.max(now, parent.startMs)), endTime: utc(parent.endMs) };
}

/** IB's time with the zone in its form: `20261120-15:30:00` is UTC. */
function utc(epochMs: number): string {
  const [date = "", time = ""] = new Date(epochMs).toISOString().split("T");
  return `${date.replaceAll("-", "")}-${time.slice(0, 8)}`;
}
