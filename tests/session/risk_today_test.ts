import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { EntryBody } from "../../lib/ledger/entry.ts";
import { formatMicros, parseMicros } from "../../lib/money.ts";
import { type RiskToday, riskToday } from "../../lib/session/risk_today.ts";
import { ACCOUNT, entries, execution, intent } from "./fixtures.ts";

const { clientId: _, cumQty: __, ...filled } = execution();

/** A day that bought 100 AAPL at 10.01, with a stop at 9.5, last valued at 10.5. */
const BODIES: readonly EntryBody[] = [
  {
    kind: "session-opened",
    mode: "paper",
    account: ACCOUNT,
    exchange: "XNYS",
    date: "2026-11-20",
    opensAt: 0,
    closesAt: 1,
    strategy: "sma-crossover",
    parameters: {},
    symbols: ["AAPL"],
    clock: "wall",
    configHash: "",
    codeVersion: "",
    limits: {},
  },
  {
    kind: "account-snapshot",
    at: "start",
    account: ACCOUNT,
    cash: parseMicros("100000"),
    netLiquidation: parseMicros("100000"),
    positions: [],
  },
  intent(),
  intent({
    intentId: "I2",
    orderRef: "rt-I2",
    side: "SELL",
    role: "stop",
    orderType: "STP",
    auxPrice: parseMicros("9.5"),
    parentIntentId: "I1",
  }),
  { kind: "order-sent", intentId: "I1", orderId: 7 },
  { kind: "order-sent", intentId: "I2", orderId: 8 },
  { kind: "execution", ...filled, intentId: "I1", quote: { bid: null, ask: null, time: 0 } },
  {
    kind: "equity",
    cash: parseMicros("98999"),
    equity: parseMicros("100049"),
    realizedPnl: 0n,
    unrealizedPnl: parseMicros("49"),
    commissions: 0n,
    grossExposure: parseMicros("1050"),
    netExposure: parseMicros("1050"),
    marks: { AAPL: "10.5" },
  },
];

function on(date: string, bodies = BODIES): RiskToday {
  return riskToday(entries(...bodies), { now: 5_000, date, outlierPct: 20 });
}

Deno.test("riskToday() values positions at the ledger's last prices, with the stops that still work", () => {
  const { book, lastDate } = on("2026-11-20");
  strictEqual(lastDate, "2026-11-20");
  deepStrictEqual([...on("2026-11-20", BODIES.slice(0, -1)).prices], [["AAPL", 10.01]]);
  strictEqual(formatMicros(book.equity ?? 0n), "100049");
  deepStrictEqual(book.positions.get("AAPL"), {
    quantity: parseMicros("100"),
    mark: 10.5,
    stopPrice: parseMicros("9.5"),
  });
  strictEqual(formatMicros(book.dayNotional), "1001");
  strictEqual(book.ordersToday.get("AAPL"), 2);
  strictEqual(formatMicros(book.peakEquity ?? 0n), "100049");
});

Deno.test("riskToday() begins a new date with nothing used, but with what is held", () => {
  const { book } = on("2026-11-23");
  strictEqual(book.dayNotional, 0n);
  strictEqual(book.startOfDayEquity, null);
  strictEqual(book.ordersToday.size, 0);
  strictEqual(book.positions.size, 1);
});

Deno.test("riskToday() of an empty ledger knows no equity", () => {
  const { book, lastDate, lastEntryAt } = on("2026-11-20", []);
  deepStrictEqual([book.equity, lastDate, lastEntryAt], [null, null, null]);
});
