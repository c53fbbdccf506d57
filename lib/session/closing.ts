import type { Reconciled } from "../ledger/entry.ts";
import type { Books } from "../ledger/positions.ts";
import { absolute, formatMicros, type Micros, multiply, parseMicros, ZERO } from "../money.ts";
import { type Connection, DifferenceError } from "./connection.ts";
import type { Journal } from "./journal.ts";
import { snapshot } from "./reconcile.ts";

/** IBKR's commission on a stock order: a dollar at the least, one percent of its value at the most; fees beside it. */
const LEAST = parseMicros("2");
const MOST_OF_VALUE = parseMicros("0.01");

/**
 * The end of a day: the ledger is brought up to what the broker knows, compared once more, and closed.
 *
 * @throws {DifferenceError} when they differ
 */
export async function closeBooks(connection: Connection, journal: Journal): Promise<void> {
  const { word, reconciled } = await connection.recover("end");
  const unsaid = journal.books.withoutCommission();
  const isExplained = explains(reconciled, mostOf(unsaid, journal.books));
  const closing = isExplained ? { ...reconciled, differences: [] } : reconciled;
  journal.write(snapshot(word, "end"), closing);
  if (closing.differences.length > 0) {
    throw new DifferenceError("The ledger and the broker differ at the end of the day");
  }
  if (unsaid.length === 0) return;
  const { ledger, broker } = reconciled.cash;
  const text = `IBKR has not said the commission of ${unsaid.join(", ")}; its cash is ` +
    `${formatMicros(ledger - broker)} below ours, net is provisional until it does`;
  journal.incident({ code: "commission-missing", text });
}

/** The most that commissions still unsaid can come to. */
function mostOf(execIds: readonly string[], books: Books): Micros {
  const missing = new Set(execIds);
  let most = ZERO;
  for (const { execId, price, quantity } of books.executions()) {
    if (missing.has(execId)) most += LEAST + multiply(multiply(price, quantity), MOST_OF_VALUE);
  }
  return most;
}

/** True when all that differs is cash, and by no more than this. */
function explains({ differences, cash }: Reconciled, most: Micros): boolean {
  return differences.length > 0 && differences.every(({ what }) => what === "cash") &&
    absolute(cash.ledger - cash.broker) <= most;
}
