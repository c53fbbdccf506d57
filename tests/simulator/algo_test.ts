import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import type { Step } from "./hand_market.ts";
import { bench } from "./order_bench.ts";

const m = parseMicros;
const WIDE: Step = { bid: 99.9, ask: 100.1, size: 1000 };

function fills(heard: readonly string[]): string[] {
  return heard.filter((line) => line.includes("fill"));
}

function param(tag: string, value: string): { readonly tag: string; readonly value: string } {
  return { tag, value };
}

for (
  const [priority, before, time] of [
    ["Urgent", "10:00:14", "10:00:15"],
    ["Normal", "10:00:29", "10:00:30"],
    ["Patient", "10:01:09", "10:01:10"],
  ] as const
) {
  Deno.test(`Adaptive ${priority}: waits within the spread until ${time}, then takes the offer`, () => {
    const { place, runTo, heard } = bench([WIDE]);
    runTo("10:00:00.010");
    place(1, {
      orderType: "MKT",
      algoStrategy: "Adaptive",
      algoParams: [param("adaptivePriority", priority)],
    });
    runTo(before);
    assert.deepEqual(heard, ["1 PreSubmitted 0/100", "1 Submitted 0/100"]);
    runTo(time);
    assert.deepEqual(fills(heard), ["1 fill 100 @ 100.1"]);
  });
}

Deno.test("Adaptive trades inside the spread with who comes to it, and never beyond its limit", () => {
  const script = Array.from({ length: 400 }, (_, index): Step => ({
    ...WIDE,
    // Ten seconds after the order: half way through the spread it stands at 100.00.
    ...(index === 362 ? { last: 99.95, volume: 800 } : {}),
  }));
  const { place, runTo, heard } = bench(script);
  runTo("10:00:00.010");
  const adaptive = {
    algoStrategy: "Adaptive",
    algoParams: [param("adaptivePriority", "Normal")],
    totalQuantity: m("300"),
  };
  place(1, { ...adaptive, orderType: "MKT" });
  place(2, { ...adaptive, orderType: "LMT", lmtPrice: m("99.92"), totalQuantity: m("50") });
  runTo("10:00:20");
  assert.deepEqual(fills(heard), ["1 fill 200 @ 99.99"]);
  runTo("10:05");
  assert.deepEqual(fills(heard).slice(1), ["1 fill 100 @ 100.1"]);
});

Deno.test("an Adaptive stop begins to work the spread when it is triggered", () => {
  const { place, runTo, heard } = bench([
    {},
    {},
    { last: 98, volume: 100, bid: 97.9, ask: 98.1 },
  ]);
  runTo("09:30:06");
  place(1, {
    action: "SELL",
    orderType: "STP",
    auxPrice: m("99"),
    algoStrategy: "Adaptive",
    algoParams: [param("adaptivePriority", "Urgent")],
  });
  runTo("09:30:16");
  assert.deepEqual(heard.slice(-1), ["1 Submitted 0/100"]);
  runTo("09:31");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 97.9"]);
});

Deno.test("Twap waits for its start, slices to its end, and what its limit did not let it have is cancelled", () => {
  const { place, runTo, heard, account } = bench([
    ...Array.from({ length: 720 }, () => WIDE),
    { bid: 100.4, ask: 100.6, size: 1000 },
  ]);
  runTo("10:00");
  place(1, {
    orderType: "LMT",
    lmtPrice: m("100.1"),
    totalQuantity: m("400"),
    algoStrategy: "Twap",
    algoParams: [
      param("startTime", "10:10:00 US/Eastern"),
      param("endTime", "20261120 10:50:00 US/Eastern"),
      param("allowPastEndTime", "0"),
    ],
  });
  runTo("10:09:59");
  assert.deepEqual(heard, ["1 PreSubmitted 0/400"]);
  runTo("10:30:00.050");
  assert.equal(account.quantityOf(265598), m("200"));
  assert.equal(fills(heard).length, 40);
  runTo("10:51");
  assert.deepEqual(heard.slice(-2), ["1 only Cancelled", "1 202 Order Canceled - reason:"]);
  assert.equal(account.quantityOf(265598), m("200"));
});

