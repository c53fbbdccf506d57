import { splitExecId } from "../exec_id.ts";
import { absolute, divide, multiply, ZERO } from "../money.ts";
import type { Micros } from "../money.ts";
import type { AccountSnapshot, CommissionBooked, Entry, ExecutionBooked } from "./entry.ts";
import { AverageCost, FifoLots } from "./lots.ts";
import type { Closing, Lot, LotFill } from "./lots.ts";

export { splitExecId };

/** What the ledger says is held and was earned in one symbol. Amounts are of the day. */
export interface Position {
  readonly symbol: string;
  readonly conId: number;
  /** Negative when short. */
  readonly quantity: Micros;
  /** Open lots, oldest first. */
  readonly lots: readonly Lot[];
  /** Signed notional of the open lots, first in first out, without commissions. */
  readonly cost: Micros;
  /** Price by the average-cost method, without commissions; null when flat. */
  readonly averagePrice: Micros | null;
  /** Realised first in first out, before commissions. */
  readonly realized: Micros;
  /** Realised by the average-cost method, before commissions. */
  readonly realizedAverageCost: Micros;
  readonly commissions: Micros;
  /** Sum of quantity × price of the fills, whatever their side. */
  readonly tradedNotional: Micros;
  /** Executions that count: a corrected one counts once. */
  readonly fills: number;
}

interface Totals {
  realized: Micros;
  realizedAverageCost: Micros;
  commissions: Micros;
  tradedNotional: Micros;
  /** Cash that fills moved, without commissions: negative for purchases. */
  cashFlow: Micros;
  fills: number;
}

/** A position taken over from the broker's word at the start of a day. */
interface TakeOver {
  readonly kind: "take-over";
  readonly quantity: Micros;
  readonly price: Micros;
}

type Step = ExecutionBooked | TakeOver;

/** One symbol's day: what it began with, and the executions that count, as corrected, in the order booked. */
export interface Tape {
  readonly opening: readonly Lot[];
  readonly executions: readonly ExecutionBooked[];
}

interface SymbolBook {
  readonly symbol: string;
  readonly conId: number;
  readonly steps: Step[];
  readonly lots: FifoLots;
  readonly average: AverageCost;
  totals: Totals;
  /** Totals when the day began; what is reported is the difference. */
  base: Totals;
  /** Steps before this one are of days before. */
  baseIndex: number;
}

interface Counted {
  readonly book: SymbolBook;
  /** Where the execution stands among the steps of its symbol. */
  readonly index: number;
  /** The one in force. */
  execution: ExecutionBooked;
}

const NOTHING: Readonly<Totals> = {
  realized: ZERO,
  realizedAverageCost: ZERO,
  commissions: ZERO,
  tradedNotional: ZERO,
  cashFlow: ZERO,
  fills: 0,
};

/**
 * The fold of entries into positions, cash and realised P&L. State after `apply` of entries 1…n is the same
 * whether they came one by one or all at once.
 *
 * - An execution counts once by execId. A correction (`….02`) takes the place of the one before it (`….01`).
 * - A commission counts once its execution is known, whichever came first; the newest word on it holds.
 * - The first start snapshot of an exchange date begins a day: amounts count from there, cash is the broker's,
 *   and a position the broker sees otherwise is taken over at the broker's cost without realising anything.
 *   So the session books executions it finds at the broker before it writes that snapshot. Later start
 *   snapshots of the same date (a restart) change nothing.
 */
export class Books {
  #books = new Map<string, SymbolBook>(); // symbol → book
  #counted = new Map<string, Counted>(); // stem of execId → the execution in force
  #commissions = new Map<string, CommissionBooked>(); // stem of execId → the commission in force
  #account: string | null = null;
  #date: string | null = null;
  /** Date the day's amounts count from; undefined before any start snapshot. */
  #baseDate: string | null | undefined = undefined;
  #baseCash: Micros | null = null;

  /** Returns the lots an execution closed; nothing for any other entry, a repeat or a correction. */
  apply(entry: Entry): readonly Closing[] {
    const { body } = entry;
    if (body.kind === "execution") return this.#execution(body);
    if (body.kind === "commission") this.#commission(body);
    else if (body.kind === "account-snapshot" && body.at === "start") this.#start(body);
    else if (body.kind === "session-opened") {
      if (this.#account !== null && this.#account !== body.account) this.#forget();
      this.#account = body.account;
      this.#date = body.date;
    }
    return [];
  }

  /** True when this execution, or a correction of it, is in the books. */
  knows(execId: string): boolean {
    const { stem, revision } = splitExecId(execId);
    const counted = this.#counted.get(stem);
    return counted !== undefined && splitExecId(counted.execution.execId).revision >= revision;
  }

  /** Null when the symbol was never held nor traded. */
  position(symbol: string): Position | null {
    const book = this.#books.get(symbol);
    return book === undefined ? null : positionOf(book);
  }

  /** Every symbol held or traded, in the order they appeared; flat ones too. */
  symbols(): readonly Position[] {
    return [...this.#books.values()].map(positionOf);
  }

  /** Symbols held. */
  positions(): readonly Position[] {
    return this.symbols().filter((position) => position.quantity !== 0n);
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
    for (const { totals, base } of this.#books.values()) fills += totals.fills - base.fills;
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
    const book = this.#books.get(symbol);
    return book === undefined ? null : tapeOf(book);
  }

  /** Counts the day's amounts from here on, with this much cash. Positions and lots stay. */
  beginDay(cash: Micros): void {
    this.#baseCash = cash;
    for (const book of this.#books.values()) {
      book.base = { ...book.totals };
      book.baseIndex = book.steps.length;
    }
  }

  /** The commission in force of an execution; null while the broker has not said it. */
  commissionOf(execId: string): CommissionBooked | null {
    return this.#commissions.get(splitExecId(execId).stem) ?? null;
  }

  #execution(execution: ExecutionBooked): readonly Closing[] {
    const { stem, revision } = splitExecId(execution.execId);
    const counted = this.#counted.get(stem);
    if (counted !== undefined) {
      if (revision > splitExecId(counted.execution.execId).revision) {
        this.#correct(counted, execution);
      }
      return [];
    }
    const book = this.#bookOf(execution.symbol, execution.conId);
    this.#counted.set(stem, { book, index: book.steps.length, execution });
    book.steps.push(execution);
    const commission = this.#commissions.get(stem);
    if (commission !== undefined) book.totals.commissions += commission.amount;
    return take(book, execution);
  }

  #correct(counted: Counted, execution: ExecutionBooked): void {
    const { book, index } = counted;
    counted.execution = execution;
    book.steps[index] = execution;
    replay(book);
  }

  #commission(commission: CommissionBooked): void {
    const { stem, revision } = splitExecId(commission.execId);
    const known = this.#commissions.get(stem);
    if (known !== undefined && splitExecId(known.execId).revision > revision) return;
    this.#commissions.set(stem, commission);
    const book = this.#counted.get(stem)?.book;
    if (book !== undefined) book.totals.commissions += commission.amount - (known?.amount ?? 0n);
  }

