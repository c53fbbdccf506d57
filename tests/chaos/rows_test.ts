import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { parseFault } from "../../lib/simulator/faults.ts";
import { KILL_POINTS } from "./killer.ts";
import { ROWS } from "./rows.ts";

const seedsOf = (seeds: number): number[] => Array.from({ length: seeds }, (_, nth) => nth + 1);

for (const { row, what, seeds, plan } of ROWS) {
  Deno.test(`row ${row}, ${what}: every seed has a day of its own, the same every time, with faults that exist`, () => {
    const plans = seedsOf(seeds).map(plan);
    deepStrictEqual(seedsOf(seeds).map(plan), plans);
    for (const { faults, kills } of plans) {
      faults.forEach(parseFault);
      ok(faults.length + kills.length > 0);
    }
    ok(new Set(plans.map((one) => JSON.stringify(one))).size > 1);
  });
}

Deno.test("row 2 dies at every point equally often", () => {
  const row = ROWS.find((one) => one.row === "2");
  const points = seedsOf(row?.seeds ?? 0).flatMap((seed) =>
    row?.plan(seed).kills.map(({ point }) => point) ?? []
  );
  for (const point of KILL_POINTS) {
    strictEqual(
      points.filter((one) => one === point).length,
      points.length / KILL_POINTS.length,
      point,
    );
  }
});