Deno.test("an algorithm that may go on behind its end does", () => {
  const dear = Array.from({ length: 240 }, (): Step => ({ bid: 100.4, ask: 100.6, size: 1000 }));
  const { place, runTo, account } = bench([...dear, WIDE]);
  runTo("09:31");
  place(1, {
    orderType: "LMT",
    lmtPrice: m("100.1"),
    algoStrategy: "Twap",
    algoParams: [param("endTime", "09:40:00 US/Eastern"), param("allowPastEndTime", "1")],
  });
  runTo("09:49");
  assert.equal(account.quantityOf(265598), 0n);
  runTo("09:51");
  assert.equal(account.quantityOf(265598), m("100"));
});

Deno.test("Vwap takes no more than its part of the volume, and no liquidity when it must not", () => {
  const busy = Array.from({ length: 400 }, (): Step => ({ ...WIDE, last: 99.9, volume: 100 }));
  const { place, runTo, account, heard } = bench(busy, { cash: "1000000" });
  runTo("09:30:05.010");
  const vwap = { orderType: "MKT", algoStrategy: "Vwap", totalQuantity: m("10000") };
  const until = param("endTime", "10:00:00 US/Eastern");
  place(1, { ...vwap, algoParams: [until, param("maxPctVol", "0.1")] });
  runTo("09:40:00.050");
  assert.equal(account.quantityOf(265598), m("1190"));
  heard.length = 0;
  place(2, { ...vwap, algoParams: [until, param("noTakeLiq", "1")] });
  runTo("09:41");
  const prices = fills(heard).filter((line) => line.startsWith("2")).map((line) => line.slice(-4));
  assert.ok(prices.length > 3 && prices.every((price) => price === "99.9"), prices.join());
});

Deno.test("what IB's algorithms do not take is refused as a recorded Gateway refuses it", () => {
  const { place, heard } = bench([{}]);
  const limit = { orderType: "LMT", lmtPrice: m("99") };
  place(1, { ...limit, algoStrategy: "Foo" });
  place(2, { ...limit, algoStrategy: "Vwap", algoParams: [param("maxPctVol", "abc")] });
  place(3, { ...limit, algoStrategy: "Twap", algoParams: [param("strategyType", "abc")] });
  place(4, {
    ...limit,
    algoStrategy: "Adaptive",
    algoParams: [param("adaptivePriority", "Asleep")],
  });
  place(5, { ...limit, algoStrategy: "Twap", algoParams: [param("endTime", "noon")] });
  place(6, { ...limit, algoStrategy: "Twap", tif: "IOC" });
  place(7, { orderType: "MOC", algoStrategy: "Vwap" });
  place(8, { ...limit, algoStrategy: "Vwap", algoParams: [param("constructor", "1")] });
  const text = heard.map((line) => line.split("\n")[0]);
  assert.deepEqual(text, [
    "1 439 Order processing failed. Algorithm definition not found",
    "2 441 Algo attributes validation failed:maxPctVol=abc",
    "3 443 Order processing failed. Unknown algo attribute:strategyType",
    "4 145 Error in validating entry fields -Asleep",
    "5 10314 endTime: The date, time, or time-zone entered is invalid.",
    "6 442 Specified algorithm is not allowed for this order.",
    "7 442 Specified algorithm is not allowed for this order.",
    "8 443 Order processing failed. Unknown algo attribute:constructor",
  ]);
});

Deno.test("an algorithm whose time is over before it begins is told so, and ends", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("10:00");
  const twap = { orderType: "MKT", algoStrategy: "Twap" };
  place(1, { ...twap, algoParams: [param("endTime", "09:59:00 US/Eastern")] });
  place(2, {
    ...twap,
    algoParams: [param("startTime", "12:00:00"), param("endTime", "11:00:00")],
  });
  assert.deepEqual(heard, [
    "1 2182 Algorithm end time is in the past for order 1",
    "1 PreSubmitted 0/100",
    "1 only Cancelled",
    "1 202 Order Canceled - reason:",
    "2 2183 Algorithm end time precedes algorithm start time for 2",
    "2 PreSubmitted 0/100",
    "2 only Cancelled",
    "2 202 Order Canceled - reason:",
  ]);
});
