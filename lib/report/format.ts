import { absolute, formatMoney, parseMicros } from "../money.ts";
import type { Column, Row, Table, Unit } from "./figure.ts";
import type { ZoneTimes } from "./times.ts";

/** How values look to people. The exact value always stands beside: in JSON, in CSV, in the cell's `data-v`. */

/** A true minus is as wide as a plus, so signed columns line up. */
const MINUS = "\u2212";
/** Undefined. The reason is said beside it. */
export const UNDEFINED = "\u2013";

/** One value of a unit. */
export function display(
  value: string | null,
  unit: Unit,
  { times, signed = false }: { readonly times: ZoneTimes; readonly signed?: boolean },
): string {
  if (value === null) return UNDEFINED;
  switch (unit) {
    case "text":
    case "date":
      return value;
    case "time":
      return times.time(Number(value));
    case "ms":
      return duration(Number(value));
    default:
      return withSign(displayNumber(value, unit), signed) + SUFFIX[unit];
  }
}

export function displayCell(value: string | null, column: Column, times: ZoneTimes): string {
  return display(value, column.unit, { times, signed: column.signed === true });
}

const SUFFIX: Readonly<Record<Exclude<Unit, "text" | "date" | "time" | "ms">, string>> = {
  money: "",
  price: "",
  shares: "",
  count: "",
  ratio: "",
  number: "",
  bps: " bp",
  percent: "%",
  days: " d",
};

/** What stands behind a number of this unit; nothing where the text says it itself. */
export function suffixOf(unit: Unit): string {
  return unit === "text" || unit === "date" || unit === "time" || unit === "ms" ? "" : SUFFIX[unit];
}

/** Units whose numbers stand right-aligned. */
export function isNumeric(unit: Unit): boolean {
  return unit !== "text" && unit !== "date" && unit !== "time";
}

/** Negative, zero or positive: what a colour may follow, never lead. */
export function signOf(value: string): -1 | 0 | 1 {
  return !/[1-9]/.test(value) ? 0 : value.startsWith("-") ? -1 : 1;
}

function displayNumber(value: string, unit: Unit): string {
  const micros = parseMicros(value);
  switch (unit) {
    case "money":
      // Less than half a cent is not nothing.
      return micros !== 0n && absolute(micros) < 5_000n
        ? formatMoney(micros, 6)
        : formatMoney(micros, 2);
    case "percent":
    case "ratio":
    case "bps":
      return formatMoney(micros, 2);
    case "number":
      return atLeast(formatMoney(micros, 2), 0);
    case "price":
      return atLeast(formatMoney(micros, 6), 2);
    default:
      return atLeast(formatMoney(micros, 6), 0);
  }
}

/** Trailing zeros go, but so many decimals stay. */
function atLeast(text: string, decimals: number): string {
  const [whole = "", fraction = ""] = text.split(".");
  const kept = fraction.replace(/0+$/, "").padEnd(decimals, "0");
  return kept === "" ? whole : `${whole}.${kept}`;
}

function withSign(text: string, signed: boolean): string {
  if (text.startsWith("-")) return MINUS + text.slice(1);
  return signed && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `12 ms`, `1.50 s`, `2 min 3 s`, `3 h 5 min` */
export function duration(ms: number): string {
  if (ms < 0) return `${MINUS}${duration(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1).replace(/\.0+$/, "")} s`;
  const seconds = Math.round(ms / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** Digits of a computed number that are worth keeping: more is noise of the arithmetic. */
const DIGITS = 12;
const NOISE = 1e-12;

/** Decimal text of a computed number, never with an exponent; null when it is not finite. */
export function decimal(value: number): string | null {
  if (!Number.isFinite(value)) return null;
  if (Math.abs(value) < NOISE) return "0";
  const decimals = DIGITS - 1 - Math.floor(Math.log10(Math.abs(value)));
  const text = value.toFixed(Math.max(0, decimals));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Rows of a thinned table that a page shows. */
const THIN_ROWS = 48;

/** The rows of a table that a page shows, no more than `max`, and what it says about the others. */
export function shownRows(
  { rows, id, columns, telling, thin = false, pageRows = Infinity }: Table,
  most: number,
): { readonly rows: readonly Row[]; readonly note: string | null } {
  const step = thin ? Math.ceil(rows.length / THIN_ROWS) : 1;
  if (step > 1) {
    const note = `One row of every ${step} is shown; all ${rows.length} are in ${id}.csv.`;
    return { rows: rows.filter((_, index) => index % step === 0), note };
  }
  const max = Math.min(most, pageRows);
  const left = rows.length - max;
  if (left <= 0) return { rows, note: null };
  const place = columns.findIndex((one) => one.id === telling);
  const column = columns[place];
  if (column !== undefined) {
    const measure = `${column.label.toLowerCase()}${
      column.signed === true ? ", gain or loss," : ""
    }`;
    const note = `The ${max} of ${rows.length} with the largest ${measure} are shown; ` +
      `all are in ${id}.csv.`;
    return { rows: largest(rows, place, max), note };
  }
  return { rows: rows.slice(0, max), note: `… and ${plural(left, "more row")} in ${id}.csv.` };
}

/** In the order they had. */
function largest(rows: readonly Row[], column: number, count: number): readonly Row[] {
  const size = rows.map(({ cells }) => Math.abs(Number(cells[column] ?? 0)));
  const order = [...rows.keys()].toSorted((a, b) => (size[b] ?? 0) - (size[a] ?? 0) || a - b);
  const kept = new Set(order.slice(0, count));
  return rows.filter((_, index) => kept.has(index));
}

/** `1 fill`, `2 fills` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
