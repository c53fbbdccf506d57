import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { KILL_POINTS } from "./killer.ts";
import { runSeed } from "./run_seed.ts";

/** The long run is `deno task chaos`; here every point of death once, and a handful of random days. */

for (const point of KILL_POINTS) {
  Deno.test(`a session that dies at ${point}: the next one ends the day with every invariant holding`, async () => {
    const count = point === "during-recovery" ? 1 : 5;
    const { breaches, lives, fills } = await runSeed(900, [{ point, count }]);
    deepStrictEqual(breaches, []);
    ok(fills > 0);
    // A cut link is no death: the same session comes back by itself.
    strictEqual(lives, point === "link-cut" ? 1 : 2);
  });
}

Deno.test("a session that dies twice, the second time while it recovers: every invariant holds", async () => {
  const kills = [{ point: "after-write", count: 3 }, {
    point: "during-recovery",
    count: 1,
  }] as const;
  const { breaches, lives } = await runSeed(901, kills);
  deepStrictEqual(breaches, []);
  strictEqual(lives, 3);
});

for (let seed = 1; seed <= 20; seed++) {
  Deno.test(`random deaths, seed ${seed}: every invariant holds`, async () => {
    const { breaches } = await runSeed(seed);
    deepStrictEqual(breaches, []);
  });
}
