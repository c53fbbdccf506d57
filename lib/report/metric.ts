import type { Unit } from "./figure.ts";

/** A day's return on its opening NAV: 0.01 is one percent. */
export interface DailyReturn {
  /** `2026-11-20` */
  readonly date: string;
  readonly value: number;
}

export interface Metric {
  readonly id: string;
  readonly label: string;
  readonly unit: Unit;
  /** A fraction where the unit is percent; null when undefined. */
  readonly value: number | null;
  readonly formula: string;
  /** Why it is undefined. */
  readonly reason: string | null;
}

/** Trading days that count as a year. */
export const DAYS_PER_YEAR = 252;

export const NO_LOSS = "no losing day";
export const NO_GAIN = "no winning day";
export const NO_DRAWDOWN = "equity was never below its height";
export const NO_SPREAD = "the returns do not differ, so there is nothing to divide by";
export const TOO_FEW = "fewer than two days";

type Given = Omit<Metric, "value" | "reason">;

/** `reason` makes it undefined; so does a value that is not finite. */
export function metric(given: Given, value: number, reason: string | null = null): Metric {
  if (reason !== null) return { ...given, value: null, reason };
  if (!Number.isFinite(value)) return { ...given, value: null, reason: "not computable" };
  return { ...given, value, reason: null };
}
