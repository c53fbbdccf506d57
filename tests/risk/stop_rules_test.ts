import { match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatMicros, fromNumber, type Micros } from "../../lib/money.ts";
import type { Limits } from "../../lib/risk/limits.ts";
import { stopAfter, type StopSeen } from "../../lib/risk/stop_rules.ts";
import { reviewTighten, type StopMarket } from "../../lib/risk/tighten.ts";
import { instrument, limits, micros, NOW, quote } from "./fixtures.ts";

/** Bought at 100 with a stop at 98: R is 2 dollars. */
const LONG: StopSeen = {
  side: "SELL",
  entry: micros("100"),
  firstStop: micros("98"),
  stop: micros("98"),
  minTick: micros("0.01"),
};
/** Sold short at 100 with a stop at 102. */
const SHORT: StopSeen = { ...LONG, side: "BUY", firstStop: micros("102"), stop: micros("102") };

function after(close: number, seen: StopSeen, rest: Partial<Limits>): string | null {
  const move = stopAfter(close, seen, limits(rest));
  return move === null ? null : `${move.rule} ${formatMicros(move.to)}`;
}

Deno.test("a fixed stop stays, whatever the price does: that is the default", () => {
  for (const close of [90, 98, 101, 110, 1_000]) strictEqual(after(close, LONG, {}), null);
});

Deno.test("break-even: the stop goes to the entry once a bar closes one R beyond it, and once only", () => {
  const rule = { stopRule: "break-even" } as const;
  strictEqual(after(101.99, LONG, rule), null);
  strictEqual(after(102, LONG, rule), "break-even 100");
  strictEqual(after(110, { ...LONG, stop: micros("100") }, rule), null);
  strictEqual(after(98.01, SHORT, rule), null);
  strictEqual(after(98, SHORT, rule), "break-even 100");
  strictEqual(after(101, LONG, { ...rule, breakEvenAtR: 0.5 }), "break-even 100");
});

Deno.test("trailing: the stop follows the close at its distance, in steps, and never comes back", () => {
  const rule = { stopRule: "trailing" } as const;
  strictEqual(after(100, LONG, rule), null);
  strictEqual(after(100.19, LONG, rule), null, "less than a step of 0.1 R");
  strictEqual(after(100.2, LONG, rule), "trailing 98.2");
  strictEqual(after(103, LONG, rule), "trailing 101");
  strictEqual(after(102, { ...LONG, stop: micros("101") }, rule), null);
  strictEqual(after(97, SHORT, rule), "trailing 99");
  strictEqual(after(98, { ...SHORT, stop: micros("99") }, rule), null);
  strictEqual(after(103, LONG, { ...rule, trailByR: 0.5 }), "trailing 102");
});

Deno.test("both: whichever protects more", () => {
  const rule = { stopRule: "both", trailByR: 2 } as const;
  strictEqual(after(102, LONG, rule), "break-even 100");
  strictEqual(after(105, LONG, rule), "trailing 101");
});

Deno.test("a step is never less than a tick, and the numbers are told", () => {
  const tight = {
    ...LONG,
    entry: micros("100"),
    firstStop: micros("99.99"),
    stop: micros("99.99"),
  };
  strictEqual(after(100.005, tight, { stopRule: "trailing" }), null);
  strictEqual(after(100.01, tight, { stopRule: "trailing" }), "trailing 100");
  const move = stopAfter(103, LONG, limits({ stopRule: "trailing" }));
  match(move?.because ?? "", /close 103, entry 100, R 2, stop 98/);
});

Deno.test("a fill beyond its own stop leaves no R to measure by, and the stop stays", () => {
  strictEqual(after(110, { ...LONG, entry: micros("97") }, { stopRule: "both" }), null);
  strictEqual(after(110, { ...LONG, entry: micros("98") }, { stopRule: "both" }), null);
});

