import type {
  CommissionBooked,
  Entry,
  EntryBody,
  EntryKind,
  EntryOf,
  ExecutionBooked,
} from "../ledger/entry.ts";
import { greatest, type Micros } from "../money.ts";
import { Books, type Position, splitExecId } from "../ledger/positions.ts";

/** Everything the ledger says about one order, in order of seq. */
export interface OrderRecord {
  readonly key: string;
  /** Null for an order entered by hand, and for one of an earlier day. */
  intent: EntryOf<"intent"> | null;
  readonly sent: EntryOf<"order-sent">[];
  readonly events: EntryOf<"order-event">[];
  readonly messages: EntryOf<"order-message">[];
  /** New prices it was given while it worked. */
  readonly changes: EntryOf<"order-changed">[];
  /** Nobody knows what became of it; null when somebody does. */
  frozen: EntryOf<"intent-frozen"> | null;
  /** It was frozen for a while, until the broker named it. */
  readonly thawed: EntryOf<"intent-frozen">[];
  /** Every execution told, corrections beside what they corrected. */
  readonly executions: EntryOf<"execution">[];
}

/** An algorithm's order, of which slices were cut; `ended` is null when the session never came to it. */
export interface ParentRecord {
  readonly started: EntryOf<"parent-order">;
  readonly ended: EntryOf<"parent-ended"> | null;
}

/** What a person told the session, under its own id or while it ran. */
export type Command = EntryOf<
  "halted" | "halt-lifted" | "entries-paused" | "entries-resumed" | "flatten-requested"
>;

export const COMMANDS = [
  "halted",
  "halt-lifted",
  "entries-paused",
  "entries-resumed",
  "flatten-requested",
] as const;

/** The facts of the sessions reported on, sorted by kind, and the books they lead to. */
export interface Facts {
  readonly opened: readonly EntryOf<"session-opened">[];
  readonly closed: readonly EntryOf<"session-closed">[];
  readonly states: readonly EntryOf<"state-changed">[];
  readonly connections: readonly EntryOf<"connection-changed">[];
  readonly instruments: ReadonlyMap<string, EntryOf<"instrument">>; // symbol → entry
  readonly signals: ReadonlyMap<string, EntryOf<"signal">>; // signalId → entry
  readonly refusals: ReadonlyMap<string, EntryOf<"refused">>; // signalId → entry
  /** signalId of a refused signal → how often the same came and was refused again */
  readonly repeats: ReadonlyMap<string, number>;
  readonly orders: ReadonlyMap<string, OrderRecord>; // intentId, or `perm <permId>` → record
  /** Of orders heard of in these sessions, but written down in others. */
  readonly carried: ReadonlyMap<string, EntryOf<"intent">>; // intentId → entry
  readonly parents: ReadonlyMap<string, ParentRecord>; // parentOrderId → record
  readonly executions: ReadonlyMap<string, EntryOf<"execution">>; // execId → entry
  readonly commissions: ReadonlyMap<string, EntryOf<"commission">>; // execId → newest entry
  /** First start snapshot and last end snapshot. */
  readonly start: EntryOf<"account-snapshot"> | null;
  readonly end: EntryOf<"account-snapshot"> | null;
  readonly equity: readonly EntryOf<"equity">[];
  readonly reconciled: readonly EntryOf<"reconciled">[];
  readonly incidents: readonly EntryOf<"incident">[];
  readonly halts: readonly (EntryOf<"halted"> | EntryOf<"halt-lifted">)[];
  readonly pauses: readonly (EntryOf<"entries-paused"> | EntryOf<"entries-resumed">)[];
  readonly flattens: readonly EntryOf<"flatten-requested">[];
  /** The halt and the pause that were in force before the first of these sessions. */
  readonly haltBefore: EntryOf<"halted"> | null;
  readonly pauseBefore: EntryOf<"entries-paused"> | null;
  readonly farms: readonly EntryOf<"farm-changed">[];
  readonly clocks: readonly EntryOf<"clock-compared">[];
  /** What the market did that day in each symbol. */
  readonly dayPrices: ReadonlyMap<string, EntryOf<"day-prices">["body"]["symbols"][number]>; // symbol → prices
  readonly decisions: readonly EntryOf<"decisions-summary">[];
  /** Highest equity of this account before these sessions since a halt was lifted; null when none is known. */
  readonly peakBefore: Micros | null;
  /** The last marks of this account before these sessions. */
  readonly marksBefore: Readonly<Record<string, string>>; // symbol → mark, decimal text
  readonly probes: readonly EntryOf<"probe-result">[];
  readonly books: Books;
  /** Positions at the start snapshot; null without one. */
  readonly opening: ReadonlyMap<string, Position> | null; // symbol → Position
  /** Commissions and corrections that were written after these sessions ended. */
  readonly late: readonly Entry<CommissionBooked | ExecutionBooked>[];
  /** Exchange dates of this account up to this one, by the broker's snapshots, oldest first. */
  readonly history: readonly HistoryDay[];
  readonly first: Entry | null;
  readonly last: Entry | null;
  readonly count: number;
}

