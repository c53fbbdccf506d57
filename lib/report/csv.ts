import { type Column, figuresOf, type Report, type Table, tablesOf } from "./figure.ts";
import { ZoneTimes } from "./times.ts";

/** One file per table, and all figures together in `figures.csv`. File name → text. */
export function toCsv(report: Report): ReadonlyMap<string, string> {
  return new Map([...csvParts(report)].map(([name, lines]) => [name, [...lines].join("")]));
}

/** The same files line by line: a busy day's orders would be a text of twenty megabytes. */
export function csvParts(report: Report): ReadonlyMap<string, Iterable<string>> {
  const times = new ZoneTimes(report.zone);
  const files = new Map<string, Iterable<string>>();
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
  files.set("figures.csv", [head, ...figures].map(line));
  for (const table of tablesOf(report)) files.set(`${table.id}.csv`, tableCsv(table, times));
  return files;
}

function* tableCsv({ columns, rows }: Table, times: ZoneTimes): Iterable<string> {
  yield line(["row", ...columns.map(({ id }) => id)]);
  for (const { id, cells } of rows) {
    yield line([
      id,
      ...columns.map((column, index) => cellText(cells[index] ?? null, column, times)),
    ]);
  }
}

function cellText(value: string | null, { unit }: Column, times: ZoneTimes): string {
  if (value === null || value === "") return "";
  return unit === "time" ? times.full(Number(value)) : value;
}

function line(fields: readonly string[]): string {
  return `${fields.map(field).join(",")}\r\n`;
}

/** Spreadsheets run text that begins like a formula; a leading apostrophe keeps it text. Numbers stay as they are. */
function field(text: string): string {
  const risky = /^[=+@\t\r-]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);
  const safe = risky ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
