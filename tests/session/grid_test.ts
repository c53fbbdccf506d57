import { deepStrictEqual, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { expandGrid, walkForward } from "../../lib/session/grid.ts";

Deno.test("expandGrid() makes every combination, the last parameter fastest", () => {
  deepStrictEqual(expandGrid({ fast: "5, 10", slow: "20,30", stop: "atr" }), [
    { fast: "5", slow: "20", stop: "atr" },
    { fast: "5", slow: "30", stop: "atr" },
    { fast: "10", slow: "20", stop: "atr" },
    { fast: "10", slow: "30", stop: "atr" },
  ]);
  deepStrictEqual(expandGrid({}), [{}]);
});

Deno.test("expandGrid() refuses a grid nobody can mean", () => {
  const hundred = Array.from({ length: 101 }, (_, index) => index).join(",");
  throws(() => expandGrid({ a: hundred, b: hundred }), /more than 10000 combinations/);
});

Deno.test("walkForward() tests each part on a choice made from the parts before it", () => {
  deepStrictEqual(walkForward([1, 2, 3, 4, 5, 6], 2), [
    { train: [1, 2], test: [3, 4] },
    { train: [1, 2, 3, 4], test: [5, 6] },
  ]);
});

Deno.test("walkForward() never tests on a day it chose by, and leaves out none", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 8 }), (count, folds) => {
      fc.pre(count >= folds + 1);
      const days = Array.from({ length: count }, (_, index) => index);
      const split = walkForward(days, folds);
      for (const { train, test } of split) {
        ok(test.length > 0 && Math.max(...train) < Math.min(...test));
      }
      deepStrictEqual([...split[0]?.train ?? [], ...split.flatMap(({ test }) => test)], days);
    }),
  );
});

Deno.test("walkForward() refuses more folds than days allow", () => {
  throws(() => walkForward([1, 2], 2), /Cannot split 2 days into 2 folds/);
});
