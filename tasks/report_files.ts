import { createHash } from "node:crypto";
import type { StatementFile } from "../lib/report/build.ts";
import { StatementError } from "../lib/report/statement.ts";

/** @throws {StatementError} when the file cannot be read */
export function readStatement(path: string | undefined): StatementFile | null {
  if (path === undefined) return null;
  try {
    const text = Deno.readTextFileSync(path);
    return { text, hash: createHash("sha256").update(text).digest("hex") };
  } catch (error) {
    const expected = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.IsADirectory;
    if (!expected) throw error;
    throw new StatementError(`Cannot read statement "${path}": put the file into data/`);
  }
}
