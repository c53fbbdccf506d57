import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { z } from "zod";
import { PORTS } from "../lib/broker/options.ts";
import { loadConfig } from "../lib/config.ts";
import { modeOfPort, portLabel } from "../lib/probe/ports.ts";

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
