// deno-std publishes JavaScript without types; each file here states the types of what we use.
import { parse as untypedParse } from "deno-std/toml/parse.js";

/**
 * Parses TOML text.
 *
 * @throws {SyntaxError} with line and column
 */
export const parse: (text: string) => Record<string, unknown> = untypedParse;
