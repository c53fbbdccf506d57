import { formatMoney, parseMicros } from "../money.ts";
import type { LimitRow } from "./feed.ts";

/** Numbers as the page shows them, from the exact text of the feed. */

/** A true minus is as wide as a plus, so signed columns line up. */
const MINUS = "\u2212";
export const UNKNOWN = "—";

/** `100,000.00` */
export function money(text: string): string {
  return withMinus(formatMoney(parseMicros(text)));
}

/** `+374.75`, `−374.75`, `0.00` */
export function signed(text: string): string {
  const shown = money(text);
  return signOf(text) > 0 ? `+${shown}` : shown;
}

/** `6.97`, `7.065`: two decimals at least, more where there are more. */
export function price(text: string): string {
  return withDecimals(formatMoney(parseMicros(text), 6));
}

/** The same of an average, which has no end: four decimals at most. */
export function averagePrice(text: string): string {
  return withDecimals(formatMoney(parseMicros(text), 4));
}

function withDecimals(text: string): string {
  const [whole = "", fraction = ""] = text.split(".");
  return withMinus(`${whole}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`);
}

/** `1,250`, `0.5` */
export function shares(text: string): string {
  return withMinus(formatMoney(parseMicros(text), 6).replace(/\.?0+$/, ""));
}

/** As a limit is written: `9.6 %`, `1.5 ×`, `76,749`, `10`, `15 s`. */
export function limitValue(text: string, unit: LimitRow["unit"]): string {
  const micros = parseMicros(text);
  if (unit === "ms") return `${withMinus(formatMoney(micros / 1_000n, 1).replace(/\.0$/, ""))} s`;
  if (unit === "count" || unit === "usd") return formatMoney(micros, 0);
  const number = formatMoney(micros, 2).replace(/\.?0+$/, "");
  return `${withMinus(number)} ${unit === "percent" ? "%" : "×"}`;
}

/** What colour may follow, never lead. */
export function signOf(text: string): -1 | 0 | 1 {
  return !/[1-9]/.test(text) ? 0 : text.startsWith("-") ? -1 : 1;
}

/** How far `price` is from `mark`, in percent of it: `−1.8 %`. */
export function distance(price: string, mark: string): string {
  const [from, to] = [Number(mark), Number(price)];
  if (!(from > 0)) return UNKNOWN;
  return `${withMinus(((to / from - 1) * 100).toFixed(1))} %`;
}

function withMinus(text: string): string {
  return text.startsWith("-") ? MINUS + text.slice(1) : text;
}
