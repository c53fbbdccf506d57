import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { bench, CLIENT } from "./order_bench.ts";

const m = parseMicros;

Deno.test("a market order walks the book: 100 at the ask, the rest at worse prices", () => {
  const { place, runTo, heard, account } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "MKT", totalQuantity: m("300") });
  runTo("09:31:04");
  assert.deepEqual(heard, [
    "1 PreSubmitted 0/300",
    "1 fill 100 @ 100.01",
    "1 Submitted 100/200",
    "1 fill 150 @ 100.02",
    "1 Submitted 250/50",
    "1 fill 50 @ 100.03",
    "1 Filled 300/0",
    "1 commission 1.0003",
    "1 commission 0.25045",
    "1 commission 0.25015",
  ]);
  assert.equal(account.cash, m("69992.9991"));
});

Deno.test("a limit order that the market does not reach rests, is modified, and is cancelled", () => {
  const { place, cancel, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("99") });
  runTo("09:31:01");
  place(1, { orderType: "LMT", lmtPrice: m("98.5") });
  runTo("09:31:02");
  cancel(1);
  cancel(1);
  runTo("09:31:03");
  cancel(1);
  cancel(2);
  assert.deepEqual(heard, [
    "1 PreSubmitted 0/100",
    "1 Submitted 0/100",
    "1 PreSubmitted 0/100",
    "1 Submitted 0/100",
    "1 PendingCancel 0/100",
    "1 10148 OrderId 1 that needs to be cancelled cannot be cancelled, state: PendingCancel.",
    "1 only Cancelled",
    "1 202 Order Canceled - reason:",
    "1 10148 OrderId 1 that needs to be cancelled cannot be cancelled, state: Cancelled.",
    "2 10147 OrderId 2 that needs to be cancelled is not found.",
  ]);
});

Deno.test("a resting order gets a twentieth of the volume at its price and a quarter beyond it, at its price", () => {
  const { place, runTo, heard } = bench([
    {},
    {},
    { last: 99.5, volume: 1000 },
    { last: 99.4, volume: 400 },
    { bid: 99.3, ask: 99.32, last: 99.3, volume: 8 },
  ]);
  runTo("09:30:06");
  place(1, { orderType: "LMT", lmtPrice: m("99.5"), totalQuantity: m("1000") });
  runTo("09:30:24");
  assert.deepEqual(heard.filter((line) => line.includes("fill")), [
    "1 fill 50 @ 99.5",
    "1 fill 100 @ 99.5",
  ]);
});

Deno.test("a resting order is not filled by trades of the step in which it arrived", () => {
  const { place, runTo, heard } = bench([{}, { last: 99, volume: 5000 }]);
  runTo("09:30:07");
  place(1, { orderType: "LMT", lmtPrice: m("99.5") });
  runTo("09:30:20");
  assert.deepEqual(heard.filter((line) => line.includes("fill")), []);
});

Deno.test("two orders do not have the same shares twice", () => {
  const { place, runTo, heard } = bench([{}, { size: 40 }]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("100.01"), totalQuantity: m("30") });
  place(2, { orderType: "LMT", lmtPrice: m("100.01"), totalQuantity: m("30") });
  runTo("09:31:20");
  assert.deepEqual(heard.filter((line) => line.includes("fill")), [
    "1 fill 30 @ 100.01",
    "2 fill 10 @ 100.01",
  ]);
});

Deno.test("a sell stop goes off at the trade through it and fills no better than the stop", () => {
  const { place, runTo, heard } = bench([
    {},
    {},
    {},
    // Down to 98.90 within the step, and back up to 99.50 at its end.
    { first: 100, low: 98.9, last: 99.5, volume: 900, bid: 99.49, ask: 99.51 },
  ]);
  runTo("09:30:01");
  place(1, { orderType: "MKT" });
  runTo("09:30:06");
  place(2, { action: "SELL", orderType: "STP", auxPrice: m("99") });
  runTo("09:30:30");
  assert.deepEqual(heard.filter((line) => line.startsWith("2")), [
    "2 PreSubmitted 0/100 trigger",
    "2 Submitted 0/100",
    "2 fill 100 @ 99",
    "2 Filled 100/0",
    "2 commission 1.0169",
  ]);
});

