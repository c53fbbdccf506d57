/**
 * Why risk says no: a closed set. A code never changes its meaning, because ledgers keep it; `value` and `limit`
 * say which numbers stand beside it.
 */
export const REFUSALS = {
  HALTED: {
    summary: "The session is halted; only exits go out until a person lifts the halt",
    value: "why it was halted",
    limit: "",
  },
  ENTRIES_CLOSED: {
    summary: "The session takes no entries in its present state",
    value: "why",
    limit: "",
  },
  SYMBOL_FROZEN: {
    summary: "What became of an earlier order in this symbol is unknown",
    value: "",
    limit: "",
  },
  UNKNOWN_SYMBOL: {
    summary: "The broker has not described this symbol, so it cannot be traded",
    value: "",
    limit: "",
  },
  TRADING_HALTED: {
    summary: "The exchange has halted trading in this symbol",
    value: "",
    limit: "",
  },
  SHORT_NOT_ALLOWED: {
    summary: "The entry would sell short, and allowShort is false",
    value: "",
    limit: "",
  },
  POSITION_HELD: {
    summary: "The symbol is held already; entries neither add nor turn around",
    value: "shares held",
    limit: "0",
  },
  ENTRY_WORKING: {
    summary: "An entry in this symbol is working at the broker or was approved just before",
    value: "shares open",
    limit: "0",
  },
  EXCEEDS_PARENT: {
    summary: "The slice is more than what is left of the entry it belongs to",
    value: "shares of the slice",
    limit: "shares left",
  },
  COOLDOWN: {
    summary: "The symbol was traded too short a time ago",
    value: "milliseconds since then",
    limit: "cooldownMs",
  },
  EXCEEDS_ORDER_RATE: {
    summary: "Too many orders within a minute",
    value: "orders, with this entry and its stop",
    limit: "maxOrdersPerMinute",
  },
  EXCEEDS_SYMBOL_ORDERS: {
    summary: "Too many orders in this symbol today",
    value: "orders, with this entry and its stop",
    limit: "maxOrdersPerSymbolDay",
  },
  VALUATION_UNKNOWN: {
    summary: "Equity, the day's opening equity or the price of a position is unknown",
    value: "what is unknown",
    limit: "",
  },
  EXCEEDS_DAILY_LOSS: {
    summary: "The day's loss, realised and unrealised together, has reached its limit",
    value: "loss in USD",
    limit: "maxDailyLossPct of the day's opening equity, in USD",
  },
  EXCEEDS_DAY_DRAWDOWN: {
    summary: "Equity has fallen too far from the day's highest",
    value: "fall in USD",
    limit: "maxDayDrawdownPct of the day's highest equity, in USD",
  },
  EXCEEDS_DRAWDOWN: {
    summary: "Equity has fallen too far from its highest since a halt was last lifted",
    value: "fall in USD",
    limit: "maxDrawdownPct of the highest equity, in USD",
  },
  LOSING_STREAK: {
    summary: "Too many round trips of the day have lost in a row",
    value: "losing round trips in a row",
    limit: "maxConsecutiveLosses",
  },
  EXCEEDS_OPEN_POSITIONS: {
    summary: "Too many positions and working entries",
    value: "positions, with this one",
    limit: "maxOpenPositions",
  },
  NO_QUOTE: { summary: "There is no quote with both a bid and an ask", value: "", limit: "" },
  QUOTE_NOT_LIVE: {
    summary: "The quote is delayed or frozen, and requireLiveQuotes is true",
    value: "kind of quote",
    limit: "live",
  },
  STALE_QUOTE: {
    summary: "The newest quote is too old",
    value: "age in milliseconds",
    limit: "maxQuoteAgeMs",
  },
  INVALID_PRICE: {
    summary: "A price is not a finite positive number, or the bid is above the ask",
    value: "the price, or bid and ask",
    limit: "",
  },
  PRICE_QUARANTINED: {
    summary: "The newest price is too far from the last good one and not confirmed yet",
    value: "the price",
    limit: "outlierPct",
  },
  WIDE_SPREAD: {
    summary: "Bid and ask are too far apart",
    value: "spread in percent of the middle",
    limit: "maxSpreadPct",
  },
  OUTSIDE_COLLAR: {
    summary: "The last trade or the price to pay is too far from the middle of the quote",
    value: "distance in percent of the middle",
    limit: "priceCollarPct",
  },
  STOP_MISSING: { summary: "An entry needs a price at which it is wrong", value: "", limit: "" },
  STOP_WRONG_SIDE: {
    summary:
      "The stop would trigger at once: not below the bid for a buy, not above the ask for a sale",
    value: "stop price",
    limit: "bid or ask",
  },
  SIZE_ZERO: {
    summary: "The sizing rule allows less than one share",
    value: "amount in USD the rule allows",
    limit: "price of a share, or its risk to the stop, in USD",
  },
  EXCEEDS_ORDER_NOTIONAL: {
    summary: "The order is too large in dollars",
    value: "notional in USD",
    limit: "maxOrderNotionalUsd",
  },
  EXCEEDS_POSITION_LIMIT: {
    summary: "The position would be too large a part of equity",
    value: "notional in USD",
    limit: "maxPositionPct of equity, in USD",
  },
  EXCEEDS_DAILY_NOTIONAL: {
    summary: "Too much would have been bought and sold short today",
    value: "notional of the day's entries in USD, with this one",
    limit: "maxDailyNotionalUsd",
  },
  EXCEEDS_GROSS_EXPOSURE: {
    summary: "All positions together would be too large a part of equity",
    value: "gross exposure in USD, with working entries and this one",
    limit: "maxGrossExposurePct of equity, in USD",
  },
  EXCEEDS_NET_EXPOSURE: {
    summary: "Long less short positions would be too large a part of equity",
    value: "net exposure in USD, with working entries and this one; negative when short",
    limit: "maxNetExposurePct of equity, in USD",
  },
  EXCEEDS_LEVERAGE: {
    summary: "Too much money and too many shares would be borrowed for the equity there is",
    value: "equity, loan and shorts in USD, with working entries and this one",
    limit: "maxLeverage times equity, in USD",
  },
  EXCEEDS_SECTOR: {
    summary: "The positions of one industry would be too large a part of equity",
    value: "exposure of the industry in USD, with working entries and this one",
    limit: "maxSectorPct of equity, in USD",
  },
  EXCEEDS_CORRELATED: {
    summary: "Positions that gain and lose together would be too large a part of equity",
    value:
      "exposure in USD whose correlation with the symbol is correlationMin or more, with working entries and this one",
    limit: "maxCorrelatedPct of equity, in USD",
  },
  EXCEEDS_HEAT: {
    summary: "Too much would be lost if every stop were hit; a position without one counts whole",
    value: "loss in USD, with working entries and this one",
    limit: "maxHeatPct of equity, in USD",
  },
  LIQUIDITY_UNKNOWN: {
    summary: "No bar of this symbol has told how much of it is traded",
    value: "",
    limit: "",
  },
  EXCEEDS_LIQUIDITY: {
    summary: "The order is too large for how much of the symbol is traded",
    value: "shares",
    limit: "maxBarVolumePct of the average volume in the time it is worked, in shares",
  },
  INSUFFICIENT_CASH: {
    summary: "There is not enough cash for this entry and those still working",
    value: "USD needed",
    limit: "cash in USD",
  },
  INSUFFICIENT_BUYING_POWER: {
    summary: "TWS would not lend the margin this entry and those still working need",
    value: "initial margin in USD by TWS's own what-if, with entries since the funds were asked",
    limit: "available funds in USD",
  },
  OTHER_LEG_REFUSED: {
    summary: "Another entry of the same group was refused, and they go out together or not at all",
    value: "symbol and code of the one refused",
    limit: "",
  },
  NOTHING_TO_EXIT: {
    summary: "There is no position to close; an entry that still works should be cancelled",
    value: "shares held",
    limit: "",
  },
  EXIT_WORKING: {
    summary: "Exits at the broker already cover the whole position",
    value: "shares in working exits",
    limit: "shares held",
  },
  STOP_NOT_TIGHTER: {
    summary: "A working stop may only move towards the market",
    value: "where it would go, on the tick grid",
    limit: "where it stands",
  },
  EXIT_WRONG_SIDE: {
    summary: "The exit would enlarge the position instead of closing it",
    value: "side",
    limit: "side that closes it",
  },
} as const satisfies Readonly<
  Record<string, { readonly summary: string; readonly value: string; readonly limit: string }>
>;

export type RefusalCode = keyof typeof REFUSALS;

/** A no with its numbers, as decimal text; empty where there is none. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly value: string;
  readonly limit: string;
}

export function refusal(code: RefusalCode, value = "", limit = ""): Refusal {
  return { code, value, limit };
}

/** `EXCEEDS_POSITION_LIMIT value=12000 limit=10000`, the form for logs and people. */
export function formatRefusal(
  { code, value, limit }: { readonly [name in keyof Refusal]: string },
): string {
  const parts = [value === "" ? "" : ` value=${value}`, limit === "" ? "" : ` limit=${limit}`];
  return code + parts.join("");
}

/** The documentation of the codes, a table in Markdown. */
export function refusalsTable(): string {
  const rows = Object.entries(REFUSALS).map(
    ([code, { summary, value, limit }]) => `| \`${code}\` | ${summary} | ${value} | ${limit} |`,
  );
  return ["| code | meaning | value | limit |", "|---|---|---|---|", ...rows, ""].join("\n");
}
