import type { DatabaseSync, StatementSync } from "node:sqlite";
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

interface Range {
  readonly fromSeq: number;
  /** The first that is not read any more. */
  readonly beforeSeq: number;
}

/**
 * Straight from the texts: of half a kilobyte three words are needed, and picking them takes half the time of parsing
 * it all.
 *
 * @throws {LedgerError} when a body is not what its kind says
 */
export function readGrounds(db: DatabaseSync, { fromSeq, beforeSeq }: Range): Grounds {
  const intents = new Map<string, IntentGround>();
  const signals = new Map<string, SignalGround>();
  const [allIntents, allSignals] = [textsOf(db, "intent"), textsOf(db, "signal")];
  for (let seq = fromSeq; seq < beforeSeq; seq += RANGE_ENTRIES) {
    const range = { fromSeq: seq, beforeSeq: Math.min(seq + RANGE_ENTRIES, beforeSeq) };
    for (const body of linesOf(allIntents, range)) {
      const word = wordsOf(body, range);
      const signalId = body.includes(NO_SIGNAL) ? null : word("signalId");
      intents.set(word("intentId"), { role: word("role"), strategy: word("strategy"), signalId });
    }
    for (const body of linesOf(allSignals, range)) {
      const word = wordsOf(body, range);
      signals.set(word("signalId"), { strategy: word("strategy"), rule: word("rule") });
    }
  }
  return { intents, signals };
}

const NO_SIGNAL = '"signalId":null';

function textsOf(db: DatabaseSync, kind: "intent" | "signal"): StatementSync {
  return db.prepare(`
    SELECT group_concat(body, char(10)) AS bodies FROM entries
    WHERE kind = '${kind}' AND seq >= ? AND seq < ?`);
}

/** In canonical JSON a line break is written as two letters. */
function linesOf(statement: StatementSync, { fromSeq, beforeSeq }: Range): readonly string[] {
  const text = statement.get(fromSeq, beforeSeq)?.["bodies"];
  return typeof text === "string" ? text.split("\n") : [];
}

/**
 * Reads a body's words by their names, each at its last mention. That is the member itself: canonical JSON has its
 * members in the order of their names, so what may hold names of others' choosing, an intent's `algo` and a signal's
 * `inputs`, stands before these words; and inside a text a quote is escaped.
 */
function wordsOf(body: string, range: Range): (name: string) => string {
  return (name) => {
    const mention = `"${name}":`;
    const at = body.lastIndexOf(mention);
    const start = at + mention.length;
    let end = body.indexOf('"', start + 1);
    while (end >= 0 && isEscaped(body, end)) end = body.indexOf('"', end + 1);
    if (at < 0 || end < 0 || body.charCodeAt(start) !== QUOTE) throw damaged(name, range);
    const word = body.slice(start + 1, end);
    return word.includes("\\") ? unescaped(word, range) : word;
  };
}

const QUOTE = 34;

/** After an odd number of backslashes. */
function isEscaped(text: string, index: number): boolean {
  let before = index;
  while (text[before - 1] === "\\") before--;
  return (index - before) % 2 === 1;
}

function unescaped(word: string, range: Range): string {
  try {
    return String(JSON.parse(`"${word}"`));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(word, range);
  }
}

function damaged(what: string, { fromSeq, beforeSeq }: Range): LedgerError {
  return new LedgerError(
    `Cannot read entries ${fromSeq} to ${beforeSeq - 1} of the ledger: no "${what}" in one of ` +
      "them; deno task report verify names the first that was changed",
  );
}
