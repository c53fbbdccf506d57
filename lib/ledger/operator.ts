import type { EntryBody } from "./entry.ts";
import type { Ledger } from "./ledger.ts";
import { Standing, STANDING_KINDS } from "./standing.ts";

/**
 * What a person may tell the system from outside a session. The terminal and the dashboard both come here, so the
 * same words do the same thing. A running session sees them within two seconds; one that starts later carries them
 * out first.
 *
 * - `halt`: no entries, now and in later sessions, until resumed.
 * - `flatten`: the same, and every position is closed.
 * - `pause`: no entries until resumed; the session goes on as it is.
 * - `resume`: lifts one thing, the halt before the pause. Who lifts both has to say so twice.
 */
export type Instruction = "halt" | "flatten" | "pause" | "resume";

/** Entries of people are of no session. */
export const OPERATOR = "operator";

export interface Instructed {
  /** False when it was so already: then nothing was written. */
  readonly changed: boolean;
  readonly text: string;
}

/**
 * Writes a person's instruction down, durably.
 *
 * @throws {RangeError} when no reason is given
 * @throws {LedgerError} when the ledger cannot be read or written
 */
export function instruct(
  ledger: Ledger,
  instruction: Instruction,
  said: { readonly actor: string; readonly because: string; readonly now: number },
): Instructed {
  const because = said.because.trim();
  if (because === "") {
    throw new RangeError(`Cannot ${instruction} without a reason: say why, the ledger keeps it`);
  }
  const standing = new Standing();
  for (const entry of ledger.read({ kinds: STANDING_KINDS })) standing.apply(entry);
  const { bodies, text } = answerTo(instruction, standing, { actor: said.actor, because });
  if (bodies.length > 0) ledger.append(OPERATOR, said.now, bodies);
  return { changed: bodies.length > 0, text };
}

interface Answer {
  readonly bodies: readonly EntryBody[];
  readonly text: string;
}

type By = { readonly actor: string; readonly because: string };

function answerTo(instruction: Instruction, standing: Standing, by: By): Answer {
  const { halt, pause, flatten } = standing;
  switch (instruction) {
    case "halt":
      if (halt !== null) return none(`Already halted: ${halt.because}`);
      return {
        bodies: [{ kind: "halted", ...by }],
        text: "Halted: no entries until deno task resume",
      };
    case "flatten": {
      if (flatten !== null) return none(`Already to be flat: ${flatten.because}`);
      const halted: readonly EntryBody[] = halt === null ? [{ kind: "halted", ...by }] : [];
      return {
        bodies: [...halted, { kind: "flatten-requested", ...by }],
        text: "Halted, and every position is to be closed: no entries until deno task resume",
      };
    }
    case "pause":
      if (pause !== null) return none(`Already paused: ${pause.because}`);
      return {
        bodies: [{ kind: "entries-paused", ...by }],
        text: "Paused: no entries until deno task resume; the session goes on",
      };
    case "resume":
      return resume(standing, by);
  }
}

function resume({ halt, pause }: Standing, by: By): Answer {
  if (halt !== null) {
    const still = pause === null
      ? ""
      : `. Entries stay paused (${pause.because}): deno task resume once more lifts that`;
    return {
      bodies: [{ kind: "halt-lifted", ...by }],
      text: `Resumed: the halt is lifted (${halt.because})${still}`,
    };
  }
  if (pause === null) return none("Neither halted nor paused: nothing to lift");
  return {
    bodies: [{ kind: "entries-resumed", ...by }],
    text: `Resumed: entries are no longer paused (${pause.because})`,
  };
}

function none(text: string): Answer {
  return { bodies: [], text };
}
