import type { Day } from "./day.ts";
import { factTable } from "./fact_table.ts";
import type { Row, Section } from "./figure.ts";

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
    blocks: [{ type: "table", table: factTable("provenance", "Sources", rows) }],
  };
}

function listOf(values: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(values).toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([name, value]) =>
      `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`
    );
  return parts.length === 0 ? "none" : parts.join(", ");
}