Deno.test("a stock that opens beyond a stop triggers it at the first trade, not at the stop", () => {
  const { place, runTo, heard } = bench([{}, {}, { first: 95, last: 96, volume: 500, bid: 96 }]);
  runTo("09:30:06");
  place(1, { action: "SELL", orderType: "STP", auxPrice: m("99") });
  runTo("09:30:16");
  assert.ok(heard.includes("1 fill 100 @ 95"), heard.join("\n"));
});

Deno.test("a stop limit that the market jumps over waits at its limit", () => {
  const { place, runTo, heard } = bench([{}, {}, { first: 95, last: 96, volume: 500, bid: 96 }]);
  runTo("09:30:06");
  place(1, {
    action: "SELL",
    orderType: "STP LMT",
    auxPrice: m("99"),
    lmtPrice: m("98.5"),
  });
  runTo("09:30:19");
  assert.deepEqual(heard, ["1 PreSubmitted 0/100 trigger", "1 Submitted 0/100"]);
});

Deno.test("a bracket is silent until transmitted; its children wait, wake with the parent's fill, and cancel each other", () => {
  const { place, runTo, heard, account } = bench([
    {},
    {},
    { last: 105, high: 105, volume: 4000, bid: 104.99, ask: 105.01 },
  ]);
  runTo("09:30:05");
  place(1, { orderType: "LMT", lmtPrice: m("101"), transmit: false });
  const child = { action: "SELL", parentId: 1 } as const;
  place(2, { ...child, orderType: "LMT", lmtPrice: m("104"), transmit: false });
  runTo("09:30:06");
  assert.deepEqual(heard, []);
  place(3, { ...child, orderType: "STP", auxPrice: m("98") });
  runTo("09:30:16");
  assert.deepEqual(heard, [
    "1 PreSubmitted 0/100",
    "2 PreSubmitted 0/100 child",
    "3 PreSubmitted 0/100 child,trigger",
    "1 Submitted 0/100",
    "1 fill 100 @ 100.01",
    "1 Filled 100/0",
    "2 PreSubmitted 0/100",
    "3 PreSubmitted 0/100 trigger",
    "2 Submitted 0/100",
    "1 commission 1.0003",
    "2 fill 100 @ 104",
    "2 Filled 100/0",
    "3 only Cancelled",
    "3 202 Order Canceled - reason:",
    "2 commission 1.0169",
  ]);
  assert.equal(account.quantityOf(265598), 0n);
});

Deno.test("a parent cancelled unfilled takes its children with it", () => {
  const { place, cancel, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("90"), transmit: false });
  place(2, { action: "SELL", parentId: 1, orderType: "STP", auxPrice: m("80") });
  runTo("09:31:01");
  cancel(1);
  runTo("09:31:02");
  assert.deepEqual(heard.slice(-5), [
    "1 PendingCancel 0/100",
    "1 only Cancelled",
    "1 202 Order Canceled - reason:",
    "2 only Cancelled",
    "2 202 Order Canceled - reason:",
  ]);
});

Deno.test("children of a half-filled parent sell no more than it has bought", () => {
  const { place, cancel, runTo, heard, account } = bench([
    {},
    { size: 10 },
    {},
    { last: 97, low: 97, volume: 50_000, bid: 97, ask: 97.02, size: 5000 },
  ]);
  runTo("09:30:10");
  place(1, { orderType: "LMT", lmtPrice: m("100.01"), totalQuantity: m("30"), transmit: false });
  place(2, {
    action: "SELL",
    parentId: 1,
    totalQuantity: m("30"),
    orderType: "STP",
    auxPrice: m("98"),
  });
  runTo("09:30:11");
  assert.equal(account.quantityOf(265598), m("10"));
  cancel(1);
  runTo("09:30:21");
  assert.equal(account.quantityOf(265598), 0n);
  assert.ok(heard.includes("2 fill 10 @ 97"), heard.join("\n"));
});

