import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { DEFAULT_LIMITS, limitsAsText, limitsSchema } from "../../lib/risk/limits.ts";
import { REFUSALS, refusalsTable } from "../../lib/risk/refusals.ts";

Deno.test("R9: limits unset are the documented defaults, none of them off", () => {
  deepStrictEqual(limitsSchema.parse(undefined), DEFAULT_LIMITS);
  deepStrictEqual(limitsSchema.parse({ maxOpenPositions: 30 }), {
    ...DEFAULT_LIMITS,
    maxOpenPositions: 30,
  });
  for (const [name, value] of Object.entries(DEFAULT_LIMITS)) {
    if (typeof value === "number") ok(Number.isFinite(value) && value > 0, name);
  }
});

Deno.test("limits refuse what is not a limit: zero, negative, infinite, and names they do not know", () => {
  for (const maxPositionPct of [0, -1, Infinity, NaN, "10", null]) {
    strictEqual(limitsSchema.safeParse({ maxPositionPct }).success, false, String(maxPositionPct));
  }
  strictEqual(limitsSchema.safeParse({ maxOrderNotionalUsd: Infinity }).success, false);
  strictEqual(limitsSchema.safeParse({ maxPositions: 3 }).success, false);
});

Deno.test("every limit says what it limits", () => {
  for (const [name, schema] of Object.entries(limitsSchema.unwrap().shape)) {
    ok((schema.description ?? "").length > 10, name);
  }
});

Deno.test("limitsAsText() names each limit in force", () => {
  const text = limitsAsText(DEFAULT_LIMITS);
  strictEqual(text["maxDailyLossPct"], "2");
  strictEqual(text["allowShort"], "false");
  strictEqual(Object.keys(text).length, Object.keys(DEFAULT_LIMITS).length);
});

Deno.test("refusalsTable() has one row for each code", () => {
  const rows = refusalsTable().trimEnd().split("\n");
  strictEqual(rows.length, Object.keys(REFUSALS).length + 2);
  match(refusalsTable(), /^\| `EXCEEDS_POSITION_LIMIT` \| .+ \| notional in USD \| .+ \|$/m);
});
