import type { Entry, EntryKind, EntryOf } from "../ledger/entry.ts";
import type { LedgerReader } from "../ledger/ledger.ts";
import { COMMANDS, isOf } from "./facts.ts";

/** What a report reads of the ledger: most of it concerns neither the day nor what led to it. */

/** Of the days before: what was held, what it was worth, and whether a halt was in force. */
const BEFORE: readonly EntryKind[] = [
  "session-opened",
  "account-snapshot",
  "equity",
  "execution",
  "commission",
  ...COMMANDS,
];

/** Of the days after: what was still to be said about the day's fills. */
const AFTER: readonly EntryKind[] = [
  "session-opened",
  "account-snapshot",
  "execution",
  "commission",
  ...COMMANDS,
];

/** Of each day of a period: what its sums are made of. Marks, events of orders and why they were made are asked for apart. */
export const PERIOD_KINDS: readonly EntryKind[] = [
  "session-opened",
  "session-closed",
  "connection-changed",
  "instrument",
  "intent-frozen",
  "execution",
  "commission",
  "account-snapshot",
  "reconciled",
  "incident",
  "halted",
  "halt-lifted",
];

/** In order of seq everything that a report of these sessions stands on. */
export function* entriesAbout(
  ledger: Pick<LedgerReader, "read" | "span" | "intents">,
  sessionIds: readonly string[],
): Iterable<Entry> {
  const spans = sessionIds.flatMap((sessionId) => ledger.span(sessionId) ?? []);
  if (spans.length === 0) return;
  const first = Math.min(...spans.map((span) => span.first));
  const last = Math.max(...spans.map((span) => span.last));
  yield* ledger.read({ kinds: BEFORE, beforeSeq: first });
  const written = new Set<string>();
  const heardOf = new Set<string>();
  for (const entry of ledger.read({ fromSeq: first, beforeSeq: last + 1 })) {
    const { body } = entry;
    if (body.kind === "intent") written.add(body.intentId);
    else if ("intentId" in body && body.intentId !== null) heardOf.add(body.intentId);
    yield entry;
  }
  yield* ledger.intents(heardOf.difference(written));
  yield* ledger.read({ kinds: AFTER, fromSeq: last + 1 });
}

/** The entries of one kind that these sessions wrote. */
export function* readKind<K extends EntryKind>(
  ledger: Pick<LedgerReader, "read">,
  sessionIds: Iterable<string>,
  kind: K,
): Iterable<EntryOf<K>> {
  for (const sessionId of sessionIds) {
    for (const entry of ledger.read({ sessionId, kinds: [kind] })) {
      if (isOf(entry, kind)) yield entry;
    }
  }
}

/** The first and the last entry that these sessions wrote, of whatever kind; null when they wrote none. */
export function edgesOf(
  ledger: Pick<LedgerReader, "read" | "span">,
  { first, last }: { readonly first: readonly string[]; readonly last: readonly string[] },
): { readonly first: Entry; readonly last: Entry } | null {
  const spans = (ids: readonly string[]): readonly { first: number; last: number }[] =>
    ids.flatMap((sessionId) => ledger.span(sessionId) ?? []);
  const from = entryAt(ledger, Math.min(...spans(first).map((span) => span.first)));
  const to = entryAt(ledger, Math.max(...spans(last).map((span) => span.last)));
  return from === undefined || to === undefined ? null : { first: from, last: to };
}

function entryAt(ledger: Pick<LedgerReader, "read">, seq: number): Entry | undefined {
  const [entry] = ledger.read({ fromSeq: seq, beforeSeq: seq + 1 });
  return entry;
}
