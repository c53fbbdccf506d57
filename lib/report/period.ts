import type { Entry } from "../ledger/entry.ts";
import type { LedgerReader } from "../ledger/ledger.ts";
import { Books, splitExecId } from "../ledger/positions.ts";
import type { Micros } from "../money.ts";
import { ZERO } from "../money.ts";
import { type Day, makeDay } from "./day.ts";
import { type Facts, FactsCollector, type HistoryDay } from "./facts.ts";
import type { Verdict } from "./figure.ts";
import { addSums, ENTRY_RULES, EXITS, type GroupSum, groupSums } from "./groups.ts";
import { edgesOf, PERIOD_KINDS, readKind } from "./reading.ts";
import { outages } from "./strip_marks.ts";
import { verdictOf } from "./verdict.ts";

/** What is kept of a day when many are added up. */
export interface DayResult extends HistoryDay {
  readonly sessionIds: readonly string[];
  readonly verdict: Verdict;
  readonly realized: Micros;
  /** Late ones included. */
  readonly commissions: Micros;
  readonly unrealizedChange: Micros | null;
  readonly net: Micros | null;
  readonly unexplained: Micros | null;
  readonly fills: number;
  readonly incidents: number;
  /** execIds still without a commission. */
  readonly awaited: ReadonlySet<string>;
}

export interface SymbolSum {
  readonly fills: number;
  readonly traded: Micros;
  readonly realized: Micros;
  readonly commissions: Micros;
}

export interface Period {
  readonly days: readonly DayResult[];
  readonly symbols: ReadonlyMap<string, SymbolSum>;
  readonly rules: ReadonlyMap<string, GroupSum>;
  readonly exits: ReadonlyMap<string, GroupSum>;
  readonly account: string;
  readonly exchange: string;
  readonly mode: "paper" | "live";
  readonly strategies: readonly string[];
  readonly currencies: readonly string[];
  readonly first: Entry;
  readonly last: Entry;
}

type Reading = Pick<LedgerReader, "read" | "span" | "grounds">;

/** A day goes over into the next when this changes. */
interface Group {
  readonly date: string;
  account: string | null;
  readonly sessionIds: Set<string>;
  readonly collector: FactsCollector;
}

/**
 * Days of the account that traded last, added up. One day at a time is held in memory, so a ledger of years is no
 * larger than its busiest day.
 *
 * Null when no session lies in the period.
 */
export function addUpPeriod(
  ledger: Reading,
  { dates, isIn }: {
    /** sessionId → exchange date, of every session in the ledger. */
    readonly dates: ReadonlyMap<string, string>;
    isIn(date: string): boolean;
  },
): Period | null {
  const sum = new PeriodSum(isIn, ledger);
  let group: Group | null = null;
  for (const entry of ledger.read({ kinds: PERIOD_KINDS })) {
    const date = dates.get(entry.sessionId);
    // A halt by hand is written under no session; the day's own report tells of it.
    if (date === undefined) continue;
    const account = entry.body.kind === "session-opened" ? entry.body.account : null;
    const other = account !== null && group?.account !== null && account !== group?.account;
    if (group === null || group.date !== date || other) {
      if (group !== null) sum.add(group);
      group = sum.open(date);
    }
    group.account ??= account;
    group.sessionIds.add(entry.sessionId);
    group.collector.add(entry);
    sum.hear(entry);
  }
  if (group !== null) sum.add(group);
  return sum.period();
}

/** Marks are asked for where something was held at an end of the day, or where the broker's last word is missing. */
function needsMarks({ books, opening, end }: Facts): boolean {
  return end === null || (opening?.size ?? 0) > 0 || books.positions().length > 0;
}

class PeriodSum {
  readonly #isIn: (date: string) => boolean;
  readonly #ledger: Reading;
  readonly #books = new Map<string, Books>(); // account → Books
  readonly #accounts = new Map<string, AccountSum>(); // account → its days
  #last: AccountSum | null = null;

  constructor(isIn: (date: string) => boolean, ledger: Reading) {
    this.#isIn = isIn;
    this.#ledger = ledger;
  }

  open(date: string): Group {
    const sessionIds = new Set<string>();
    const makeBooks = (): Books => new Books({ forgetPastDays: true });
    const collector = new FactsCollector(sessionIds, {
      books: this.#books,
      makeBooks,
      keepsOrders: false,
    });
    return { date, account: null, sessionIds, collector };
  }

