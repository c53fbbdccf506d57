import assert from "node:assert/strict";
import { normalCdf, quantile } from "../../lib/report/numerics.ts";
import type { DailyReturn } from "../../lib/report/metric.ts";
import { statistics } from "../../lib/report/statistics.ts";
import { shortfall, slippageBps } from "../../lib/report/shortfall.ts";
import reference from "./metrics_reference.json" with { type: "json" };

/** Our number and another's: equal to a relative 1e-9, or to nothing where both are nothing but rounding. */
function isNear(ours: number | null, theirs: unknown): boolean {
  if (theirs === null || typeof theirs === "string") return ours === null;
  if (ours === null || typeof theirs !== "number") return false;
  return Math.abs(ours - theirs) <= Math.max(1e-9 * Math.abs(theirs), 1e-14);
}

function ours(days: readonly DailyReturn[]): ReadonlyMap<string, number | null> {
  return new Map(statistics(days).map(({ id, value }) => [id, value]));
}

for (const [name, series] of Object.entries(reference.series)) {
  const days = series.returns.map((value, index) => ({ date: series.dates[index] ?? "", value }));

  Deno.test(`${name}: every metric equals an independent computation of its definition`, () => {
    const independent: Record<string, unknown> = series.independent;
    const wrong = [...ours(days)].filter(([id, value]) => !isNear(value, independent[id]));
    assert.deepStrictEqual(wrong.map(([id, value]) => [id, value, independent[id]]), []);
  });

  Deno.test(`${name}: where quantstats and empyrical agree, so do we`, () => {
    const [first, second]: readonly Record<string, unknown>[] = [
      series.quantstats,
      series.empyrical,
    ];
    let compared = 0;
    for (const [id, value] of ours(days)) {
      const theirs = first?.[id];
      if (typeof theirs !== "number" || typeof second?.[id] !== "number") continue;
      if (!isNear(theirs, second[id])) continue;
      // Both divide a mean by rounding noise; their numbers agree by chance of the same code.
      if (name === "constant" && (id === "volatility_ann" || id === "sharpe")) continue;
      compared++;
      assert.ok(isNear(value, theirs), `${id}: ${value} is not ${theirs}`);
    }
    assert.ok(compared >= 4, `only ${compared} compared`);
  });
}

function daily(...values: readonly number[]): DailyReturn[] {
  return values.map((value, index) => ({
    date: Temporal.PlainDate.from("2026-11-16").add({ days: index }).toString(),
    value,
  }));
}

Deno.test("days of nothing: what divides by nothing is undefined and says why", () => {
  const metrics = new Map(statistics(daily(0, 0, 0, 0, 0)).map((metric) => [metric.id, metric]));
  assert.strictEqual(metrics.get("total_return")?.value, 0);
  assert.strictEqual(metrics.get("max_drawdown")?.value, 0);
  assert.strictEqual(metrics.get("cvar_95_historical")?.value, 0);
  assert.deepStrictEqual(
    ["sharpe", "sortino", "calmar", "win_rate", "profit_factor", "tail_ratio", "skew"].map((id) => [
      id,
      metrics.get(id)?.value,
      metrics.get(id)?.reason,
    ]),
    [
      ["sharpe", null, "the returns do not differ, so there is nothing to divide by"],
      ["sortino", null, "no losing day"],
      ["calmar", null, "equity was never below its height"],
      ["win_rate", null, "no day differs from 0"],
      ["profit_factor", null, "no losing day"],
      ["tail_ratio", null, "the 5th percentile is 0"],
      ["skew", null, "the returns do not differ, so there is nothing to divide by"],
    ],
  );
});

Deno.test("a loss on the first day is a drawdown from the start", () => {
  const metrics = ours(daily(-0.05, 0.01, 0.01));
  assert.ok(isNear(metrics.get("max_drawdown") ?? null, -0.05));
  assert.strictEqual(metrics.get("longest_drawdown_observations"), 3);
  assert.strictEqual(metrics.get("longest_drawdown_calendar_days"), 3);
  assert.strictEqual(metrics.get("drawdown_spells"), 1);
});

Deno.test("losing everything ends at minus one hundred percent, not at a number that cannot be", () => {
  const metrics = ours(daily(0.1, -1, 0.1));
  assert.strictEqual(metrics.get("total_return"), -1);
  assert.strictEqual(metrics.get("cagr"), -1);
  assert.strictEqual(metrics.get("max_drawdown"), -1);
});

Deno.test("no statistics of no day", () => {
  assert.throws(() => statistics([]), RangeError);
});

Deno.test("normalCdf() keeps its precision far out in either tail", () => {
  assert.ok(isNear(normalCdf(-1.6448536269514722), 0.05));
  assert.ok(isNear(normalCdf(1.959963984540054), 0.975));
  assert.ok(isNear(normalCdf(-8), 6.22096057427178e-16));
  assert.strictEqual(normalCdf(0), 0.5);
});

Deno.test("quantile() goes linearly between neighbours", () => {
  assert.strictEqual(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.ok(isNear(quantile([1, 2, 3, 4, 5], 0.05), 1.2));
});

Deno.test("implementation shortfall: 700 of 1,000 shares filled after a delay, 19.00 basis points", () => {
  const split = shortfall({
    side: "BUY",
    quantity: 1_000,
    decisionPrice: 40,
    arrivalPrice: 40.04,
    fills: [{ quantity: 700, price: 40.05 }],
    endPrice: 40.08,
    fees: 17,
  });
  const rounded = Object.fromEntries(
    Object.entries(split).map(([part, value]) => [part, value?.toFixed(2)]),
  );
  assert.deepStrictEqual(rounded, {
    explicit: "4.25",
    execution: "1.75",
    delay: "7.00",
    opportunity: "6.00",
    total: "19.00",
  });
});

Deno.test("without a price at the end, opportunity and total are undefined; a full fill needs none", () => {
  const order = {
    side: "SELL",
    quantity: 100,
    decisionPrice: 10,
    arrivalPrice: 10,
    endPrice: null,
    fees: 0,
  } as const;
  const partly = shortfall({ ...order, fills: [{ quantity: 50, price: 9.99 }] });
  assert.strictEqual(partly.opportunity, null);
  assert.strictEqual(partly.total, null);
  const fully = shortfall({ ...order, fills: [{ quantity: 100, price: 9.99 }] });
  assert.strictEqual(fully.opportunity, 0);
  assert.strictEqual(fully.total?.toFixed(2), "10.00");
});

Deno.test("L8: slippageBps() is positive when it is worse for this side", () => {
  assert.strictEqual(slippageBps("BUY", 10.01, 10).toFixed(6), "10.000000");
  assert.strictEqual(slippageBps("SELL", 10.01, 10).toFixed(6), "-10.000000");
});
