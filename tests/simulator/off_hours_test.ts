import assert from "node:assert/strict";
import { fromNumber, type Micros, parseMicros } from "../../lib/money.ts";
import { Market } from "../../lib/simulator/market.ts";
import { type Listing, listingOf } from "../../lib/simulator/universe.ts";
import { bars, history } from "./asking.ts";
import { at, DATE, placing, quoting, type RawClient, withGateway } from "./raw_client.ts";

const m = parseMicros;
const BUY = { action: "BUY", totalQuantity: m("10") };

function listing(symbol: string): Listing {
  const found = listingOf(symbol);
  assert.ok(found);
  return found;
}

Deno.test("early trading leads from the last close to the opening, late trading on from the close, both thin and wide", () => {
  const market = new Market({ seed: 4, stepMs: 5000 });
  const apple = listing("AAPL");
  const [early, day, late] = [
    market.segment(apple, DATE, "early"),
    market.day(apple, DATE),
    market.segment(apple, DATE, "late"),
  ];
  assert.ok(early && day && late);
  assert.deepEqual([early.session.opensAt, early.session.closesAt], [at("04:00"), at("09:30")]);
  assert.deepEqual([late.session.opensAt, late.session.closesAt], [at("16:00"), at("20:00")]);
  assert.equal(early.plan.openE4, day.plan.previousCloseE4);
  assert.equal(early.plan.closeE4, day.plan.openE4);
  assert.equal(late.plan.openE4, day.plan.closeE4);
  const sum = (values: Int32Array): number => values.reduce((total, value) => total + value, 0);
  assert.ok(sum(early.volume) < sum(day.volume) / 20);
  const middle = (values: { askE4: Int32Array; bidE4: Int32Array; steps: number }): number => {
    const step = Math.floor(values.steps / 2);
    return (values.askE4[step] ?? 0) - (values.bidE4[step] ?? 0);
  };
  assert.ok(middle(early) > middle(day));
});

Deno.test("after a half day late trading begins at 13:00, and pink sheets have none at all", () => {
  const market = new Market({ seed: 4, stepMs: 5000 });
  const late = market.segment(listing("AAPL"), "2026-11-27", "late");
  assert.equal(late?.session.opensAt, at("13:00", "2026-11-27"));
  assert.equal(late?.session.closesAt, at("17:00", "2026-11-27"));
  assert.equal(market.segment(listing("ELTP"), DATE, "early"), null);
});

Deno.test("history with useRTH 0 begins at 04:00, and the hour from 09:00 reaches over the opening", async () => {
  await withGateway({ from: "17:30" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(history({ reqId: 1, barSizeSetting: "1 hour", useRTH: false }));
    client.send(history({ reqId: 2, barSizeSetting: "1 hour", useRTH: true }));
    await client.reply("historicalData", 2);
    const [all, regular] = client.of("historicalData");
    assert.ok(all && regular);
    const hours = (reply: typeof all): string[] => reply.bars.map(({ date }) => date.slice(9, 14));
    assert.deepEqual(hours(regular), [
      "09:30",
      "10:00",
      "11:00",
      "12:00",
      "13:00",
      "14:00",
      "15:00",
    ]);
    assert.deepEqual(hours(all).slice(0, 7), [
      "04:00",
      "05:00",
      "06:00",
      "07:00",
      "08:00",
      "09:00",
      "10:00",
    ]);
    assert.equal(hours(all).at(-1), "17:00");
    const [nine, half] = [all.bars[5], regular.bars[0]];
    assert.ok(nine && half);
    assert.ok(nine.volume > half.volume);
    assert.equal(nine.close, half.close);
  });
});

Deno.test("bars and quotes before the open: for those who asked for all hours", async () => {
  await withGateway({ from: "08:00:01" }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    client.send(bars(1, "AAPL", false));
    client.send(bars(2, "AAPL"));
    client.send(quoting(3, "AAPL"));
    await client.pass(60_000);
    assert.ok(client.of("realtimeBar").length >= 11);
    assert.ok(client.of("realtimeBar").every(({ reqId }) => reqId === 1));
    const price = (type: number): number | undefined =>
      client.of("tickPrice").findLast(({ tickType }) => tickType === type)?.price;
    const [bid = 0, ask = 0] = [price(1), price(2)];
    assert.ok(bid > 0 && bid < ask, `${bid} ${ask}`);
    assert.equal(price(14), undefined);
  });
});

/** Two percent above the last price of AAPL: it takes what is offered, and is not too far for IB. */
async function aboveMarket(client: RawClient): Promise<Micros> {
  client.send(quoting(77, "AAPL"));
  await client.until(() => client.of("tickPrice").some(({ tickType }) => tickType === 4));
  const last = client.of("tickPrice").find(({ tickType }) => tickType === 4)?.price ?? 0;
  return fromNumber(Math.round(last * 102) / 100);
}

Deno.test("after hours a limit order with outsideRth trades, one without waits, and a market order is told", async () => {
  await withGateway({ from: "16:30" }, async ({ connect, gateway, clock }) => {
    const client = await connect();
    await client.reply("nextValidId");
    const high = { ...BUY, orderType: "LMT", lmtPrice: await aboveMarket(client) };
    client.send(placing(1, "AAPL", { ...high, outsideRth: true }));
    client.send(placing(2, "AAPL", high));
    client.send(placing(3, "AAPL", { ...BUY, orderType: "MKT", outsideRth: true }));
    client.send(placing(4, "AAPL", { ...high, lmtPrice: m("1"), outsideRth: true }));
    client.send(placing(5, "AAPL", { ...high, lmtPrice: m("1"), outsideRth: true, tif: "GTC" }));
    await client.reply("commissionReport");
    assert.deepEqual(gateway.truth().executions.map(({ orderId }) => orderId), [1]);
    assert.deepEqual(client.errors(2).map(({ code }) => code), [399]);
    assert.deepEqual(client.errors(3).map(({ code }) => code), [2109, 399]);
    await client.pass(at("19:59:59") - clock.now());
    const statusOf = (id: number): string | undefined =>
      gateway.truth().orders.find(({ orderId }) => orderId === id)?.status;
    assert.equal(statusOf(4), "Submitted");
    await client.pass(60_000);
    assert.equal(statusOf(4), "Cancelled");
    assert.equal(statusOf(5), "PreSubmitted");
    assert.equal(statusOf(2), "PreSubmitted");
  });
});

Deno.test("an order with outsideRth that waits at night goes to the exchange at four in the morning", async () => {
  await withGateway({ from: "03:00" }, async ({ connect, clock }) => {
    const client = await connect();
    await client.reply("nextValidId");
    const lmtPrice = await aboveMarket(client);
    const values = { ...BUY, orderType: "LMT", lmtPrice, outsideRth: true };
    client.send(placing(1, "AAPL", values));
    await client.reply("execDetails");
    assert.ok(clock.now() > at("04:00") && clock.now() < at("04:30"));
  });
});
