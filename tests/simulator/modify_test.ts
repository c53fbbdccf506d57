import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { bench } from "./order_bench.ts";

const m = parseMicros;

function fills(heard: readonly string[]): string[] {
  return heard.filter((line) => line.includes("fill"));
}

Deno.test("a stop that is moved goes off at its new trigger, under its old id", () => {
  const { place, runTo, heard, exchange } = bench([
    {},
    {},
    { last: 98.9, volume: 100, bid: 98.88, ask: 98.9 },
    { last: 97.9, volume: 100, bid: 97.88, ask: 97.9 },
  ]);
  runTo("09:30:05.100");
  place(1, { action: "SELL", orderType: "STP", auxPrice: m("99") });
  const [before] = exchange.book.live();
  place(1, { action: "SELL", orderType: "STP", auxPrice: m("98"), totalQuantity: m("60") });
  runTo("09:30:16");
  assert.deepEqual(heard, ["1 PreSubmitted 0/100 trigger", "1 PreSubmitted 0/60 trigger"]);
  runTo("09:30:20.050");
  assert.deepEqual(fills(heard), ["1 fill 60 @ 97.88"]);
  assert.equal(exchange.book.all()[0]?.permId, before?.permId);
});

Deno.test("a stop that is moved protects in the step it is moved in, as it has stood all along", () => {
  const { place, runTo, heard } = bench([
    {},
    {},
    {},
    { last: 97, volume: 100, bid: 96.98, ask: 97.02 },
    { last: 101, volume: 100, bid: 100.98, ask: 101.02 },
  ]);
  runTo("09:30:05.100");
  place(1, { action: "SELL", orderType: "STP", auxPrice: m("98") });
  runTo("09:30:15.050");
  place(1, { action: "SELL", orderType: "STP", auxPrice: m("99") });
  runTo("09:30:30");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 96.98"]);
});

Deno.test("a bracket's stop is moved while it waits for its parent, with the parent's id and not without", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("99.9"), transmit: false });
  const stop = { action: "SELL", orderType: "STP", parentId: 1 } as const;
  place(2, { ...stop, auxPrice: m("95") });
  heard.length = 0;
  place(2, { ...stop, auxPrice: m("96") });
  place(2, { ...stop, auxPrice: m("97"), parentId: 0 });
  assert.deepEqual(heard, [
    "2 PreSubmitted 0/100 child,trigger",
    "2 321 Error validating request.-'bH' : cause - Parent order id cannot be modified",
  ]);
});

Deno.test("a trailing stop whose quantity changes stays where it has come to", () => {
  const { place, runTo, heard, exchange } = bench([
    {},
    {},
    { last: 105, volume: 100, bid: 104.98, ask: 105.02 },
    {},
    { last: 103.5, volume: 100, bid: 103.48, ask: 103.52 },
  ]);
  runTo("09:30:06");
  const trail = { action: "SELL", orderType: "TRAIL", auxPrice: m("1"), trailStopPrice: m("99") };
  place(1, trail);
  runTo("09:30:16");
  place(1, { ...trail, totalQuantity: m("40") });
  assert.equal(exchange.book.live()[0]?.order.trailStopPrice, m("104"));
  runTo("09:30:26");
  assert.deepEqual(fills(heard), ["1 fill 40 @ 103.48"]);
});

Deno.test("a trailing stop with a new distance needs a new stop, or begins anew from the market", () => {
  const { place, runTo, heard, exchange } = bench([{}, {}, { last: 105, volume: 100 }, {}, {
    last: 105,
    volume: 100,
  }]);
  runTo("09:30:06");
  const trail = { action: "SELL", orderType: "TRAIL", auxPrice: m("1"), trailStopPrice: m("99") };
  place(1, trail);
  runTo("09:30:16");
  heard.length = 0;
  place(1, { ...trail, auxPrice: m("3") });
  assert.deepEqual(heard, [
    "1 10067 Stop price must be changed together with the trailing amount for a trailing order",
  ]);
  place(1, { ...trail, auxPrice: m("3"), trailStopPrice: m("101.5") });
  assert.equal(exchange.book.live()[0]?.trailE4, 1_015_000);
  place(1, { ...trail, auxPrice: m("4"), trailStopPrice: null });
  runTo("09:30:26");
  assert.equal(exchange.book.live()[0]?.trailE4, 1_010_000);
});

Deno.test("an order whose cancellation is on its way cannot be modified any more", () => {
  const { place, cancel, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("99") });
  runTo("09:31:01");
  cancel(1);
  heard.length = 0;
  place(1, { orderType: "LMT", lmtPrice: m("98") });
  runTo("09:31:02");
  assert.deepEqual(heard, [
    "1 104 Cannot modify a filled order.",
    "1 only Cancelled",
    "1 202 Order Canceled - reason:",
  ]);
});

Deno.test("OCA group, its type and the algorithm stay as they were placed", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  const limit = { orderType: "LMT", lmtPrice: m("99") };
  place(1, { ...limit, ocaGroup: "g", ocaType: 2 });
  place(2, limit);
  runTo("09:31:01");
  heard.length = 0;
  place(1, { ...limit, ocaGroup: "h", ocaType: 2 });
  place(1, { ...limit, ocaGroup: "g", ocaType: 1 });
  place(2, { ...limit, algoStrategy: "Adaptive" });
  assert.deepEqual(heard, [
    "1 10326 OCA group revision is not allowed",
    "1 10327 OCA group type revision is not allowed",
    "2 440 Order modify failed. Algorithm cannot be modified.",
  ]);
  place(2, { ...limit, lmtPrice: m("98"), ocaType: 3 });
  assert.equal(heard.at(-1), "2 PreSubmitted 0/100");
});

Deno.test("a bracket's child is in the group that TWS names, whatever group it asked for: a change that names its own is refused", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("90"), transmit: false });
  const stop = { action: "SELL", orderType: "STP", parentId: 1 } as const;
  place(2, { ...stop, auxPrice: m("80"), ocaGroup: "mine", ocaType: 2 });
  runTo("09:31:01");
  heard.length = 0;
  place(2, { ...stop, auxPrice: m("81"), ocaGroup: "mine", ocaType: 2 });
  assert.deepEqual(heard, ["2 10326 OCA group revision is not allowed"]);
  place(2, { ...stop, auxPrice: m("81") });
  assert.equal(heard.at(-1), "2 PreSubmitted 0/100 child,trigger");
});

Deno.test("an order made too large for the account is rejected and works on as it was", () => {
  const { place, runTo, heard } = bench([{}, {}, { last: 98.5, volume: 4000 }], { cash: "4000" });
  runTo("09:30:05.100");
  place(1, { orderType: "LMT", lmtPrice: m("99") });
  place(1, { orderType: "LMT", lmtPrice: m("99"), totalQuantity: m("1000") });
  assert.match(heard.at(-1) ?? "", /^1 201 Order rejected - reason:We are unable to accept/);
  runTo("09:30:16");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 99"]);
});