Deno.test("an OCA group cancels the others when one is filled", () => {
  const { place, runTo, heard } = bench([{}, {}, { last: 98, volume: 4000 }]);
  runTo("09:30:06");
  place(1, { orderType: "LMT", lmtPrice: m("98.5"), ocaGroup: "g", ocaType: 1 });
  place(2, { orderType: "LMT", lmtPrice: m("90"), ocaGroup: "g", ocaType: 1 });
  runTo("09:30:16");
  assert.ok(heard.includes("1 Filled 100/0"));
  assert.ok(heard.includes("2 only Cancelled"));
});

Deno.test("an OCA group of type 3 reduces the others by a partial fill", () => {
  const { place, runTo, heard } = bench([{}, {}, { last: 98, volume: 160 }]);
  runTo("09:30:06");
  place(1, { orderType: "LMT", lmtPrice: m("98.5"), ocaGroup: "g", ocaType: 3 });
  place(2, { orderType: "LMT", lmtPrice: m("90"), ocaGroup: "g", ocaType: 3 });
  runTo("09:30:16");
  assert.ok(heard.includes("1 fill 40 @ 98.5"));
  assert.ok(heard.includes("2 Submitted 0/60"), heard.join("\n"));
});

Deno.test("an IOC order takes what is there and is cancelled at once", () => {
  const { place, runTo, heard } = bench([{}, { size: 40 }]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("100.01"), tif: "IOC" });
  runTo("09:31:01");
  assert.deepEqual(heard, [
    "1 PreSubmitted 0/100",
    "1 Submitted 0/100",
    "1 fill 40 @ 100.01",
    "1 Submitted 40/60",
    "1 PendingCancel 40/60",
    "1 only Cancelled",
    "1 202 Order Canceled - reason:",
    "1 commission 1.00012",
  ]);
});

Deno.test("a market order before the open waits with 399 and gets the opening auction's price", () => {
  const { place, runTo, heard } = bench([{ bid: 101, ask: 101.02 }], { from: "09:20" });
  place(1, { orderType: "MKT" });
  runTo("09:30:06");
  assert.deepEqual(heard, [
    "1 399 Order Message:\nBUY 100 AAPL NASDAQ.NMS\nWarning: your order will not be placed at the " +
    "exchange until 2026-11-20 09:30:00 US/Eastern",
    "1 PreSubmitted 0/100",
    "1 Submitted 0/100",
    "1 fill 100 @ 100",
    "1 Filled 100/0",
    "1 commission 1.0003",
  ]);
});

Deno.test("before the open a bracket is told so order by order, and what waits for the open goes through PendingCancel", () => {
  const { place, cancel, runTo, heard } = bench([{}], { from: "09:00" });
  place(1, { orderType: "LMT", lmtPrice: m("99"), transmit: false });
  place(2, { action: "SELL", parentId: 1, orderType: "STP", auxPrice: m("90") });
  place(3, { action: "SELL", orderType: "STP", auxPrice: m("90") });
  cancel(1);
  cancel(3);
  runTo("09:01");
  assert.deepEqual(heard.map((line) => line.split("\n")[0]), [
    "1 399 Order Message:",
    "1 PreSubmitted 0/100",
    "2 399 Order Message:",
    "2 PreSubmitted 0/100 child,trigger",
    "3 399 Order Message:",
    "3 PreSubmitted 0/100 trigger",
    "1 PendingCancel 0/100",
    "1 only Cancelled",
    "1 202 Order Canceled - reason:",
    "2 only Cancelled",
    "2 202 Order Canceled - reason:",
    "3 only Cancelled",
    "3 202 Order Canceled - reason:",
  ]);
});

Deno.test("DAY orders end at the close by the system, GTC orders wait for the next open", () => {
  const { place, runTo, heard, exchange } = bench([{}]);
  runTo("15:59:00");
  place(1, { orderType: "LMT", lmtPrice: m("90") });
  place(2, { orderType: "LMT", lmtPrice: m("91"), tif: "GTC" });
  place(3, { action: "SELL", orderType: "STP", auxPrice: m("89"), tif: "DAY" });
  runTo("16:00:01");
  assert.deepEqual(heard.slice(-5), [
    "1 only Cancelled",
    "1 202 Order Canceled - reason:",
    "2 PreSubmitted 0/100",
    "3 only Cancelled",
    "3 202 Order Canceled - reason:",
  ]);
  assert.deepEqual(
    exchange.book.completed().map(({ completedStatus }) => completedStatus),
    ["Cancelled by System:\n", "Cancelled by System:\n"],
  );
  place(4, { orderType: "MKT" });
  assert.match(heard.at(-2) ?? "", /^4 399 .*until 2026-11-23 09:30:00 US\/Eastern$/s);
});

