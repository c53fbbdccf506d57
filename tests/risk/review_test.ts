import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatMicros } from "../../lib/money.ts";
import { type Book, tradeKey } from "../../lib/risk/book.ts";
import type { Limits } from "../../lib/risk/limits.ts";
import { formatRefusal } from "../../lib/risk/refusals.ts";
import { review } from "../../lib/risk/review.ts";
import type { Signal } from "../../lib/strategy/strategy.ts";
import { approval, book, enter, exit, holding, limits, micros, NOW, quote } from "./fixtures.ts";

interface Situation {
  readonly signal?: Signal;
  readonly book?: Partial<Book>;
  readonly limits?: Partial<Limits>;
}

/** What review says of one signal: the refusal with its numbers, or `approved` and the shares. */
function verdict(situation: Situation): string {
  const [decision] = review(
    [situation.signal ?? enter("AAPL")],
    limits(situation.limits),
    book(situation.book),
  );
  if (decision === undefined) return "nothing";
  return decision.outcome === "refused"
    ? formatRefusal(decision)
    : `approved ${formatMicros(decision.quantity)}`;
}

const quoted = (rest: Parameters<typeof quote>[1]): Partial<Book> => ({
  quotes: new Map([["AAPL", quote("AAPL", rest)]]),
});

Deno.test("review() approves an entry with whole shares, a collared limit and its stop on the grid", () => {
  const approved = approval(review([enter("AAPL", { stopPrice: 97.999 })], limits(), book()));
  // 5 % of 100,000 at no more than 102.00 a share.
  strictEqual(formatMicros(approved.quantity), "49");
  strictEqual(formatMicros(approved.limitPrice ?? 0n), "102");
  strictEqual(formatMicros(approved.stopPrice ?? 0n), "97.99");
  strictEqual(formatMicros(approved.reserved), "4998");
  strictEqual(approved.sizing, "5 % of equity 100000: 5000 ÷ 102 is 49 shares");
});

Deno.test("review() refuses every entry while the session is halted or takes none", () => {
  strictEqual(verdict({ book: { halted: "daily loss" } }), "HALTED value=daily loss");
  strictEqual(
    verdict({ book: { entriesClosed: "warming-up" } }),
    "ENTRIES_CLOSED value=warming-up",
  );
});

Deno.test("review() refuses a symbol that is frozen, halted by the exchange, or not known", () => {
  strictEqual(verdict({ book: { frozen: new Set(["AAPL"]) } }), "SYMBOL_FROZEN");
  strictEqual(verdict({ book: { tradingHalted: new Set(["AAPL"]) } }), "TRADING_HALTED");
  strictEqual(verdict({ signal: enter("ZZZZ") }), "UNKNOWN_SYMBOL");
});

Deno.test("review() refuses an entry into what is held, long or short", () => {
  strictEqual(
    verdict({ book: { positions: holding("AAPL", "10") } }),
    "POSITION_HELD value=10 limit=0",
  );
  strictEqual(
    verdict({ book: { positions: holding("AAPL", "-10") } }),
    "POSITION_HELD value=-10 limit=0",
  );
});

Deno.test("review() gives one order to eight tasks that all want the same symbol", () => {
  const decisions = review(Array.from({ length: 8 }, () => enter("AAPL")), limits(), book());
  deepStrictEqual(decisions.map((one) => one.outcome === "refused" ? one.code : one.outcome), [
    "approved",
    ...Array.from({ length: 7 }, () => "ENTRY_WORKING"),
  ]);
});

Deno.test("review() refuses an entry while an earlier one works at the broker", () => {
  const working = [{
    symbol: "AAPL",
    side: "BUY",
    purpose: "enter",
    remaining: micros("20"),
    reserved: micros("2040"),
    atRisk: micros("80"),
  }] as const;
  strictEqual(verdict({ book: { working } }), "ENTRY_WORKING value=20 limit=0");
});

Deno.test("review() refuses to buy within the cooldown after a sale or a purchase, and not after it", () => {
  const sold = (agoMs: number): Partial<Book> => ({
    lastTrade: new Map([[tradeKey("AAPL", "SELL"), NOW - agoMs]]),
  });
  strictEqual(verdict({ book: sold(599_999) }), "COOLDOWN value=599999 limit=600000");
  strictEqual(verdict({ book: sold(600_000) }), "approved 49");
  const bought = { lastTrade: new Map([[tradeKey("AAPL", "BUY"), NOW - 1]]) };
  strictEqual(verdict({ book: bought }), "COOLDOWN value=1 limit=600000");
  const other = { lastTrade: new Map([[tradeKey("MSFT", "SELL"), NOW - 1]]) };
  strictEqual(verdict({ book: other }), "approved 49");
});

