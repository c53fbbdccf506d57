import { REFUSALS } from "../risk/refusals.ts";
import type { Day } from "./day.ts";
import type { Row, Table } from "./figure.ts";

/** Signals that risk said no to, counted by reason and one by one. */

/** code → signals refused with it */
export function blocksByCode({ facts }: Day): ReadonlyMap<string, number> {
  const blocks = new Map<string, number>();
  for (const { body } of facts.refusals.values()) {
    blocks.set(body.code, (blocks.get(body.code) ?? 0) + timesRefused(body.signalId, facts));
  }
  return blocks;
}

/** How often a signal was refused: it, and those like it right after. */
export function timesRefused(signalId: string, { repeats }: Day["facts"]): number {
  return 1 + (repeats.get(signalId) ?? 0);
}

const SUMMARIES: ReadonlyMap<string, string> = new Map(
  Object.entries(REFUSALS).map(([code, { summary }]) => [code, summary]),
);

export function codeTable(day: Day): Table {
  const codes = [...blocksByCode(day)].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    id: "codes",
    caption: "Refusals by reason",
    columns: [
      { id: "code", label: "Code", unit: "text", formula: null },
      { id: "times", label: "Times", unit: "count", formula: "Signals refused with this code" },
      { id: "symbols", label: "Symbols", unit: "text", formula: null },
      { id: "meaning", label: "Meaning", unit: "text", formula: null },
    ],
    rows: codes.map(([code, count]): Row => {
      const entries = [...day.facts.refusals.values()].filter(({ body }) => body.code === code);
      const symbols = [...new Set(entries.map(({ body }) => body.symbol))].toSorted();
      return {
        id: code,
        cells: [code, String(count), symbols.join(", "), SUMMARIES.get(code) ?? ""],
        n: count,
        inputs: { seqs: entries.map(({ seq }) => seq) },
      };
    }),
    empty: "No signal was refused.",
  };
}

export function refusalTable({ facts }: Day): Table {
  return {
    id: "refusals",
    caption: "Every refusal",
    columns: [
      { id: "time", label: "Time", unit: "time", formula: null },
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "wanted", label: "Wanted", unit: "text", formula: null },
      { id: "code", label: "Code", unit: "text", formula: null },
      { id: "times", label: "Times", unit: "count", formula: "It and its repeats right after" },
      { id: "value", label: "Value", unit: "text", formula: null },
      { id: "limit", label: "Limit", unit: "text", formula: null },
      { id: "why", label: "Signal", unit: "text", formula: null },
    ],
    rows: [...facts.refusals.values()].map(({ at, seq, body }): Row => {
      const signal = facts.signals.get(body.signalId)?.body;
      return {
        id: body.signalId,
        cells: [
          String(at),
          body.symbol,
          signal === undefined ? "" : `${signal.purpose} ${signal.side}`,
          body.code,
          String(timesRefused(body.signalId, facts)),
          body.value,
          body.limit,
          signal?.reason.text ?? "",
        ],
        inputs: { seqs: [seq] },
      };
    }),
    empty: "No signal was refused.",
    long: true,
  };
}