  add({ date, account, collector, sessionIds }: Group): void {
    if (account === null || !this.#isIn(date)) return;
    const sums = this.#accounts.get(account) ?? new AccountSum(account);
    this.#accounts.set(account, sums);
    if (collector.hasFrozen) {
      for (const event of readKind(this.#ledger, sessionIds, "order-event")) {
        collector.hearEvent(event);
      }
    }
    const facts = collector.facts();
    const equity = needsMarks(facts) ? [...readKind(this.#ledger, sessionIds, "equity")] : [];
    const grounds = this.#ledger.grounds({
      fromSeq: facts.first?.seq ?? 0,
      beforeSeq: (facts.last?.seq ?? 0) + 1,
    });
    sums.add(makeDay({ ...facts, equity }, null, grounds), date, [...sessionIds]);
    this.#last = sums;
  }

  /** A commission that comes a day late belongs to the day of its execution. */
  hear({ body }: Entry): void {
    if (body.kind !== "commission") return;
    for (const sums of this.#accounts.values()) sums.lateCommission(body.execId, body.amount);
  }

  period(): Period | null {
    return this.#last?.period(this.#ledger) ?? null;
  }
}

class AccountSum {
  readonly #account: string;
  readonly #days: DayResult[] = [];
  readonly #symbols = new Map<string, SymbolSum>();
  readonly #rules = new Map<string, GroupSum>();
  readonly #exits = new Map<string, GroupSum>();
  readonly #strategies = new Set<string>();
  readonly #currencies = new Set<string>();
  /** stem of an execution without commission → its day's place and its symbol */
  readonly #awaited = new Map<string, { readonly index: number; readonly symbol: string }>();
  #newest: Day | null = null;

  constructor(account: string) {
    this.#account = account;
  }

  add(day: Day, date: string, sessionIds: readonly string[]): void {
    const { facts, accounting } = day;
    this.#newest = day;
    for (const { body } of facts.opened) this.#strategies.add(body.strategy);
    for (const currency of accounting.currencies) this.#currencies.add(currency);
    for (const execId of accounting.missingCommissions) {
      const symbol = facts.executions.get(execId)?.body.symbol ?? "";
      this.#awaited.set(splitExecId(execId).stem, { index: this.#days.length, symbol });
    }
    const seqs = [facts.start, facts.end].flatMap((one) => one === null ? [] : [one.seq]);
    this.#days.push({
      date,
      sessionIds,
      seqs,
      startNav: accounting.startNav,
      endNav: facts.end?.body.netLiquidation ?? null,
      verdict: verdictOf(day),
      realized: accounting.realized,
      commissions: accounting.commissions,
      unrealizedChange: accounting.unrealizedChange,
      net: accounting.net,
      unexplained: accounting.unexplained,
      fills: facts.books.fills,
      incidents: facts.incidents.length + outages(day).length,
      awaited: new Set(accounting.missingCommissions),
    });
    for (const { position } of accounting.bySymbol) {
      const { symbol, fills, tradedNotional: traded, realized, commissions } = position;
      this.#addSymbol(symbol, { fills, traded, realized, commissions });
    }
    merge(this.#rules, groupSums(day, ENTRY_RULES));
    merge(this.#exits, groupSums(day, EXITS));
  }

  lateCommission(execId: string, amount: Micros): void {
    const { stem } = splitExecId(execId);
    const awaited = this.#awaited.get(stem);
    const day = awaited === undefined ? undefined : this.#days[awaited.index];
    if (awaited === undefined || day === undefined) return;
    this.#awaited.delete(stem);
    this.#days[awaited.index] = {
      ...day,
      commissions: day.commissions + amount,
      net: day.net === null ? null : day.net - amount,
      unexplained: day.unexplained === null ? null : day.unexplained + amount,
      awaited: new Set([...day.awaited].filter((one) => splitExecId(one).stem !== stem)),
    };
    const none = { fills: 0, traded: ZERO, realized: ZERO };
    this.#addSymbol(awaited.symbol, { ...none, commissions: amount });
    const late = { trips: 0, won: 0, gross: ZERO, commissions: amount };
    merge(this.#rules, new Map([[LATE, late]]));
    merge(this.#exits, new Map([[LATE, late]]));
  }

  period(ledger: Reading): Period | null {
    const newest = this.#newest;
    const edges = edgesOf(ledger, {
      first: this.#days.at(0)?.sessionIds ?? [],
      last: this.#days.at(-1)?.sessionIds ?? [],
    });
    if (newest === null || edges === null) return null;
    const opened = newest.facts.opened.at(-1)?.body;
    return {
      days: this.#days,
      symbols: this.#symbols,
      rules: this.#rules,
      exits: this.#exits,
      account: this.#account,
      exchange: opened?.exchange ?? "",
      mode: opened?.mode ?? "paper",
      strategies: [...this.#strategies].toSorted(),
      currencies: [...this.#currencies].toSorted(),
      ...edges,
    };
  }

  #addSymbol(symbol: string, more: SymbolSum): void {
    const sum = this.#symbols.get(symbol);
    this.#symbols.set(
      symbol,
      sum === undefined ? more : {
        fills: sum.fills + more.fills,
        traded: sum.traded + more.traded,
        realized: sum.realized + more.realized,
        commissions: sum.commissions + more.commissions,
      },
    );
  }
}

const LATE = "commissions reported a day late";

function merge(into: Map<string, GroupSum>, more: ReadonlyMap<string, GroupSum>): void {
  for (const [key, sum] of more) into.set(key, addSums(into.get(key), sum));
}
