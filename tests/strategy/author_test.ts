import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isStrategyFile, loadStrategy } from "../../lib/strategy/author.ts";
import type { Registered } from "../../lib/strategy/registry.ts";

/** A strategy in an author's own file. */

const MINE = `
  import { z } from "zod";
  export const mine = {
    name: "mine",
    summary: "Nothing, slowly",
    barMs: 60_000,
    parameters: z.strictObject({
      fast: z.coerce.number().int().positive().default(3).describe("bars"),
    }),
    create: ({ fast }) => ({ warmupBars: fast, init() {}, warmUp() {}, next: () => [] }),
  };
`;

async function load(text: string): Promise<Registered> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "mine.ts");
    await Deno.writeTextFile(path, text);
    return await loadStrategy(pathToFileURL(path));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("loadStrategy() makes the strategy a file exports choosable, its parameters checked", async () => {
  const mine = await load(MINE);
  const chosen = mine.choose({ fast: "10" });
  deepStrictEqual([chosen.name, chosen.barMs, chosen.parameters], ["mine", 60_000, { fast: 10 }]);
  strictEqual(chosen.create().warmupBars, 10);
  deepStrictEqual(mine.help(), [{ name: "fast", default: "3", description: "bars" }]);
  throws(() => mine.choose({ fsat: "10" }), {
    name: "StrategyError",
    message: /did you mean "fast"/,
  });
});

Deno.test("loadStrategy() takes a strategy that is exported under two names for one", async () => {
  strictEqual((await load(`${MINE} export default mine;`)).name, "mine");
});

Deno.test("loadStrategy() says what is wrong with a file: none, several, broken, missing", async () => {
  const said = (message: RegExp): { name: string; message: RegExp } => ({
    name: "StrategyError",
    message,
  });
  await rejects(load("export const answer = 42;"), said(/it exports no strategy/));
  await rejects(
    load(`${MINE} export const other = { ...mine, name: "other" };`),
    said(/it exports more than one strategy/),
  );
  await rejects(load("export const = ;"), said(/^Cannot load strategy file ".*mine.ts": /));
  await rejects(load("throw new Error('no luck');"), said(/: no luck$/));
  await rejects(loadStrategy(new URL("file:///nowhere/mine.ts")), said(/Module not found/));
});

Deno.test("isStrategyFile() tells a file from a name", () => {
  deepStrictEqual(
    ["./mine.ts", "mine.ts", "mine.js", "C:\\mine.ts", "sma-crossover", "pairs"].map(
      isStrategyFile,
    ),
    [true, true, true, true, false, false],
  );
});
