import type { Decision, Refused } from "../risk/review.ts";
import type { Signal } from "../strategy/strategy.ts";
import type { Journal } from "./journal.ts";

/** A refusal like the one before it, no later than this after it, says nothing new: strategies look at every bar. */
const REPEAT_WITHIN_MS = 15 * 60_000;

/** A refusal that was written down, and what came after it that was the same. */
interface Standing {
  readonly signalId: string;
  readonly symbol: string;
  readonly rule: string;
  readonly code: string;
  /** Of the newest. */
  value: string;
  limit: string;
  count: number;
  lastAt: number;
}

/**
 * Signals that risk goes on refusing for the same reason. The first is in the ledger with its numbers; how often it came
 * again is written once that is over: when the answer or the signal's rule changes, after a silence, and at the end.
 */
export class Repeats {
  readonly #journal: Journal;
  /** `symbol side purpose` → the refusal that stands */
  readonly #standing = new Map<string, Standing>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** True when all of these, wanted together, are refused as they were before: they are counted, and no more. */
  count(decisions: readonly Decision[], now: number): boolean {
    if (!decisions.every((decision) => this.#isRepeat(decision, now))) return false;
    for (const decision of decisions) {
      const standing = this.#standing.get(keyOf(decision.signal));
      if (decision.outcome !== "refused" || standing === undefined) continue;
      const { value, limit } = decision;
      Object.assign(standing, { value, limit, count: standing.count + 1, lastAt: now });
    }
    return true;
  }

  /** The answer is another one now: what was counted until here is written down. */
  end({ signal }: Decision): void {
    const key = keyOf(signal);
    const standing = this.#standing.get(key);
    if (standing === undefined) return;
    this.#standing.delete(key);
    this.#write(standing);
  }

  /** Was written down just now; from here on the same is counted. */
  begin({ signal, code, value, limit }: Refused, signalId: string, now: number): void {
    const { symbol, reason: { rule } } = signal;
    this.#standing.set(keyOf(signal), {
      signalId,
      symbol,
      rule,
      code,
      value,
      limit,
      count: 0,
      lastAt: now,
    });
  }

  /** Nothing comes any more. */
  endAll(): void {
    for (const standing of this.#standing.values()) this.#write(standing);
    this.#standing.clear();
  }

  #isRepeat(decision: Decision, now: number): boolean {
    const standing = this.#standing.get(keyOf(decision.signal));
    return decision.outcome === "refused" && standing !== undefined &&
      standing.code === decision.code && standing.rule === decision.signal.reason.rule &&
      now - standing.lastAt <= REPEAT_WITHIN_MS;
  }

  #write({ signalId, symbol, code, value, limit, count, lastAt }: Standing): void {
    if (count === 0) return;
    this.#journal.write({
      kind: "refusal-repeated",
      signalId,
      symbol,
      code,
      value,
      limit,
      count,
      lastAt,
    });
  }
}

function keyOf({ symbol, side, purpose }: Signal): string {
  return `${symbol} ${side} ${purpose}`;
}
