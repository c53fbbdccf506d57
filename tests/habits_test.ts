import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { z } from "zod";
import { PORTS } from "../lib/broker/options.ts";
import { loadConfig } from "../lib/config.ts";
import { calendar } from "../lib/calendar/calendar.ts";
import { modeOfPort, portLabel } from "../lib/probe/ports.ts";
import { crontab } from "../lib/schedule/crontab.ts";
import { launchdPlist } from "../lib/schedule/launchd.ts";
import { DEFAULT_TIMING } from "../lib/schedule/plan.ts";
import { systemdScript } from "../lib/schedule/systemd.ts";

/** Habits that cost an earlier system a day each. The letters are those of its list of incidents. */

const read = (path: string): string =>
  Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));

Deno.test("C13: live is 4001 and 7496, paper 4002 and 7497, wherever a port is named; paper is the default", () => {
  strictEqual(PORTS, "ports: Gateway live 4001, paper 4002; TWS live 7496, paper 7497");
  deepStrictEqual([4001, 4002, 7496, 7497].map(portLabel), [
    "4001 (IB Gateway, live)",
    "4002 (IB Gateway, paper)",
    "7496 (TWS, live)",
    "7497 (TWS, paper)",
  ]);
  const { config } = loadConfig({ file: null, env: {}, flags: {} });
  strictEqual(modeOfPort(config.gateway.port), "paper");
});

Deno.test("T6: settings are read when a command runs, never when a file is imported", () => {
  const config = read("lib/config.ts");
  ok(!/^(export )?(const|let) [^=]*= .*(Deno\.env|readConfigSources|loadConfig)\(/m.test(config));
  const main = read("main.ts");
  deepStrictEqual(
    [...main.matchAll(/^import .* from "([^"]+)"/gm)].map(([, from]) => from),
    ["@commander-js/extra-typings"],
    "every task is imported by its action",
  );
});

Deno.test("P11: the lock file is frozen, and every package in it is the version the import map names", () => {
  const config = z.object({ lock: z.object({ frozen: z.literal(true) }) });
  strictEqual(config.safeParse(JSON.parse(read("deno.json"))).success, true);
  const lock = z.object({ specifiers: z.record(z.string(), z.string()) });
  const { specifiers } = lock.parse(JSON.parse(read("deno.lock")));
  const map = z.object({ imports: z.record(z.string(), z.string()) });
  const { imports } = map.parse(JSON.parse(read("import_map.json")));
  for (const target of Object.values(imports)) {
    match(target, /^npm:.*@\d+\.\d+\.\d+\/?$/, "a version, not a range");
    const named = target.replace("npm:/", "npm:").replace(/\/$/, "");
    const version = named.slice(named.lastIndexOf("@") + 1);
    ok((specifiers[named] ?? "").startsWith(version), `${named} is ${specifiers[named]}`);
  }
});

Deno.test("P10: what trades starts with its own permissions and nothing that is there for tests", () => {
  const config = z.object({
    tasks: z.record(z.string(), z.object({ command: z.string() })),
    permissions: z.record(z.string(), z.unknown()),
  });
  const { tasks, permissions } = config.parse(JSON.parse(read("deno.json")));
  const set = (task: string): string => task.replace(":", "-");
  for (const task of ["probe", "session", "session:live", "report", "schedule", "halt"]) {
    ok(set(task) in permissions, task);
    const command = (tasks[task]?.command ?? "").replace(/ --v8-flags=\S+/, "");
    strictEqual(command, `deno run -q -P=${set(task)} --no-prompt main.ts ${task}`);
  }
});

Deno.test("P10: cron, systemd and launchd start the tasks as they are, without one option", () => {
  const options = {
    deno: "/usr/local/bin/deno",
    project: "/home/trader/robo-trader",
    calendar: calendar("XNYS"),
    timing: DEFAULT_TIMING,
  };
  const started = [crontab(options), systemdScript(options)].flatMap((text) =>
    [...text.matchAll(/(?:deno'?|deno"?) task (.*)$/gm)].map(([, rest = ""]) =>
      rest.replace(/ >> schedule\.log 2>&1$/, "")
    ).filter((rest) => !rest.startsWith("schedule --print") && !rest.includes("gets SIGTERM"))
  );
  deepStrictEqual(new Set(started), new Set(["probe", "session", "report"]));
  const [, program = ""] = /<key>ProgramArguments<\/key>\s*<array>([^]*?)<\/array>/
    .exec(launchdPlist(options)) ?? [];
  deepStrictEqual(
    [...program.matchAll(/<string>(.*?)<\/string>/g)].map(([, word]) => word),
    ["/usr/local/bin/deno", "task", "schedule"],
  );
});
