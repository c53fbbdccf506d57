import { splitExecId } from "../exec_id.ts";
import { absolute, type Micros, multiply, ZERO } from "../money.ts";
import type { AccountSnapshot, CommissionBooked, Entry, ExecutionBooked } from "./entry.ts";
import type { Closing } from "./lots.ts";
import { type Amount, fillOf, type Position, SymbolBook, type Tape } from "./symbol_book.ts";

export { fillOf, type Position, type Tape };
export { splitExecId };

/** IB tells cash with two decimals, so half a cent cannot be told apart. */
export const CASH_ROUNDING: Micros = 5_000n;

interface Counted {
  readonly book: SymbolBook;
  /** Where the execution stands in its symbol's book. */
  readonly index: number;
  /** The one in force. */
  execution: ExecutionBooked;
}

/**
 * The fold of entries into positions, cash and realised P&L. State after `apply` of entries 1…n is the same
 * whether they came one by one or all at once.
 *
 * - An execution counts once by execId. A correction (`….02`) takes the place of the one before it (`….01`).
 * - A commission counts once its execution is known, whichever came first; the newest word on it holds.
 * - The first start snapshot of an exchange date begins a day: amounts count from there, cash is the broker's
 *   (to its rounding), and a position the broker sees otherwise is taken over at the broker's cost without realising anything.
 *   So the session books executions it finds at the broker before it writes that snapshot. Later start
 *   snapshots of the same date (a restart) change nothing, unless the comparison before it found differences:
 *   then a person has accepted the broker's word, which is taken over while the day's amounts go on.
 */
export class Books {
  readonly #forgets: boolean;
  #books = new Map<string, SymbolBook>(); // symbol → book
  #counted = new Map<string, Counted>(); // stem of execId → the execution in force
  #commissions = new Map<string, CommissionBooked>(); // stem of execId → the commission in force
  readonly #past = new Set<string>(); // stems of executions whose day was forgotten
  #account: string | null = null;
  #date: string | null = null;
  /** Date the day's amounts count from; undefined before any start snapshot. */
  #baseDate: string | null | undefined = undefined;
  #baseCash: Micros | null = null;
  /** The last comparison before a session found differences; a start snapshot after it says they were accepted. */
  #differed = false;

  /**
   * `forgetPastDays` keeps of the days before only the lots they left, so that any number of days can be folded. A
   * correction or a commission that comes a day late is then not counted.
   */
  constructor({ forgetPastDays = false }: { readonly forgetPastDays?: boolean } = {}) {
    this.#forgets = forgetPastDays;
  }

