import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ConfigError, type ConfigSources, loadConfig } from "../lib/config.ts";

function load(sources: Partial<ConfigSources> = {}): ReturnType<typeof loadConfig> {
  return loadConfig({ file: null, env: {}, flags: {}, ...sources });
}

function file(text: string): Partial<ConfigSources> {
  return { file: { name: "robo-trader.toml", text } };
}

Deno.test("R9: loadConfig() needs nothing: every setting has a documented default", () => {
  const { config, items } = load();
  strictEqual(config.gateway.port, 4002);
  strictEqual(config.risk.maxOpenPositions, 10);
  strictEqual(config.session.symbols.length, 24);
  deepStrictEqual(items.filter(({ source }) => source !== "default"), []);
});

Deno.test("a flag beats the environment, the environment beats the file, the file beats the default", () => {
  const sources = {
    ...file(`[gateway]\nport = 7497\nhost = "::1"\nclient_id = 3`),
    env: { ROBO_TRADER_GATEWAY_PORT: "4002", ROBO_TRADER_GATEWAY_HOST: "localhost" },
    flags: { "gateway.port": { flag: "--port", value: 5000 } },
  };
  const { config, items } = load(sources);
  deepStrictEqual([config.gateway.port, config.gateway.host, config.gateway.clientId], [
    5000,
    "localhost",
    3,
  ]);
  const sourceOf = (key: string): string | undefined =>
    items.find((item) => item.key === key)?.source;
  strictEqual(sourceOf("gateway.port"), "--port");
  strictEqual(sourceOf("gateway.host"), "ROBO_TRADER_GATEWAY_HOST");
  strictEqual(sourceOf("gateway.client_id"), "robo-trader.toml");
  strictEqual(sourceOf("gateway.account"), "default");
});

Deno.test("LOG_FILE sets the log file, as in the earlier system", () => {
  strictEqual(load({ env: { LOG_FILE: "data/robo.log" } }).config.log.file, "data/robo.log");
});

Deno.test("R8: loadConfig() refuses an unknown key and names the nearest", () => {
  throws(() => load(file(`[risk]\nmax_open_position = 3`)), {
    name: "ConfigError",
    message:
      'Unknown setting "risk.max_open_position" in robo-trader.toml: did you mean "risk.max_open_positions"',
  });
  throws(() => load({ env: { ROBO_TRADER_GATEWAY_PROT: "1" } }), /ROBO_TRADER_GATEWAY_PORT/);
  throws(() => load(file(`[gatewy]\nport = 1`)), /did you mean "gateway.port"/);
});

Deno.test("loadConfig() says which value does not fit, where it came from and why", () => {
  throws(() => load({ env: { ROBO_TRADER_GATEWAY_PORT: "70000" } }), {
    message: /Cannot use gateway\.port = 70000 from ROBO_TRADER_GATEWAY_PORT: /,
  });
  throws(() => load({ env: { ROBO_TRADER_GATEWAY_PORT: "" } }), ConfigError);
  throws(() => load({ flags: { "session.symbols": { flag: "--symbols", value: "AAPL,b@d" } } }), {
    message: /Cannot use session\.symbols = "b@d" from --symbols: not a symbol/,
  });
  throws(() => load(file(`[risk]\nmax_order_notional_usd = -5`)), /max_order_notional_usd = -5/);
});

Deno.test("loadConfig() names every wrong value at once", () => {
  throws(
    () => load(file(`[gateway]\nport = 0\nclient_id = 0`)),
    ({ message }: Error) => message.split("\n").length === 2,
  );
});

Deno.test("loadConfig() points to the line of broken TOML", () => {
  throws(
    () => load(file(`[gateway\nport = 1`)),
    /Cannot read configuration file "robo-trader.toml"/,
  );
});

Deno.test("the configuration's hash changes with a value and not with where it came from", () => {
  const plain = load().hash;
  strictEqual(load(file(`[gateway]\nport = 4002`)).hash, plain);
  strictEqual(load(file(`[gateway]\nport = 4003`)).hash === plain, false);
});
