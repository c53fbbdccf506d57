import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatMicros } from "../../lib/money.ts";
import type { Book, OpenParent } from "../../lib/risk/book.ts";
import { type Decision, review, reviewSlice } from "../../lib/risk/review.ts";
import { book, enter, holding, limits, micros, NOW, quote } from "./fixtures.ts";

const PARENT: OpenParent = {
  symbol: "AAPL",
  side: "BUY",
  unsent: micros("40"),
  limitPrice: micros("101"),
  stopPrice: micros("98"),
  sizing: "49 shares",
};

/** 40 of 49 shares are not sent yet; 9 are held. */
function working(rest: Partial<Book> = {}, parent: Partial<OpenParent> = {}): Book {
  return book({
    positions: holding("AAPL", "9", 100, "98"),
    working: [{
      symbol: "AAPL",
      side: "BUY",
      purpose: "enter",
      remaining: micros("40"),
      reserved: micros("4040"),
      atRisk: micros("120"),
    }],
    parents: new Map([["P", { ...PARENT, ...parent }]]),
    ...rest,
  });
}

function slice(shares: string, in_: Book): Decision {
  return reviewSlice({ parentOrderId: "P", quantity: micros(shares) }, limits(), in_);
}

function words(decision: Decision): string {
  return decision.outcome === "approved"
    ? `approved ${formatMicros(decision.quantity)}`
    : `${decision.code} value=${decision.value} limit=${decision.limit}`;
}

Deno.test("reviewSlice() approves a part of an entry although its symbol is held, working and just traded", () => {
  const just = new Map([["AAPL BUY", NOW - 1]]);
  strictEqual(words(slice("10", working({ lastTrade: just }))), "approved 10");
  const again = review([enter("AAPL")], limits(), working({ lastTrade: just }))[0];
  strictEqual(again?.outcome === "refused" && again.code, "POSITION_HELD");
});

Deno.test("reviewSlice() refuses more than is left of the entry, nothing, and an entry nobody approved", () => {
  strictEqual(words(slice("41", working())), "EXCEEDS_PARENT value=41 limit=40");
  strictEqual(words(slice("0", working())), "EXCEEDS_PARENT value=0 limit=40");
  strictEqual(words(slice("1", book())), "EXCEEDS_PARENT value=1 limit=0");
});

Deno.test("reviewSlice() pays no more than the entry may, nor than the quote of now allows", () => {
  const approved = slice("10", working());
  ok(approved.outcome === "approved");
  strictEqual(formatMicros(approved.limitPrice ?? 0n), "101");
  const lower = quote("AAPL", { bid: 98.49, ask: 98.51, last: 98.5 });
  const cheaper = slice("10", working({ quotes: new Map([["AAPL", lower]]) }));
  ok(cheaper.outcome === "approved");
  strictEqual(formatMicros(cheaper.limitPrice ?? 0n), "100.47");
});

Deno.test("reviewSlice() refuses while halted, closed, frozen or without a quote to rely on", () => {
  const stale = new Map([["AAPL", quote("AAPL", { time: NOW - 20_000 })]]);
  deepStrictEqual(
    [
      working({ halted: "enough" }),
      working({ entriesClosed: "winding down" }),
      working({ frozen: new Set(["AAPL"]) }),
      working({ tradingHalted: new Set(["AAPL"]) }),
      working({ quotes: stale }),
      working({ ordersLastMinute: 29 }),
    ].map((in_) => words(slice("10", in_)).split(" ")[0]),
    [
      "HALTED",
      "ENTRIES_CLOSED",
      "SYMBOL_FROZEN",
      "TRADING_HALTED",
      "STALE_QUOTE",
      "EXCEEDS_ORDER_RATE",
    ],
  );
});

Deno.test("reviewSlice() refuses when a loss since the approval leaves no room for what is reserved", () => {
  const poorer = working({
    equity: micros("4800"),
    startOfDayEquity: micros("4800"),
    dayPeakEquity: null,
    peakEquity: null,
  });
  strictEqual(words(slice("10", poorer)), "EXCEEDS_GROSS_EXPOSURE value=4940 limit=4800");
});

Deno.test("reviewSlice() refuses when the market has fallen through the stop", () => {
  const low = quote("AAPL", { bid: 97.5, ask: 97.52, last: 97.51 });
  strictEqual(
    words(slice("10", working({ quotes: new Map([["AAPL", low]]) }))).split(" ")[0],
    "STOP_WRONG_SIDE",
  );
});

Deno.test("review() measures an entry by what is traded in the time it is worked, a leg of a pair by a bar", () => {
  const thin = { averageVolume: new Map([["AAPL", 20]]) };
  const one = review([enter("AAPL")], limits(), book(thin))[0];
  strictEqual(one?.outcome === "refused" && one.code, "EXCEEDS_LIQUIDITY");
  const worked = review([enter("AAPL")], limits(), book({ ...thin, workedBars: 30 }))[0];
  strictEqual(worked?.outcome, "approved");
  const leg =
    review([enter("AAPL", { group: "pair" })], limits(), book({ ...thin, workedBars: 30 }))[0];
  strictEqual(leg?.outcome === "refused" && leg.code, "EXCEEDS_LIQUIDITY");
});
