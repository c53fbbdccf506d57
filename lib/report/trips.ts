import type { ExecutionBooked } from "../ledger/entry.ts";
import { FifoLots, share } from "../ledger/lots.ts";
import { fillOf, type Tape } from "../ledger/positions.ts";
import { absolute, divide, greatest, least, type Micros, multiply, ZERO } from "../money.ts";

/** One round trip: a symbol from flat, or from what was held at the start, to flat or to the end of the day. */
export interface Trip {
  readonly id: string;
  readonly symbol: string;
  readonly side: "long" | "short";
  /** Exchange times; null when held before the day, or still held. */
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  /** Most shares held at once. */
  readonly quantity: Micros;
  /** Null when held before the day. */
  readonly entryPrice: Micros | null;
  /** Null while nothing was closed. */
  readonly exitPrice: Micros | null;
  /** Realised first in first out. */
  readonly gross: Micros;
  readonly commissions: Micros;
  readonly net: Micros;
  /** Shares and their cost still open at the end. */
  readonly openQuantity: Micros;
  readonly openCost: Micros;
  /** Least and most it was ever worth at the fills and the samples in between, before commissions. */
  readonly worst: Micros;
  readonly best: Micros;
  /** Samples that went into those two. */
  readonly samples: number;
  readonly execIds: readonly string[];
  /** Executions that opened and closed it; null when held before the day, or still held. */
  readonly openedBy: ExecutionBooked | null;
  readonly closedBy: ExecutionBooked | null;
}

/** What a share was worth at an instant. */
export interface Sample {
  readonly at: number;
  readonly mark: Micros;
}

interface Draft {
  readonly side: "long" | "short";
  readonly openedBy: ExecutionBooked | null;
  quantity: Micros;
  entryShares: Micros;
  entryNotional: Micros;
  exitShares: Micros;
  exitNotional: Micros;
  gross: Micros;
  commissions: Micros;
  worst: Micros;
  best: Micros;
  samples: number;
  readonly execIds: string[];
}

/** Round trips of one symbol, oldest first. Their gross and commissions add up to the symbol's. */
export function tripsOf(
  symbol: string,
  tape: Tape,
  { commissionOf, samples }: {
    readonly commissionOf: (execId: string) => Micros;
    /** Oldest first. */
    readonly samples: readonly Sample[];
  },
): readonly Trip[] {
  const tracker = new Tracker(symbol, tape, samples);
  for (const execution of tape.executions) {
    tracker.fill(execution, commissionOf(execution.execId));
  }
  return tracker.finish();
}

class Tracker {
  readonly #symbol: string;
  readonly #lots = new FifoLots();
  readonly #samples: readonly Sample[];
  readonly #trips: Trip[] = [];
  #nextSample = 0;
  #draft: Draft | null = null;

  constructor(symbol: string, tape: Tape, samples: readonly Sample[]) {
    this.#symbol = symbol;
    this.#samples = samples;
    this.#lots.load(tape.opening);
    if (this.#lots.quantity !== 0n) {
      this.#draft = draftOf(this.#lots.quantity, null);
      this.#draft.quantity = absolute(this.#lots.quantity);
    }
  }

  fill(execution: ExecutionBooked, commission: Micros): void {
    this.#sampleUntil(execution.time);
    const fill = fillOf(execution);
    if (fill.quantity === 0n) return this.#empty(execution, commission);
    const before = this.#lots.quantity;
    const opposes = before !== 0n && (before < 0n) !== (fill.quantity < 0n);
    const closing = opposes ? least(absolute(before), absolute(fill.quantity)) : ZERO;
    const opening = absolute(fill.quantity) - closing;
    const closingCommission = share(commission, closing, absolute(fill.quantity));
    const realized = this.#lots.fill(fill).reduce((sum, one) => sum + one.realized, ZERO);
    if (closing > 0n && this.#draft !== null) {
      const draft = this.#draft;
      draft.gross += realized;
      draft.exitShares += closing;
      draft.exitNotional += multiply(closing, execution.price);
      draft.commissions += closingCommission;
      draft.execIds.push(execution.execId);
      // Past zero the rest belongs to the next trip, so this one is worth what it realised.
      if (closing === absolute(before)) this.#close(draft, execution);
      else this.#observe(execution.price);
    }
    if (opening > 0n) this.#open(execution, opening, commission - closingCommission);
  }

