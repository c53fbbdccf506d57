import assert from "node:assert/strict";
import { barOf, intradayBars } from "../../lib/simulator/bars.ts";
import { Market } from "../../lib/simulator/market.ts";
import type { MarketDay } from "../../lib/simulator/market_day.ts";
import { type Listing, listingOf, UNIVERSE } from "../../lib/simulator/universe.ts";
import { at, DATE } from "./raw_client.ts";

const MINUTE = 60_000;

function listing(symbol: string): Listing {
  const found = listingOf(symbol);
  assert.ok(found, `${symbol} is listed`);
  return found;
}

function dayOf(market: Market, symbol: string, date = DATE): MarketDay {
  const day = market.day(listing(symbol), date);
  assert.ok(day);
  return day;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function spreads(day: MarketDay): number[] {
  return [...day.askE4].map((ask, step) => ask - (day.bidE4[step] ?? 0));
}

Deno.test("a market's day is a function of seed, symbol and date, whatever was asked before", () => {
  const first = dayOf(new Market({ seed: 7 }), "NVDA");
  const other = new Market({ seed: 7 });
  other.dailyBars(listing("AAPL"), { from: "2026-10-01", nowMs: at("16:00"), what: "TRADES" });
  dayOf(other, "TSLA", "2026-11-18");
  assert.deepEqual(dayOf(other, "NVDA"), first);
  assert.notDeepEqual(dayOf(new Market({ seed: 8 }), "NVDA").lastE4, first.lastE4);
});

Deno.test("every listed stock trades near the price it is known for, on its tick, bid below ask", () => {
  const market = new Market({ seed: 3, stepMs: 5000 });
  for (const each of UNIVERSE) {
    const day = dayOf(market, each.symbol);
    const ratio = day.plan.closeE4 / 1e4 / each.referencePrice;
    assert.ok(ratio > 0.3 && ratio < 3, `${each.symbol} closes at ${ratio} of its reference`);
    for (let step = 0; step < day.steps; step++) {
      const [bid = 0, ask = 0] = [day.bidE4[step], day.askE4[step]];
      assert.ok(bid > 0 && bid < ask, `${each.symbol} step ${step}: ${bid}/${ask}`);
      if (!each.subPenny) assert.equal(bid % 100 + ask % 100, 0);
    }
  }
});

Deno.test("volume is U-shaped: the first and the last half hour are each busier than one at noon", () => {
  const day = dayOf(new Market({ seed: 1 }), "AAPL");
  const halfHour = 30 * MINUTE / day.stepMs;
  const volume = (index: number): number =>
    sum(day.volume.subarray(index * halfHour, (index + 1) * halfHour));
  assert.ok(volume(0) > 2 * volume(6), `open ${volume(0)}, noon ${volume(6)}`);
  assert.ok(volume(12) > 2 * volume(6), `close ${volume(12)}, noon ${volume(6)}`);
});

Deno.test("prices move more in the first half hour than at noon", () => {
  const day = dayOf(new Market({ seed: 1 }), "TSLA");
  const bars = intradayBars(day, {
    barMs: MINUTE,
    fromMs: 0,
    toMs: day.session.closesAt,
    what: "MIDPOINT",
  });
  const range = (from: number): number =>
    sum(bars.slice(from, from + 30).map((bar) => bar.highE4 - bar.lowE4));
  assert.ok(range(0) > 1.5 * range(180), `${range(0)} against ${range(180)}`);
});

Deno.test("AAPL is quoted a cent or two wide, ELTP tens of basis points in hundredths of a cent", () => {
  const market = new Market({ seed: 1 });
  const apple = dayOf(market, "AAPL");
  assert.ok(median(spreads(apple)) <= 200, "AAPL's spread in E4");
  const penny = dayOf(market, "ELTP");
  const basisPoints = median(spreads(penny)) / penny.plan.openE4 * 1e4;
  assert.ok(basisPoints > 25 && basisPoints < 300, `${basisPoints} bp`);
  assert.ok([...penny.bidE4].some((bid) => bid % 100 !== 0), "bids below a cent's grid");
});

Deno.test("a thin penny stock trades in few of its seconds, AAPL in nearly all", () => {
  const market = new Market({ seed: 1 });
  const busy = (symbol: string): number => {
    const day = dayOf(market, symbol);
    return [...day.count].filter((count) => count > 0).length / day.steps;
  };
  assert.ok(busy("ELTP") < 0.1, `ELTP ${busy("ELTP")}`);
  assert.ok(busy("AAPL") > 0.95, `AAPL ${busy("AAPL")}`);
});

Deno.test("trades print between the day's bids and asks, and a step without trades repeats the last price", () => {
  const day = dayOf(new Market({ seed: 5 }), "IMRX");
  for (let step = 1; step < day.steps - 1; step++) {
    if (day.count[step] !== 0) {
      assert.ok((day.lowE4[step] ?? 0) <= (day.lastE4[step] ?? 0));
      assert.ok((day.highE4[step] ?? 0) >= (day.lastE4[step] ?? 0));
      assert.ok((day.volume[step] ?? 0) >= (day.count[step] ?? 0));
    } else assert.equal(day.lastE4[step], day.lastE4[step - 1]);
  }
});

Deno.test("days chain: each begins from the close of the one before, through a weekend", () => {
  const market = new Market({ seed: 1, stepMs: 5000 });
  const friday = dayOf(market, "AAPL", "2026-11-20");
  const monday = dayOf(market, "AAPL", "2026-11-23");
  assert.equal(monday.plan.previousCloseE4, friday.plan.closeE4);
  assert.equal(friday.lastE4[friday.steps - 1], friday.plan.closeE4);
  assert.equal(friday.firstE4[0], friday.plan.openE4);
  assert.equal(market.day(listing("AAPL"), "2026-11-21"), null);
});

Deno.test("a half day ends at 13:00", () => {
  const day = dayOf(new Market({ seed: 1, stepMs: 5000 }), "AAPL", "2026-11-27");
  assert.equal(day.session.closesAt, at("13:00", "2026-11-27"));
  assert.equal(day.steps, 3.5 * 720);
});

Deno.test("bars of every size come to the same day: open, high, low, close, volume, count", () => {
  const market = new Market({ seed: 2, stepMs: 5000 });
  const day = dayOf(market, "PLTR");
  const whole = barOf(day, { fromStep: 0, toStep: day.steps }, "TRADES");
  for (const barMs of [5000, 30_000, MINUTE, 5 * MINUTE, 60 * MINUTE, 240 * MINUTE]) {
    const bars = intradayBars(day, {
      barMs,
      fromMs: 0,
      toMs: day.session.closesAt,
      what: "TRADES",
    });
    assert.equal(bars[0]?.openE4, whole.openE4, `${barMs}`);
    assert.equal(bars.at(-1)?.closeE4, whole.closeE4);
    assert.equal(Math.max(...bars.map((bar) => bar.highE4)), whole.highE4);
    assert.equal(Math.min(...bars.map((bar) => bar.lowE4)), whole.lowE4);
    assert.equal(sum(bars.map((bar) => bar.volume)), whole.volume);
    assert.equal(sum(bars.map((bar) => bar.count)), whole.count);
  }
});

Deno.test("hour bars start at 09:30, 10:00, 11:00", () => {
  const day = dayOf(new Market({ seed: 2, stepMs: 5000 }), "PLTR");
  const bars = intradayBars(day, {
    barMs: 60 * MINUTE,
    fromMs: 0,
    toMs: at("11:30"),
    what: "TRADES",
  });
  assert.deepEqual(bars.map((bar) => bar.startMs), [at("09:30"), at("10:00"), at("11:00")]);
});

Deno.test("old days keep open, close and volume on the coarse grid", () => {
  const fine = new Market({ seed: 2, stepMs: 5000 });
  const coarse = new Market({ seed: 2, stepMs: 5000, fineFrom: "2026-11-01" });
  const query = { from: "2026-06-01", nowMs: at("16:00", "2026-06-30"), what: "TRADES" } as const;
  const [a, b] = [fine.dailyBars(listing("GM"), query), coarse.dailyBars(listing("GM"), query)];
  assert.equal(a.length, 21);
  assert.deepEqual(b.map((bar) => bar.closeE4), a.map((bar) => bar.closeE4));
  assert.deepEqual(b.map((bar) => bar.openE4), a.map((bar) => bar.openE4));
  const ratio = sum(a.map((bar) => bar.volume)) / sum(b.map((bar) => bar.volume));
  assert.ok(ratio > 0.8 && ratio < 1.25, `${ratio}`);
});

Deno.test("a grid that does not divide five seconds is refused", () => {
  assert.throws(() => new Market({ seed: 1, stepMs: 3000 }), /Cannot step the market by 3000 ms/);
});
