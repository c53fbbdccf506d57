import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { chooseAccount } from "../../lib/session/account.ts";
import { Project } from "./project.ts";

/**
 * Real money takes the right command, the right ports and the same account twice. No test here may ever connect: on
 * somebody's machine a live Gateway could be listening.
 */

const LIVE_ADDRESSES = ["127.0.0.1", "localhost", "[::1]"].flatMap((host) =>
  [4001, 7496].map((port) => `${host}:${port}`)
);
const CONFIGURED = { ROBO_TRADER_GATEWAY_ACCOUNT: "U7654321" };

/** What a permission set says to connecting to these. */
async function permitted(set: string, addresses: readonly string[]): Promise<string[]> {
  using project = new Project();
  const ask = `for (const host of ${JSON.stringify(addresses)}) {
    const { state } = Deno.permissions.querySync({ name: "net", host });
    if (state === "granted") console.log(host);
  }`;
  Deno.writeTextFileSync(project.path("ask.ts"), ask);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", `-P=${set}`, "--no-prompt", "ask.ts"],
    cwd: project.folder,
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

Deno.test("C12: the paper session is permitted no live port, under any name of this machine", async () => {
  deepStrictEqual(await permitted("session", LIVE_ADDRESSES), []);
});

Deno.test("C2, C3: what only looks or tells is permitted no port of TWS or Gateway, so it can never be a second session", async () => {
  const paper = ["127.0.0.1:4002", "127.0.0.1:7497", "localhost:4002"];
  const sets = ["dashboard", "dashboard-control", "report", "halt", "schedule", "backtest"];
  for (const set of sets) {
    deepStrictEqual(await permitted(set, [...LIVE_ADDRESSES, ...paper]), [], set);
  }
  deepStrictEqual(await permitted("demo", LIVE_ADDRESSES), []);
});

Deno.test("the live session is permitted the live ports of this machine and nothing else", async () => {
  const others = ["127.0.0.1:4002", "127.0.0.1:7497", "localhost:80", "example.com:4001"];
  deepStrictEqual(await permitted("session-live", [...LIVE_ADDRESSES, ...others]), LIVE_ADDRESSES);
});

const REFUSALS: readonly (readonly [string, readonly string[], Record<string, string>, RegExp])[] =
  [
    ["without an account", [], CONFIGURED, /type the account, --account U/],
    ["on a paper account", ["--account", "DU7654321"], CONFIGURED, /live accounts begin with U/],
    ["on another account", ["--account", "U1111111"], CONFIGURED, /gateway\.account is "U7654321"/],
    ["on no configured account", ["--account", "U7654321"], {}, /set gateway\.account to it/],
    [
      "on a paper port",
      ["--account", "U7654321", "--port", "4002"],
      CONFIGURED,
      /Cannot reach 127\.0\.0\.1:4002: this task is permitted only the live ports/,
    ],
  ];

for (const [what, args, env, complaint] of REFUSALS) {
  Deno.test(`a live session ${what}: refused with the remedy, exit 2, nothing is written`, async () => {
    using project = new Project();
    const ran = await project.run("session:live", args, env);
    strictEqual(ran.code, 2);
    match(ran.stderr, complaint);
    deepStrictEqual(
      [...Deno.readDirSync(project.folder)].filter(({ name }) => name === "data"),
      [],
    );
  });
}

Deno.test("a live session on the account that is configured and typed: says loudly that it is live", async () => {
  using project = new Project();
  const args = ["--account", "U7654321", "--print-config"];
  const ran = await project.run("session:live", args, CONFIGURED);
  strictEqual(ran.code, 0, ran.stderr);
  match(ran.stderr, /\*\*\* LIVE: REAL MONEY on account U7654321 \*\*\*/);
});

Deno.test("a login with the wrong kind of account: chooseAccount() refuses it in either mode", () => {
  const choose = (account: string, mode: "paper" | "live"): string =>
    chooseAccount({ account: null, mode }, [account]);
  for (const [account, mode] of [["U7654321", "paper"], ["DU7654321", "live"]] as const) {
    const refusal = new RegExp(`Cannot trade account "${account}" in ${mode} mode`);
    throws(() => choose(account, mode), refusal);
  }
  strictEqual(choose("U7654321", "live"), "U7654321");
});
