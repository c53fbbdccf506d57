import type { Day } from "./day.ts";
import type { Row, Table } from "./figure.ts";

/** What the strategy answered to every bar, bars with the same answer together. */
export function decisionTable({ facts }: Day): Table {
  const rows = facts.decisions.flatMap(({ seq, body }) =>
    body.symbols.flatMap(({ symbol, spans }) =>
      spans.map(({ from, to, bars, answer }, index): Row => ({
        id: `${symbol}.${seq}.${index + 1}`,
        cells: [symbol, String(from), String(to), String(bars), answer],
        n: bars,
        inputs: { seqs: [seq] },
      }))
    )
  );
  return {
    id: "decisions",
    caption: "What the strategy answered to every bar",
    columns: [
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "from", label: "From", unit: "time", formula: "End of the first bar" },
      { id: "to", label: "To", unit: "time", formula: "End of the last bar" },
      { id: "bars", label: "Bars", unit: "count", formula: "Bars with the same answer" },
      { id: "answer", label: "Answer, as it began", unit: "text", formula: null },
    ],
    rows,
    long: true,
    empty:
      "The session ended before it wrote down what the strategy answered, as it does every hour.",
  };
}
