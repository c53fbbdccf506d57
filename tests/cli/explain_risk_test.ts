import { match, strictEqual } from "node:assert/strict";
import { Project } from "./project.ts";

Deno.test("--explain-risk shows each limit with its source and its headroom, without a Gateway or a ledger", async () => {
  using project = new Project();
  const ran = await project.run("session", ["--explain-risk"], {
    ROBO_TRADER_RISK_MAX_OPEN_POSITIONS: "30",
  });
  strictEqual(ran.code, 0, ran.stderr);
  match(ran.stdout, /^No session in data\/ledger.sqlite yet/);
  match(
    ran.stdout,
    /^risk.max_open_positions +30 +ROBO_TRADER_RISK_MAX_OPEN_POSITIONS +used 0, left 30/m,
  );
  match(ran.stdout, /^risk.max_heat_pct +6 +default +equity is unknown/m);
});

Deno.test("R12: --explain-risk names a halt and a pause with their reasons and how they are lifted", async () => {
  using project = new Project();
  await project.run("pause", ["--reason", "news at two"]);
  await project.run("halt", ["--reason", "a fill looks wrong"]);
  const { stdout } = await project.run("session", ["--explain-risk"]);
  match(stdout, /^Halted: a fill looks wrong\. Lift it with deno task resume$/m);
  match(stdout, /^Entries paused: news at two\. Lift it with deno task resume$/m);
});
