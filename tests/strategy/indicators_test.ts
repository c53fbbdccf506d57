import { ok, strictEqual, throws } from "node:assert/strict";
import {
  Adx,
  Atr,
  Bollinger,
  Deviation,
  Donchian,
  Ema,
  Macd,
  Rsi,
  Sma,
  Vwap,
  ZScore,
} from "../../lib/strategy/indicators.ts";
import reference from "./talib_reference.json" with { type: "json" };

const TOLERANCE = 1e-9;

interface PricedBar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const bars: readonly PricedBar[] = reference.bars.map(([high = NaN, low = NaN, close = NaN]) => ({
  high,
  low,
  close,
}));

/** Every value from the first to the last, and none earlier than TA-Lib gives one. */
function agrees(
  expected: readonly number[],
  indicator: (bar: PricedBar) => number | null,
): void {
  const firstIndex = bars.length - expected.length;
  bars.forEach((bar, index) => {
    const actual = indicator(bar);
    const wanted = index < firstIndex ? null : expected[index - firstIndex] ?? NaN;
    if (wanted === null || actual === null) strictEqual(actual, wanted, `bar ${index}`);
    else ok(Math.abs(actual - wanted) < TOLERANCE, `bar ${index}: ${actual} is not ${wanted}`);
  });
}

Deno.test("Sma equals TA-Lib", () => {
  const sma = new Sma(10);
  agrees(reference.series.sma10, (bar) => sma.push(bar.close));
});

Deno.test("Ema equals TA-Lib, seeded by a simple average", () => {
  const ema = new Ema(10);
  agrees(reference.series.ema10, (bar) => ema.push(bar.close));
});

Deno.test("Rsi equals TA-Lib, unrounded", () => {
  const rsi = new Rsi(14);
  agrees(reference.series.rsi14, (bar) => rsi.push(bar.close));
});

Deno.test("Atr equals TA-Lib, without the first bar's range", () => {
  const atr = new Atr(14);
  agrees(reference.series.atr14, (bar) => atr.push(bar));
});

Deno.test("Adx and both directions equal TA-Lib", () => {
  const { adx14, plusDi14, minusDi14 } = reference.series;
  const [adx, plus, minus] = [new Adx(14), new Adx(14), new Adx(14)];
  agrees(adx14, (bar) => adx.push(bar)?.adx ?? null);
  agrees(plusDi14.slice(-adx14.length), (bar) => plus.push(bar)?.plusDi ?? null);
  agrees(minusDi14.slice(-adx14.length), (bar) => minus.push(bar)?.minusDi ?? null);
});

Deno.test("Bollinger equals TA-Lib with the population deviation", () => {
  const [upper, middle, lower] = [new Bollinger(20), new Bollinger(20), new Bollinger(20)];
  agrees(reference.series["bbands20.upper"], (bar) => upper.push(bar.close)?.upper ?? null);
  agrees(reference.series["bbands20.middle"], (bar) => middle.push(bar.close)?.middle ?? null);
  agrees(reference.series["bbands20.lower"], (bar) => lower.push(bar.close)?.lower ?? null);
});

Deno.test("Deviation and ZScore equal TA-Lib's STDDEV and SMA", () => {
  const deviation = new Deviation(10);
  agrees(reference.series.stddev10, (bar) => deviation.push(bar.close)?.deviation ?? null);
  const zscore = new ZScore(10);
  const { sma10, stddev10 } = reference.series;
  const expected = sma10.map((mean, index) => {
    const close = bars[index + 9]?.close ?? NaN;
    return (close - mean) / (stddev10[index] ?? NaN);
  });
  agrees(expected, (bar) => zscore.push(bar.close));
});

Deno.test("Macd equals TA-Lib, its fast average seeded late", () => {
  const [macd, signal, histogram] = [new Macd(), new Macd(), new Macd()];
  agrees(reference.series["macd.MACD"], (bar) => macd.push(bar.close)?.macd ?? null);
  agrees(reference.series["macd.MACDSignal"], (bar) => signal.push(bar.close)?.signal ?? null);
  agrees(reference.series["macd.MACDHist"], (bar) => histogram.push(bar.close)?.histogram ?? null);
});

Deno.test("Donchian equals TA-Lib's MAX of highs and MIN of lows", () => {
  const [upper, lower] = [new Donchian(20), new Donchian(20)];
  agrees(reference.series.max20, (bar) => upper.push(bar)?.upper ?? null);
  agrees(reference.series.min20, (bar) => lower.push(bar)?.lower ?? null);
});

Deno.test("Vwap weighs the bar's own average by volume and starts again at the open", () => {
  const vwap = new Vwap();
  strictEqual(vwap.push({ high: 1, low: 1, close: 1, volume: 0 }), null);
  strictEqual(vwap.push({ high: 11, low: 9, close: 10, wap: 10.5, volume: 100 }), 10.5);
  strictEqual(vwap.push({ high: 21, low: 18, close: 21, wap: null, volume: 300 }), 17.625);
  vwap.reset();
  strictEqual(vwap.push({ high: 30, low: 30, close: 30, wap: 30, volume: 1 }), 30);
});

Deno.test("Sma does not drift: a million values later it equals a fresh one", () => {
  const old = new Sma(7);
  const fresh = new Sma(7);
  old.push(1e12);
  for (let index = 0; index < 1_000_000; index++) old.push(0.1 * (index % 13));
  for (const value of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]) {
    old.push(value);
    fresh.push(value);
  }
  ok(Math.abs((old.value ?? NaN) - (fresh.value ?? NaN)) < 1e-15);
});

Deno.test("Deviation of a flat price far from zero is exactly zero, and ZScore with it", () => {
  const deviation = new Deviation(5);
  const zscore = new ZScore(5);
  for (const value of [7, 123456.78, 123456.78, 123456.78, 123456.78, 123456.78]) {
    deviation.push(value);
    zscore.push(value);
  }
  strictEqual(deviation.value?.deviation, 0);
  strictEqual(zscore.value, 0);
});

Deno.test("Rsi of a price that never moved is 0, of one that only rose 100", () => {
  const still = new Rsi(3);
  const rising = new Rsi(3);
  for (const price of [1, 2, 3, 4, 5]) {
    still.push(10);
    rising.push(price);
  }
  strictEqual(still.value, 0);
  strictEqual(rising.value, 100);
});

Deno.test("indicators refuse a length they cannot average over", () => {
  throws(() => new Sma(0), /length must be a whole number from 1/);
  throws(() => new Ema(2.5), /length must be a whole number from 1/);
  throws(() => new Macd(26, 12), /fast must be shorter/);
});
