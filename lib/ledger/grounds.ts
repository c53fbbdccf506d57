import type { DatabaseSync } from "node:sqlite";
import type { Entry } from "./entry.ts";
import type { Grounds, IntentGround, SignalGround } from "./ledger.ts";

/** Why orders were made, from whole entries or straight from the database. */

export function groundsOf(entries: Iterable<Entry>): Grounds {
  const intents = new Map<string, IntentGround>();
  const signals = new Map<string, SignalGround>();
  for (const { body } of entries) {
    if (body.kind === "intent") {
      const { intentId, role, strategy, signalId } = body;
      intents.set(intentId, { role, strategy, signalId });
    } else if (body.kind === "signal") {
      signals.set(body.signalId, { strategy: body.strategy, rule: body.reason.rule });
    }
  }
  return { intents, signals };
}

/** Numbers asked for at once: a busy day's, whose answer is a few hundred kilobytes. */
const RANGE_ENTRIES = 20_000;

/** The few words are cut out by SQLite; a body that is no JSON gives none, and whoever reads it whole is told. */
export function readGrounds(
  db: DatabaseSync,
  { fromSeq, beforeSeq }: { readonly fromSeq: number; readonly beforeSeq: number },
): Grounds {
  const intents = new Map<string, IntentGround>();
  const signals = new Map<string, SignalGround>();
  const statement = db.prepare(`
    SELECT json_group_array(CASE kind
      WHEN 'intent' THEN json_array(body ->> 'intentId', body ->> 'role', body ->> 'strategy',
                                    body ->> 'signalId')
      ELSE json_array(body ->> 'signalId', body ->> 'strategy', body -> 'reason' ->> 'rule') END)
      AS grounds
    FROM entries WHERE seq >= ? AND seq < ? AND kind IN ('intent', 'signal') AND json_valid(body)`);
  for (let seq = fromSeq; seq < beforeSeq; seq += RANGE_ENTRIES) {
    const row = statement.get(seq, Math.min(seq + RANGE_ENTRIES, beforeSeq));
    const found: unknown = JSON.parse(String(row?.["grounds"] ?? "[]"));
    if (!Array.isArray(found)) continue;
    for (const [first, second, third, fourth] of found) {
      if (fourth === undefined) {
        signals.set(String(first), { strategy: String(second), rule: String(third) });
      } else {
        const signalId = fourth === null ? null : String(fourth);
        intents.set(String(first), { role: String(second), strategy: String(third), signalId });
      }
    }
  }
  return { intents, signals };
}
