import { formatMoney, fromNumber, greatest, least, type Micros, ZERO } from "../money.ts";
import { type Book, grossExposure, occupied, reserved } from "./book.ts";
import { netExposure } from "./exposure.ts";
import { percentOf } from "./gates.ts";
import type { Limits } from "./limits.ts";
import { sizeOf } from "./sizing.ts";

/** What the limits that are no sum of the day leave the next entry, in words and numbers for people. */

/** symbol → the newest price known of it */
export type Prices = ReadonlyMap<string, number>;

/** More symbols than this make a row wider than a terminal; the rest is counted. */
const SYMBOLS_SHOWN = 3;
const NO_PRICE = "no price in the ledger yet";

/** Limits whose rows make sense only under another setting, and that setting. */
const ONLY_WITH: ReadonlyMap<string, (limits: Limits) => string | null> = new Map([
  ["sizePct", under("sizing", ["percent-of-equity"])],
  ["sizeRiskPct", under("sizing", ["stop-risk", "half-kelly"])],
  ["kellyMinTrips", under("sizing", ["half-kelly"])],
  ["kellyMaxRiskPct", under("sizing", ["half-kelly"])],
  ["sizeNotionalUsd", under("sizing", ["fixed-notional"])],
  ["sizeShares", under("sizing", ["fixed-shares"])],
  ["breakEvenAtR", under("stopRule", ["break-even", "both"])],
  ["trailByR", under("stopRule", ["trailing", "both"])],
  ["stopStepR", under("stopRule", ["break-even", "trailing", "both"])],
]);

/** What this limit leaves the next entry; null where another row says it, or only a session knows. */
export function entryRoom(
  name: string,
  limits: Limits,
  { book, prices }: { readonly book: Book; readonly prices: Prices },
): string | null {
  const idle = ONLY_WITH.get(name)?.(limits) ?? null;
  if (idle !== null) return idle;
  const { equity } = book;
  const share = (pct: number, what: string): string | null =>
    equity === null ? null : `${usd(percentOf(equity, pct))} ${what}`;
  switch (name) {
    case "sizing":
      return sizes(limits, book, prices);
    case "sizePct":
      return share(limits.sizePct, "an entry");
    case "sizeRiskPct":
      return share(limits.sizeRiskPct, "an entry may lose at its stop");
    case "kellyMaxRiskPct":
      return share(limits.kellyMaxRiskPct, "an entry may lose at its stop");
    case "kellyMinTrips":
      return `${trips(book)} of ${limits.kellyMinTrips} round trips so far`;
    case "sizeNotionalUsd":
      return `${usd(fromNumber(limits.sizeNotionalUsd))} an entry`;
    case "sizeShares":
      return `${limits.sizeShares} shares an entry`;
    case "maxOrderNotionalUsd":
      return `${usd(fromNumber(limits.maxOrderNotionalUsd))} left for each entry`;
    case "priceCollarPct":
      return each(prices, (price) => between(price, limits.priceCollarPct).join(" to "));
    case "outlierPct":
      return each(prices, (price) => `outside ${between(price, limits.outlierPct).join(" to ")}`);
    case "maxSpreadPct":
      return each(prices, (price) => `${((price * limits.maxSpreadPct) / 100).toFixed(2)} wide`);
    case "cooldownMs":
      return waiting(limits, book);
    default:
      return null;
  }
}

/** The most a purchase may cost now, and the limit that says so; what depends on its symbol and stop comes on top. */
export function largestPurchase(
  limits: Limits,
  book: Book,
): { readonly amount: Micros; readonly by: string } | null {
  const { equity, cash } = book;
  const gross = grossExposure(book);
  if (equity === null || gross === null) return null;
  const working = reserved(book, null);
  const net = netExposure(book);
  const rooms: readonly (readonly [string, Micros])[] = [
    ["maxOrderNotionalUsd", fromNumber(limits.maxOrderNotionalUsd)],
    ["maxPositionPct", percentOf(equity, limits.maxPositionPct)],
    ["maxDailyNotionalUsd", fromNumber(limits.maxDailyNotionalUsd) - book.dayNotional - working],
    ["maxGrossExposurePct", percentOf(equity, limits.maxGrossExposurePct) - gross - working],
    ["maxNetExposurePct", percentOf(equity, limits.maxNetExposurePct) - net],
    ["maxOpenPositions", occupied(book).size < limits.maxOpenPositions ? equity : ZERO],
    ["cash", cash - reserved(book, "BUY")],
  ];
  const amount = greatest(rooms.map(([, room]) => room).reduce(least), ZERO);
  const by = rooms.find(([, room]) => greatest(room, ZERO) === amount)?.[0] ?? "";
  return { amount, by };
}

function under<K extends "sizing" | "stopRule">(
  setting: K,
  values: readonly Limits[K][],
): (limits: Limits) => string | null {
  const called = setting === "sizing" ? "sizing" : "stop_rule";
  return (limits) =>
    values.includes(limits[setting]) ? null : `not in force: ${called} is ${limits[setting]}`;
}

/** Shares of the next entry in each symbol, where no stop is needed to know them. */
function sizes(limits: Limits, book: Book, prices: Prices): string | null {
  const { equity, record } = book;
  if (equity === null) return null;
  if (limits.sizing === "stop-risk" || limits.sizing === "half-kelly") {
    return "shares follow from each entry's stop";
  }
  return each(prices, (price) => {
    const [, most] = between(price, limits.priceCollarPct);
    const costPrice = fromNumber(Number(most));
    const facts = { equity, record, costPrice, limitPrice: costPrice, stopPrice: ZERO };
    const size = sizeOf(limits, facts);
    return "code" in size ? "none" : `${size.quantity / fromNumber(1)} shares`;
  });
}

function trips(book: Book): number {
  const { wins, losses } = book.record();
  return wins + losses;
}

function waiting(limits: Limits, book: Book): string {
  const left = new Map<string, number>(); // symbol → ms until an entry is possible
  for (const [key, at] of book.lastTrade) {
    const [symbol = ""] = key.split(" ");
    const waitMs = at + limits.cooldownMs - book.now;
    if (waitMs > (left.get(symbol) ?? 0)) left.set(symbol, waitMs);
  }
  return left.size === 0
    ? "no symbol waits"
    : each(left, (waitMs) => `waits ${Math.ceil(waitMs / 1_000)} s`);
}

function each(of: ReadonlyMap<string, number>, say: (value: number) => string): string {
  const symbols = [...of].sort(([a], [b]) => (a < b ? -1 : 1));
  if (symbols.length === 0) return NO_PRICE;
  const shown = symbols.slice(0, SYMBOLS_SHOWN).map(([symbol, value]) => `${symbol} ${say(value)}`);
  const rest = symbols.length - shown.length;
  return shown.join(", ") + (rest > 0 ? `, and ${rest} more` : "");
}

function between(price: number, pct: number): readonly [string, string] {
  const distance = (price * pct) / 100;
  return [(price - distance).toFixed(2), (price + distance).toFixed(2)];
}

function usd(amount: Micros): string {
  return `${formatMoney(amount)} USD`;
}
