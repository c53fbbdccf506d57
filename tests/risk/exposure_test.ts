import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Book } from "../../lib/risk/book.ts";
import { formatMicros } from "../../lib/money.ts";
import type { Limits } from "../../lib/risk/limits.ts";
import { formatRefusal } from "../../lib/risk/refusals.ts";
import { review } from "../../lib/risk/review.ts";
import type { Signal } from "../../lib/strategy/strategy.ts";
import { book, enter, holding, instrument, limits, micros } from "./fixtures.ts";

/** Every decision on these entries: the refusal with its numbers, or `approved` and the shares. */
function verdicts(
  signals: readonly Signal[],
  rest: Partial<Limits> = {},
  of: Partial<Book> = {},
): string[] {
  return review(signals, limits(rest), book(of)).map((one) =>
    one.outcome === "refused" ? formatRefusal(one) : `approved ${formatMicros(one.quantity)}`
  );
}

const verdict = (rest: Partial<Limits>, of: Partial<Book> = {}): string | undefined =>
  verdicts([enter("AAPL")], rest, of)[0];

const short = (symbol: string): Signal => enter(symbol, { side: "SELL", stopPrice: 102 });

Deno.test("review() refuses an entry that would leave too much on one side of the market", () => {
  // 750 shares at 100 and 49 more at no more than 102 dollars.
  const positions = holding("MSFT", "750", 100, "99");
  strictEqual(
    verdict({ maxNetExposurePct: 79 }, { positions }),
    "EXCEEDS_NET_EXPOSURE value=79998 limit=79000",
  );
  strictEqual(verdict({ maxNetExposurePct: 80 }, { positions }), "approved 49");
  // A short one takes away from it, and counts as itself once it is the larger.
  const wide = { allowShort: true, maxNetExposurePct: 75 };
  deepStrictEqual(verdicts([short("AAPL")], wide, { positions }), ["approved 49"]);
  deepStrictEqual(
    verdicts([short("AAPL"), short("NVDA")], { allowShort: true, maxNetExposurePct: 9 }),
    ["approved 49", "EXCEEDS_NET_EXPOSURE value=-9996 limit=9000"],
  );
});

Deno.test("review() refuses a short sale that would borrow too much for the equity there is", () => {
  const positions = holding("MSFT", "-460", 100, "101");
  const rules = { allowShort: true, maxNetExposurePct: 400, cooldownMs: 0 };
  // Equity of 100,000, shorts of 46,000 and 4,998 more.
  deepStrictEqual(verdicts([short("AAPL")], rules, { positions }), [
    "EXCEEDS_LEVERAGE value=150998 limit=150000",
  ]);
  deepStrictEqual(verdicts([short("AAPL")], { ...rules, maxLeverage: 1.51 }, { positions }), [
    "approved 49",
  ]);
});

Deno.test("review() counts a loan as leverage, beside the shares borrowed", () => {
  const positions = holding("MSFT", "400", 100, "99");
  const of = { positions, equity: micros("30000"), startOfDayEquity: micros("30000") };
  const peaks = { dayPeakEquity: micros("30000"), peakEquity: micros("30000") };
  const loan = { ...of, ...peaks, cash: micros("-10000") };
  // 5 % of 30,000 is 14 shares at 102: 1,428 dollars of borrowed shares on top of a loan of 10,000.
  const rules = { allowShort: true, maxGrossExposurePct: 400, maxNetExposurePct: 400 };
  deepStrictEqual(verdicts([short("AAPL")], { ...rules, maxLeverage: 1.2 }, loan), [
    "EXCEEDS_LEVERAGE value=41428 limit=36000",
  ]);
});

Deno.test("review() refuses an entry that would put too much into one industry", () => {
  const positions = holding("MSFT", "260", 100, "99");
  strictEqual(
    verdict({ maxSectorPct: 30 }, { positions }),
    "EXCEEDS_SECTOR value=30998 limit=30000",
  );
  const instruments = new Map([
    ["AAPL", instrument("AAPL")],
    ["MSFT", { ...instrument("MSFT"), industry: "Energy" }],
  ]);
  strictEqual(verdict({ maxSectorPct: 30 }, { positions, instruments }), "approved 49");
});

Deno.test("review() counts industries nobody names as one", () => {
  const positions = holding("MSFT", "260", 100, "99");
  const instruments = new Map(
    ["AAPL", "MSFT"].map((symbol) => [symbol, { ...instrument(symbol), industry: "" }]),
  );
  strictEqual(
    verdict({ maxSectorPct: 30 }, { positions, instruments }),
    "EXCEEDS_SECTOR value=30998 limit=30000",
  );
});

Deno.test("review() refuses an entry when the stops together could lose too much", () => {
  // 200 shares 29 dollars above their stop, and 49 more that lose 4 dollars from 102 to 98.
  const positions = holding("MSFT", "200", 100, "71");
  strictEqual(verdict({}, { positions }), "approved 49");
  strictEqual(
    verdict({ maxHeatPct: 5.9 }, { positions }),
    "EXCEEDS_HEAT value=5996 limit=5900",
  );
  deepStrictEqual(
    verdicts([enter("AAPL"), enter("NVDA")], {}, { positions }),
    ["approved 49", "EXCEEDS_HEAT value=6192 limit=6000"],
  );
});

Deno.test("review() counts a position without a stop whole, and one whose stop is in profit not at all", () => {
  const bare = holding("MSFT", "60", 100);
  strictEqual(verdict({}, { positions: bare }), "EXCEEDS_HEAT value=6196 limit=6000");
  const safe = holding("MSFT", "600", 100, "101");
  strictEqual(verdict({ maxHeatPct: 0.2 }, { positions: safe }), "approved 49");
});

Deno.test("review() leaves what a person holds in other symbols out of the heat", () => {
  strictEqual(verdict({}, { positions: holding("GM", "600", 100) }), "approved 49");
});

Deno.test("review() measures the heat of a short position up to its stop", () => {
  const positions = holding("MSFT", "-200", 100, "130");
  strictEqual(verdict({}, { positions }), "EXCEEDS_HEAT value=6196 limit=6000");
});

Deno.test("review() refuses an order too large for what is traded in a bar", () => {
  const traded = (volume: number): Partial<Book> => ({
    averageVolume: new Map([["AAPL", volume]]),
  });
  strictEqual(verdict({}, traded(244)), "EXCEEDS_LIQUIDITY value=49 limit=48.8");
  strictEqual(verdict({}, traded(245)), "approved 49");
  strictEqual(verdict({}, traded(0)), "EXCEEDS_LIQUIDITY value=49 limit=0");
  strictEqual(verdict({}, { averageVolume: new Map() }), "LIQUIDITY_UNKNOWN");
  strictEqual(verdict({}, traded(NaN)), "LIQUIDITY_UNKNOWN");
});
