import { join } from "node:path";

/** How a session process is started. */
export interface Program {
  /** Of `deno`, up to the job. */
  readonly args: readonly string[];
}

const HERE = import.meta.dirname ?? ".";
const RUN = ["run", "-q", "-P=tests", "--no-prompt", "--cached-only"];

/** From the sources, as a person's `deno task session`. */
export const FROM_SOURCE: Program = { args: [...RUN, join(HERE, "session_entry.ts")] };

/**
 * V8's helper threads only wait for a core when every core has a day of its own; and what a process compiled stays to
 * be kept for the next. Compiled code is taken only by a process with the same flags.
 */
const V8_FLAGS = "--v8-flags=--single-threaded,--no-flush-bytecode,--min-semi-space-size=16";

/**
 * The same sources as one file, which later processes find compiled already (`compiled_entry.ts`): of three a day each
 * spends half its time on its start. Without the bundler, which Deno fetches from npm once, from the sources.
 *
 * @param folder for the file; the caller's to remove
 */
export async function compile(folder: string): Promise<Program> {
  const path = join(folder, "session.cjs");
  const source = join(HERE, "session_process.ts");
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--no-check", "--platform=deno", "--format=cjs", "-o", path, source],
    stdout: "null",
    stderr: "null",
  }).output();
  return success
    ? { args: [...RUN, V8_FLAGS, join(HERE, "compiled_entry.ts"), path] }
    : FROM_SOURCE;
}
