import type { Step } from "./plan.ts";

/** What an exit code says about a run, and what is to be done about it. */
export type Verdict =
  | "done"
  /** Worth another attempt: it crashed, or the Gateway was not ready. */
  | "again"
  /** Another attempt would end the same: a wrong configuration, a halt. */
  | "failed"
  /** Another process runs this day's session. */
  | "elsewhere"
  /** A person stopped it. */
  | "interrupted";

const USAGE = 2;
const HALTED = 4;
const OWNED_ELSEWHERE = 5;
const INTERRUPTED = 130;

/** Only a session is started again: its start is its recovery. The session probes for itself, a report can be run by hand. */
export function verdict(step: Step, exitCode: number): Verdict {
  if (exitCode === 0) return "done";
  if (exitCode === INTERRUPTED) return "interrupted";
  if (step !== "session" || exitCode === USAGE || exitCode === HALTED) return "failed";
  return exitCode === OWNED_ELSEWHERE ? "elsewhere" : "again";
}

const MEANING: ReadonlyMap<number, string> = new Map([
  [1, "failed"],
  [2, "wrong usage or configuration"],
  [3, "not ready"],
  [4, "halted by risk"],
  [5, "another session owns it"],
  [130, "interrupted"],
]);

/** `exit code 3, not ready`. */
export function describeExit(exitCode: number): string {
  const meaning = MEANING.get(exitCode);
  return meaning === undefined ? `exit code ${exitCode}` : `exit code ${exitCode}, ${meaning}`;
}
