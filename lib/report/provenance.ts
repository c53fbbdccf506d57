import { calendar, CalendarHorizonError } from "../calendar/calendar.ts";
import { formatMicros } from "../money.ts";
import { FINAL_STATUSES } from "../orders/order.ts";
import type { Day } from "./day.ts";
import type { Row, Section, Table } from "./figure.ts";
import { plural } from "./format.ts";
import { exchangeCode, longDate } from "./times.ts";

/** What tomorrow begins with. */
export function nextSection(day: Day): Section {
  const { facts } = day;
  const held = facts.books.positions();
  const working = [...facts.orders.values()].filter(({ events, sent }) => {
    const last = events.at(-1)?.body;
    return last === undefined ? sent.length > 0 : !FINAL_STATUSES.has(last.status);
  });
  const halt = facts.halts.at(-1) ?? facts.haltBefore;
  const rows: Row[] = [
    ...hoursRows(day),
    {
      id: "positions",
      cells: [
        "Positions carried over",
        held.length === 0
          ? "none"
          : held.map(({ symbol, quantity }) => `${symbol} ${formatMicros(quantity)}`).join(", "),
      ],
    },
    {
      id: "orders",
      cells: ["Orders still working", working.length === 0 ? "none" : String(working.length)],
    },
    {
      id: "halt",
      cells: [
        "Halt in force",
        halt?.body.kind === "halted" ? `yes, until someone lifts it: ${halt.body.because}` : "no",
      ],
    },
  ];
  return {
    id: "next",
    title: "Next session",
    lead: held.length + working.length === 0
      ? "Nothing is carried over."
      : `${plural(held.length, "position")} and ${
        plural(working.length, "order")
      } are carried over.`,
    blocks: [{ type: "table", table: twoColumns("next", "What tomorrow begins with", rows) }],
  };
}

function hoursRows({ facts, times, closesAt }: Day): readonly Row[] {
  const code = exchangeCode(facts.opened.at(-1)?.body.exchange ?? "");
  if (code === null) {
    return [{ id: "hours", cells: ["Opens", "unknown: the exchange is not in the calendar"] }];
  }
  try {
    const next = calendar(code).nextSession(closesAt);
    const early = next.early ? `, a half day (${next.name ?? "early close"})` : "";
    const shifted = times.offset(next.opensAt) !== times.offset(closesAt)
      ? "; the clocks change before it"
      : "";
    return [{
      id: "hours",
      cells: [
        "Opens",
        `${longDate(next.date)}, ${times.minute(next.opensAt)} to ${times.minute(next.closesAt)} ${
          times.label(next.opensAt)
        }${early}${shifted}`,
      ],
    }];
  } catch (error) {
    if (!(error instanceof CalendarHorizonError)) throw error;
    return [{ id: "hours", cells: ["Opens", `unknown: ${error.message}`] }];
  }
}

/** What this page was made from, so that it can be made again. */
export function provenanceSection({ facts, times, statement }: Day): Section {
  const { first, last, opened } = facts;
  const body = opened.at(-1)?.body;
  const unknown = "unknown: the session wrote down no opening";
  const rows: Row[] = [
    {
      id: "sessions",
      cells: ["Sessions", [...new Set(opened.map((e) => e.sessionId))].join(", ")],
    },
    {
      id: "entries",
      cells: [
        "Ledger entries",
        first === null || last === null
          ? "none"
          : `${first.seq} to ${last.seq}, ${facts.count} of them`,
      ],
    },
    { id: "hash", cells: ["Hash of the last entry", last?.hash ?? "none"] },
    {
      id: "late",
      cells: [
        "Later entries used",
        facts.late.length === 0
          ? "none"
          : facts.late.map(({ seq, body }) => `${seq} (${body.kind})`).join(", "),
      ],
    },
    {
      id: "written",
      cells: [
        "Written",
        first === null || last === null
          ? "never"
          : `${times.full(first.at)} to ${times.full(last.at)}`,
      ],
    },
    { id: "clock", cells: ["Clock", body?.clock ?? unknown] },
    { id: "code", cells: ["Code version", body?.codeVersion ?? unknown] },
    { id: "config", cells: ["Configuration hash", body?.configHash ?? unknown] },
    { id: "strategy", cells: ["Strategy", body?.strategy ?? unknown] },
    {
      id: "parameters",
      cells: ["Parameters", body === undefined ? unknown : listOf(body.parameters)],
    },
    { id: "limits", cells: ["Limits", body === undefined ? unknown : listOf(body.limits)] },
    { id: "symbols", cells: ["Symbols", body?.symbols.join(", ") ?? unknown] },
    {
      id: "statement",
      cells: [
        "Broker statement",
        statement === null
          ? "not given"
          : `written ${statement.statement.generated}, SHA-256 ${statement.statement.fileHash}`,
      ],
    },
  ];
  return {
    id: "provenance",
    title: "Made from",
    lead: "The same ledger gives the same report, byte for byte.",
    blocks: [{ type: "table", table: twoColumns("provenance", "Sources", rows) }],
  };
}

function listOf(values: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(values).toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([name, value]) =>
      `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`
    );
  return parts.length === 0 ? "none" : parts.join(", ");
}

function twoColumns(id: string, caption: string, rows: readonly Row[]): Table {
  return {
    id,
    caption,
    columns: [
      { id: "what", label: "What", unit: "text", formula: null },
      { id: "value", label: "Value", unit: "text", formula: null },
    ],
    rows,
    empty: "",
  };
}
