import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import { listingOf } from "../../lib/simulator/universe.ts";
import type { Condition } from "../../lib/wire/condition.ts";
import type { Step } from "./hand_market.ts";
import { bench } from "./order_bench.ts";

const m = parseMicros;

function fills(heard: readonly string[]): string[] {
  return heard.filter((line) => line.includes("fill"));
}

Deno.test("a trailing stop follows the price up, stays when it falls, and goes off a dollar below the top", () => {
  const { place, runTo, heard } = bench([
    {},
    {},
    {},
    { last: 101, volume: 100 },
    { last: 102, volume: 100 },
    { last: 101.2, volume: 100 },
    { last: 100.9, volume: 100, bid: 100.88, ask: 100.9 },
  ]);
  runTo("09:30:06");
  place(1, { action: "SELL", orderType: "TRAIL", auxPrice: m("1") });
  runTo("09:30:36");
  assert.deepEqual(heard, [
    "1 PreSubmitted 0/100 trigger",
    "1 PreSubmitted 0/100 trigger",
    "1 PreSubmitted 0/100 trigger",
    "1 Submitted 0/100",
    "1 fill 100 @ 100.88",
    "1 Filled 100/0",
    "1 commission 1.0169",
  ]);
});

Deno.test("a trailing stop in percent starts from the stop it was given", () => {
  const { place, runTo, heard } = bench([{}, {}, {}, { last: 96, volume: 100, bid: 95.98 }]);
  runTo("09:30:06");
  place(1, {
    action: "SELL",
    orderType: "TRAIL",
    trailingPercent: 2,
    trailStopPrice: m("97"),
  });
  runTo("09:30:21");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 95.98"]);
});

Deno.test("a trailing stop limit does not sell below its trailing limit", () => {
  const { place, runTo, heard } = bench([{}, {}, {}, { last: 90, volume: 100, bid: 89.98 }]);
  runTo("09:30:06");
  place(1, {
    action: "SELL",
    orderType: "TRAIL LIMIT",
    auxPrice: m("1"),
    trailStopPrice: m("99"),
    lmtPriceOffset: m("0.5"),
  });
  runTo("09:30:21");
  assert.deepEqual(fills(heard), []);
  assert.equal(heard.at(-1), "1 Submitted 0/100");
});

Deno.test("a buy at 99 if touched waits until 99 is traded and then takes the ask", () => {
  const { place, runTo, heard } = bench([
    {},
    {},
    { last: 99.5, volume: 100 },
    { last: 99, volume: 100, bid: 99, ask: 99.02 },
  ]);
  runTo("09:30:06");
  place(1, { orderType: "MIT", auxPrice: m("99") });
  runTo("09:30:16");
  assert.deepEqual(fills(heard), []);
  runTo("09:30:21");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 99.02"]);
});

Deno.test("a limit if touched rests at its limit once the trigger was touched", () => {
  const { place, runTo, heard } = bench([{}, {}, {}, { last: 99, volume: 100 }, {}, {
    last: 98.4,
    volume: 2000,
  }]);
  runTo("09:30:06");
  place(1, { orderType: "LIT", auxPrice: m("99"), lmtPrice: m("98.5") });
  runTo("09:30:31");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 98.5"]);
});

Deno.test("market on close gets the closing price, limit on close only within its limit", () => {
  const steps: Step[] = [];
  steps[4679] = { last: 103, volume: 50_000 };
  const script = Array.from(steps, (step) => step ?? {});
  const { place, runTo, heard } = bench(script);
  runTo("15:00");
  place(1, { orderType: "MOC" });
  place(2, { orderType: "LOC", lmtPrice: m("102.99") });
  place(3, { orderType: "LOC", lmtPrice: m("103.5") });
  runTo("16:00:01");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 103", "3 fill 100 @ 103"]);
  assert.ok(heard.includes("2 only Cancelled"));
});

Deno.test("an opening order before the bell gets the opening price or nothing; one during the day waits for the next", () => {
  const { place, runTo, heard, exchange } = bench([{}], { from: "09:00" });
  place(1, { orderType: "MKT", tif: "OPG" });
  place(2, { orderType: "LMT", lmtPrice: m("99"), tif: "OPG" });
  runTo("09:30:06");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 100"]);
  assert.ok(heard.includes("2 only Cancelled"));
  place(3, { orderType: "MKT", tif: "OPG" });
  runTo("16:00:01");
  assert.match(heard.find((line) => line.startsWith("3 399")) ?? "", /2026-11-23 09:30:00/);
  assert.equal(exchange.book.live().length, 1);
});

