import { deepStrictEqual, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { KILL_POINTS } from "./killer.ts";
import { planOf } from "./plans.ts";
import { compile } from "./program.ts";
import { runSeed } from "./run_seed.ts";

/** The long run is `deno task chaos`; here every point of death once. */

/** Points that are no death by SIGKILL: the session comes back by itself, or ends with an error. */
const DEATHLESS: ReadonlySet<string> = new Set(["link-cut", "disk-full"]);

for (const point of KILL_POINTS) {
  Deno.test(`a session process that dies at ${point}: the next one ends the day with every invariant holding`, async () => {
    const plan = planOf(900, point);
    const { breaches, deaths, lives, fills } = await runSeed(900, {
      plan: { ...plan, kills: [{ point, count: point === "at-time" ? 600 : 2 }] },
    });
    deepStrictEqual(breaches, []);
    ok(fills > 0);
    strictEqual(deaths, DEATHLESS.has(point) ? 0 : 1);
    strictEqual(lives, point === "link-cut" ? 1 : 2);
  });
}

Deno.test("a session process that dies again while it recovers: every invariant holds", async () => {
  const kills = [
    { point: "after-write", count: 3 },
    { point: "during-recovery", count: 4 },
  ] as const;
  const { breaches, killedAt } = await runSeed(901, {
    plan: { ...planOf(901), kills, faults: [] },
  });
  deepStrictEqual(breaches, []);
  deepStrictEqual(killedAt, ["after-write", "during-recovery"]);
});

Deno.test("the same seed dies the same death and leaves the same ledger, to the last hash, from the sources and from one file", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "chaos-program-" });
  const plan = planOf(2);
  const once = await runSeed(2, { plan });
  try {
    const again = await runSeed(2, { plan, program: await compile(folder) });
    strictEqual(again.hash, once.hash);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  notStrictEqual(once.hash, "");
  notStrictEqual((await runSeed(3)).hash, once.hash);
});
