import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { BarBuilder } from "../../lib/market/bars.ts";
import type { Bar } from "../../lib/market/market.ts";

const OPEN = Date.parse("2026-11-20T14:30:00Z");
const FIVE_SECONDS = 5_000;
const MINUTE = 60_000;

function short(seconds: number, close: number, rest: Partial<Bar> = {}): Bar {
  return {
    symbol: "AAPL",
    time: OPEN + seconds * 1_000,
    durationMs: FIVE_SECONDS,
    open: close,
    high: close,
    low: close,
    close,
    volume: 100,
    wap: close,
    count: 1,
    ...rest,
  };
}

Deno.test("BarBuilder makes one minute of twelve short bars, finished when the next begins", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  strictEqual(builder.push(short(0, 100, { open: 99, volume: 100, wap: 99.5, count: 3 })), null);
  strictEqual(builder.push(short(5, 103, { high: 104, volume: 300, wap: 103.5, count: 4 })), null);
  for (let second = 10; second < 55; second += 5) {
    strictEqual(builder.push(short(second, 101, { volume: 0, wap: null, count: 0 })), null);
  }
  strictEqual(builder.push(short(55, 98, { low: 97, volume: 100, wap: 97.5, count: 2 })), null);
  deepStrictEqual(builder.push(short(60, 98)), {
    symbol: "AAPL",
    time: OPEN,
    durationMs: MINUTE,
    open: 99,
    high: 104,
    low: 97,
    close: 98,
    volume: 500,
    wap: (99.5 * 100 + 103.5 * 300 + 97.5 * 100) / 500,
    count: 9,
    missingMs: 0,
  });
});

Deno.test("BarBuilder shows a gap as a jump of time and the missing milliseconds", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  builder.push(short(0, 100));
  builder.push(short(5, 101));
  const beforeGap = builder.push(short(200, 102));
  strictEqual(beforeGap?.time, OPEN);
  strictEqual(beforeGap?.missingMs, 50_000);
  const afterGap = builder.close(OPEN + 240_000);
  strictEqual(afterGap?.time, OPEN + 180_000);
  strictEqual(afterGap?.open, 102);
  strictEqual(afterGap?.missingMs, 55_000);
});

Deno.test("BarBuilder aligns an hourly bar to the open at 09:30, not to the full hour", () => {
  const builder = new BarBuilder("AAPL", 3_600_000, OPEN);
  builder.push(short(0, 100));
  builder.push(short(35 * 60, 101));
  const bar = builder.push(short(60 * 60, 102));
  strictEqual(bar?.time, OPEN);
  strictEqual(bar?.close, 101);
});

Deno.test("BarBuilder puts a bar before the open into the bar that ends at the open", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  builder.push(short(-5, 100));
  strictEqual(builder.push(short(0, 101))?.time, OPEN - MINUTE);
});

Deno.test("BarBuilder close() finishes a bar only when its time is up, and only once", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  builder.push(short(0, 100));
  strictEqual(builder.close(OPEN + 59_999), null);
  strictEqual(builder.close(OPEN + 60_000)?.close, 100);
  strictEqual(builder.close(OPEN + 60_000), null);
});

Deno.test("BarBuilder drops short bars that come twice, late, or after their bar was closed", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  builder.push(short(0, 100));
  builder.push(short(10, 101));
  strictEqual(builder.push(short(10, 101)), null);
  strictEqual(builder.push(short(5, 500)), null);
  const bar = builder.close(OPEN + 60_000);
  strictEqual(bar?.volume, 200);
  strictEqual(bar?.high, 101);
  strictEqual(builder.push(short(55, 500)), null);
  strictEqual(builder.dropped, 3);
  strictEqual(builder.close(OPEN + 120_000), null);
});

Deno.test("BarBuilder takes no price from a short bar in which nothing traded", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  builder.push(short(0, 95, { volume: 0, wap: null, count: 0 }));
  builder.push(short(5, 100));
  builder.push(short(10, 90, { volume: 0, wap: null, count: 0 }));
  const bar = builder.close(OPEN + 60_000);
  deepStrictEqual([bar?.open, bar?.high, bar?.low, bar?.close], [100, 100, 100, 100]);
  strictEqual(bar?.missingMs, 45_000);
});

Deno.test("BarBuilder leaves wap unknown when nothing traded or an average is missing", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  builder.push(short(0, 95, { volume: 0, wap: null, count: 0 }));
  strictEqual(builder.push(short(60, 100))?.wap, null);
  builder.push(short(65, 100, { wap: null }));
  strictEqual(builder.close(OPEN + 120_000)?.wap, null);
});

Deno.test("BarBuilder refuses another symbol, a bar across a boundary, and a length of zero", () => {
  const builder = new BarBuilder("AAPL", MINUTE, OPEN);
  throws(() => builder.push({ ...short(0, 100), symbol: "MSFT" }), /bar of "MSFT"/);
  throws(() => builder.push(short(58, 100)), /crosses their boundary/);
  throws(() => new BarBuilder("AAPL", 0), /positive whole number/);
});
