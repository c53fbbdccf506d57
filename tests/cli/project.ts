import { join } from "node:path";

/** Tasks that have no permission set of their own name. */
const SHARED: Readonly<Record<string, string>> = { pause: "halt", resume: "halt" };
const ROOT = join(import.meta.dirname ?? ".", "..", "..");
/** A command that takes longer hangs. */
const LIMIT_MS = 60_000;

function permissionsOf(task: string): string {
  return SHARED[task] ?? task.replace(":", "-");
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A copy of the project in a folder of its own: the permission sets of deno.json are relative to it, so a test
 * never touches the ledger of whoever works here.
 */
export class Project implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "robo-trader-" });

  constructor() {
    for (const file of ["deno.json", "import_map.json", "deno.lock"]) {
      Deno.copyFileSync(join(ROOT, file), join(this.folder, file));
    }
    for (const name of ["main.ts", "lib", "tasks"]) {
      Deno.symlinkSync(join(ROOT, name), join(this.folder, name));
    }
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Runs a command under the permission set of its task; `session:live` has the set `session-live`. */
  async run(
    task: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const { code, stdout, stderr } = await this.command(task, args, env).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  command(
    task: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Deno.Command {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", `-P=${permissionsOf(task)}`, "--no-prompt", "main.ts", task, ...args],
      cwd: this.folder,
      env: { NO_COLOR: "1", RUST_BACKTRACE: "0", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** Friday 20 November 2026, 09:25 in New York. */
export const BEFORE_THE_OPEN = Date.UTC(2026, 10, 20, 14, 25);

/** Makes the session believe in a market day on this port, whatever day it is here. */
export function leaveBeacon(project: Project, port: number, speed = 1): void {
  Deno.mkdirSync(project.path("data"), { recursive: true });
  const beacon = {
    port,
    pid: 1,
    originMs: BEFORE_THE_OPEN,
    startedWallMs: Date.now(),
    speed,
    date: "2026-11-20",
  };
  Deno.writeTextFileSync(project.path(`data/gateway-${port}.json`), JSON.stringify(beacon));
}

/** A port nobody listens on: bound once, and given back. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
