import type { EntryOf } from "../ledger/entry.ts";
import { type Position, unrealizedAt } from "../ledger/positions.ts";
import { absolute, type Micros, parseMicros, ZERO } from "../money.ts";
import type { Facts } from "./facts.ts";
import type { Statement } from "./statement.ts";
import type { Sample } from "./trips.ts";

/**
 * The day in a handful of exact amounts, from which the bridge, the headline and the tables are made. Null is
 * unknown; the sections say why.
 */
export interface Accounting {
  /** The broker's word at the start. */
  readonly startNav: Micros | null;
  /** The broker's word at the end, or our own valuation when it never came. */
  readonly endNav: Micros | null;
  readonly endBy: "broker" | "own valuation" | null;
  readonly realized: Micros;
  readonly realizedAverageCost: Micros;
  readonly commissions: Micros;
  readonly unrealizedChange: Micros | null;
  /** Realised plus unrealised change less commissions. */
  readonly net: Micros | null;
  /** What moved NAV besides trading, by the broker's statement; null without one. */
  readonly other: Micros | null;
  /** What the broker's NAV moved by beyond net and other; null without the broker's word at the end. */
  readonly unexplained: Micros | null;
  readonly bySymbol: readonly SymbolResult[];
  /** Unrealised change that our marks do not give to a symbol. */
  readonly unattributed: Micros | null;
  /** execIds of the day without a commission: net is provisional. */
  readonly missingCommissions: readonly string[];
  /** Of everything in money; more than one cannot be added. */
  readonly currencies: readonly string[];
}

export interface SymbolResult {
  readonly position: Position;
  readonly unrealizedChange: Micros | null;
  readonly net: Micros | null;
}

/**
 * The broker states NAV and cash to the cent, at the start and at the end, so up to half a cent of each may be
 * rounding.
 */
export const ROUNDING_MAX: Micros = 10_000n;

export function account(
  facts: Facts,
  marks: Marks,
  statement: Statement | null = null,
): Accounting {
  const { books, start, opening } = facts;
  const began = openingWorth(facts, marks);
  const startOf = (symbol: string): Micros | null => {
    const worth = began.get(symbol);
    return worth === undefined ? ZERO : worth;
  };
  const bySymbol = books.symbols()
    .filter(({ symbol, fills, quantity }) => fills > 0 || quantity !== 0n || opening?.has(symbol))
    .map((position) => symbolResult(position, startOf(position.symbol), marks));
  const startNav = start?.body.netLiquidation ?? null;
  const { endNav, endBy } = endOf(facts, marks);
  const { realizedGross: realized, commissions } = books;
  const unrealizedChange = start === null || endNav === null
    ? null
    : unrealizedEnd(facts, endNav) - unrealizedStart(opening, start);
  const net = unrealizedChange === null ? null : realized + unrealizedChange - commissions;
  const attributed = bySymbol.reduce((sum, one) => sum + (one.unrealizedChange ?? ZERO), ZERO);
  const other = statement === null
    ? null
    : [...statement.otherChanges.values()].reduce((sum, one) => sum + one, ZERO);
  const bothNavs = startNav !== null && endNav !== null && endBy === "broker";
  return {
    startNav,
    endNav,
    endBy,
    realized,
    realizedAverageCost: books.symbols().reduce((sum, one) => sum + one.realizedAverageCost, ZERO),
    commissions,
    unrealizedChange,
    net,
    other,
    unexplained: bothNavs && net !== null ? endNav - startNav - net - (other ?? ZERO) : null,
    bySymbol,
    unattributed: unrealizedChange === null ? null : unrealizedChange - attributed,
    missingCommissions: missingCommissions(facts),
    currencies: currenciesOf(facts),
  };
}

/** Marks of symbols held, from the equity samples. */
export class Marks {
  readonly #samples = new Map<string, Sample[]>(); // symbol → its marks, oldest first