  #start(snapshot: AccountSnapshot): void {
    if (this.#baseDate === this.#date) return;
    this.#baseDate = this.#date;
    const held = new Map(snapshot.positions.map((position) => [position.symbol, position]));
    for (const { symbol, conId } of snapshot.positions) this.#bookOf(symbol, conId);
    for (const book of this.#books.values()) {
      const broker = held.get(book.symbol);
      const quantity = broker?.quantity ?? ZERO;
      if (quantity === book.lots.quantity) continue;
      const step: TakeOver = { kind: "take-over", quantity, price: broker?.avgCost ?? ZERO };
      book.steps.push(step);
      takeOver(book, step);
    }
    this.beginDay(snapshot.cash);
  }

  #bookOf(symbol: string, conId: number): SymbolBook {
    const known = this.#books.get(symbol);
    if (known !== undefined) return known;
    const book: SymbolBook = {
      symbol,
      conId,
      steps: [],
      lots: new FifoLots(),
      average: new AverageCost(),
      totals: { ...NOTHING },
      base: { ...NOTHING },
      baseIndex: 0,
    };
    this.#books.set(symbol, book);
    return book;
  }

  /** Another account: nothing of the one before is ours. */
  #forget(): void {
    this.#books = new Map();
    this.#counted = new Map();
    this.#commissions = new Map();
    this.#baseDate = undefined;
    this.#baseCash = null;
  }

  #sum(field: Exclude<keyof Totals, "fills">): Micros {
    let sum = ZERO;
    for (const { totals, base } of this.#books.values()) sum += totals[field] - base[field];
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

/** Shares as the lots see them: negative for a sale. */
export function fillOf(execution: ExecutionBooked): LotFill {
  const { execId, time, price, side } = execution;
  const quantity = side === "BUY" ? execution.quantity : -execution.quantity;
  return { execId, time, quantity, price };
}

function take(book: SymbolBook, execution: ExecutionBooked): readonly Closing[] {
  const { totals } = book;
  const fill = fillOf(execution);
  const notional = multiply(fill.quantity, fill.price);
  totals.cashFlow -= notional;
  totals.tradedNotional += absolute(notional);
  totals.fills++;
  totals.realizedAverageCost += book.average.fill(fill);
  const closings = book.lots.fill(fill);
  for (const closing of closings) totals.realized += closing.realized;
  return closings;
}

function takeOver(book: SymbolBook, { quantity, price }: TakeOver): void {
  book.lots.reset(quantity, price);
  book.average.reset(quantity, price);
}

function tapeOf(book: SymbolBook): Tape {
  const lots = new FifoLots();
  for (const step of book.steps.slice(0, book.baseIndex)) {
    if (step.kind === "take-over") lots.reset(step.quantity, step.price);
    else lots.fill(fillOf(step));
  }
  const today = book.steps.slice(book.baseIndex);
  return { opening: lots.open, executions: today.filter((step) => step.kind === "execution") };
}

/** A correction changes what every later fill of the symbol closed, so the symbol is folded again. */
function replay(book: SymbolBook): void {
  book.lots.reset(ZERO, ZERO);
  book.average.reset(ZERO, ZERO);
  book.totals = { ...NOTHING, commissions: book.totals.commissions };
  for (const step of book.steps) {
    if (step.kind === "take-over") takeOver(book, step);
    else take(book, step);
  }
}

function positionOf(book: SymbolBook): Position {
  const { symbol, conId, lots, average, totals, base } = book;
  return {
    symbol,
    conId,
    quantity: lots.quantity,
    lots: lots.open,
    cost: lots.cost,
    averagePrice: average.quantity === 0n ? null : divide(average.cost, average.quantity),
    realized: totals.realized - base.realized,
    realizedAverageCost: totals.realizedAverageCost - base.realizedAverageCost,
    commissions: totals.commissions - base.commissions,
    tradedNotional: totals.tradedNotional - base.tradedNotional,
    fills: totals.fills - base.fills,
  };
}
