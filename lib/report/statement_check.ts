import { absolute, formatMicros, type Micros, ZERO } from "../money.ts";
import type { Facts } from "./facts.ts";
import type { Row, Table } from "./figure.ts";
import { plural } from "./format.ts";
import type { Statement } from "./statement.ts";

/** Statements state money to the cent, and commissions to a hundredth of one. */
const CASH_TOLERANCE: Micros = 10_000n;
const COMMISSION_TOLERANCE: Micros = 100n;

/** Our books held against the statement's, line by line. */
export interface StatementCheck {
  readonly statement: Statement;
  readonly rows: readonly Row[];
  /** Differences beyond rounding; none means that the statement confirms the day. */
  readonly breaks: number;
}

export function checkStatement(facts: Facts, statement: Statement): StatementCheck {
  const fills = fillLines(facts, statement);
  const positions = positionLines(facts, statement);
  const cash = facts.books.cash === null ? null : facts.books.cash + cashChanges(statement);
  const nav = facts.end?.body.netLiquidation ?? null;
  const lines: readonly Line[] = [
    ...fills,
    ...positions,
    line("cash", "Cash at the end", {
      ours: cash,
      theirs: statement.cash,
      tolerance: CASH_TOLERANCE,
    }),
    line("nav", "NAV at the end", { ours: nav, theirs: statement.nav, tolerance: CASH_TOLERANCE }),
  ];
  return {
    statement,
    rows: lines.map(({ row }) => row),
    breaks: lines.filter(({ isBreak }) => isBreak).length,
  };
}

/** Changes of NAV that are no cash yet. */
const ACCRUALS: ReadonlySet<string> = new Set([
  "changeInDividendAccruals",
  "changeInInterestAccruals",
  "assetTransfers",
]);

/** What came and went besides trading: the ledger does not keep it, so our cash takes it from the statement. */
function cashChanges({ otherChanges }: Statement): Micros {
  return [...otherChanges].filter(([name]) => !ACCRUALS.has(name))
    .reduce((sum, [, amount]) => sum + amount, ZERO);
}

interface Line {
  readonly row: Row;
  readonly isBreak: boolean;
}

function line(
  id: string,
  what: string,
  { ours, theirs, tolerance, always = true }: {
    readonly ours: Micros | null;
    readonly theirs: Micros | null;
    readonly tolerance: Micros;
    readonly always?: boolean;
  },
): Line {
  const known = ours !== null && theirs !== null;
  const difference = known ? ours - theirs : null;
  const isBreak = difference !== null && absolute(difference) > tolerance;
  return {
    isBreak: isBreak || (!known && !always),
    row: {
      id,
      cells: [
        what,
        ours === null ? null : formatMicros(ours),
        theirs === null ? null : formatMicros(theirs),
        difference === null ? null : formatMicros(difference),
      ],
      reason: "One side does not have it",
      ...(isBreak ? { emphasis: "subtotal" } : {}),
    },
  };
}

/** The counts, then every fill that is not the same on both sides. */
function fillLines(facts: Facts, { fills }: Statement): readonly Line[] {
  const { books, executions } = facts;
  const ours = new Map(
    books.executions().filter(({ execId }) => executions.has(execId)).map((fill) => [
      fill.execId,
      fill,
    ]),
  );
  const theirCosts = [...fills.values()].reduce((sum, { commission }) => sum + commission, ZERO);
  const unit = 1_000_000n;
  const lines = [
    line("fills", "Fills", {
      ours: BigInt(ours.size) * unit,
      theirs: BigInt(fills.size) * unit,
      tolerance: ZERO,
    }),
    line("commissions", "Commissions", {
      ours: books.commissions,
      theirs: theirCosts,
      tolerance: COMMISSION_TOLERANCE * BigInt(Math.max(1, fills.size)),
    }),
  ];
  for (const execId of new Set([...ours.keys(), ...fills.keys()])) {
    const [our, their] = [ours.get(execId), fills.get(execId)];
    const ourShares = our === undefined ? null : our.side === "BUY" ? our.quantity : -our.quantity;
    const what = `${our?.symbol ?? their?.symbol ?? ""} ${execId}`;
    const compared = [
      line(`shares-${execId}`, `Shares of ${what}`, {
        ours: ourShares,
        theirs: their?.quantity ?? null,
        tolerance: ZERO,
        always: false,
      }),
      line(`price-${execId}`, `Price of ${what}`, {
        ours: our?.price ?? null,
        theirs: their?.price ?? null,
        tolerance: ZERO,
      }),
      line(`commission-${execId}`, `Commission of ${what}`, {
        ours: books.commissionOf(execId)?.amount ?? null,
        theirs: their?.commission ?? null,
        tolerance: COMMISSION_TOLERANCE,
      }),
    ];
    lines.push(...compared.filter(({ isBreak }) => isBreak));
  }
  return lines;
}

function positionLines({ books }: Facts, { positions }: Statement): readonly Line[] {
  const ours = new Map(books.positions().map(({ symbol, quantity }) => [symbol, quantity]));
  return [...new Set([...ours.keys(), ...positions.keys()])].toSorted().map((symbol) =>
    line(`position-${symbol}`, `Position in ${symbol}`, {
      ours: ours.get(symbol) ?? ZERO,
      theirs: positions.get(symbol) ?? ZERO,
      tolerance: ZERO,
    })
  );
}

export function statementTable({ rows, breaks, statement }: StatementCheck): Table {
  return {
    id: "statement",
    caption: `Ledger against the broker's statement, written ${statement.generated}: ${
      breaks === 0 ? "no break" : plural(breaks, "break")
    }`,
    columns: [
      { id: "what", label: "What", unit: "text", formula: null },
      { id: "internal", label: "Internal", unit: "shares", formula: "From the ledger" },
      { id: "external", label: "External", unit: "shares", formula: "From the statement" },
      { id: "difference", label: "Difference", unit: "shares", formula: "Internal less external" },
    ],
    rows,
    empty: "",
  };
}