  constructor(equity: readonly EntryOf<"equity">[]) {
    for (const { at, body } of equity) {
      for (const [symbol, text] of Object.entries(body.marks)) {
        const samples = this.#samples.get(symbol) ?? [];
        samples.push({ at, mark: parseMicros(text) });
        this.#samples.set(symbol, samples);
      }
    }
  }

  of(symbol: string): readonly Sample[] {
    return this.#samples.get(symbol) ?? [];
  }

  first(symbol: string): Micros | null {
    return this.of(symbol).at(0)?.mark ?? null;
  }

  last(symbol: string): Micros | null {
    return this.of(symbol).at(-1)?.mark ?? null;
  }
}

/**
 * What each position was worth beyond its cost when the day began: by the last marks of the day before or by the
 * first of this one, whichever come nearer to the broker's own word at the start. After a gap over night the first
 * are late, after days without a session the last are old.
 */
function openingWorth(
  { opening, start, marksBefore }: Facts,
  marks: Marks,
): ReadonlyMap<string, Micros | null> {
  const by = (markOf: (symbol: string) => Micros | null): ReadonlyMap<string, Micros | null> =>
    new Map(
      [...opening ?? []].map(([symbol, held]) => [symbol, unrealizedOf(held, markOf(symbol))]),
    );
  const early = by((symbol) => {
    const mark = marksBefore[symbol];
    return mark === undefined ? null : parseMicros(mark);
  });
  const late = by((symbol) => marks.first(symbol));
  if (opening === null || start === null) return late;
  const broker = unrealizedStart(opening, start);
  const distance = (worth: ReadonlyMap<string, Micros | null>): Micros | null => {
    let sum: Micros = ZERO;
    for (const one of worth.values()) {
      if (one === null) return null;
      sum += one;
    }
    return absolute(sum - broker);
  };
  const [ofEarly, ofLate] = [distance(early), distance(late)];
  return ofEarly !== null && (ofLate === null || ofEarly < ofLate) ? early : late;
}

function symbolResult(
  position: Position,
  start: Micros | null,
  marks: Marks,
): SymbolResult {
  const end = unrealizedOf(position, marks.last(position.symbol));
  const unrealizedChange = end === null || start === null ? null : end - start;
  const net = unrealizedChange === null
    ? null
    : position.realized + unrealizedChange - position.commissions;
  return { position, unrealizedChange, net };
}

function unrealizedOf(position: Position, mark: Micros | null): Micros | null {
  if (position.quantity === 0n) return ZERO;
  return mark === null ? null : unrealizedAt(position, mark);
}

function endOf({ books, end }: Facts, marks: Marks): Pick<Accounting, "endNav" | "endBy"> {
  if (end !== null) return { endNav: end.body.netLiquidation, endBy: "broker" };
  const { cash } = books;
  if (cash === null) return { endNav: null, endBy: null };
  let nav = cash;
  for (const position of books.positions()) {
    const unrealized = unrealizedOf(position, marks.last(position.symbol));
    if (unrealized === null) return { endNav: null, endBy: null };
    nav += position.cost + unrealized;
  }
  return { endNav: nav, endBy: "own valuation" };
}

function unrealizedStart(
  opening: Facts["opening"],
  start: EntryOf<"account-snapshot">,
): Micros {
  const cost = [...(opening?.values() ?? [])].reduce((sum, one) => sum + one.cost, ZERO);
  return start.body.netLiquidation - start.body.cash - cost;
}

function unrealizedEnd({ books, end }: Facts, endNav: Micros): Micros {
  const cost = books.positions().reduce((sum, one) => sum + one.cost, ZERO);
  return endNav - (end?.body.cash ?? books.cash ?? ZERO) - cost;
}

function missingCommissions({ books, executions }: Facts): readonly string[] {
  return books.withoutCommission().filter((execId) => executions.has(execId));
}

function currenciesOf({ commissions, instruments }: Facts): readonly string[] {
  return [
    ...new Set([
      ...[...instruments.values()].map(({ body }) => body.currency),
      ...[...commissions.values()].map(({ body }) => body.currency),
    ]),
  ].filter((currency) => currency !== "").toSorted();
}
