import { createHash } from "node:crypto";
import { z } from "zod";
import { parse as parseToml } from "./std/toml.ts";
import { closestString, toSnakeCase } from "./std/text.ts";
import { executionSchema } from "./orders/execution_style.ts";
import { limitsSchema } from "./risk/limits.ts";

/**
 * One schema, four places: documented default < `robo-trader.toml` < environment < flag.
 *
 * In TOML a key is `[gateway] client_id`, in the environment `ROBO_TRADER_GATEWAY_CLIENT_ID`, on the command line
 * whatever flag the task maps to it. An unknown key is an error: a limit that is misspelt is a limit that is off.
 */

export const CONFIG_FILE = "robo-trader.toml";
const ENV_PREFIX = "ROBO_TRADER_";

/** The symbols the trader follows. */
export const DEFAULT_SYMBOLS = [
  ..."AAPL NVDA TSLA IXHL NUAI BZAI ELTP OPEN CEG VRT PLTR UPST".split(" "),
  ..."TEM HTFL SDGR APLD SOFI CORZ WULF QQQ QLD BBIO IMRX CRGY".split(" "),
] as const;

export const symbolSchema = z.string().regex(
  /^[A-Z][A-Z0-9]{0,9}( [A-Z])?$/,
  "not a symbol: expected capital letters as in AAPL or BRK B",
);
const port = z.int().min(1, "expected a port from 1 to 65535").max(65_535);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as 23:45");
const seconds = z.number().positive();
const path = z.string().min(1);

const schema = z.strictObject({
  gateway: z.strictObject({
    host: z.string().min(1).default("127.0.0.1").describe("TWS or IB Gateway"),
    port: port.default(4002).describe("Gateway: paper 4002, live 4001; TWS: paper 7497, live 7496"),
    clientId: z.int().min(1).max(999_999).default(17).describe("Fixed id of the session"),
    account: z.string().regex(/^[A-Z]+\d+$/, "not an IB account id").nullable().default(null)
      .describe("Account to trade; needed when the login has several"),
    connectTimeoutSeconds: seconds.default(5),
    handshakeTimeoutSeconds: seconds.default(10),
    answerTimeoutSeconds: seconds.default(15).describe("Limit for each list asked of the broker"),
  }).prefault({}),
  session: z.strictObject({
    exchange: z.enum(["XNYS"]).default("XNYS"),
    symbols: z.array(symbolSchema).min(1).max(100).default([...DEFAULT_SYMBOLS]),
    strategy: z.string().default("sma-crossover"),
    parameters: z.record(z.string(), z.unknown()).default({}),
    atClose: z.enum(["flatten", "hold"]).default("flatten").describe("What happens to positions"),
    noEntriesMinutesBeforeClose: z.number().min(0).default(15),
    flattenMinutesBeforeClose: z.number().min(0).default(5),
    settleMinutesAfterClose: z.number().min(0).default(1),
    gatewayRestart: timeOfDay.nullable().default(null)
      .describe("When the Gateway restarts by its timer, exchange time: no entries around it"),
    orderDeadlineSeconds: seconds.default(10).describe("An order that is older does not leave"),
  }).prefault({}),
  execution: executionSchema,
  risk: limitsSchema,
  ledger: z.strictObject({
    path: path.default("data/ledger.sqlite"),
  }).prefault({}),
  report: z.strictObject({
    folder: path.default("reports"),
  }).prefault({}),
  log: z.strictObject({
    level: z.enum(["debug", "info", "warning", "error"]).default("info"),
    file: path.nullable().default(null).describe("JSON lines; LOG_FILE sets it too"),
  }).prefault({}),
});

export type Config = z.infer<typeof schema>;

/** A key (`gateway.client_id`) with its value and where that came from. */
export interface ConfigItem {
  readonly key: string;
  readonly value: unknown;
  readonly source: string;
  readonly description: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly items: readonly ConfigItem[];
  /** SHA-256 of the effective values, first 16 hex digits. */
  readonly hash: string;
}

/** Something in the configuration is wrong. One line each in `message`; exit code 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

export interface ConfigSources {
  /** Text and name of the TOML file; null when there is none. */
  readonly file: { readonly name: string; readonly text: string } | null;
  readonly env: Readonly<Record<string, string>>;
  /** `gateway.port` → value and the flag's name; undefined values are flags not given. */
  readonly flags: Readonly<Record<string, { readonly flag: string; readonly value: unknown }>>;
}

/** A value as it stood in its source, not checked yet. */
interface Found {
  readonly value: unknown;
  readonly source: string;
}

interface Leaf {
  /** `gateway.client_id` */
  readonly key: string;
  /** `["gateway", "clientId"]` */
  readonly path: readonly [string, string];
  readonly schema: z.core.$ZodType;
}

const LEAVES: readonly Leaf[] = Object.entries(schema.shape).flatMap(([section, sectionSchema]) =>
  Object.entries(unwrap(sectionSchema).shape).map(([name, leafSchema]): Leaf => ({
    key: `${section}.${toSnakeCase(name)}`,
    path: [section, name],
    schema: leafSchema,
  }))
);
// key → Leaf
const LEAF_BY_KEY: ReadonlyMap<string, Leaf> = new Map(LEAVES.map((leaf) => [leaf.key, leaf]));

