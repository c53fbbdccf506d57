import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";

/** The gate itself: what it must not let through. Its programs are stand-ins that note how they were called. */

const SCRIPT = new URL("../.ci/run", import.meta.url).pathname;
const TOOLS = ["bash", "cat", "dirname", "id", "mktemp", "rm", "sed", "tail"];

/** Runs the gate with these programs beside the few it needs of the system. */
async function gate(
  programs: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly stderr: string; readonly calls: readonly string[] }> {
  const folder = await Deno.makeTempDir();
  const calls = `${folder}/calls`;
  await Deno.writeTextFile(calls, "");
  for (const tool of TOOLS) {
    const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", `command -v ${tool}`] })
      .output();
    await Deno.symlink(new TextDecoder().decode(stdout).trim(), `${folder}/${tool}`);
  }
  for (const [name, body] of Object.entries(programs)) {
    const text = `#!/bin/sh\necho "${name} $1" >> '${calls}'\n${body}\n`;
    await Deno.writeTextFile(`${folder}/${name}`, text, { mode: 0o755 });
  }
  const { code, stderr } = await new Deno.Command(`${folder}/bash`, {
    args: [SCRIPT],
    env: { PATH: folder, TMPDIR: folder },
    clearEnv: true,
  }).output();
  const told = await Deno.readTextFile(calls);
  await Deno.remove(folder, { recursive: true });
  const lines = told.split("\n").filter((line) => line !== "");
  return { code, stderr: new TextDecoder().decode(stderr), calls: lines };
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name:
    "P12: dependencies that cannot be installed make the gate red, and nothing is run without them",
  ignore,
  fn: async () => {
    const { code, calls } = await gate({
      npm: "exit 7",
      deno: "exit 0",
      npx: "echo 'ok | 1 passed | 0 failed'",
    });
    strictEqual(code, 7);
    deepStrictEqual(calls, ["npm install"]);
  },
});

Deno.test({
  name: "P12: a gate in which no test ran is red, also when every program said it went well",
  ignore,
  fn: async () => {
    for (const said of ["", "ok | 0 passed | 0 failed"]) {
      const { code, stderr } = await gate({ npm: "exit 0", deno: "exit 0", npx: `echo '${said}'` });
      strictEqual(code, 1);
      match(stderr, /No test ran/);
    }
  },
});

Deno.test({
  name: "P12: a failed test, a failed check and types that do not hold are red",
  ignore,
  fn: async () => {
    const npx = "echo 'FAILED | 5 passed | 1 failed'; exit 1";
    strictEqual((await gate({ npm: "exit 0", deno: "exit 0", npx })).code, 1);
    const checks = await gate({ npm: "exit 0", deno: '[ "$1" != check ]', npx: "exit 0" });
    notStrictEqual(checks.code, 0);
    deepStrictEqual(checks.calls, ["npm install", "deno fmt", "deno lint", "deno check"]);
  },
});