Deno.test("review() refuses an entry that would be the 31st order of a minute, its stop counted", () => {
  strictEqual(verdict({ book: { ordersLastMinute: 28 } }), "approved 49");
  strictEqual(verdict({ book: { ordersLastMinute: 29 } }), "EXCEEDS_ORDER_RATE value=31 limit=30");
});

Deno.test("review() stops a strategy that asks for 1,000 orders at the limits", () => {
  const symbols = Array.from({ length: 1_000 }, (_, index) => `S${index}`);
  const one = book();
  const instrument = one.instruments.get("AAPL");
  const flood = book({
    quotes: new Map(symbols.map((symbol) => [symbol, quote(symbol)])),
    instruments: instrument === undefined
      ? new Map()
      : new Map(symbols.map((symbol) => [symbol, { ...instrument, symbol }])),
    averageVolume: new Map(symbols.map((symbol) => [symbol, 10_000])),
  });
  const decisions = review(symbols.map((symbol) => enter(symbol)), limits(), flood);
  strictEqual(decisions.filter(({ outcome }) => outcome === "approved").length, 10);
});

Deno.test("review() refuses while equity or the price of a position is unknown", () => {
  strictEqual(verdict({ book: { equity: null } }), "VALUATION_UNKNOWN value=equity");
  strictEqual(
    verdict({ book: { startOfDayEquity: null } }),
    "VALUATION_UNKNOWN value=start-of-day equity",
  );
  strictEqual(
    verdict({ book: { positions: holding("MSFT", "10", null) } }),
    "VALUATION_UNKNOWN value=price of a position",
  );
});

Deno.test("review() counts a loss that is only unrealised against the daily limit", () => {
  // Cash is untouched but for the purchase; the position bought at 100 now stands at 80.
  const losing = {
    cash: micros("90000"),
    positions: holding("MSFT", "100", 80, "78"),
    equity: micros("98000"),
  };
  strictEqual(verdict({ book: losing }), "EXCEEDS_DAILY_LOSS value=2000 limit=2000");
  strictEqual(verdict({ book: { ...losing, equity: micros("98000.01") } }), "approved 48");
});

Deno.test("review() refuses an eleventh position, working entries counted", () => {
  const nine = new Map(
    Array.from(
      { length: 9 },
      (_, index) => [`H${index}`, { quantity: micros("1"), mark: 1, stopPrice: null }],
    ),
  );
  strictEqual(verdict({ book: { positions: nine } }), "approved 49");
  const decisions = review([enter("AAPL"), enter("MSFT")], limits(), book({ positions: nine }));
  const [, second] = decisions;
  strictEqual(
    second?.outcome === "refused" && formatRefusal(second),
    "EXCEEDS_OPEN_POSITIONS value=11 limit=10",
  );
});

Deno.test("D7: review() refuses without a two-sided quote", () => {
  strictEqual(verdict({ book: { quotes: new Map() } }), "NO_QUOTE");
  strictEqual(verdict({ book: quoted({ bid: null }) }), "NO_QUOTE");
  strictEqual(verdict({ book: quoted({ ask: null }) }), "NO_QUOTE");
});

Deno.test("D5, R2: review() refuses prices that are NaN, infinite, zero, negative or crossed", () => {
  strictEqual(verdict({ book: quoted({ ask: NaN }) }), "INVALID_PRICE value=NaN");
  strictEqual(verdict({ book: quoted({ ask: Infinity }) }), "INVALID_PRICE value=Infinity");
  strictEqual(verdict({ book: quoted({ bid: 0 }) }), "INVALID_PRICE value=0");
  strictEqual(verdict({ book: quoted({ bid: -1 }) }), "INVALID_PRICE value=-1");
  strictEqual(verdict({ book: quoted({ last: 0 }) }), "INVALID_PRICE value=0");
  strictEqual(verdict({ book: quoted({ bid: 100.02 }) }), "INVALID_PRICE value=100.02 100.01");
  for (const stopPrice of [NaN, Infinity, 0, -98]) {
    strictEqual(
      verdict({ signal: enter("AAPL", { stopPrice }) }),
      `INVALID_PRICE value=${stopPrice}`,
    );
  }
});

