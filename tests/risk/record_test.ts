import { strictEqual } from "node:assert/strict";
import { formatMicros } from "../../lib/money.ts";
import type { Book, TripRecord } from "../../lib/risk/book.ts";
import type { Limits } from "../../lib/risk/limits.ts";
import { formatRefusal } from "../../lib/risk/refusals.ts";
import { review } from "../../lib/risk/review.ts";
import { sizeOf } from "../../lib/risk/sizing.ts";
import { book, enter, limits, micros } from "./fixtures.ts";

/** Limits that look back: at the day's orders, its round trips, the highest equity. */

function verdict(of: Partial<Book>, rest: Partial<Limits> = {}): string {
  const [one] = review([enter("AAPL")], limits(rest), book(of));
  if (one === undefined) return "nothing";
  return one.outcome === "refused" ? formatRefusal(one) : `approved ${formatMicros(one.quantity)}`;
}

Deno.test("review() refuses after too deep a fall from the day's highest equity", () => {
  const fallen = (equity: string): Partial<Book> => ({
    equity: micros(equity),
    dayPeakEquity: micros("102000"),
    peakEquity: micros("102000"),
  });
  // 3 % of 102,000; the day itself has lost far less than its 2 %.
  strictEqual(verdict(fallen("98940")), "EXCEEDS_DAY_DRAWDOWN value=3060 limit=3060");
  strictEqual(verdict(fallen("98940.01")), "approved 48");
});

Deno.test("review() refuses after too deep a fall from the highest equity of all days", () => {
  const fallen = (equity: string): Partial<Book> => ({
    equity: micros(equity),
    startOfDayEquity: micros("90000"),
    dayPeakEquity: micros("90000"),
    peakEquity: micros("100000"),
  });
  strictEqual(verdict(fallen("90000")), "EXCEEDS_DRAWDOWN value=10000 limit=10000");
  strictEqual(verdict(fallen("90000.01")), "approved 44");
});

Deno.test("review() refuses after the eighth round trip in a row that lost", () => {
  strictEqual(verdict({ losingStreak: 7 }), "approved 49");
  strictEqual(verdict({ losingStreak: 8 }), "LOSING_STREAK value=8 limit=8");
});

Deno.test("review() refuses the 41st order in a symbol within a day, and leaves other symbols alone", () => {
  strictEqual(verdict({ ordersToday: new Map([["AAPL", 38]]) }), "approved 49");
  strictEqual(
    verdict({ ordersToday: new Map([["AAPL", 39]]) }),
    "EXCEEDS_SYMBOL_ORDERS value=41 limit=40",
  );
  strictEqual(verdict({ ordersToday: new Map([["MSFT", 1_000]]) }), "approved 49");
});

Deno.test("review() refuses while the newest price is in quarantine", () => {
  strictEqual(
    verdict({ quarantined: new Map([["AAPL", 130]]) }),
    "PRICE_QUARANTINED value=130 limit=20",
  );
});

const facts = {
  equity: micros("100000"),
  costPrice: micros("20"),
  limitPrice: micros("20"),
  stopPrice: micros("18"),
};

function kelly(record: TripRecord, rest: Partial<Limits> = {}): string {
  const rule = limits({ sizing: "half-kelly", kellyMaxRiskPct: 10, ...rest });
  const wide = { ...rule, maxPositionPct: 100, maxOrderNotionalUsd: 1e6 };
  const size = sizeOf(wide, { ...facts, record: () => record });
  return "code" in size ? formatRefusal(size) : `${formatMicros(size.quantity)}: ${size.text}`;
}

Deno.test("sizeOf() risks half of Kelly: what the record of wins and losses earns", () => {
  // 22 of 40 won, as much each as a loss: 0.55 − 0.45 ÷ 1 = 10 %, half of it 5 % of equity, 2 dollars a share.
  const even = { wins: 22, losses: 18, won: micros("2200"), lost: micros("1800") };
  strictEqual(
    kelly(even),
    "2500: half Kelly of 22 wins and 18 losses, 5 % of equity 100000 at risk, " +
      "2 a share to the stop at 18: 5000 ÷ 2 is 2500 shares",
  );
  // 16 of 40 won, three times a loss each: 0.4 − 0.6 ÷ 3 = 20 %, half of it 10 %.
  const rare = { wins: 16, losses: 24, won: micros("4800"), lost: micros("2400") };
  strictEqual(kelly(rare).split(":")[0], "5000");
});

Deno.test("sizeOf() never risks more than the cap, whatever Kelly says", () => {
  const lucky = { wins: 40, losses: 0, won: micros("4000"), lost: 0n };
  strictEqual(kelly(lucky, { kellyMaxRiskPct: 1 }).split(":")[0], "500");
});

Deno.test("sizeOf() risks nothing on a record without an edge", () => {
  const losing = { wins: 16, losses: 24, won: micros("1600"), lost: micros("2400") };
  strictEqual(kelly(losing), "SIZE_ZERO value=0 limit=2");
  const hopeless = { wins: 0, losses: 40, won: 0n, lost: micros("4000") };
  strictEqual(kelly(hopeless), "SIZE_ZERO value=0 limit=2");
});

Deno.test("sizeOf() risks as stop-risk does until there are enough round trips", () => {
  const young = { wins: 29, losses: 0, won: micros("2900"), lost: 0n };
  strictEqual(
    kelly(young),
    "250: 29 of 30 round trips for half Kelly, so 0.5 % of equity 100000 at risk, " +
      "2 a share to the stop at 18: 500 ÷ 2 is 250 shares",
  );
});
