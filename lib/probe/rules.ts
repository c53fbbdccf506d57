import { CAUSES } from "./causes.ts";
import type { Holder } from "./evidence.ts";
import type { CauseCode, Diagnosis } from "./report.ts";

/** A diagnosis with what this run adds to the general knowledge of its cause. */
export function suspect(
  code: CauseCode,
  confidence: number,
  details: {
    readonly because: readonly string[];
    readonly remedy?: readonly string[];
    readonly wouldSeparate?: string;
    readonly reference?: string;
  },
): Diagnosis {
  const cause = CAUSES[code];
  return {
    code,
    confidence,
    because: details.because,
    remedy: details.remedy ?? cause.remedy,
    wouldSeparate: details.wouldSeparate ?? cause.wouldSeparate,
    reference: details.reference ?? cause.reference,
  };
}

/** `python3 bot.py (pid 4711)`. */
export function holderText(holder: Holder | null): string {
  return holder === null ? "a program hidden from us" : `${holder.label} (pid ${holder.pid})`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `5.0 s`, `38 ms`. */
export function duration(ms: number): string {
  return ms < 1000
    ? `${ms} ms`
    : ms < 100_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.round(ms / 1000)} s`;
}
