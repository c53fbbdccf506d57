import type { Row, Table } from "./figure.ts";

/** What and its value, row by row. */
export function factTable(id: string, caption: string, rows: readonly Row[]): Table {
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
