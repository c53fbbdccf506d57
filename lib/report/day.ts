import type { Entry } from "../ledger/entry.ts";
import { groundsOf } from "../ledger/grounds.ts";
import type { Grounds } from "../ledger/ledger.ts";
import { formatMicros, type Micros, ZERO } from "../money.ts";
import { account, type Accounting, Marks } from "./accounting.ts";
import type { Facts } from "./facts.ts";
import type { Figure, Inputs } from "./figure.ts";
import type { Statement } from "./statement.ts";
import { checkStatement, type StatementCheck } from "./statement_check.ts";
import { ZoneTimes } from "./times.ts";
import { type Trip, tripsOf } from "./trips.ts";

/** Everything the sections of a day are made from. */
export interface Day {
  readonly facts: Facts;
  readonly grounds: Grounds;
  readonly accounting: Accounting;
  readonly marks: Marks;
  /** Round trips of all symbols, by the time they were opened. */
  readonly trips: readonly Trip[];
  readonly times: ZoneTimes;
  readonly opensAt: number;
  readonly closesAt: number;
  /** The books held against the broker's statement; null when none was given. */
  readonly statement: StatementCheck | null;
}

export function makeDay(
  facts: Facts,
  statement: Statement | null = null,
  /** Of a reader that leaves intents and signals out of the facts. */
  grounds: Grounds = groundsOf(intentsAndSignals(facts)),
): Day {
  const opened = facts.opened[0]?.body;
  const marks = new Marks(facts.equity);
  const { books } = facts;
  const commissionOf = (execId: string): Micros => books.commissionOf(execId)?.amount ?? ZERO;
  const trips = books.symbols().flatMap(({ symbol }) => {
    const tape = books.tape(symbol);
    if (tape === null) return [];
    return tripsOf(symbol, tape, { commissionOf, samples: marks.of(symbol) });
  });
  return {
    facts,
    grounds,
    accounting: account(facts, marks, statement),
    marks,
    trips: trips.toSorted((a, b) =>
      (a.openedAt ?? 0) - (b.openedAt ?? 0) || (a.id < b.id ? -1 : 1)
    ),
    times: ZoneTimes.of(opened?.exchange ?? ""),
    opensAt: opened?.opensAt ?? facts.first?.at ?? 0,
    closesAt: opened?.closesAt ?? facts.last?.at ?? 0,
    statement: statement === null ? null : checkStatement(facts, statement),
  };
}

function* intentsAndSignals({ orders, signals, carried }: Facts): Iterable<Entry> {
  yield* signals.values();
  yield* carried.values();
  for (const { intent } of orders.values()) if (intent !== null) yield intent;
}

/** Every execution of the day is listed once, with the figure that counts them. */
export const ALL_FILLS: Inputs = { figures: ["day.fills"] };

/** A figure that is defined. Pass `reason` when it is only provisional. */
export function figure(
  parts: Pick<Figure, "id" | "label" | "unit" | "formula"> & {
    readonly value: string | null;
    readonly n?: number;
    readonly inputs?: Inputs;
    /** Why it is undefined or, with a value, what it still waits for. */
    readonly reason?: string | null;
  },
): Figure {
  const { value, n = 0, inputs = {}, reason = null } = parts;
  const status = value === null ? "undefined" : reason === null ? "final" : "provisional";
  return { ...parts, value, n, inputs, status, reason };
}

/** Exact text of an amount, null staying null. */
export function exact(amount: Micros | null): string | null {
  return amount === null ? null : formatMicros(amount);
}

/** What a net figure waits for; null when every fill has its commission. */
export function provisionalBecause({ missingCommissions }: Accounting): string | null {
  const missing = missingCommissions.length;
  if (missing === 0) return null;
  return `The broker has not said the commission of ${missing} ${missing === 1 ? "fill" : "fills"}`;
}

/** Why the day has no profit or loss to state. */
export function undefinedBecause({ facts, accounting }: Day): string {
  if (facts.start === null) {
    return "The session never reached the broker's account values, so nothing says what the day began with";
  }
  if (accounting.endNav === null) {
    return "The session ended without the broker's account values, and a position held has no mark";
  }
  return "Not known";
}
