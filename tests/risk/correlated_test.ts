import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatMicros } from "../../lib/money.ts";
import type { Book } from "../../lib/risk/book.ts";
import { headroomOf } from "../../lib/risk/headroom.ts";
import { DEFAULT_LIMITS, type Limits } from "../../lib/risk/limits.ts";
import { formatRefusal } from "../../lib/risk/refusals.ts";
import { review } from "../../lib/risk/review.ts";
import type { Signal } from "../../lib/strategy/strategy.ts";
import { book, enter, holding, limits } from "./fixtures.ts";

/** AAPL and MSFT move as one, NVDA against both. */
const correlation = (a: string, b: string): number => a === "NVDA" || b === "NVDA" ? -0.9 : 0.9;

function verdicts(
  signals: readonly Signal[],
  of: Partial<Book>,
  rest: Partial<Limits> = {},
): string[] {
  return review(signals, limits({ allowShort: true, ...rest }), book({ correlation, ...of }))
    .map((one) =>
      one.outcome === "refused" ? formatRefusal(one) : `approved ${formatMicros(one.quantity)}`
    );
}

const short = (symbol: string): Signal => enter(symbol, { side: "SELL", stopPrice: 102 });

Deno.test("review() refuses an entry that would put too much into symbols that move as one", () => {
  // 260 shares at 100 and 49 more at no more than 102 dollars, of an equity of 100,000.
  const positions = holding("MSFT", "260", 100, "99");
  const refused = ["EXCEEDS_CORRELATED value=30998 limit=30000"];
  deepStrictEqual(verdicts([enter("AAPL")], { positions }), refused);
  deepStrictEqual(verdicts([enter("AAPL")], { positions }, { maxCorrelatedPct: 31 }), [
    "approved 49",
  ]);
  deepStrictEqual(verdicts([enter("AAPL")], { positions }, { correlationMin: 0.91 }), [
    "approved 49",
  ]);
});

Deno.test("a short of what moves along is a hedge; a short of what moves against adds to the bet", () => {
  const positions = holding("MSFT", "260", 100, "99");
  deepStrictEqual(verdicts([short("AAPL")], { positions }), ["approved 49"]);
  deepStrictEqual(verdicts([enter("NVDA")], { positions }), ["approved 49"]);
  deepStrictEqual(verdicts([short("NVDA")], { positions }), [
    "EXCEEDS_CORRELATED value=30998 limit=30000",
  ]);
});

Deno.test("symbols of which too few bars are known count as one", () => {
  const positions = holding("MSFT", "260", 100, "99");
  const refused = ["EXCEEDS_CORRELATED value=30998 limit=30000"];
  deepStrictEqual(verdicts([enter("AAPL")], { positions, correlation: () => null }), refused);
  deepStrictEqual(verdicts([enter("AAPL")], { positions, correlation: null }), refused);
});

Deno.test("entries approved together count for each other, as if they were filled", () => {
  deepStrictEqual(verdicts([enter("AAPL"), enter("MSFT")], {}, { maxCorrelatedPct: 9 }), [
    "approved 49",
    "EXCEEDS_CORRELATED value=9996 limit=9000",
  ]);
});

Deno.test("headroom shows the largest group that moves as one, and says so where nobody has bars", () => {
  const positions = new Map([
    ...holding("AAPL", "100"),
    ...holding("MSFT", "50"),
    ...holding("NVDA", "40"),
  ]);
  const of = (rest: Partial<Book>): unknown =>
    headroomOf(DEFAULT_LIMITS, book({ positions, ...rest })).get("maxCorrelatedPct");
  deepStrictEqual(of({ correlation }), { used: "15,000.00 USD", left: "15,000.00 USD" });
  deepStrictEqual(of({ correlation: null }), {
    because: "only a session knows: the ledger keeps no bars",
  });
  strictEqual(DEFAULT_LIMITS.maxCorrelatedPct, 30);
});