Deno.test("orders that TWS does not take are refused in its words, and their ids stay free", () => {
  const { place, runTo, heard, exchange } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("99.995") });
  place(2, { orderType: "MKT" }, "NOSUCHXX");
  place(3, { orderType: "MKT", totalQuantity: 0n });
  place(0, { orderType: "MKT" });
  place(5, { orderType: "VWAPX" });
  place(6, { orderType: "STP" });
  place(7, { orderType: "MKT", totalQuantity: m("0.5") });
  place(8, { orderType: "MKT", account: "DU9" });
  assert.deepEqual(heard, [
    "1 110 The price does not conform to the minimum price variation for this contract.",
    "2 200 No security definition has been found for the request",
    "3 321 Error validating request.-'bH' : cause - The size value cannot be zero:",
    "0 10149 Invalid order id: 0",
    "5 387 Unsupported order type for this exchange and security type.",
    "6 321 Error validating request.-'bH' : cause - Please enter a stop price",
    "7 10243 Fractional-sized order cannot be placed via API. Please use desktop version to place " +
    "this order.",
    "8 321 Error validating request.-'bH' : cause - Invalid account code 'DU9'.",
  ]);
  assert.equal(exchange.book.nextOrderId(CLIENT), 1);
});

Deno.test("an id used before is a duplicate, one of a filled order cannot be modified", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(5, { orderType: "MKT" });
  runTo("09:31:01");
  heard.length = 0;
  place(4, { orderType: "MKT" });
  place(5, { orderType: "MKT" });
  place(5, { orderType: "MKT" }, "MSFT");
  assert.deepEqual(heard, [
    "4 103 Duplicate order id",
    "5 104 Cannot modify a filled order.",
    "5 103 Duplicate order id",
  ]);
});

Deno.test("a live order keeps its side, its kind and its time in force", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("90") });
  runTo("09:31:01");
  heard.length = 0;
  place(1, { action: "SELL", orderType: "LMT", lmtPrice: m("90") });
  place(1, { orderType: "STP", auxPrice: m("90") });
  place(1, { orderType: "LMT", lmtPrice: m("90"), tif: "GTC" });
  place(1, { orderType: "LMT", lmtPrice: m("90.001") });
  assert.deepEqual(heard, [
    "1 105 Order being modified does not match original order",
    "1 329 Order modify failed. Cannot change to the new order type.",
    "1 462 Order modify failed. Cannot change to the new Time in Force.GTC",
    "1 110 The price does not conform to the minimum price variation for this contract.",
  ]);
});

Deno.test("ids and permIds: permIds run on, execIds are in IB's form and unique", () => {
  const { place, runTo, exchange } = bench([{}]);
  runTo("09:31:00");
  place(3, { orderType: "MKT" });
  place(9, { orderType: "MKT" }, "MSFT");
  runTo("09:31:05");
  const [first, second] = exchange.book.all();
  assert.ok(first && second);
  assert.equal(second.permId, first.permId + 1);
  assert.equal(exchange.book.nextOrderId(CLIENT), 10);
  assert.equal(exchange.book.nextOrderId(CLIENT + 1), 1);
  const ids = exchange.executions.map(({ execId }) => execId);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}\.[0-9a-f]{8}\.01\.01$/);
  assert.equal(new Set(ids).size, ids.length);
});

Deno.test("a fill that overtakes the cancellation wins, and the cancellation is told so", () => {
  const { place, cancel, runTo, heard } = bench([{}, {}, { last: 98, volume: 8000 }]);
  runTo("09:30:06");
  place(1, { orderType: "LMT", lmtPrice: m("99") });
  runTo("09:30:14.990");
  cancel(1);
  runTo("09:30:16");
  assert.equal(heard.filter((line) => line.startsWith("1 fill")).length, 1);
  assert.match(heard.find((line) => line.includes("161")) ?? "", /cancellable state.*permId =\d+$/);
  assert.ok(!heard.includes("1 only Cancelled"));
});
