import { type Column, figuresOf, type Report, type Table, tablesOf } from "./figure.ts";
import { ZoneTimes } from "./times.ts";

/** One file per table, and all figures together in `figures.csv`. File name → text. */
export function toCsv(report: Report): ReadonlyMap<string, string> {
  const times = new ZoneTimes(report.zone);
  const files = new Map<string, string>();
  const figures = [...figuresOf(report).values()].map((figure) => [
    figure.id,
    figure.label,
    figure.value ?? "",
    figure.unit,
    String(figure.n),
    figure.status,
    figure.reason ?? "",
    figure.formula,
  ]);
  const head = ["id", "label", "value", "unit", "n", "status", "reason", "formula"];
  files.set("figures.csv", lines([head, ...figures]));
  for (const table of tablesOf(report)) files.set(`${table.id}.csv`, tableCsv(table, times));
  return files;
}

function tableCsv({ columns, rows }: Table, times: ZoneTimes): string {
  const head = ["row", ...columns.map(({ id }) => id)];
  return lines([
    head,
    ...rows.map(({ id, cells }) => [
      id,
      ...columns.map((column, index) => cellText(cells[index] ?? null, column, times)),
    ]),
  ]);
}

function cellText(value: string | null, { unit }: Column, times: ZoneTimes): string {
  if (value === null || value === "") return "";
  return unit === "time" ? times.full(Number(value)) : value;
}

function lines(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** Spreadsheets run text that begins like a formula; a leading apostrophe keeps it text. Numbers stay as they are. */
function field(text: string): string {
  const risky = /^[=+@\t\r-]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);
  const safe = risky ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
