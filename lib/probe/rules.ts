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

/** `38 ms`, `5.0 s`, `7 min`, `3 h`, `12 days`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return `${ms} ms`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} days`;
}
