import assert from "node:assert/strict";
import type { Bar } from "../../lib/market/market.ts";
import { intradayBars } from "../../lib/simulator/bars.ts";
import { Market } from "../../lib/simulator/market.ts";
import { listingOf } from "../../lib/simulator/universe.ts";
import { at, DATE } from "./raw_client.ts";

const MINUTE = 60_000;

function bar(minute: number, [open, high, low, close, volume]: readonly number[]): Bar {
  return {
    symbol: "AAPL",
    time: at("09:30") + minute * MINUTE,
    durationMs: MINUTE,
    open: open ?? 0,
    high: high ?? 0,
    low: low ?? 0,
    close: close ?? 0,
    volume: volume ?? 0,
    wap: null,
    count: 0,
  };
}

/** A rise, a fall, a gap of two minutes, and a bar that stands still. */
const BARS = [
  bar(0, [100, 101.2, 99.5, 101, 6000]),
  bar(1, [101, 101.5, 98, 98.25, 12_000]),
  bar(4, [98.25, 98.25, 98.25, 98.25, 77]),
];

function market(stepMs: number): Market {
  return new Market({
    seed: 1,
    stepMs,
    recorded: (symbol, date) => symbol === "AAPL" && date === DATE ? BARS : [],
  });
}

const apple = listingOf("AAPL");
assert.ok(apple);

for (const stepMs of [1000, 5000]) {
  Deno.test(`recorded bars come back as they were, from a grid of ${stepMs} ms, and gaps are flat`, () => {
    const day = market(stepMs).day(apple, DATE);
    assert.ok(day);
    const again = intradayBars(day, {
      barMs: MINUTE,
      fromMs: 0,
      toMs: at("09:35"),
      what: "TRADES",
    });
    assert.deepEqual(
      again.map(({ openE4, highE4, lowE4, closeE4, volume }) => [
        openE4 / 1e4,
        highE4 / 1e4,
        lowE4 / 1e4,
        closeE4 / 1e4,
        volume,
      ]),
      [
        [100, 101.2, 99.5, 101, 6000],
        [101, 101.5, 98, 98.25, 12_000],
        [98.25, 98.25, 98.25, 98.25, 0],
        [98.25, 98.25, 98.25, 98.25, 0],
        [98.25, 98.25, 98.25, 98.25, 77],
      ],
    );
  });
}

Deno.test("quotes lie around the recorded price, and other stocks and days are made up as before", () => {
  const recorded = market(5000);
  const day = recorded.day(apple, DATE);
  assert.ok(day);
  for (let step = 0; step < 24; step++) {
    const [bid = 0, ask = 0, last = 0] = [day.bidE4[step], day.askE4[step], day.lastE4[step]];
    assert.ok(bid <= last && last <= ask && bid < ask, `${bid} ${last} ${ask}`);
  }
  const plain = new Market({ seed: 1, stepMs: 5000 });
  const gm = listingOf("GM");
  assert.ok(gm);
  assert.deepEqual(recorded.day(gm, DATE), plain.day(gm, DATE));
  assert.deepEqual(recorded.day(apple, "2026-11-19"), plain.day(apple, "2026-11-19"));
  assert.equal(recorded.plan(apple, "2026-11-23")?.openE4, plain.plan(apple, "2026-11-23")?.openE4);
});
