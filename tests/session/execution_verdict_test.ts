import { deepStrictEqual } from "node:assert/strict";
import { type Compared, verdictOf } from "../../lib/session/execution_verdict.ts";

/** Impact and shortfall in basis points, of parents filled whole unless said otherwise. */
function row(
  [part, algorithm]: readonly [number, string],
  [impact, shortfall, filledPart = 1]: readonly [number, number, number?],
): Compared {
  const spread = (mean: number): { mean: number; deviation: null } => ({ mean, deviation: null });
  return {
    part,
    algorithm,
    impactBps: spread(impact),
    shortfallBps: spread(shortfall),
    filledPart,
  };
}

const MEANWHILE =
  "Shortfall is impact and what the price did meanwhile, which can be far more than either saves";

Deno.test("the verdict says where TWAP and VWAP save, and where they do not", () => {
  deepStrictEqual(
    verdictOf([
      row([0.005, "MARKET"], [2, 2]),
      row([0.005, "TWAP"], [2.5, 6]),
      row([0.2, "MARKET"], [16, 16]),
      row([0.2, "TWAP"], [10, 18]),
      row([0.2, "POV"], [3, 20, 0.424]),
    ]),
    [
      "TWAP beats MARKET on impact at 20 % (10.00 against 16.00); NOT at 0.5 % (2.50 against 2.00)",
      "TWAP does NOT beat MARKET on shortfall at 0.5 % (6.00 against 2.00), 20 % (18.00 against 16.00)",
      "POV filled only 42.4 % at 20 %: its impact leaves out what it did not get, its shortfall does not",
      MEANWHILE,
    ],
  );
});

Deno.test("a saving of nothing is none", () => {
  deepStrictEqual(verdictOf([row([0.05, "MARKET"], [8, 8]), row([0.05, "VWAP"], [8, 7])]), [
    "VWAP does NOT beat MARKET on impact at 5 % (8.00 against 8.00)",
    "VWAP beats MARKET on shortfall at 5 % (7.00 against 8.00)",
    MEANWHILE,
  ]);
});
