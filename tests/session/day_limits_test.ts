import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CommissionBooked, ExecutionBooked } from "../../lib/ledger/entry.ts";
import type { Bar, Quote } from "../../lib/market/market.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { VirtualClock } from "../../lib/clock.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { Journal } from "../../lib/session/journal.ts";
import { MarketView } from "../../lib/session/market_view.ts";
import { Peaks } from "../../lib/session/peaks.ts";
import { Trips } from "../../lib/session/trips.ts";
import { execution, intent } from "./fixtures.ts";

/** What the limits that look back are counted from. */

let fills = 0;

/** A round trip of one share bought at 10 and sold at this price, a quarter dollar of commission each way. */
function trip(trips: Trips, sold: string): void {
  for (const [side, price] of [["BUY", "10"], ["SELL", sold]] as const) {
    const execId = `0000e0d5.${String(fills++).padStart(4, "0")}.01.01`;
    const { clientId: _, cumQty: __, ...facts } = execution({ execId, side });
    const fill: ExecutionBooked = {
      kind: "execution",
      ...facts,
      quantity: parseMicros("1"),
      price: parseMicros(price),
      intentId: null,
      quote: { bid: null, ask: null, time: 0 },
    };
    const commission: CommissionBooked = {
      kind: "commission",
      execId,
      amount: parseMicros("0.25"),
      currency: "USD",
      realizedPnl: null,
    };
    trips.addExecution(fill);
    trips.addExecution(fill);
    trips.addCommission(commission);
    trips.addCommission(commission);
  }
}

Deno.test("a round trip that earns less than its commissions is a loss, and a win ends the streak", () => {
  const trips = new Trips();
  for (const price of ["9", "10.49", "10.4"]) trip(trips, price);
  strictEqual(trips.losingStreak, 3);
  trip(trips, "12");
  strictEqual(trips.losingStreak, 0);
  trip(trips, "9.5");
  strictEqual(trips.losingStreak, 1);
  const { wins, losses, won, lost } = trips.record();
  deepStrictEqual([wins, losses, formatMicros(won), formatMicros(lost)], [1, 4, "1.5", "2.61"]);
});

Deno.test("a new day begins a new streak, and the record stays", () => {
  const trips = new Trips();
  for (const price of ["9", "9"]) trip(trips, price);
  trips.startStreak();
  strictEqual(trips.losingStreak, 0);
  trip(trips, "9");
  strictEqual(trips.losingStreak, 1);
  strictEqual(trips.record().losses, 3);
});

Deno.test("peaks of the day begin anew each day, the peak of all days with the lifting of a halt", () => {
  const peaks = new Peaks();
  for (const equity of ["100", "120", "110"]) peaks.add(parseMicros(equity));
  peaks.startDay();
  peaks.add(parseMicros("105"));
  deepStrictEqual([peaks.day, peaks.all], [parseMicros("105"), parseMicros("120")]);
  peaks.startAgain();
  peaks.add(parseMicros("90"));
  deepStrictEqual([peaks.day, peaks.all], [parseMicros("90"), parseMicros("90")]);
});

function quote(price: number, second: number): Quote {
  return {
    symbol: "AAPL",
    bid: price - 0.01,
    ask: price + 0.01,
    bidSize: 1,
    askSize: 1,
    last: null,
    lastSize: null,
    volume: null,
    time: second * 1_000,
    kind: "live",
  };
}

function bar(price: number, second: number, volume = 100): Bar {
  const prices = { open: price, high: price, low: price, close: price, wap: price };
  return { symbol: "AAPL", time: second * 1_000, durationMs: 5_000, ...prices, volume, count: 1 };
}

function view(): MarketView {
  return new MarketView({ barMs: 60_000, opensAt: 0, outlierPct: 20 });
}

Deno.test("a quote 30 % away moves nothing, is told once, and counts when it stands", () => {
  const market = view();
  market.apply({ type: "quote", quote: quote(100, 1) });
  market.apply({ type: "quote", quote: quote(130, 2) });
  strictEqual(market.mark("AAPL"), 100);
  strictEqual(market.quarantined.get("AAPL"), 130);
  deepStrictEqual(market.takeOutliers(), [{ symbol: "AAPL", price: 130, good: 100 }]);
  deepStrictEqual(market.takeOutliers(), []);
  market.apply({ type: "quote", quote: quote(131, 4) });
  strictEqual(market.mark("AAPL"), 131);
  strictEqual(market.quarantined.size, 0);
});

Deno.test("a bar with one print far off is left out of the minute, which says that five seconds are missing", () => {
  const market = view();
  const built = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap((index) =>
    market.apply({
      type: "bar",
      bar: { ...bar(100, index * 5), ...(index === 3 ? { high: 1_000 } : {}) },
    })
  );
  deepStrictEqual(built.map(({ high, missingMs }) => ({ high, missingMs })), [
    { high: 100, missingMs: 5_000 },
  ]);
});

Deno.test("the average volume is the plain mean of the first twenty bars", () => {
  const market = view();
  for (const volume of [100, 200, 600]) market.learn(bar(100, 0, volume));
  strictEqual(market.averageVolume().get("AAPL"), 300);
});

Deno.test("a price that jumps to and fro is told of once a minute", () => {
  const market = view();
  const told: number[] = [];
  for (let second = 0; second < 90; second++) {
    market.apply({ type: "quote", quote: quote(second % 2 === 0 ? 100 : 130, second) });
    told.push(...market.takeOutliers().map(() => second));
  }
  deepStrictEqual(told, [1, 61]);
});

Deno.test("an order whose process died while it sent it counts among the orders of the last minute, once", () => {
  const clock = new VirtualClock(1_000);
  const journal = new Journal({ ledger: new MemoryLedger(), clock, sessionId: "s" });
  journal.write(intent({ intentId: "I1" }));
  strictEqual(journal.day.ordersInLastMinute(1_000), 1);
  journal.write({ kind: "order-sent", intentId: "I1", orderId: 1 });
  strictEqual(journal.day.ordersInLastMinute(1_000), 1);
  strictEqual(journal.day.ordersInLastMinute(61_000), 0);
});
