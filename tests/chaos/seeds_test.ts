import { deepStrictEqual } from "node:assert/strict";
import { runSeed } from "./run_seed.ts";

/** Random days of `deno task chaos`, some at a time: while one waits for the disk, others compute. */

const SEEDS = 50;
const AT_ONCE = 5;

for (let first = 1; first <= SEEDS; first += AT_ONCE) {
  const seeds = Array.from({ length: AT_ONCE }, (_, index) => first + index);
  Deno.test(`random deaths, seeds ${first} to ${seeds.at(-1)}: every invariant holds`, async () => {
    const results = await Promise.all(seeds.map((seed) => runSeed(seed)));
    deepStrictEqual(results.flatMap(({ breaches }) => breaches), []);
  });
}
