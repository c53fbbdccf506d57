import { strictEqual } from "node:assert/strict";
import { childFillPrice, fillPrice, type Resting } from "../../lib/broker/paper_fill.ts";
import type { Bar } from "../../lib/market/market.ts";

/** Opens at 100, falls to 95, rises to 108, closes at 104. */
const BAR: Bar = {
  symbol: "AAPL",
  time: 0,
  durationMs: 60_000,
  open: 100,
  high: 108,
  low: 95,
  close: 104,
  volume: 1_000,
  wap: 102,
  count: 10,
};

function order(
  side: Resting["side"],
  orderType: Resting["orderType"],
  rest: Partial<Resting> = {},
): Resting {
  return { side, orderType, limit: null, trigger: null, ...rest };
}

Deno.test("a market order fills at the open", () => {
  strictEqual(fillPrice(order("BUY", "MKT"), BAR), 100);
  strictEqual(fillPrice(order("SELL", "MKT"), BAR), 100);
});

Deno.test("a marketable limit fills at the open, not at its limit", () => {
  strictEqual(fillPrice(order("BUY", "LMT", { limit: 102 }), BAR), 100);
  strictEqual(fillPrice(order("SELL", "LMT", { limit: 98 }), BAR), 100);
});

Deno.test("a resting limit fills at its price when the bar traded through it, not when it touched it", () => {
  strictEqual(fillPrice(order("BUY", "LMT", { limit: 96 }), BAR), 96);
  strictEqual(fillPrice(order("BUY", "LMT", { limit: 95 }), BAR), null);
  strictEqual(fillPrice(order("SELL", "LMT", { limit: 107 }), BAR), 107);
  strictEqual(fillPrice(order("SELL", "LMT", { limit: 108 }), BAR), null);
});

Deno.test("a stop fills at its trigger when the bar reached it", () => {
  strictEqual(fillPrice(order("SELL", "STP", { trigger: 95 }), BAR), 95);
  strictEqual(fillPrice(order("SELL", "STP", { trigger: 94.99 }), BAR), null);
  strictEqual(fillPrice(order("BUY", "STP", { trigger: 108 }), BAR), 108);
  strictEqual(fillPrice(order("BUY", "STP", { trigger: 108.01 }), BAR), null);
});

Deno.test("a stop that the open has jumped over fills at the open, which is worse", () => {
  strictEqual(fillPrice(order("SELL", "STP", { trigger: 101 }), BAR), 100);
  strictEqual(fillPrice(order("BUY", "STP", { trigger: 99 }), BAR), 100);
});

Deno.test("a stop limit needs its trigger reached and its limit traded through", () => {
  strictEqual(fillPrice(order("SELL", "STP LMT", { trigger: 97, limit: 96 }), BAR), 100);
  strictEqual(fillPrice(order("SELL", "STP LMT", { trigger: 94, limit: 90 }), BAR), null);
  strictEqual(fillPrice(order("SELL", "STP LMT", { trigger: 97, limit: 109 }), BAR), null);
});

Deno.test("a bar in which nothing traded fills nothing", () => {
  const still = { ...BAR, volume: 0 };
  strictEqual(fillPrice(order("BUY", "MKT"), still), null);
  strictEqual(childFillPrice(order("SELL", "STP", { trigger: 97 }), still, 100), null);
});

Deno.test("a stop whose parent filled in the same bar counts as reached, at its trigger, a target does not", () => {
  strictEqual(childFillPrice(order("SELL", "STP", { trigger: 97 }), BAR, 100), 97);
  strictEqual(childFillPrice(order("SELL", "STP", { trigger: 94 }), BAR, 100), null);
  strictEqual(childFillPrice(order("BUY", "STP", { trigger: 105 }), BAR, 100), 105);
  strictEqual(childFillPrice(order("SELL", "LMT", { limit: 105 }), BAR, 100), null);
});

Deno.test("a stop beyond which its own parent was filled triggers at once, at the parent's price", () => {
  strictEqual(childFillPrice(order("SELL", "STP", { trigger: 103 }), BAR, 100), 100);
  strictEqual(childFillPrice(order("BUY", "STP", { trigger: 98 }), BAR, 100), 100);
});