  finish(): readonly Trip[] {
    this.#sampleUntil(Infinity);
    const draft = this.#draft;
    if (draft !== null) {
      this.#trips.push(this.#trip(draft, null, this.#lots));
      this.#draft = null;
    }
    return this.#trips;
  }

  /** An execution taken back to nothing still has its commission. */
  #empty(execution: ExecutionBooked, commission: Micros): void {
    if (commission === 0n) return;
    const draft = this.#draft ?? draftOf(1n, execution);
    draft.commissions += commission;
    draft.execIds.push(execution.execId);
    if (this.#draft === null) this.#trips.push(this.#trip(draft, execution, NOTHING_OPEN));
  }

  #open(execution: ExecutionBooked, shares: Micros, commission: Micros): void {
    const draft = this.#draft ??= draftOf(this.#lots.quantity, execution);
    draft.quantity = greatest(draft.quantity, absolute(this.#lots.quantity));
    draft.entryShares += shares;
    draft.entryNotional += multiply(shares, execution.price);
    draft.commissions += commission;
    draft.execIds.push(execution.execId);
    this.#observe(execution.price);
  }

  #close(draft: Draft, execution: ExecutionBooked): void {
    draft.worst = least(draft.worst, draft.gross);
    draft.best = greatest(draft.best, draft.gross);
    this.#trips.push(this.#trip(draft, execution, NOTHING_OPEN));
    this.#draft = null;
  }

  #sampleUntil(time: number): void {
    for (;;) {
      const sample = this.#samples[this.#nextSample];
      if (sample === undefined || sample.at >= time) return;
      this.#nextSample++;
      const opened = this.#draft?.openedBy?.time ?? -Infinity;
      if (this.#draft === null || sample.at < opened) continue;
      this.#draft.samples++;
      this.#observe(sample.mark);
    }
  }

  #observe(mark: Micros): void {
    const draft = this.#draft;
    if (draft === null) return;
    const worth = draft.gross + multiply(this.#lots.quantity, mark) - this.#lots.cost;
    draft.worst = least(draft.worst, worth);
    draft.best = greatest(draft.best, worth);
  }

  #trip(
    draft: Draft,
    closedBy: ExecutionBooked | null,
    open: { readonly quantity: Micros; readonly cost: Micros },
  ): Trip {
    const { openedBy, side, quantity, gross, commissions, worst, best, samples, execIds } = draft;
    return {
      id: `${this.#symbol}-${this.#trips.length + 1}`,
      symbol: this.#symbol,
      side,
      openedAt: openedBy?.time ?? null,
      closedAt: closedBy?.time ?? null,
      quantity,
      entryPrice: openedBy === null || draft.entryShares === 0n
        ? null
        : divide(draft.entryNotional, draft.entryShares),
      exitPrice: draft.exitShares === 0n ? null : divide(draft.exitNotional, draft.exitShares),
      gross,
      commissions,
      net: gross - commissions,
      openQuantity: open.quantity,
      openCost: open.cost,
      worst,
      best,
      samples,
      execIds,
      openedBy,
      closedBy,
    };
  }
}

const NOTHING_OPEN = { quantity: ZERO, cost: ZERO };

function draftOf(quantity: Micros, openedBy: ExecutionBooked | null): Draft {
  return {
    side: quantity < 0n ? "short" : "long",
    openedBy,
    quantity: ZERO,
    entryShares: ZERO,
    entryNotional: ZERO,
    exitShares: ZERO,
    exitNotional: ZERO,
    gross: ZERO,
    commissions: ZERO,
    worst: ZERO,
    best: ZERO,
    samples: 0,
    execIds: [],
  };
}
