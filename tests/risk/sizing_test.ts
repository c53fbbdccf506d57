import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { formatMicros, multiply } from "../../lib/money.ts";
import type { Limits } from "../../lib/risk/limits.ts";
import { sizeOf } from "../../lib/risk/sizing.ts";
import { limits, micros } from "./fixtures.ts";

const facts = {
  equity: micros("100000"),
  costPrice: micros("33.34"),
  limitPrice: micros("33.34"),
  stopPrice: micros("31.34"),
  record: () => ({ wins: 0, losses: 0, won: 0n, lost: 0n }),
};

function shares(rest: Partial<Limits>, of = facts): string {
  const size = sizeOf(limits(rest), of);
  return "code" in size ? size.code : formatMicros(size.quantity);
}

Deno.test("sizeOf() takes a percent of equity in whole shares, rounded down", () => {
  strictEqual(shares({ sizing: "percent-of-equity", sizePct: 5 }), "149");
});

Deno.test("sizeOf() cuts a percent of equity to the order and the position limit", () => {
  strictEqual(shares({ sizing: "percent-of-equity", sizePct: 50 }), "299");
  strictEqual(shares({ sizing: "percent-of-equity", sizePct: 50, maxPositionPct: 1 }), "29");
});

Deno.test("sizeOf() takes a fixed number of dollars or shares as a person set it", () => {
  strictEqual(shares({ sizing: "fixed-notional", sizeNotionalUsd: 1_000 }), "29");
  strictEqual(shares({ sizing: "fixed-shares", sizeShares: 12_345 }), "12345");
});

Deno.test("sizeOf() risks the stated percent between the worst entry and the stop", () => {
  // 500 dollars at risk, 2 dollars a share: 250 shares, within the cap of 10,000 dollars.
  strictEqual(shares({ sizing: "stop-risk", sizeRiskPct: 0.5 }), "250");
  strictEqual(shares({ sizing: "stop-risk", sizeRiskPct: 5 }), "299");
});

Deno.test("sizeOf() refuses less than one share", () => {
  strictEqual(shares({ sizing: "fixed-notional", sizeNotionalUsd: 33.33 }), "SIZE_ZERO");
  strictEqual(shares({ sizing: "percent-of-equity" }, { ...facts, equity: 0n }), "SIZE_ZERO");
  strictEqual(
    shares({ sizing: "percent-of-equity" }, { ...facts, equity: micros("-5000") }),
    "SIZE_ZERO",
  );
  strictEqual(
    shares({ sizing: "stop-risk" }, { ...facts, stopPrice: facts.limitPrice }),
    "SIZE_ZERO",
  );
});

Deno.test("sizeOf() never passes a cap by rounding, and never leaves out a share that fits", () => {
  fc.assert(fc.property(
    fc.bigInt(1n, 10n ** 12n),
    fc.bigInt(1n, 10n ** 10n),
    (equity, costPrice) => {
      const rule = limits({
        sizing: "percent-of-equity",
        sizePct: 100,
        maxPositionPct: 100,
        maxOrderNotionalUsd: 1e9,
      });
      const size = sizeOf(rule, {
        ...facts,
        equity,
        costPrice,
        limitPrice: costPrice,
        stopPrice: 1n,
      });
      if ("code" in size) return costPrice > equity;
      const notional = multiply(costPrice, size.quantity);
      return notional <= equity && notional + costPrice > equity &&
        size.quantity % 1_000_000n === 0n;
    },
  ));
});
