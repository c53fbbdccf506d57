import { match, strictEqual } from "node:assert/strict";
import { Project } from "./project.ts";

const MINE = `
  import { z } from "zod";
  export const mine = {
    name: "mine",
    summary: "Nothing, slowly",
    barMs: 60_000,
    parameters: z.strictObject({ fast: z.coerce.number().int().default(3) }),
    create: () => ({ warmupBars: 0, init() {}, warmUp() {}, next: () => [] }),
  };
`;

Deno.test("--strategy ./mine.ts: a session loads it under its own permissions and checks its parameters", async () => {
  using project = new Project();
  Deno.writeTextFileSync(project.path("mine.ts"), MINE);
  const wrong = await project.run("session", ["--strategy", "./mine.ts", "--param", "fsat=1"]);
  strictEqual(wrong.code, 2, wrong.stderr);
  match(wrong.stderr, /Cannot use parameter "fsat" with mine: did you mean "fast"/);
  const right = ["--strategy", "./mine.ts", "--param", "fast=1", "--print-config"];
  strictEqual((await project.run("session", right)).code, 0);
});

Deno.test("--strategy ./missing.ts: one line says that the file is not there, exit 2", async () => {
  using project = new Project();
  const ran = await project.run("session", ["--strategy", "./missing.ts"]);
  strictEqual(ran.code, 2);
  match(ran.stderr, /^error: Cannot load strategy file ".*missing.ts": there is no such file.*\n$/);
});
