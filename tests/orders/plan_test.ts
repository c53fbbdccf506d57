import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { Order } from "../../lib/orders/order.ts";
import { plan, planSlice, type PlanStyle } from "../../lib/orders/plan.ts";
import { type Approved, review, reviewStop } from "../../lib/risk/review.ts";
import type { Book } from "../../lib/risk/book.ts";
import { approval, book, enter, exit, holding, limits, micros, NOW } from "../risk/fixtures.ts";

function style(rest: Partial<PlanStyle> = {}): PlanStyle {
  let made = 0;
  return {
    entryType: "LMT",
    exitType: "MKT",
    stopTif: "GTC",
    deadlineAfterMs: 10_000,
    now: NOW,
    ids: () => `ID${++made}`,
    ...rest,
  };
}

function approved(signal = enter("AAPL"), rest: Partial<Book> = {}): Approved {
  return approval(review([signal], limits({ allowShort: true }), book(rest)));
}

/** The order without its brand, which exists for the compiler alone. */
function plain(order: Order | undefined): Record<string, unknown> {
  return { ...order };
}

Deno.test("plan() makes an entry held back until its stop, and a stop that sends both", () => {
  const orders = plan(approved(), style());
  deepStrictEqual(plain(orders[0]), {
    intentId: "ID1",
    orderRef: "RT-ID1",
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    role: "entry",
    orderType: "LMT",
    tif: "DAY",
    quantity: micros("49"),
    lmtPrice: micros("102"),
    auxPrice: null,
    outsideRth: false,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    transmit: false,
    deadlineMs: NOW + 10_000,
  });
  deepStrictEqual(plain(orders[1]), {
    intentId: "ID2",
    orderRef: "RT-ID2",
    symbol: "AAPL",
    conId: 265598,
    side: "SELL",
    role: "stop",
    orderType: "STP",
    tif: "GTC",
    quantity: micros("49"),
    lmtPrice: null,
    auxPrice: micros("98"),
    outsideRth: false,
    parentIntentId: "ID1",
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    transmit: true,
    deadlineMs: NOW + 10_000,
  });
  strictEqual(orders.length, 2);
});

Deno.test("plan() enters at the market when the style says so, with the same stop", () => {
  const [entry, stop] = plan(approved(), style({ entryType: "MKT" }));
  strictEqual(entry?.orderType, "MKT");
  strictEqual(entry?.lmtPrice, null);
  strictEqual(stop?.auxPrice, micros("98"));
});

Deno.test("plan() rounds a sell stop down and a buy stop up, away from the market", () => {
  const [, sellStop] = plan(approved(enter("AAPL", { stopPrice: 97.999 })), style());
  strictEqual(sellStop?.auxPrice, micros("97.99"));
  const short = enter("AAPL", { side: "SELL", stopPrice: 102.001 });
  const [, buyStop] = plan(approved(short), style());
  strictEqual(buyStop?.side, "BUY");
  strictEqual(buyStop?.auxPrice, micros("102.01"));
});

Deno.test("plan() closes a position with one order that is sent at once", () => {
  const orders = plan(approved(exit("AAPL"), { positions: holding("AAPL", "70") }), style());
  strictEqual(orders.length, 1);
  strictEqual(orders[0]?.role, "exit");
  strictEqual(orders[0]?.orderType, "MKT");
  strictEqual(orders[0]?.side, "SELL");
  strictEqual(orders[0]?.quantity, micros("70"));
  strictEqual(orders[0]?.transmit, true);
});

Deno.test("plan() limits an exit at the collar, and goes to the market where no price is known", () => {
  const limit = style({ exitType: "LMT" });
  const positions = holding("AAPL", "70");
  const [priced] = plan(approved(exit("AAPL"), { positions }), limit);
  strictEqual(priced?.orderType, "LMT");
  strictEqual(priced?.lmtPrice, micros("98"));
  const [blind] = plan(approved(exit("AAPL"), { positions, quotes: new Map() }), limit);
  strictEqual(blind?.orderType, "MKT");
  strictEqual(blind?.lmtPrice, null);
});