/** @throws {ConfigError} naming every key that is unknown and every value that does not fit */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  // key → value as found, later sources over earlier ones
  const found = new Map<string, Found>([
    ...fromFile(sources.file),
    ...fromEnv(sources.env),
    ...fromFlags(sources.flags),
  ]);
  const raw: Record<string, Record<string, unknown>> = {};
  for (const leaf of LEAVES) {
    const given = found.get(leaf.key);
    const [section, name] = leaf.path;
    const members = raw[section] ??= {};
    if (given !== undefined) members[name] = given.value;
  }
  const result = schema.safeParse(raw);
  if (!result.success) throw new ConfigError(issueLines(result.error, found).join("\n"));
  const items = LEAVES.map(({ key, path, schema }): ConfigItem => ({
    key,
    value: member(member(result.data, path[0]), path[1]),
    source: found.get(key)?.source ?? "default",
    description: description(schema),
  }));
  return { config: result.data, items, hash: hashOf(items) };
}

/** Reads the file and the environment of this process. A file named by the user must exist. */
export function readConfigSources(
  options: { readonly file: string | undefined; readonly flags: ConfigSources["flags"] },
): ConfigSources {
  const name = options.file ?? CONFIG_FILE;
  try {
    return {
      file: { name, text: Deno.readTextFileSync(name) },
      env: environment(),
      flags: options.flags,
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (options.file !== undefined) {
      throw new ConfigError(`Cannot read configuration file "${name}": it does not exist`);
    }
    return { file: null, env: environment(), flags: options.flags };
  }
}

/** The task's permission set hides every other variable. */
function environment(): Record<string, string> {
  const mine = Object.entries(Deno.env.toObject()).filter(([name]) =>
    name.startsWith(ENV_PREFIX) || name === "LOG_FILE"
  );
  return Object.fromEntries(mine);
}

function fromFile(file: ConfigSources["file"]): [string, Found][] {
  if (file === null) return [];
  let document: Record<string, unknown>;
  try {
    document = parseToml(file.text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ConfigError(`Cannot read configuration file "${file.name}": ${error.message}`);
  }
  return Object.entries(document).flatMap(([section, members]) => {
    if (typeof members !== "object" || members === null) {
      throw new ConfigError(unknownKey(section, file.name));
    }
    return Object.entries(members).map(([name, value]): [string, Found] => {
      const key = `${section}.${name}`;
      if (!LEAF_BY_KEY.has(key)) throw new ConfigError(unknownKey(key, file.name));
      return [key, { value, source: file.name }];
    });
  });
}

function fromEnv(env: ConfigSources["env"]): [string, Found][] {
  const keys = new Map(LEAVES.map((leaf) => [envName(leaf.key), leaf]));
  const items: [string, Found][] = [];
  for (const [name, text] of Object.entries(env)) {
    const leaf = name === "LOG_FILE" ? LEAF_BY_KEY.get("log.file") : keys.get(name);
    if (leaf === undefined) {
      throw new ConfigError(
        `Unknown setting "${name}" in the environment: did you mean "${
          closestString(name, [...keys.keys()])
        }"`,
      );
    }
    items.push([leaf.key, { value: fromText(text, leaf.schema), source: name }]);
  }
  return items;
}

function fromFlags(flags: ConfigSources["flags"]): [string, Found][] {
  return Object.entries(flags)
    .filter(([, { value }]) => value !== undefined)
    .map(([key, { flag, value }]) => {
      const leaf = LEAF_BY_KEY.get(key);
      if (leaf === undefined) throw new TypeError(`Cannot map flag ${flag}: no setting "${key}"`);
      return [key, {
        value: typeof value === "string" ? fromText(value, leaf.schema) : value,
        source: flag,
      }];
    });
}

/** Text of the environment or a flag as the schema's kind of value; what does not fit is left for zod to refuse. */
function fromText(text: string, leafSchema: z.core.$ZodType): unknown {
  const kind = innermost(leafSchema)._zod.def.type;
  if (kind === "number" || kind === "int") return text.trim() === "" ? text : Number(text);
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (kind === "array") {
    return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  }
  return text;
}

function innermost(leafSchema: z.core.$ZodType): z.core.$ZodType {
  let current = leafSchema;
  for (;;) {
    const def = current._zod.def;
    if (!("innerType" in def) || !(def.innerType instanceof z.core.$ZodType)) return current;
    current = def.innerType;
  }
}

function unwrap(section: z.core.$ZodType): z.ZodObject {
  const inner = innermost(section);
  if (!(inner instanceof z.ZodObject)) {
    throw new TypeError("Configuration sections must be objects");
  }
  return inner;
}

function description(leafSchema: z.core.$ZodType): string {
  return leafSchema instanceof z.ZodType ? leafSchema.description ?? "" : "";
}

function envName(key: string): string {
  return ENV_PREFIX + key.replace(".", "_").toUpperCase();
}

function unknownKey(key: string, source: string): string {
  const nearest = closestString(key, [...LEAF_BY_KEY.keys()]);
  return `Unknown setting "${key}" in ${source}: did you mean "${nearest}"`;
}

function issueLines(error: z.ZodError, found: Map<string, Found>): string[] {
  return error.issues.map((issue) => {
    const [section, name, ...rest] = issue.path.map(String);
    const key = `${section}.${toSnakeCase(name ?? "")}`;
    const given = found.get(key);
    const at = rest.length === 0 ? given?.value : member(given?.value, rest[0] ?? "");
    return `Cannot use ${key} = ${JSON.stringify(at)} from ${
      given?.source ?? "default"
    }: ${issue.message}`;
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function hashOf(items: readonly ConfigItem[]): string {
  const text = items.map(({ key, value }) => `${key}=${printValue(value)}`).join("\n");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** A value as `--print-config` shows it. */
export function printValue(value: unknown): string {
  if (value === null) return "(none)";
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
