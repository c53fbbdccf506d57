import { deepStrictEqual } from "node:assert/strict";
import { runSeed } from "./run_seed.ts";

/** Random days of `deno task chaos`, two at a time: while one waits for the disk, the other computes. */

const SEEDS = 50;

for (let seed = 1; seed <= SEEDS; seed += 2) {
  Deno.test(`random deaths, seeds ${seed} and ${seed + 1}: every invariant holds`, async () => {
    const results = await Promise.all([runSeed(seed), runSeed(seed + 1)]);
    deepStrictEqual(results.flatMap(({ breaches }) => breaches), []);
  });
}
