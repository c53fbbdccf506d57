import assert from "node:assert/strict";
import { parseMicros } from "../../lib/money.ts";
import type { Step } from "./hand_market.ts";
import { bench } from "./order_bench.ts";
import { placing, stock, withGateway } from "./raw_client.ts";

const m = parseMicros;

function fills(heard: readonly string[]): string[] {
  return heard.filter((line) => line.includes("fill"));
}

/** Trades at 99.50 and no lower; resting orders there get 200 of its 4,000 shares. */
const TOUCH: Step = { last: 99.5, volume: 4000 };
const AT = { orderType: "LMT", lmtPrice: m("99.5"), totalQuantity: m("1000") } as const;

Deno.test("an iceberg's clip comes first, its next clip behind the order that stood there meanwhile", () => {
  const { place, runTo, heard } = bench([{}, {}, TOUCH, TOUCH]);
  runTo("09:30:05.100");
  place(1, { ...AT, displaySize: 100 });
  runTo("09:30:05.200");
  place(2, AT);
  runTo("09:30:16");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 99.5", "2 fill 100 @ 99.5"]);
  runTo("09:30:21");
  assert.deepEqual(fills(heard).slice(2), ["2 fill 200 @ 99.5"]);
});

Deno.test("what an iceberg does not show trades when the market goes through its price", () => {
  const { place, runTo, heard } = bench([{}, {}, { last: 99.4, volume: 4000 }]);
  runTo("09:30:06");
  place(1, { ...AT, displaySize: 100 });
  runTo("09:30:16");
  assert.deepEqual(fills(heard), ["1 fill 100 @ 99.5", "1 fill 900 @ 99.5"]);
});

Deno.test("a hidden order stands behind later ones that are shown, and is not touched by trades at its price", () => {
  const { place, runTo, heard } = bench([{}, {}, TOUCH, { last: 99.4, volume: 4000 }]);
  runTo("09:30:05.100");
  place(1, { ...AT, totalQuantity: m("500"), hidden: true });
  runTo("09:30:05.200");
  place(2, { ...AT, totalQuantity: m("600") });
  runTo("09:30:16");
  assert.deepEqual(fills(heard), ["2 fill 200 @ 99.5"]);
  runTo("09:30:21");
  assert.deepEqual(fills(heard).slice(1), ["2 fill 400 @ 99.5", "1 fill 500 @ 99.5"]);
});

Deno.test("of two orders the one with the better price is filled first, whichever came first", () => {
  const { place, runTo, heard } = bench([{}, {}, { last: 99.4, volume: 400 }]);
  runTo("09:30:05.100");
  place(1, AT);
  place(2, { ...AT, lmtPrice: m("99.6") });
  runTo("09:30:16");
  assert.deepEqual(fills(heard), ["2 fill 100 @ 99.6"]);
});

Deno.test("a display size beyond the order is refused", () => {
  const { place, heard } = bench([{}]);
  place(1, { ...AT, displaySize: 1001 });
  place(2, { ...AT, displaySize: -1 });
  const text = "10020 Display Size should be positive and not greater than the order size.";
  assert.deepEqual(heard, [`1 ${text}`, `2 ${text}`]);
});

Deno.test("market depth shows the clip of an iceberg, and nothing of a hidden order", async () => {
  await withGateway({ from: "09:45" }, async ({ connect }) => {
    const client = await connect();
    const limit = { action: "BUY", orderType: "LMT", totalQuantity: m("800") };
    await client.reply("nextValidId");
    client.send(placing(1, "AAPL", { ...limit, lmtPrice: m("200.11"), displaySize: 100 }));
    client.send(placing(2, "AAPL", { ...limit, lmtPrice: m("200.22"), hidden: true }));
    await client.pass(1000);
    const contract = stock("AAPL");
    const rest = { numRows: 20, isSmartDepth: false, mktDepthOptions: [] };
    client.send({ type: "reqMktDepth", reqId: 5, contract, ...rest });
    await client.pass(1000);
    const bids = client.of("updateMktDepth").filter(({ side }) => side === 1);
    assert.deepEqual(
      bids.filter(({ price }) => price < 201).map(({ price, size }) => [price, size]),
      [[200.11, m("100")]],
    );
    assert.deepEqual(bids.map(({ position }) => position), bids.map((_, index) => index));
  });
});
