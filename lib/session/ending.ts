import type { SessionClosed } from "../ledger/entry.ts";
import { StrategyStoppedError } from "../strategy/strategy_error.ts";
import { SetupError } from "./account.ts";
import { DifferenceError } from "./connection.ts";
import { isBrokerSilence } from "./failures.ts";
import { WarmUpError } from "./warm_up.ts";

export interface SessionOutcome {
  readonly outcome: SessionClosed["outcome"];
  readonly because: string;
}

/** Stopped from outside: not a failure. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Halted before the session, with nothing to protect. */
export class HaltedError extends Error {
  override readonly name = "HaltedError";
}

const EXPECTED = [DifferenceError, WarmUpError, SetupError, StrategyStoppedError];

/** Failures with a name end the session in its books; anything else is a defect, null, and surfaces as one. */
export function endingOf(error: unknown, isStopped: boolean): SessionOutcome | null {
  if (error instanceof StoppedError || isStopped) {
    return { outcome: "interrupted", because: "stopped by signal" };
  }
  if (error instanceof HaltedError) return { outcome: "halted", because: error.message };
  if (isBrokerSilence(error)) return { outcome: "failed", because: error.message };
  if (error instanceof Error && EXPECTED.some((kind) => error instanceof kind)) {
    return { outcome: "failed", because: error.message };
  }
  return null;
}