  /** Returns the lots an execution closed; nothing for any other entry, a repeat or a correction. */
  apply(entry: Entry): readonly Closing[] {
    const { body } = entry;
    if (body.kind === "execution") return this.#execution(body);
    if (body.kind === "commission") this.#commission(body);
    else if (body.kind === "account-snapshot" && body.at === "start") this.#start(body);
    else if (body.kind === "reconciled" && body.at === "start") {
      this.#differed = body.differences.length > 0;
    } else if (body.kind === "session-opened") {
      if (this.#account !== null && this.#account !== body.account) this.#forget();
      this.#account = body.account;
      this.#date = body.date;
    }
    return [];
  }

  /** True when this execution, or a correction of it, is in the books. */
  knows(execId: string): boolean {
    const { stem, revision } = splitExecId(execId);
    if (this.#past.has(stem)) return true;
    const counted = this.#counted.get(stem);
    return counted !== undefined && splitExecId(counted.execution.execId).revision >= revision;
  }

  /** Null when the symbol was never held nor traded. */
  position(symbol: string): Position | null {
    return this.#books.get(symbol)?.position() ?? null;
  }

  /** Shares held, negative when short. */
  quantity(symbol: string): Micros {
    return this.#books.get(symbol)?.quantity ?? ZERO;
  }

  /** Every symbol held or traded, in the order they appeared; flat ones too. */
  symbols(): readonly Position[] {
    return [...this.#books.values()].map((book) => book.position());
  }

  /** Symbols held. */
  positions(): readonly Position[] {
    return this.#heldBooks().map((book) => book.position());
  }

  /** Symbols held, with nothing but their shares, negative when short. */
  held(): readonly { readonly symbol: string; readonly quantity: Micros }[] {
    return this.#heldBooks();
  }

  #heldBooks(): readonly SymbolBook[] {
    const held: SymbolBook[] = [];
    for (const book of this.#books.values()) if (book.quantity !== ZERO) held.push(book);
    return held;
  }

  /** Cash by our own reckoning: the day's start snapshot and what moved since. Null before a snapshot. */
  get cash(): Micros | null {
    return this.#baseCash === null ? null : this.#baseCash + this.cashChange;
  }

  /** Cash moved by the day's fills and commissions. */
  get cashChange(): Micros {
    return this.#sum("cashFlow") - this.commissions;
  }

  /** First in first out, before commissions. */
  get realizedGross(): Micros {
    return this.#sum("realized");
  }

  get realizedNet(): Micros {
    return this.realizedGross - this.commissions;
  }

  get commissions(): Micros {
    return this.#sum("commissions");
  }

  get tradedNotional(): Micros {
    return this.#sum("tradedNotional");
  }

  /** Executions of the day that count. */
  get fills(): number {
    let fills = 0;
    for (const book of this.#books.values()) fills += book.fills;
    return fills;
  }

  /** execIds still without a commission: until they have one, net figures are provisional. */
  withoutCommission(): readonly string[] {
    const missing: string[] = [];
    for (const [stem, { execution }] of this.#counted) {
      if (!this.#commissions.has(stem)) missing.push(execution.execId);
    }
    return missing;
  }

  /** Executions in force, of all days, oldest first: corrected ones as corrected. */
  executions(): readonly ExecutionBooked[] {
    return [...this.#counted.values()].map(({ execution }) => execution);
  }

  /** Null when the symbol was never held nor traded. */
  tape(symbol: string): Tape | null {
    return this.#books.get(symbol)?.tape() ?? null;
  }

  /**
   * Counts the day's amounts from here on, with this much cash by the broker's word. Positions and lots stay. Where
   * our own cash is the same but for the broker's rounding it stays too: what is cut off each morning would add up.
   */
  beginDay(cash: Micros): void {
    const own = this.cash;
    const isRounded = own !== null && absolute(own - cash) <= CASH_ROUNDING;
    this.#baseCash = isRounded ? own : cash;
    if (this.#forgets) this.#forgetPast();
    for (const book of this.#books.values()) book.beginDay();
  }

  /** The commission in force of an execution; null while the broker has not said it. */
  commissionOf(execId: string): CommissionBooked | null {
    return this.#commissions.get(splitExecId(execId).stem) ?? null;
  }

  #execution(execution: ExecutionBooked): readonly Closing[] {
    const { stem, revision } = splitExecId(execution.execId);
    if (this.#past.has(stem)) return [];
    const counted = this.#counted.get(stem);
    if (counted !== undefined) {
      if (revision > splitExecId(counted.execution.execId).revision) {
        this.#correct(counted, execution);
      }
      return [];
    }
    const book = this.#bookOf(execution.symbol, execution.conId);
    const { index, closings } = book.add(execution);
    this.#counted.set(stem, { book, index, execution });
    const commission = this.#commissions.get(stem);
    if (commission !== undefined) book.addCommission(commission.amount);
    return closings;
  }

  #correct(counted: Counted, execution: ExecutionBooked): void {
    counted.execution = execution;
    counted.book.correct(counted.index, execution);
  }

  #commission(commission: CommissionBooked): void {
    const { stem, revision } = splitExecId(commission.execId);
    if (this.#past.has(stem)) return;
    const known = this.#commissions.get(stem);
    if (known !== undefined && splitExecId(known.execId).revision > revision) return;
    this.#commissions.set(stem, commission);
    this.#counted.get(stem)?.book.addCommission(commission.amount - (known?.amount ?? ZERO));
  }

  #start(snapshot: AccountSnapshot): void {
    const isNewDay = this.#baseDate !== this.#date;
    if (!isNewDay && !this.#differed) return;
    this.#differed = false;
    this.#baseDate = this.#date;
    const held = new Map(snapshot.positions.map((position) => [position.symbol, position]));
    for (const { symbol, conId } of snapshot.positions) this.#bookOf(symbol, conId);
    for (const book of this.#books.values()) {
      const broker = held.get(book.symbol);
      const quantity = broker?.quantity ?? ZERO;
      if (quantity !== book.quantity) book.takeOver(quantity, broker?.avgCost ?? ZERO);
    }
    if (isNewDay) this.beginDay(snapshot.cash);
    else this.#baseCash = snapshot.cash - this.cashChange;
  }

  #bookOf(symbol: string, conId: number): SymbolBook {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    const book = new SymbolBook(symbol, conId);
    this.#books.set(symbol, book);
    return book;
  }

  #forgetPast(): void {
    for (const stem of this.#counted.keys()) this.#past.add(stem);
    this.#counted = new Map();
    this.#commissions = new Map();
    for (const book of this.#books.values()) book.forget();
  }

  /** Another account: nothing of the one before is ours. */
  #forget(): void {
    this.#books = new Map();
    this.#counted = new Map();
    this.#commissions = new Map();
    this.#baseDate = undefined;
    this.#baseCash = null;
  }

  #sum(amount: Amount): Micros {
    let sum = ZERO;
    for (const book of this.#books.values()) sum += book.of(amount);
    return sum;
  }
}

/** The books after all of these entries, which are in order of seq. */
export function foldPositions(entries: Iterable<Entry>): Books {
  const books = new Books();
  for (const entry of entries) books.apply(entry);
  return books;
}

/** What the open lots would gain at `mark`, before commissions. */
export function unrealizedAt(position: Position, mark: Micros): Micros {
  return multiply(position.quantity, mark) - position.cost;
}
