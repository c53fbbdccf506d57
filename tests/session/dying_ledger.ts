import type { EntryBody } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";

export class KilledError extends Error {
  override readonly name = "KilledError";
}

/** A ledger whose process dies, for good, when it is to write this. */
export function dying(
  inner: Ledger,
  when: (bodies: readonly EntryBody[], atMs: number) => boolean,
): Ledger {
  let isDead = false;
  return {
    read: (query) => inner.read(query),
    sessions: () => inner.sessions(),
    sessionIds: () => inner.sessionIds(),
    grounds: (range) => inner.grounds(range),
    intents: (intentIds) => inner.intents(intentIds),
    span: (sessionId) => inner.span(sessionId),
    head: () => inner.head(),
    firstBreak: () => inner.firstBreak(),
    close: () => inner.close(),
    append: (sessionId, atMs, bodies) => {
      isDead ||= when(bodies, atMs);
      if (isDead) throw new KilledError("Killed before it was written");
      return inner.append(sessionId, atMs, bodies);
    },
  };
}
