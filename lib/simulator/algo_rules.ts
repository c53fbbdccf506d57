import type { WireOrder } from "../wire/order.ts";
import { invalidTime, type Refusal } from "./refusal.ts";
import { parseRequestTime } from "./request_time.ts";

/**
 * The algorithms this exchange has, their parameters, and what TWS says of others. Names, codes and texts as a Gateway
 * of 2026 was recorded to have them; it does not know Twap's strategyType, which older ones asked for.
 */

/** Undefined when the value may stand there. */
type Check = (value: string, tag: string) => Refusal | undefined;

const PRIORITIES: ReadonlySet<string> = new Set(["Urgent", "Normal", "Patient"]);
const FLAGS: ReadonlySet<string> = new Set(["0", "1", "true", "false", ""]);
/** IB takes part in a tenth to a half of the volume. */
const PART_MIN = 0.1;
const PART_MAX = 0.5;

const oneOfPriorities: Check = (value) =>
  PRIORITIES.has(value)
    ? undefined
    : { code: 145, text: `Error in validating entry fields -${value}` };
const flag: Check = (value, tag) => FLAGS.has(value.toLowerCase()) ? undefined : bad(tag, value);
const part: Check = (value, tag) => {
  const number = value.trim() === "" ? NaN : Number(value);
  return number >= PART_MIN && number <= PART_MAX ? undefined : bad(tag, value);
};
const time: Check = (value, tag) =>
  value === "" || algoTime(value, "2000-01-03") !== undefined ? undefined : invalidTime(10314, tag);

const WINDOW = { startTime: time, endTime: time, allowPastEndTime: flag } as const;

const ALGORITHMS: ReadonlyMap<string, Readonly<Record<string, Check>>> = new Map<
  string,
  Readonly<Record<string, Check>>
>([
  ["Adaptive", { adaptivePriority: oneOfPriorities }],
  ["Twap", WINDOW],
  ["Vwap", { ...WINDOW, maxPctVol: part, noTakeLiq: flag, speedUp: flag }],
]);

/** Order types that IB gives to algorithms. An Adaptive stop begins when it is triggered. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  Adaptive: ["MKT", "LMT", "STP", "STP LMT"],
  Twap: ["MKT", "LMT"],
  Vwap: ["MKT", "LMT"],
};

export function checkAlgo(order: WireOrder): Refusal | null {
  const { algoStrategy, algoParams, orderType, tif } = order;
  if (algoStrategy === "") return null;
  const checks = ALGORITHMS.get(algoStrategy);
  if (checks === undefined) {
    return { code: 439, text: "Order processing failed. Algorithm definition not found" };
  }
  if (TYPES[algoStrategy]?.includes(orderType) !== true || !["", "DAY", "GTC"].includes(tif)) {
    return { code: 442, text: "Specified algorithm is not allowed for this order." };
  }
  for (const { tag, value } of algoParams) {
    const check = Object.hasOwn(checks, tag) ? checks[tag] : undefined;
    if (check === undefined) {
      return { code: 443, text: `Order processing failed. Unknown algo attribute:${tag}` };
    }
    const refusal = check(value, tag);
    if (refusal !== undefined) return refusal;
  }
  return null;
}

function bad(tag: string, value: string): Refusal {
  return { code: 441, text: `Algo attributes validation failed:${tag}=${value}` };
}

/** A time of an algorithm's window, epoch ms; a time of day alone is one of `date`. Undefined when it is no time. */
export function algoTime(text: string, date: string): number | undefined {
  const isTimeOfDay = /^\d{1,2}:/.test(text);
  return parseRequestTime(isTimeOfDay ? `${date.replaceAll("-", "")} ${text}` : text)?.epochMs;
}
