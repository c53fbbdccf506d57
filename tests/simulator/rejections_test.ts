import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import type { Condition } from "../../lib/wire/condition.ts";
import { bench } from "./order_bench.ts";
import { placing, withGateway } from "./raw_client.ts";

const m = parseMicros;

Deno.test("what the account cannot pay for is rejected: Inactive, 201, Inactive", () => {
  const { place, runTo, heard, account } = bench([{}], { cash: "1000" });
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("100") });
  assert.equal(heard[0], "1 Inactive 0/100");
  assert.match(
    heard[1] ?? "",
    /^1 201 Order rejected - reason:We are unable to accept your order\./,
  );
  assert.equal(heard[2], "1 Inactive 0/100");
  assert.equal(heard.length, 3);
  assert.equal(account.cash, m("1000"));
});

Deno.test("working orders tie up margin: the second of two that fit alone is rejected", () => {
  const { place, runTo, heard } = bench([{}], { cash: "4000" });
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("90") });
  place(2, { orderType: "LMT", lmtPrice: m("90") });
  assert.equal(heard[0], "1 PreSubmitted 0/100");
  assert.equal(heard[1], "2 Inactive 0/100");
});

Deno.test("a penny stock cannot be sold short", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { action: "SELL", orderType: "MKT" }, "ELTP");
  assert.ok(
    heard.includes("1 201 Order rejected - reason:The contract is not available for short sale."),
  );
});

Deno.test("a limit far through the market is cancelled on its way to the exchange, with the bound", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("103") });
  place(2, { action: "SELL", orderType: "LMT", lmtPrice: m("97") });
  place(3, { orderType: "LMT", lmtPrice: m("102.99") });
  runTo("09:31:01");
  const text = (bound: number): string =>
    `202 Order Canceled - reason:We cannot accept an order at a limit price at or more aggressive than ` +
    `${bound}. Please submit your order using a limit price that is closer to the current market price of 100.`;
  assert.deepEqual(heard.filter((line) => !line.startsWith("3")), [
    "1 PreSubmitted 0/100",
    "2 PreSubmitted 0/100",
    "1 only Cancelled",
    `1 ${text(103)}`,
    "2 only Cancelled",
    `2 ${text(97)}`,
  ]);
  assert.ok(heard.includes("3 Filled 100/0"));
});

Deno.test("a penny stock may be bid a quarter above its price, and a limit far from the market may rest", () => {
  const penny = { bid: 0.5, ask: 0.51, last: 0.5, volume: 100 };
  const { place, runTo, heard } = bench([penny]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("0.75") }, "ELTP");
  place(2, { orderType: "LMT", lmtPrice: m("0.74") }, "ELTP");
  place(3, { orderType: "LMT", lmtPrice: m("0.1") }, "ELTP");
  runTo("09:31:01");
  const ends = heard.filter((line) => line.includes("Cancelled") || line.includes("Filled"));
  assert.deepEqual(ends.map((line) => line.slice(0, 16)), ["1 only Cancelled", "2 Filled 100/0"]);
  assert.ok(heard.includes("3 Submitted 0/100"));
});

Deno.test("odd lots trade like any other number of shares", () => {
  const { place, runTo, heard, account } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "MKT", totalQuantity: m("7") });
  runTo("09:31:01");
  assert.ok(heard.includes("1 Filled 7/0"));
  assert.equal(account.quantityOf(265598), m("7"));
});

Deno.test("a penny stock sold short is held while shares are located, and then goes on", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { action: "SELL", orderType: "MKT" }, "IXHL");
  runTo("09:31:29");
  assert.deepEqual(heard, [
    "1 404 Order held while securities are located.",
    "1 PreSubmitted 0/100 locate",
  ]);
  runTo("09:31:31");
  assert.ok(heard.includes("1 Filled 100/0"), heard.join("\n"));
});

