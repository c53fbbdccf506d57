import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatMicros } from "../../lib/money.ts";
import type { WorkingOrder } from "../../lib/risk/book.ts";
import type { BuyingPower } from "../../lib/risk/buying_power.ts";
import { formatRefusal } from "../../lib/risk/refusals.ts";
import { review } from "../../lib/risk/review.ts";
import { book, enter, limits, micros } from "./fixtures.ts";

/** 30 dollars of margin a share of any symbol, of 1,500 dollars free. */
const POWER: BuyingPower = {
  available: micros("1500"),
  since: 0n,
  marginOf: () => micros("30"),
};

/** 49 shares of AAPL at no more than 102 dollars are approved, or refused with numbers. */
function verdict(power: Partial<BuyingPower>, working: readonly WorkingOrder[] = []): string {
  const buyingPower = { ...POWER, ...power };
  const [one] = review([enter("AAPL")], limits(), book({ buyingPower, working }));
  if (one === undefined) return "no decision";
  return one.outcome === "refused" ? formatRefusal(one) : `approved ${formatMicros(one.quantity)}`;
}

Deno.test("review() refuses an entry whose margin is more than the funds at hand", () => {
  strictEqual(verdict({}), "approved 49");
  strictEqual(verdict({ available: micros("1470") }), "approved 49");
  strictEqual(
    verdict({ available: micros("1469.99") }),
    "INSUFFICIENT_BUYING_POWER value=1470 limit=1469.99",
  );
  strictEqual(
    verdict({ available: micros("-200") }),
    "INSUFFICIENT_BUYING_POWER value=1470 limit=0",
  );
});

Deno.test("a share whose margin TWS has not said counts with its whole price", () => {
  strictEqual(
    verdict({ marginOf: () => null }),
    "INSUFFICIENT_BUYING_POWER value=4998 limit=1500",
  );
});

Deno.test("entries that work and entries filled since the funds were asked need them, too", () => {
  const working: WorkingOrder = {
    symbol: "MSFT",
    side: "BUY",
    purpose: "enter",
    remaining: micros("2"),
    reserved: micros("204"),
    atRisk: micros("8"),
  };
  const exit: WorkingOrder = { ...working, symbol: "NVDA", purpose: "exit", reserved: 0n };
  strictEqual(
    verdict({}, [working, exit]),
    "INSUFFICIENT_BUYING_POWER value=1530 limit=1500",
  );
  strictEqual(
    verdict({ since: micros("100") }),
    "INSUFFICIENT_BUYING_POWER value=1570 limit=1500",
  );
});

Deno.test("funds nobody has told are unknown, not endless", () => {
  strictEqual(verdict({ available: null }), "VALUATION_UNKNOWN value=available funds");
  const wishes = [enter("AAPL"), enter("MSFT")];
  const codes = review(wishes, limits(), book({ buyingPower: POWER })).map((one) =>
    one.outcome === "refused" ? one.code : "approved"
  );
  deepStrictEqual(codes, ["approved", "INSUFFICIENT_BUYING_POWER"]);
});