/** NAV at the first start and the last end of a date; null while the broker has not said it. */
export interface HistoryDay {
  readonly date: string;
  readonly startNav: Micros | null;
  readonly endNav: Micros | null;
  readonly seqs: readonly number[];
}

/** Facts of `sessionIds`. Entries of other sessions only tell what was held before and what came late. */
export function collectFacts(
  entries: Iterable<Entry>,
  sessionIds: ReadonlySet<string>,
): Facts {
  const collector = new FactsCollector(sessionIds);
  for (const entry of entries) collector.add(entry);
  return collector.facts();
}

/** Takes entries in order of seq, one by one. */
export class FactsCollector {
  readonly #sessionIds: ReadonlySet<string>;
  readonly #accounts = new Map<string, string>(); // sessionId → account
  readonly #dates = new Map<string, string>(); // sessionId → exchange date
  readonly #history = new Map<string, HistoryDay>(); // account and date → its NAV
  readonly #books: Map<string, Books>; // account → Books
  readonly #makeBooks: () => Books;
  readonly #keepsOrders: boolean;
  readonly #byKind: { [K in EntryKind]?: EntryOf<K>[] } = {};
  readonly #orders = new Map<string, OrderRecord>();
  readonly #executions = new Map<string, EntryOf<"execution">>();
  readonly #commissions = new Map<string, EntryOf<"commission">>();
  readonly #elsewhere = new Map<string, EntryOf<"intent">>(); // intentId → intent of another session
  readonly #stems = new Set<string>();
  readonly #late: Entry<CommissionBooked | ExecutionBooked>[] = [];
  #start: EntryOf<"account-snapshot"> | null = null;
  #opening: ReadonlyMap<string, Position> | null = null;
  #haltBefore: EntryOf<"halted"> | null = null;
  readonly #peaks = new Map<string, Micros>(); // account → highest equity since a halt was lifted
  readonly #marksBefore = new Map<string, Readonly<Record<string, string>>>(); // account → marks
  #pauseBefore: EntryOf<"entries-paused"> | null = null;
  /** Commands written under another session's id while ours was running. */
  #foreign: Command[] = [];
  #first: Entry | null = null;
  #last: Entry | null = null;
  #count = 0;

  constructor(
    sessionIds: ReadonlySet<string>,
    { books = new Map(), makeBooks = (): Books => new Books(), keepsOrders = true }: {
      /** Of days before, when those were folded already: they go on. */
      readonly books?: Map<string, Books>;
      makeBooks?(): Books;
      /** Without orders, the frozen ones are kept alone. */
      readonly keepsOrders?: boolean;
    } = {},
  ) {
    this.#sessionIds = sessionIds;
    this.#books = books;
    this.#makeBooks = makeBooks;
    this.#keepsOrders = keepsOrders;
  }

