import { deepStrictEqual, strictEqual } from "node:assert/strict";
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
    maxPositionPct: ["9,000.00 USD", "900.00 USD"],
    maxGrossExposurePct: ["11,040.00 USD", "87,960.00 USD"],
    maxNetExposurePct: ["11,040.00 USD", "68,160.00 USD"],
    maxLeverage: ["99,000.00 USD", "49,500.00 USD"],
    maxSectorPct: ["11,040.00 USD", "18,660.00 USD"],
    maxHeatPct: ["580.00 USD", "5,360.00 USD"],
    maxDailyNotionalUsd: ["11,540.00 USD", "88,460.00 USD"],
    maxDailyLossPct: ["1,000.00 USD", "1,000.00 USD"],
    maxDayDrawdownPct: ["1,500.00 USD", "1,515.00 USD"],
    maxDrawdownPct: ["2,000.00 USD", "8,100.00 USD"],
    maxOpenPositions: ["2", "8"],
    maxConsecutiveLosses: ["3", "5"],
    maxOrdersPerMinute: ["2", "28"],
    maxOrdersPerSymbolDay: ["4", "36"],
  };
  for (const [name, [used, left]] of Object.entries(expected)) {
    deepStrictEqual(rooms.get(name), { used, left }, name);
  }
  deepStrictEqual(rooms.get("maxSpreadPct"), { because: "checked for each entry" });
});

Deno.test("headroomOf() names every limit, and says why one is unknown", () => {
  const rooms = headroomOf(DEFAULT_LIMITS, book({ equity: null, startOfDayEquity: null }));
  deepStrictEqual([...rooms.keys()], Object.keys(DEFAULT_LIMITS));
  for (const name of ["maxPositionPct", "maxHeatPct", "maxDailyLossPct", "maxDrawdownPct"]) {
    const room = rooms.get(name);
    strictEqual(room !== undefined && "because" in room, true, name);
  }
});