Deno.test("review() refuses a delayed quote unless the limits say otherwise", () => {
  strictEqual(
    verdict({ book: quoted({ kind: "delayed" }) }),
    "QUOTE_NOT_LIVE value=delayed limit=live",
  );
  const allowed = { requireLiveQuotes: false };
  strictEqual(verdict({ book: quoted({ kind: "delayed" }), limits: allowed }), "approved 49");
});

Deno.test("review() refuses a quote older than the limit, or of no known age", () => {
  strictEqual(verdict({ book: quoted({ time: NOW - 15_000 }) }), "approved 49");
  strictEqual(
    verdict({ book: quoted({ time: NOW - 15_001 }) }),
    "STALE_QUOTE value=15001 limit=15000",
  );
  strictEqual(verdict({ book: quoted({ time: NaN }) }), "STALE_QUOTE value=NaN limit=15000");
});

Deno.test("review() refuses a spread wider than the limit", () => {
  strictEqual(
    verdict({ book: quoted({ bid: 99.4, ask: 100.6 }) }),
    "WIDE_SPREAD value=1.2 limit=1",
  );
});

Deno.test("review() refuses when the last trade is ten times the quote", () => {
  strictEqual(verdict({ book: quoted({ last: 1_000 }) }), "OUTSIDE_COLLAR value=900 limit=2");
});

Deno.test("review() refuses when the collar does not reach the ask", () => {
  const situation = { book: quoted({ bid: 99.6, ask: 100.4 }), limits: { priceCollarPct: 0.2 } };
  strictEqual(verdict(situation), "OUTSIDE_COLLAR value=0.4 limit=0.2");
});

Deno.test("review() refuses a long entry without a stop below the bid", () => {
  strictEqual(verdict({ signal: enter("AAPL", { stopPrice: null }) }), "STOP_MISSING");
  strictEqual(
    verdict({ signal: enter("AAPL", { stopPrice: 99.99 }) }),
    "STOP_WRONG_SIDE value=99.99 limit=99.99",
  );
  strictEqual(verdict({ signal: enter("AAPL", { stopPrice: 99.98 }) }), "approved 49");
  strictEqual(verdict({ signal: enter("AAPL", { stopPrice: 0.001 }) }), "INVALID_PRICE value=0");
});

Deno.test("review() refuses an order above the position limit", () => {
  const fixed = { sizing: "fixed-shares", sizeShares: 99, maxOrderNotionalUsd: 50_000 } as const;
  strictEqual(verdict({ limits: fixed }), "EXCEEDS_POSITION_LIMIT value=10098 limit=10000");
  strictEqual(verdict({ limits: { ...fixed, sizeShares: 98 } }), "approved 98");
});

Deno.test("review() refuses an order above the order limit", () => {
  const fixed = { sizing: "fixed-shares", sizeShares: 99, maxPositionPct: 100 } as const;
  strictEqual(verdict({ limits: fixed }), "EXCEEDS_ORDER_NOTIONAL value=10098 limit=10000");
});

Deno.test("review() refuses what would pass the day's notional, with working entries counted", () => {
  const dayNotional = micros("95002.01");
  strictEqual(
    verdict({ book: { dayNotional } }),
    "EXCEEDS_DAILY_NOTIONAL value=100000.01 limit=100000",
  );
  const decisions = review(
    [enter("AAPL"), enter("MSFT")],
    limits(),
    book({ dayNotional: micros("92000") }),
  );
  const [, second] = decisions;
  strictEqual(
    second?.outcome === "refused" && formatRefusal(second),
    "EXCEEDS_DAILY_NOTIONAL value=101996 limit=100000",
  );
});

Deno.test("review() refuses what would pass gross exposure, shorts counted as exposure", () => {
  const positions = holding("MSFT", "-960");
  strictEqual(
    verdict({ book: { positions } }),
    "EXCEEDS_GROSS_EXPOSURE value=100998 limit=100000",
  );
});

Deno.test("review() refuses what cash does not cover after the entries before it", () => {
  const decisions = review(
    [enter("AAPL"), enter("MSFT")],
    limits(),
    book({ cash: micros("9000") }),
  );
  const [first, second] = decisions;
  strictEqual(first?.outcome, "approved");
  strictEqual(
    second?.outcome === "refused" && formatRefusal(second),
    "INSUFFICIENT_CASH value=9996 limit=9000",
  );
});

