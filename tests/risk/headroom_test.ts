import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatMicros } from "../../lib/money.ts";
import { type Book, tradeKey } from "../../lib/risk/book.ts";
import { largestPurchase } from "../../lib/risk/entry_room.ts";
import { headroomOf } from "../../lib/risk/headroom.ts";
import { DEFAULT_LIMITS } from "../../lib/risk/limits.ts";
import { book, holding, limits, micros } from "./fixtures.ts";

Deno.test("headroomOf() says what a position, a working entry and a loss have used of each limit", () => {
  const rooms = headroomOf(
    limits({ maxSectorPct: 30 }),
    book({
      equity: micros("99000"),
      dayPeakEquity: micros("100500"),
      peakEquity: micros("101000"),
      positions: holding("MSFT", "100", 90, "85"),
      working: [{
        symbol: "AAPL",
        side: "BUY",
        purpose: "enter",
        remaining: micros("20"),
        reserved: micros("2040"),
        atRisk: micros("80"),
      }],
      dayNotional: micros("9500"),
      ordersToday: new Map([["MSFT", 4], ["AAPL", 2]]),
      ordersLastMinute: 2,
      losingStreak: 3,
    }),
  );
  const expected = {
    maxPositionPct: ["9,000.00 USD", "900.00 USD", "MSFT"],
    maxGrossExposurePct: ["11,040.00 USD", "87,960.00 USD"],
    maxNetExposurePct: ["11,040.00 USD", "68,160.00 USD"],
    maxLeverage: ["99,000.00 USD", "49,500.00 USD"],
    maxSectorPct: ["11,040.00 USD", "18,660.00 USD", "Technology"],
    maxHeatPct: ["580.00 USD", "5,360.00 USD"],
    maxDailyNotionalUsd: ["11,540.00 USD", "88,460.00 USD"],
    maxDailyLossPct: ["1,000.00 USD", "1,000.00 USD"],
    maxDayDrawdownPct: ["1,500.00 USD", "1,515.00 USD"],
    maxDrawdownPct: ["2,000.00 USD", "8,100.00 USD"],
    maxOpenPositions: ["2", "8"],
    maxConsecutiveLosses: ["3", "5"],
    maxOrdersPerMinute: ["2", "28"],
    maxOrdersPerSymbolDay: ["4", "36", "MSFT"],
  };
  for (const [name, [used, left, most]] of Object.entries(expected)) {
    deepStrictEqual(rooms.get(name), { used, left, ...(most === undefined ? {} : { most }) }, name);
  }
});

Deno.test("headroomOf() says of a limit that depends on a price what it leaves each symbol", () => {
  const { now } = book();
  const lastTrade = new Map([[tradeKey("AAPL", "BUY"), now - 250_000]]);
  const prices = new Map([["MSFT", 500], ["AAPL", 100], ["AMD", 50], ["ZM", 3_000]]);
  const rule = { sizePct: 2, priceCollarPct: 2, outlierPct: 20, cooldownMs: 600_000 } as const;
  const rooms = headroomOf(
    limits({ ...rule, sizing: "percent-of-equity" }),
    book({ lastTrade }),
    prices,
  );
  const expected = {
    // 2,000 of 100,000 at 102, 51 and 510: what a share may cost at the collar's edge.
    sizing: "AAPL 19 shares, AMD 39 shares, MSFT 3 shares, and 1 more",
    sizePct: "2,000.00 USD an entry",
    priceCollarPct: "AAPL 98.00 to 102.00, AMD 49.00 to 51.00, MSFT 490.00 to 510.00, and 1 more",
    outlierPct:
      "AAPL outside 80.00 to 120.00, AMD outside 40.00 to 60.00, MSFT outside 400.00 to 600.00, and 1 more",
    cooldownMs: "AAPL waits 350 s",
    sizeShares: "not in force: sizing is percent-of-equity",
    trailByR: "not in force: stop_rule is fixed",
  };
  for (const [name, each] of Object.entries(expected)) {
    deepStrictEqual(rooms.get(name), { each }, name);
  }
});

Deno.test("largestPurchase() names the limit that leaves the least", () => {
  const chosen = limits({
    maxOrderNotionalUsd: 10_000,
    maxPositionPct: 10,
    maxGrossExposurePct: 100,
  });
  const by = (changes: Partial<Book>): string => {
    const found = largestPurchase(chosen, book(changes));
    return `${found?.by} ${formatMicros(found?.amount ?? 0n)}`;
  };
  strictEqual(by({}), "maxOrderNotionalUsd 10000");
  strictEqual(by({ equity: micros("90000") }), "maxPositionPct 9000");
  strictEqual(by({ dayNotional: micros("98000") }), "maxDailyNotionalUsd 2000");
  strictEqual(by({ cash: micros("150.5") }), "cash 150.5");
  strictEqual(largestPurchase(chosen, book({ equity: null })), null);
});

Deno.test("headroomOf() names every limit, and says why one is unknown", () => {
  const rooms = headroomOf(DEFAULT_LIMITS, book({ equity: null, startOfDayEquity: null }));
  deepStrictEqual([...rooms.keys()], Object.keys(DEFAULT_LIMITS));
  for (const name of ["maxPositionPct", "maxHeatPct", "maxDailyLossPct", "maxDrawdownPct"]) {
    const room = rooms.get(name);
    strictEqual(room !== undefined && "because" in room, true, name);
  }
});
