import { z } from "zod";
import { divide, fromNumber, greatest, type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import { adaptive } from "./adaptive.ts";
import { ibAdaptive, ibTwap, ibVwap, nativeIceberg } from "./at_broker.ts";
import { iceberg } from "./iceberg.ts";
import type { Algorithm } from "./parent.ts";
import { pov } from "./pov.ts";
import { twap } from "./twap.ts";
import { type VolumeProfile, vwap } from "./vwap.ts";

/** The algorithms by name. `LIMIT` and `MARKET` are no parents: the whole order leaves at once. */
export const ALGORITHM_NAMES = [
  "LIMIT",
  "MARKET",
  "ADAPTIVE",
  "TWAP",
  "VWAP",
  "POV",
  "ICEBERG",
  "IB_ADAPTIVE",
  "IB_TWAP",
  "IB_VWAP",
] as const;

export type AlgorithmName = (typeof ALGORITHM_NAMES)[number];

/** How entries are worked. `lib/config.ts` takes this as its `[execution]` section. */
export const executionSchema = z.strictObject({
  style: z.enum(["auto", ...ALGORITHM_NAMES]).default("auto")
    .describe("How an entry is worked; auto goes by its size against the market"),
  horizonMinutes: z.number().positive().max(390).default(30)
    .describe("Longest time an entry is worked; it ends before entries end"),
  sliceSeconds: z.number().min(5).max(3_600).default(60)
    .describe("About how far slices of TWAP and VWAP are apart"),
  minSliceUsd: z.number().nonnegative().default(1_000)
    .describe(
      "TWAP, VWAP, POV: slices are not cut smaller, as IB's least commission is for each order",
    ),
  urgency: z.enum(["patient", "normal", "urgent"]).default("normal")
    .describe("How soon ADAPTIVE crosses the spread"),
  participationPct: z.number().positive().max(50).default(10)
    .describe("POV and IB_VWAP: largest part of what everybody trades, percent"),
  displayPct: z.number().positive().max(100).default(10)
    .describe("ICEBERG: part of the order shown at a time, percent"),
}).refine(({ style, participationPct }) => style !== "IB_VWAP" || participationPct >= 10, {
  path: ["participationPct"],
  message: "IB_VWAP takes at least 10 percent",
}).prefault({});

export type ExecutionSettings = z.output<typeof executionSchema>;

/** What an algorithm needs to know beside its parent. */
export interface AlgorithmContext {
  readonly settings: ExecutionSettings;
  /** Of the whole parent. */
  readonly quantity: Micros;
  /** About what a share costs; null when unknown, then any slice will do. */
  readonly price: Micros | null;
  /** The symbol's own; null while nobody knows one, then VWAP follows the clock. */
  readonly profile: VolumeProfile | null;
  readonly opensAt: number;
  readonly closesAt: number;
}

/** Fewer clips than this are not worth hiding: the order is cut by us, each clip with its own price. */
const NATIVE_CLIPS_MIN = 2n;

/** The algorithm of a parent; null for an order that leaves whole. */
export function algorithmOf(name: AlgorithmName, context: AlgorithmContext): Algorithm | null {
  const { settings, profile } = context;
  const intervalMs = settings.sliceSeconds * 1_000;
  const sharesMin = sharesWorth(context);
  switch (name) {
    case "LIMIT":
    case "MARKET":
      return null;
    case "ADAPTIVE":
      return adaptive(settings.urgency);
    case "TWAP":
      return twap(intervalMs, sharesMin);
    case "VWAP":
      return profile === null
        ? twap(intervalMs, sharesMin)
        : vwap(profile, context, { intervalMs, sharesMin });
    case "POV":
      return pov(settings.participationPct / 100, sharesMin);
    case "ICEBERG":
      return icebergOf(context);
    case "IB_ADAPTIVE":
      return ibAdaptive(settings.urgency);
    case "IB_TWAP":
      return ibTwap();
    case "IB_VWAP":
      return ibVwap(settings.participationPct / 100);
  }
}

/** Whole shares that cost about the least slice, at least one. */
function sharesWorth({ settings, price }: AlgorithmContext): Micros {
  if (price === null || price <= ZERO) return MICROS_PER_UNIT;
  const shares = divide(fromNumber(settings.minSliceUsd), price);
  return greatest(shares - shares % MICROS_PER_UNIT, MICROS_PER_UNIT);
}

/** IB shows whole round lots only; a clip below one is cut by us. */
const ROUND_LOT: Micros = 100n * MICROS_PER_UNIT;

function icebergOf({ quantity, settings }: AlgorithmContext): Algorithm {
  const part = (quantity * BigInt(Math.round(settings.displayPct * 100))) / 10_000n;
  const lots = part - part % ROUND_LOT;
  if (lots >= ROUND_LOT && quantity >= NATIVE_CLIPS_MIN * lots) return nativeIceberg(lots);
  return iceberg(greatest(part - part % MICROS_PER_UNIT, MICROS_PER_UNIT));
}
