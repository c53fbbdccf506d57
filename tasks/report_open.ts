import { resolve } from "node:path";

/** Shows a written page with the program this system opens files with. */

/** Runs a program; its exit code, or null when it still runs after a while and is left alone. */
export type Run = (program: string, args: readonly string[]) => Promise<number | null>;

/** A browser that stays in the foreground keeps its opener waiting; by then it has long been found. */
const WAIT_MS = 5_000;

interface Opener {
  /** By absolute path, so that PATH is neither read nor trusted. */
  readonly program: string;
  readonly args: readonly string[];
}

/** What opens a file on this system; null where nothing is known to. `path` is absolute. */
export function openerOf(os: string, path: string): Opener | null {
  if (os === "darwin") return { program: "/usr/bin/open", args: [path] };
  if (os === "linux" || os === "freebsd") return { program: "/usr/bin/xdg-open", args: [path] };
  if (os === "windows") {
    // The first quoted argument of start is the window's title, so it has to be there.
    return { program: "C:\\Windows\\System32\\cmd.exe", args: ["/c", "start", "", path] };
  }
  return null;
}

/** Null when the page was opened, else a note that says why not and what to do. */
export async function openPage(
  page: string,
  { os, run }: { readonly os: string; readonly run: Run } = { os: Deno.build.os, run: runProgram },
): Promise<string | null> {
  const path = resolve(page);
  const opener = openerOf(os, path);
  const open = `open ${path} yourself`;
  if (opener === null) return `Cannot show the page: no opener is known on "${os}", ${open}`;
  const { program, args } = opener;
  try {
    const code = await run(program, args);
    if (code === null || code === 0) return null;
    return `Cannot show the page: ${program} ended with code ${code}, ${open}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return `Cannot show the page: this task may not run ${program}, add it to its permissions or ${open}`;
    }
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      return `Cannot show the page: ${program} cannot be run here, ${open}`;
    }
    throw error;
  }
}

async function runProgram(program: string, args: readonly string[]): Promise<number | null> {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  child.unref();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<null>((done) => timer = setTimeout(() => done(null), WAIT_MS));
  try {
    return await Promise.race([child.status.then(({ code }) => code), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