Deno.test("attributes that the contract does not have are refused by name", () => {
  const { place, heard } = bench([{}]);
  const limit = { orderType: "LMT", lmtPrice: m("99") };
  place(1, { ...limit, allOrNone: true });
  place(2, { ...limit, minQty: 50 });
  place(3, { ...limit, sweepToFill: true });
  place(4, { ...limit, blockOrder: true });
  place(5, { ...limit, postToAts: 1 });
  assert.deepEqual(heard, [
    "1 10257 The 'All or None' order attribute may not be specified for this order.",
    "2 10256 The 'Minimum Quantity' order attribute may not be specified for this order.",
    "3 10267 The 'SweepToFill' order attribute may not be specified for this order.",
    "4 10266 The 'BlockOrder' order attribute may not be specified for this order.",
    "5 10274 The 'PostToATS' order attribute may not be specified for this order or is invalid.",
  ]);
});

Deno.test("trailing orders say what they lack", () => {
  const { place, heard } = bench([{}]);
  const invalid = "321 Error validating request.-'bH' : cause -";
  place(1, { orderType: "TRAIL" });
  place(2, { orderType: "TRAIL", auxPrice: m("1"), trailingPercent: 2 });
  place(3, { orderType: "TRAIL", trailingPercent: 100 });
  place(4, { orderType: "TRAIL LIMIT", auxPrice: m("1"), trailStopPrice: m("99") });
  place(5, { orderType: "TRAIL LIMIT", auxPrice: m("1"), lmtPriceOffset: m("1") });
  place(6, { orderType: "STP", auxPrice: m("-1") });
  place(7, { orderType: "MIT", auxPrice: m("0") });
  assert.deepEqual(heard, [
    `1 ${invalid} You must enter a Trailing Amount for TRAIL.`,
    "2 320 Error reading request:Cannot specify Trailing Amount and Trailing Percent at the same time",
    `3 ${invalid} Invalid Trailing Percent value. Valid values are greater than 0 and less than 100.`,
    `4 ${invalid} You must specify one value: limit price or limit price offset value.`,
    `5 ${invalid} Please enter a stop price`,
    `6 ${invalid} Invalid Stop Price`,
    `7 ${invalid} Invalid Trigger Price`,
  ]);
});

Deno.test("a trailing stop may be attached to a limit order, and to a market order not", () => {
  const { place, heard } = bench([{}]);
  place(1, { orderType: "MKT", transmit: false });
  const trail = { action: "SELL", orderType: "TRAIL", auxPrice: m("1") };
  place(2, { ...trail, parentId: 1 });
  place(3, { orderType: "LMT", lmtPrice: m("99"), transmit: false });
  place(4, { ...trail, parentId: 3, transmit: false });
  place(5, { ...trail, parentId: 99 });
  assert.deepEqual(heard, [
    "2 328 Trailing stop orders can be attached to limit or stop-limit orders only.",
    "5 321 Error validating request.-'bH' : cause - Can't find order with id =99",
  ]);
});

Deno.test("stops cannot have conditions, and only limit orders can be cancelled by them", () => {
  const { place, heard } = bench([{}]);
  const condition: Condition = {
    kind: "time",
    conjunction: "a",
    isMore: true,
    time: "20261120 10:00:00 US/Eastern",
  };
  place(1, { orderType: "STP", auxPrice: m("101"), conditions: [condition] });
  place(2, { orderType: "MKT", conditions: [condition], conditionsCancelOrder: true });
  assert.deepEqual(heard.map((line) => line.slice(0, 5)), ["1 148", "2 148"]);
});

Deno.test("tif-preset: a paper account fills in DAY, says so, and the order goes on", async () => {
  const faults = [{ name: "tif-preset" }];
  await withGateway({ from: "09:45", faults }, async ({ connect }) => {
    const client = await connect();
    await client.reply("nextValidId");
    const buy = { action: "BUY", orderType: "MKT", totalQuantity: m("3") };
    client.send(placing(1, "AAPL", { ...buy, tif: "" }));
    client.send(placing(2, "AAPL", { ...buy, tif: "DAY" }));
    await client.reply("commissionReport", 2);
    assert.deepEqual(client.errors(1), [
      { code: 10349, text: "Order TIF was set to DAY based on order preset." },
    ]);
    assert.deepEqual(client.errors(2), []);
  });
});