Deno.test("fill or kill takes all or nothing", () => {
  const { place, runTo, heard } = bench([{}, { size: 40 }]);
  runTo("09:31:00");
  place(1, { orderType: "LMT", lmtPrice: m("100.01"), tif: "FOK" });
  place(2, {
    orderType: "LMT",
    lmtPrice: m("100.01"),
    totalQuantity: m("40"),
    tif: "FOK",
  });
  runTo("09:31:02");
  assert.deepEqual(fills(heard), ["2 fill 40 @ 100.01"]);
  assert.ok(heard.includes("1 only Cancelled"));
});

Deno.test("good till date ends at its time, good after time begins at it", () => {
  const { place, runTo, heard } = bench([{}]);
  runTo("09:31:00");
  place(1, {
    orderType: "LMT",
    lmtPrice: m("90"),
    tif: "GTD",
    goodTillDate: "20261120 09:45:00 US/Eastern",
  });
  place(2, { orderType: "MKT", goodAfterTime: "20261120-14:50:00" });
  runTo("09:44:59");
  assert.equal(heard.at(-1), "1 Submitted 0/100");
  runTo("09:45:01");
  assert.ok(heard.includes("1 only Cancelled"));
  assert.deepEqual(fills(heard), []);
  runTo("09:50:01");
  assert.deepEqual(fills(heard), ["2 fill 100 @ 100.01"]);
  place(3, { orderType: "MKT", tif: "GTD" });
  place(4, { orderType: "MKT", goodAfterTime: "soon" });
  assert.deepEqual(heard.slice(-2).map((line) => line.slice(0, 5)), ["3 321", "4 337"]);
});

Deno.test("a conditional order waits until another stock has its price, and a cancelling one ends by it", () => {
  const { place, runTo, heard } = bench([{}, {}, { last: 105, volume: 100 }]);
  runTo("09:30:06");
  const msft = listingOf("MSFT");
  assert.ok(msft);
  const above: Condition = {
    kind: "price",
    conjunction: "a",
    isMore: true,
    conId: msft.conId,
    exchange: "SMART",
    price: 104,
    triggerMethod: 0,
  };
  place(1, { orderType: "LMT", lmtPrice: m("100.01"), conditions: [above] });
  place(2, {
    orderType: "LMT",
    lmtPrice: m("90"),
    conditions: [above],
    conditionsCancelOrder: true,
  });
  runTo("09:30:14");
  assert.deepEqual(fills(heard), []);
  runTo("09:30:16");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 100.01"]);
  assert.ok(heard.includes("2 only Cancelled"));
});

Deno.test("Twap is a quarter done after a quarter of its time, and ends with the day", () => {
  const { place, runTo, heard, account } = bench([{ size: 1000 }]);
  runTo("10:00");
  place(1, {
    orderType: "MKT",
    totalQuantity: m("400"),
    algoStrategy: "Twap",
    algoParams: [{ tag: "endTime", value: "11:00:00 US/Eastern" }],
  });
  runTo("10:15");
  assert.equal(account.quantityOf(265598), m("100"));
  runTo("11:01");
  assert.equal(account.quantityOf(265598), m("400"));
  assert.ok(fills(heard).length > 100);
});

Deno.test("Vwap trades along the market's volume", () => {
  const busy = Array.from({ length: 200 }, (_, index): Step => ({
    size: 5000,
    volume: index === 100 ? 9000 : index === 101 ? 1000 : 0,
  }));
  const { place, runTo, account } = bench(busy);
  runTo("09:30:06");
  place(1, { orderType: "MKT", totalQuantity: m("400"), algoStrategy: "Vwap" });
  runTo("09:38:21");
  assert.equal(account.quantityOf(265598), 0n);
  runTo("09:38:26");
  assert.equal(account.quantityOf(265598), m("360"));
  runTo("09:38:31");
  assert.equal(account.quantityOf(265598), m("400"));
});
