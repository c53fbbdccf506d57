import type { Entry } from "../ledger/entry.ts";
import { maskAccount } from "../probe/mask.ts";
import { bridgeSection } from "./bridge.ts";
import { dataSection } from "./data_quality.ts";
import { makeDay } from "./day.ts";
import { collectFacts } from "./facts.ts";
import type { Report } from "./figure.ts";
import { historySection } from "./history.ts";
import { incidentsSection } from "./incidents.ts";
import { limitsSection } from "./limits.ts";
import { orderResults } from "./order_results.ts";
import { ordersSection } from "./orders.ts";
import { pnlSection } from "./pnl.ts";
import { nextSection } from "./next.ts";
import { provenanceSection } from "./provenance.ts";
import { qualitySection } from "./quality.ts";
import { parseStatement } from "./statement.ts";
import { stripSection } from "./session_strip.ts";
import { longDate } from "./times.ts";
import { verdictOf } from "./verdict.ts";
import { headlineOf } from "./headline.ts";
import { reconciliationSection } from "./reconciliation.ts";

/** The report asks for a session that the ledger does not have. */
export class NoSuchSessionError extends Error {
  override readonly name = "NoSuchSessionError";
}

/**
 * The report of these sessions, which are of one account and one exchange date. Give it the whole ledger: what
 * came before says what was held, what came after brings late commissions.
 *
 * @throws {NoSuchSessionError} when no entry belongs to them
 * @throws {StatementError} when the file is not the statement of this account and day
 */
export function buildReport(
  entries: Iterable<Entry>,
  sessionIds: readonly string[],
  file: StatementFile | null = null,
): Report {
  const facts = collectFacts(entries, new Set(sessionIds));
  if (facts.first === null) {
    throw new NoSuchSessionError(
      `Cannot report on session "${sessionIds.join(", ")}": the ledger has no entry of it`,
    );
  }
  const opened = facts.opened.at(-1)?.body;
  const statement = file === null || opened === undefined ? null : parseStatement(file.text, {
    account: opened.account,
    date: opened.date,
    fileHash: file.hash,
  });
  const day = makeDay(facts, statement);
  const date = opened?.date ?? day.times.date(facts.first.at);
  const exchange = opened?.exchange ?? "unknown exchange";
  const { currencies } = day.accounting;
  const results = orderResults(day);
  return {
    schema: 1,
    title: `Session report, ${longDate(date)}`,
    date,
    from: null,
    exchange,
    zone: day.times.zone,
    timesIn: day.times.label(day.opensAt),
    currency: currencies.length === 0 ? "USD" : currencies.join("/"),
    mode: opened?.mode ?? "paper",
    account: opened === undefined ? "unknown" : maskAccount(opened.account),
    strategy: opened?.strategy ?? "unknown",
    sessionIds: [...new Set(sessionIds)],
    verdict: verdictOf(day),
    headline: headlineOf(day),
    sections: [
      bridgeSection(day),
      stripSection(day),
      pnlSection(day),
      qualitySection(day, results),
      ordersSection(day, results),
      limitsSection(day),
      reconciliationSection(day),
      incidentsSection(day),
      dataSection(day),
      historySection(day.facts.history, day.times),
      nextSection(day),
      provenanceSection(day),
    ],
  };
}

/** A Flex statement as it was read. */
export interface StatementFile {
  readonly text: string;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** Sessions of the newest exchange date, of the account that traded last. */
export function lastDay(entries: Iterable<Entry>): readonly string[] {
  let ids: string[] = [];
  let key = "";
  for (const { sessionId, body } of entries) {
    if (body.kind !== "session-opened") continue;
    const itsKey = `${body.date} ${body.account}`;
    if (itsKey !== key) ids = [];
    key = itsKey;
    ids.push(sessionId);
  }
  return ids;
}