function market(rest: Partial<StopMarket> = {}): StopMarket {
  return {
    now: NOW,
    quotes: new Map([["AAPL", quote("AAPL")]]),
    instruments: new Map([["AAPL", instrument("AAPL")]]),
    quarantined: new Map(),
    ...rest,
  };
}

/** A bid of 99.99 and an ask of 100.01. */
function moved(side: "BUY" | "SELL", from: string, to: string, rest?: Partial<StopMarket>): string {
  const wish = { intentId: "I2", symbol: "AAPL", side, from: micros(from), to: micros(to) };
  const decision = reviewTighten(wish, limits(), market(rest));
  return decision.outcome === "tightened" ? formatMicros(decision.stopPrice) : decision.code;
}

Deno.test("reviewTighten() lets a stop only towards the market, on the tick away from it, and never beyond it", () => {
  strictEqual(moved("SELL", "98", "99.005"), "99");
  strictEqual(moved("BUY", "102", "101.005"), "101.01");
  strictEqual(moved("SELL", "98", "97"), "STOP_NOT_TIGHTER");
  strictEqual(moved("SELL", "98", "98.009"), "STOP_NOT_TIGHTER");
  strictEqual(moved("BUY", "102", "103"), "STOP_NOT_TIGHTER");
  strictEqual(moved("SELL", "98", "99.99"), "STOP_WRONG_SIDE");
  strictEqual(moved("SELL", "98", "99.98"), "99.98");
  strictEqual(moved("BUY", "102", "100.01"), "STOP_WRONG_SIDE");
  strictEqual(moved("BUY", "102", "100.02"), "100.02");
  strictEqual(moved("SELL", "-1", "0.001"), "INVALID_PRICE");
});

Deno.test("reviewTighten() moves nothing while nobody knows where the market is", () => {
  const quotes = (rest: Parameters<typeof quote>[1]): Partial<StopMarket> => ({
    quotes: new Map([["AAPL", quote("AAPL", rest)]]),
  });
  strictEqual(moved("SELL", "98", "99", { quotes: new Map() }), "NO_QUOTE");
  strictEqual(moved("SELL", "98", "99", { instruments: new Map() }), "UNKNOWN_SYMBOL");
  strictEqual(
    moved("SELL", "98", "99", { quarantined: new Map([["AAPL", 80]]) }),
    "PRICE_QUARANTINED",
  );
  strictEqual(moved("SELL", "98", "99", quotes({ time: NOW - 60_000 })), "STALE_QUOTE");
  strictEqual(moved("SELL", "98", "99", quotes({ kind: "delayed" })), "QUOTE_NOT_LIVE");
  strictEqual(moved("SELL", "98", "99", quotes({ bid: 95, ask: 105, last: 100 })), "WIDE_SPREAD");
});

Deno.test("whatever the closes: a stop that follows them only ever tightens, and keeps its distance from the best", () => {
  const closes = fc.array(fc.integer({ min: 9_000, max: 11_000 }), { minLength: 1, maxLength: 60 });
  const sides = fc.constantFrom<"BUY" | "SELL">("BUY", "SELL");
  fc.assert(fc.property(closes, sides, (cents, side) => {
    const rules = limits({ stopRule: "trailing" });
    const first = side === "SELL" ? LONG : SHORT;
    const outward = side === "SELL" ? 1n : -1n;
    let stop = first.stop;
    let best: Micros = first.entry;
    for (const cent of cents) {
      const close = cent / 100;
      const price = fromNumber(close);
      if ((price - best) * outward > 0n) best = price;
      const move = stopAfter(close, { ...first, stop }, rules);
      if (move === null) continue;
      ok((move.to - stop) * outward > 0n);
      stop = move.to;
    }
    // A mark remembered from bar to bar would have led to the same stop, to less than a step.
    const ideal = best - outward * 2_000_000n;
    const short = (ideal - stop) * outward;
    ok(short < 200_000n && (short >= 0n || stop === first.stop));
  }));
});