  add(entry: Entry): void {
    const { body, sessionId } = entry;
    if (body.kind === "session-opened") {
      this.#accounts.set(sessionId, body.account);
      this.#dates.set(sessionId, body.date);
    }
    if (isOf(entry, "account-snapshot")) this.#value(entry);
    if (this.#sessionIds.has(sessionId)) this.#addOurs(entry);
    else if (isOf(entry, "intent")) this.#elsewhere.set(entry.body.intentId, entry);
    else if (this.#first === null) this.#addBefore(entry);
    else this.#addAfter(entry);
  }

  facts(): Facts {
    const halts = [...this.#of("halted"), ...this.#of("halt-lifted")];
    const pauses = [...this.#of("entries-paused"), ...this.#of("entries-resumed")];
    return {
      opened: this.#of("session-opened"),
      closed: this.#of("session-closed"),
      states: this.#of("state-changed"),
      connections: this.#of("connection-changed"),
      instruments: new Map(this.#of("instrument").map((e) => [e.body.symbol, e])),
      signals: new Map(this.#of("signal").map((e) => [e.body.signalId, e])),
      refusals: new Map(this.#of("refused").map((e) => [e.body.signalId, e])),
      repeats: new Map(this.#of("refusal-repeated").map((e) => [e.body.signalId, e.body.count])),
      orders: this.#orders,
      carried: new Map([...this.#elsewhere].filter(([intentId]) => this.#orders.has(intentId))),
      parents: this.#parents(),
      executions: this.#executions,
      commissions: this.#commissions,
      start: this.#start,
      end: this.#of("account-snapshot").findLast(({ body }) => body.at === "end") ?? null,
      equity: this.#of("equity"),
      reconciled: this.#of("reconciled"),
      incidents: this.#of("incident"),
      halts: halts.toSorted((a, b) => a.seq - b.seq),
      pauses: pauses.toSorted((a, b) => a.seq - b.seq),
      flattens: this.#of("flatten-requested"),
      haltBefore: this.#haltBefore,
      pauseBefore: this.#pauseBefore,
      farms: this.#of("farm-changed"),
      clocks: this.#of("clock-compared"),
      dayPrices: new Map(
        this.#of("day-prices").flatMap(({ body }) => body.symbols.map((one) => [one.symbol, one])),
      ),
      decisions: this.#of("decisions-summary"),
      peakBefore: this.#peaks.get(this.#account()) ?? null,
      marksBefore: this.#marksBefore.get(this.#account()) ?? {},
      probes: this.#of("probe-result"),
      books: this.#booksOf(this.#account()),
      opening: this.#opening,
      late: this.#late,
      history: this.#historyUntil(this.#of("session-opened").at(-1)?.body.date ?? ""),
      first: this.#first,
      last: this.#last,
      count: this.#count,
    };
  }

  /** For a reader that leaves the events of orders out, unless one was frozen: then they say whether it still is. */
  get hasFrozen(): boolean {
    return this.#of("intent-frozen").length > 0;
  }

  hearEvent({ seq, body }: EntryOf<"order-event">): void {
    const order = this.#orderOf(body);
    if (body.source !== "local" && (order.frozen?.seq ?? Infinity) < seq) thaw(order);
  }

  #addOurs(entry: Entry): void {
    this.#first ??= entry;
    this.#last = entry;
    this.#count++;
    for (const command of this.#foreign) this.#keep(command);
    this.#foreign = [];
    this.#keep(entry);
    const books = this.#booksOf(this.#accounts.get(entry.sessionId) ?? "");
    books.apply(entry);
    if (isOf(entry, "account-snapshot") && entry.body.at === "start" && this.#start === null) {
      this.#start = entry;
      books.beginDay(entry.body.cash);
      this.#opening = new Map(books.positions().map((position) => [position.symbol, position]));
    }
  }

  #addBefore(entry: Entry): void {
    if (isOf(entry, "halted")) this.#haltBefore = entry;
    if (isOf(entry, "halt-lifted")) {
      this.#haltBefore = null;
      this.#peaks.clear();
    }
    if (isOf(entry, "entries-paused")) this.#pauseBefore = entry;
    if (isOf(entry, "entries-resumed")) this.#pauseBefore = null;
    const account = this.#accounts.get(entry.sessionId) ?? "";
    if (isOf(entry, "equity")) this.#marksBefore.set(account, entry.body.marks);
    const equity = isOf(entry, "equity")
      ? entry.body.equity
      : isOf(entry, "account-snapshot") && entry.body.at === "start"
      ? entry.body.netLiquidation
      : null;
    if (equity !== null) {
      this.#peaks.set(account, greatest(this.#peaks.get(account) ?? equity, equity));
    }
    this.#booksOf(account).apply(entry);
  }

  /** Of later sessions only what is said about our executions counts. */
  #addAfter(entry: Entry): void {
    if (isCommand(entry)) this.#foreign.push(entry);
    if (!isOf(entry, "commission") && !isOf(entry, "execution")) return;
    if (!this.#stems.has(splitExecId(entry.body.execId).stem)) return;
    this.#late.push(entry);
    this.#keep(entry);
    this.#booksOf(this.#account()).apply(entry);
  }

  #value({ body, sessionId, seq }: EntryOf<"account-snapshot">): void {
    const date = this.#dates.get(sessionId);
    if (date === undefined || body.at === "during") return;
    const key = `${body.account} ${date}`;
    const day = this.#history.get(key) ?? { date, startNav: null, endNav: null, seqs: [] };
    const nav = body.netLiquidation;
    this.#history.set(key, {
      date,
      startNav: body.at === "start" ? day.startNav ?? nav : day.startNav,
      // A restart's start snapshot says that the end before it was not the end.
      endNav: body.at === "end" ? nav : null,
      seqs: [...day.seqs, seq],
    });
  }

  #historyUntil(date: string): readonly HistoryDay[] {
    const account = this.#account();
    return [...this.#history].filter(([key, day]) =>
      key === `${account} ${day.date}` && day.date <= date
    ).map(([, day]) => day).toSorted((a, b) => a.date < b.date ? -1 : 1);
  }

  #keep(entry: Entry): void {
    if (isOf(entry, "execution")) {
      if (this.#executions.has(entry.body.execId)) return;
      this.#stems.add(splitExecId(entry.body.execId).stem);
      this.#executions.set(entry.body.execId, entry);
      if (!this.#keepsOrders && !this.hasFrozen) return;
      const order = this.#orderOf(entry.body);
      order.executions.push(entry);
      thaw(order);
    } else if (isOf(entry, "commission")) this.#commissions.set(entry.body.execId, entry);
    else this.#keepOther(entry);
  }

  #keepOther(entry: Entry): void {
    put(this.#byKind, entry);
    if (isOf(entry, "intent")) this.#order(entry.body.intentId).intent = entry;
    else if (isOf(entry, "order-changed")) this.#order(entry.body.intentId).changes.push(entry);
    else if (isOf(entry, "order-sent")) this.#order(entry.body.intentId).sent.push(entry);
    else if (isOf(entry, "intent-frozen")) this.#order(entry.body.intentId).frozen = entry;
    else if (isOf(entry, "order-event")) {
      const order = this.#orderOf(entry.body);
      order.events.push(entry);
      if (entry.body.source !== "local") thaw(order);
    } else if (isOf(entry, "order-message")) {
      const { intentId, orderId } = entry.body;
      this.#order(intentId ?? `order ${orderId}`).messages.push(entry);
    }
  }

  /** Orders entered by hand have no intent; TWS gives them a permId all the same. */
  #orderOf(body: { readonly intentId: string | null; readonly permId: number }): OrderRecord {
    return this.#order(body.intentId ?? `perm ${body.permId}`);
  }

  #order(key: string): OrderRecord {
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const record: OrderRecord = {
      key,
      intent: null,
      sent: [],
      events: [],
      messages: [],
      changes: [],
      frozen: null,
      thawed: [],
      executions: [],
    };
    this.#orders.set(key, record);
    return record;
  }

  #parents(): ReadonlyMap<string, ParentRecord> {
    const ends = new Map(this.#of("parent-ended").map((one) => [one.body.parentOrderId, one]));
    return new Map(
      this.#of("parent-order").map((started): [string, ParentRecord] => {
        const { parentOrderId } = started.body;
        return [parentOrderId, { started, ended: ends.get(parentOrderId) ?? null }];
      }),
    );
  }

  #account(): string {
    return this.#of("session-opened")[0]?.body.account ?? "";
  }

  #booksOf(account: string): Books {
    const known = this.#books.get(account);
    if (known !== undefined) return known;
    const books = this.#makeBooks();
    this.#books.set(account, books);
    return books;
  }

  #of<K extends EntryKind>(kind: K): readonly EntryOf<K>[] {
    return this.#byKind[kind] ?? [];
  }
}

function isCommand(entry: Entry): entry is Command {
  return COMMANDS.some((kind) => entry.body.kind === kind);
}

/** Narrows an entry by its body's kind; the compiler does not see through `entry.body.kind`. */
export function isOf<K extends EntryKind>(entry: Entry, kind: K): entry is EntryOf<K> {
  return entry.body.kind === kind;
}

function thaw(order: OrderRecord): void {
  if (order.frozen === null) return;
  order.thawed.push(order.frozen);
  order.frozen = null;
}

function put(byKind: { [K in EntryKind]?: EntryOf<K>[] }, entry: Entry): void {
  const lists: Partial<Record<EntryKind, Entry<EntryBody>[]>> = byKind;
  (lists[entry.body.kind] ??= []).push(entry);
}