Deno.test("plan() covers a short position by buying", () => {
  const cover = approved(exit("AAPL", { side: "BUY" }), { positions: holding("AAPL", "-70") });
  const [order] = plan(cover, style());
  strictEqual(order?.side, "BUY");
  strictEqual(order?.quantity, micros("70"));
});

Deno.test("plan() refuses a fraction of a share", () => {
  const half = approved(exit("AAPL"), { positions: holding("AAPL", "0.5") });
  throws(() => plan(half, style()), /Cannot order 0.5 of "AAPL": not whole shares/);
});

Deno.test("planSlice() gives each slice of an entry its own stop, and its limit within what risk allows", () => {
  const whole = approved();
  const slice = (limitPrice: string | null): readonly Order[] =>
    planSlice(whole, style(), {
      quantity: micros("20"),
      limitPrice: limitPrice === null ? null : micros(limitPrice),
      before: micros("29"),
    });
  const [entry, stop] = slice("100.005");
  strictEqual(entry?.quantity, micros("20"));
  strictEqual(entry?.lmtPrice, micros("100"));
  strictEqual(stop?.quantity, micros("20"));
  strictEqual(stop?.auxPrice, micros("98"));
  strictEqual(slice("500")[0]?.lmtPrice, micros("102"));
  strictEqual(slice(null)[0]?.lmtPrice, micros("102"));
});

Deno.test("planSlice() refuses more than was approved", () => {
  const slice = { quantity: micros("20"), limitPrice: null, before: micros("30") };
  throws(
    () => planSlice(approved(), style(), slice),
    /Cannot order 20 more of "AAPL": 30 of 49 are planned already/,
  );
});

Deno.test("plan() makes one stop, with no parent, of an approved protection", () => {
  const protect = exit("AAPL", { stopPrice: 97.999 });
  const positions = holding("AAPL", "70");
  const halted = book({ positions, halted: "kill switch", quotes: new Map(), equity: null });
  const orders = plan(
    approval([reviewStop({ signal: protect, shares: null }, limits(), halted)]),
    style(),
  );
  deepStrictEqual(orders.map(plain), [{
    intentId: "ID1",
    orderRef: "RT-ID1",
    symbol: "AAPL",
    conId: 265598,
    side: "SELL",
    role: "stop",
    orderType: "STP",
    tif: "GTC",
    quantity: micros("70"),
    lmtPrice: null,
    auxPrice: micros("97.99"),
    outsideRth: false,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    transmit: true,
    deadlineMs: NOW + 10_000,
  }]);
});

Deno.test("reviewStop() refuses a stop without a price, of nothing, and one that would enlarge the position", () => {
  const code = (signal = exit("AAPL", { stopPrice: 98 }), rest: Partial<Book> = {}): string => {
    const decision = reviewStop({ signal, shares: null }, limits(), book(rest));
    return decision.outcome === "refused" ? decision.code : decision.outcome;
  };
  const positions = holding("AAPL", "70");
  strictEqual(code(undefined, { positions }), "approved");
  strictEqual(code(exit("AAPL"), { positions }), "STOP_MISSING");
  strictEqual(code(exit("AAPL", { stopPrice: -1 }), { positions }), "INVALID_PRICE");
  strictEqual(code(), "NOTHING_TO_EXIT");
  strictEqual(code(undefined, { positions: holding("AAPL", "-70") }), "EXIT_WRONG_SIDE");
});

Deno.test("plan() lets an exit leave at once although its signal names a stop price", () => {
  const positions = holding("AAPL", "70");
  const [order] = plan(approved(exit("AAPL", { stopPrice: 98 }), { positions }), style());
  deepStrictEqual([order?.role, order?.orderType, order?.auxPrice], ["exit", "MKT", null]);
});
