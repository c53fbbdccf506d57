import { deepStrictEqual } from "node:assert/strict";
import { formatMicros } from "../../lib/money.ts";
import { stakeOf } from "../../lib/risk/working_entry.ts";
import { micros } from "./fixtures.ts";

const QUOTE = { bid: 99.9, ask: 100.1 };

function stake(
  entry: Partial<Parameters<typeof stakeOf>[0]>,
  stop: string | null = "98",
): readonly string[] {
  const facts = { side: "BUY", lmtPrice: null, quote: QUOTE, ...entry } as const;
  const { reserved, atRisk } = stakeOf(facts, stop === null ? null : micros(stop), micros("10"));
  return [formatMicros(reserved), formatMicros(atRisk)];
}

Deno.test("stakeOf() counts a market order that is not filled yet at the price it takes", () => {
  deepStrictEqual(stake({}), ["1001", "21"]);
  deepStrictEqual(stake({ side: "SELL" }, "102"), ["1001", "21"]);
});

Deno.test("stakeOf() counts a purchase at its limit, and a short sale at what it may be filled at above it", () => {
  deepStrictEqual(stake({ lmtPrice: micros("102") }), ["1020", "40"]);
  deepStrictEqual(stake({ side: "SELL", lmtPrice: micros("98") }, "102"), ["1001", "40"]);
});

Deno.test("stakeOf() puts everything at risk without a stop", () => {
  deepStrictEqual(stake({ lmtPrice: micros("102") }, null), ["1020", "1020"]);
});
