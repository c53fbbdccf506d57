import type { DatabaseSync } from "node:sqlite";
import type { Entry } from "./entry.ts";
import { type Grounds, type IntentGround, LedgerError, type SignalGround } from "./ledger.ts";

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

/** Numbers asked for at once: their bodies are a text of half a megabyte. */
const RANGE_ENTRIES = 2_000;

/**
 * Straight from the texts: a whole check of bodies of which three words are needed takes longer than reading them.
 *
 * @throws {LedgerError} when a body is no JSON
 */
export function readGrounds(
  db: DatabaseSync,
  { fromSeq, beforeSeq }: { readonly fromSeq: number; readonly beforeSeq: number },
): Grounds {
  const intents = new Map<string, IntentGround>();
  const signals = new Map<string, SignalGround>();
  const statement = db.prepare(`
    SELECT '[' || group_concat(body) || ']' AS bodies FROM entries
    WHERE seq >= ? AND seq < ? AND kind IN ('intent', 'signal')`);
  for (let seq = fromSeq; seq < beforeSeq; seq += RANGE_ENTRIES) {
    const before = Math.min(seq + RANGE_ENTRIES, beforeSeq);
    for (const body of parseAll(statement.get(seq, before)?.["bodies"], { seq, before })) {
      const { kind, strategy, signalId } = body;
      if (kind === "intent") {
        const { intentId, role } = body;
        const own = signalId === null ? null : String(signalId);
        intents.set(String(intentId), {
          role: String(role),
          strategy: String(strategy),
          signalId: own,
        });
      } else {
        const rule = isRecord(body["reason"]) ? String(body["reason"]["rule"]) : "";
        signals.set(String(signalId), { strategy: String(strategy), rule });
      }
    }
  }
  return { intents, signals };
}

function parseAll(
  text: unknown,
  { seq, before }: { readonly seq: number; readonly before: number },
): readonly Record<string, unknown>[] {
  if (typeof text !== "string") return [];
  try {
    const bodies: unknown = JSON.parse(text);
    return Array.isArray(bodies) ? bodies.filter(isRecord) : [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new LedgerError(
      `Cannot read entries ${seq} to ${before - 1} of the ledger: one of them is no JSON; ` +
        "deno task report verify names the first that was changed",
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
