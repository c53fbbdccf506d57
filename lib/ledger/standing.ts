import type { Entry, EntryKind } from "./entry.ts";

/** The kinds of entries it is folded from: nobody has to read a year of prices to know that it is halted. */
export const STANDING_KINDS: readonly EntryKind[] = [
  "halted",
  "halt-lifted",
  "entries-paused",
  "entries-resumed",
  "flatten-requested",
  "reconciled",
];

/** Something in force until a person lifts it: who said it, why, and when, epoch ms. */
export interface Said {
  readonly actor: string;
  readonly because: string;
  readonly at: number;
}

/**
 * What people and risk have said that outlives a session: the fold of halts, pauses and wishes to be flat. The first
 * word holds until it is lifted; a later one beside it adds nothing.
 */
export class Standing {
  #halt: Said | null = null;
  #pause: Said | null = null;
  #flatten: Said | null = null;

  /** No entries, in any session, until a person lifts it; exits and stops go on. */
  get halt(): Said | null {
    return this.#halt;
  }

  /** A person wants no entries for a while; the session itself goes on. */
  get pause(): Said | null {
    return this.#pause;
  }

  /** Every position is to be closed: until the halt it came with is lifted, or a day ended without any. */
  get flatten(): Said | null {
    return this.#flatten;
  }

  get blocksEntries(): boolean {
    return this.#halt !== null || this.#pause !== null;
  }

  apply({ body, at }: Entry): void {
    switch (body.kind) {
      case "halted":
        this.#halt ??= { actor: body.actor, because: body.because, at };
        return;
      case "halt-lifted":
        this.#halt = null;
        this.#flatten = null;
        return;
      case "entries-paused":
        this.#pause ??= { actor: body.actor, because: body.because, at };
        return;
      case "entries-resumed":
        this.#pause = null;
        return;
      case "flatten-requested":
        this.#flatten ??= { actor: body.actor, because: body.because, at };
        return;
      case "reconciled":
        // At the end nothing works any more, so without a position it has been carried out.
        if (body.at === "end" && body.positions.ledger === 0 && body.positions.broker === 0) {
          this.#flatten = null;
        }
        return;
      default:
    }
  }
}
