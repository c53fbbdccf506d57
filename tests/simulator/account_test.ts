import assert from "node:assert/strict";
import fc from "fast-check";
import { type Micros, multiply, parseMicros, ZERO } from "../../lib/money.ts";
import { Account, averageCost } from "../../lib/simulator/account.ts";
import { executionCommission, orderCommission } from "../../lib/simulator/commission.ts";
import { type Listing, listingOf } from "../../lib/simulator/universe.ts";

const m = parseMicros;

function listing(symbol: string): Listing {
  const found = listingOf(symbol);
  assert.ok(found);
  return found;
}

const AAPL = listing("AAPL");

Deno.test("one share bought costs 1.000003: the minimum and the regulators' fee, as live Gateways report", () => {
  const commission = orderCommission({ side: "BUY", quantity: m("1"), value: m("270") });
  assert.equal(commission, m("1.000003"));
});

Deno.test("1,000 shares bought cost half a cent each", () => {
  const commission = orderCommission({ side: "BUY", quantity: m("1000"), value: m("270000") });
  assert.equal(commission, m("5.003"));
});

Deno.test("cheap shares cost at most 1 % of their value, even below the minimum", () => {
  assert.equal(
    orderCommission({ side: "BUY", quantity: m("10"), value: m("5") }),
    m("0.05003"),
  );
  assert.equal(
    orderCommission({ side: "BUY", quantity: m("10000"), value: m("1000") }),
    m("10.03"),
  );
});

Deno.test("a sale pays FINRA's fee on top, up to 8.30", () => {
  const sold = (shares: string, value: string): Micros =>
    orderCommission({ side: "SELL", quantity: m(shares), value: m(value) });
  assert.equal(sold("100", "27000"), m("1.0169"));
  assert.equal(sold("100000", "27000000"), m("508.6"));
});

Deno.test("the tiered schedule: 0.35 at least, 0.0035 and clearing a share, 1 % at most", () => {
  const bought = (shares: string, value: string): Micros =>
    orderCommission({ side: "BUY", quantity: m(shares), value: m(value) }, "tiered");
  assert.equal(bought("10", "2700"), m("0.35203"));
  assert.equal(bought("1000", "270000"), m("3.703"));
  assert.equal(bought("1000", "50"), m("0.703"));
});

Deno.test("an order filled in pieces costs what it would have cost at once", () => {
  const side = "BUY";
  const pieces = [m("30"), m("70"), m("400")];
  let quantity = ZERO;
  let value = ZERO;
  let total = ZERO;
  for (const piece of pieces) {
    const before = { side, quantity, value } as const;
    quantity += piece;
    value += multiply(piece, m("50"));
    total += executionCommission(before, { side, quantity, value });
  }
  assert.equal(total, orderCommission({ side, quantity, value }));
  assert.equal(total, m("2.5015"));
});

Deno.test("a round trip leaves exactly its P&L in the cash, to the micro", () => {
  const account = new Account("DU1", m("100000"));
  const opening = account.book({
    listing: AAPL,
    side: "BUY",
    quantity: m("100"),
    price: m("275.5"),
    commission: m("1.0003"),
  });
  assert.equal(opening, null);
  assert.equal(account.cash, m("72448.9997"));
  const position = account.positionOf(AAPL.conId);
  assert.ok(position);
  assert.equal(averageCost(position), m("275.510003"));
  const realized = account.book({
    listing: AAPL,
    side: "SELL",
    quantity: m("100"),
    price: m("274.94"),
    commission: m("1.0169"),
  });
  assert.equal(realized, m("-58.0172"));
  assert.equal(account.cash, m("99941.9828"));
  assert.equal(account.realizedPnl, m("-58.0172"));
  assert.equal(account.quantityOf(AAPL.conId), ZERO);
});

Deno.test("a sale through zero closes with its share of the commission and opens short with the rest", () => {
  const account = new Account("DU1", m("100000"));
  const trade = { listing: AAPL, price: m("100"), commission: m("3") };
  account.book({ ...trade, side: "BUY", quantity: m("100"), commission: m("1") });
  const realized = account.book({ ...trade, side: "SELL", quantity: m("300") });
  // 100 sold for 10,000 less a third of 3; they had cost 10,001.
  assert.equal(realized, m("-2"));
  const position = account.positionOf(AAPL.conId);
  assert.ok(position);
  assert.equal(position.quantity, m("-200"));
  assert.equal(averageCost(position), m("99.99"));
});

Deno.test("whatever is traded: cash plus cost of what is held equals the start plus realised P&L", () => {
  const trade = fc.record({
    buy: fc.boolean(),
    shares: fc.integer({ min: 1, max: 500 }),
    priceE4: fc.integer({ min: 1, max: 5_000_000 }),
    commission: fc.integer({ min: 0, max: 5_000_000 }),
  });
  fc.assert(fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
    const account = new Account("DU1", m("100000"));
    for (const { buy, shares, priceE4, commission } of trades) {
      account.book({
        listing: AAPL,
        side: buy ? "BUY" : "SELL",
        quantity: BigInt(shares) * 1_000_000n,
        price: BigInt(priceE4) * 100n,
        commission: BigInt(commission),
      });
    }
    const cost = account.positionOf(AAPL.conId)?.cost ?? ZERO;
    assert.equal(account.cash + cost, m("100000") + account.realizedPnl);
    if (account.quantityOf(AAPL.conId) === ZERO) assert.equal(cost, ZERO);
  }));
});