Deno.test("review() sells short only when allowed, with the stop above the ask", () => {
  const short = enter("AAPL", { side: "SELL", stopPrice: 102.001 });
  strictEqual(verdict({ signal: short }), "SHORT_NOT_ALLOWED");
  const approved = approval(review([short], limits({ allowShort: true }), book()));
  strictEqual(formatMicros(approved.limitPrice ?? 0n), "98");
  strictEqual(formatMicros(approved.stopPrice ?? 0n), "102.01");
  strictEqual(formatMicros(approved.reserved), "4998");
  strictEqual(
    verdict({
      signal: enter("AAPL", { side: "SELL", stopPrice: 100.01 }),
      limits: { allowShort: true },
    }),
    "STOP_WRONG_SIDE value=100.01 limit=100.01",
  );
});

Deno.test("review() approves both legs of a pair or neither", () => {
  const long = enter("AAPL", { group: "pair" });
  const short = enter("MSFT", { side: "SELL", stopPrice: 102, group: "pair" });
  const codes = (rest: Partial<Limits>, of: Partial<Book> = {}): string[] =>
    review([long, short], limits(rest), book(of)).map((one) =>
      one.outcome === "refused" ? formatRefusal(one) : one.outcome
    );
  deepStrictEqual(codes({ allowShort: true }), ["approved", "approved"]);
  deepStrictEqual(codes({ allowShort: false }), [
    "OTHER_LEG_REFUSED value=MSFT SHORT_NOT_ALLOWED",
    "SHORT_NOT_ALLOWED",
  ]);
  deepStrictEqual(codes({ allowShort: true, maxOpenPositions: 1 }), [
    "OTHER_LEG_REFUSED value=MSFT EXCEEDS_OPEN_POSITIONS",
    "EXCEEDS_OPEN_POSITIONS value=2 limit=1",
  ]);
});

Deno.test("review() does not reserve for a pair that was refused", () => {
  const decisions = review(
    [
      enter("AAPL", { group: "pair" }),
      enter("ZZZZ", { group: "pair" }),
      enter("MSFT"),
    ],
    limits({ maxOpenPositions: 1 }),
    book(),
  );
  strictEqual(decisions[2]?.outcome, "approved");
});

Deno.test("review() lets an exit out while halted, frozen, without a quote and beyond every limit", () => {
  const worst: Partial<Book> = {
    halted: "kill switch",
    entriesClosed: "winding-down",
    frozen: new Set(["AAPL"]),
    tradingHalted: new Set(["AAPL"]),
    quotes: new Map(),
    equity: null,
    ordersLastMinute: 1_000,
    positions: holding("AAPL", "70", null),
  };
  const approved = approval(review([exit("AAPL")], limits(), book(worst)));
  strictEqual(formatMicros(approved.quantity), "70");
  strictEqual(approved.limitPrice, null);
  strictEqual(approved.reserved, 0n);
});

Deno.test("review() sizes an exit to the position, less what other exits already sell", () => {
  const working = [{
    symbol: "AAPL",
    side: "SELL",
    purpose: "exit",
    remaining: micros("30"),
    reserved: 0n,
    atRisk: 0n,
  }] as const;
  const positions = holding("AAPL", "70");
  strictEqual(verdict({ signal: exit("AAPL"), book: { positions, working } }), "approved 40");
  const decisions = review([exit("AAPL"), exit("AAPL")], limits(), book({ positions }));
  const [, second] = decisions;
  strictEqual(
    second?.outcome === "refused" && formatRefusal(second),
    "EXIT_WORKING value=70 limit=70",
  );
});

Deno.test("review() refuses an exit of nothing, or one that would enlarge the position", () => {
  strictEqual(verdict({ signal: exit("AAPL") }), "NOTHING_TO_EXIT value=0");
  const positions = holding("AAPL", "-70");
  strictEqual(
    verdict({ signal: exit("AAPL"), book: { positions } }),
    "EXIT_WRONG_SIDE value=SELL limit=BUY",
  );
  strictEqual(
    verdict({ signal: exit("AAPL", { side: "BUY" }), book: { positions } }),
    "approved 70",
  );
});

Deno.test("review() leaves the book it was given untouched", () => {
  const given = book();
  review([enter("AAPL"), enter("MSFT")], limits(), given);
  deepStrictEqual(given, book());
});
