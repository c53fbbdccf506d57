import type { EntryOf } from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import type { Day } from "./day.ts";
import type { Row, Section, Table } from "./figure.ts";
import { plural } from "./format.ts";
import { statementTable } from "./statement_check.ts";

/** Internal, external, difference: every comparison the session made. */
export function reconciliationSection({ facts, statement }: Day): Section {
  const count = facts.reconciled.length;
  const breaks = facts.reconciled.reduce((sum, { body }) => sum + body.differences.length, 0);
  return {
    id: "reconciliation",
    title: "Reconciliation",
    lead: count === 0
      ? "Nothing was compared with the broker."
      : `The books were compared with the broker's ${
        count === 1 ? "once" : count === 2 ? "twice" : `${count} times`
      }; ${breaks === 0 ? "they agreed" : `${plural(breaks, "break")} came up`}. ${
        statement === null
          ? "No broker statement was given."
          : statement.breaks === 0
          ? "The broker's statement confirms it."
          : `The broker's statement differs in ${plural(statement.breaks, "place")}.`
      }`,
    blocks: [
      { type: "table", table: comparisonTable(facts.reconciled) },
      ...(statement === null ? [] : [{ type: "table" as const, table: statementTable(statement) }]),
    ],
  };
}

function comparisonTable(comparisons: readonly EntryOf<"reconciled">[]): Table {
  return {
    id: "reconciliation",
    caption: "Ledger against broker",
    columns: [
      { id: "time", label: "Time", unit: "time", formula: null },
      { id: "at", label: "When", unit: "text", formula: null },
      { id: "what", label: "What", unit: "text", formula: null },
      { id: "internal", label: "Internal", unit: "shares", formula: null },
      { id: "external", label: "External", unit: "shares", formula: null },
      { id: "difference", label: "Difference", unit: "shares", formula: null },
    ],
    rows: comparisons.flatMap(comparisonRows),
    empty: "The session never got to compare its books with the broker's.",
  };
}

function comparisonRows({ seq, at, body }: EntryOf<"reconciled">): readonly Row[] {
  return [
    {
      id: `${seq}-fills`,
      cells: [
        String(at),
        body.at,
        "Fills",
        String(body.fills.ledger),
        String(body.fills.broker),
        String(body.fills.ledger - body.fills.broker),
      ],
      inputs: { seqs: [seq] },
    },
    {
      id: `${seq}-positions`,
      cells: [
        String(at),
        body.at,
        "Positions",
        String(body.positions.ledger),
        String(body.positions.broker),
        String(body.positions.ledger - body.positions.broker),
      ],
      inputs: { seqs: [seq] },
    },
    {
      id: `${seq}-cash`,
      cells: [
        String(at),
        body.at,
        "Cash",
        formatMicros(body.cash.ledger),
        formatMicros(body.cash.broker),
        formatMicros(body.cash.ledger - body.cash.broker),
      ],
      inputs: { seqs: [seq] },
    },
    ...body.differences.map((difference, index): Row => ({
      id: `${seq}-difference-${index + 1}`,
      cells: [
        String(at),
        body.at,
        `Break: ${difference.what} ${difference.key}`,
        difference.ledger === "" ? null : difference.ledger,
        difference.broker === "" ? null : difference.broker,
        null,
      ],
      inputs: { seqs: [seq] },
      reason: "One side does not have it",
      emphasis: "subtotal",
    })),
  ];
}
