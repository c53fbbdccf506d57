import { type Clock, sleep } from "../clock.ts";
import type { Step } from "./plan.ts";

/** A task running as a child process. */
export interface Child {
  readonly pid: number;
  /** 128 and the signal's number when a signal ended it. */
  readonly exitCode: Promise<number>;
  /** Asks it to end: SIGTERM. */
  stop(): void;
  /** Ends it and what it started: SIGKILL. */
  kill(): void;
  /** Lets this process end while the child goes on. */
  leave(): void;
}

/** Starts `deno task <step>`. */
export type Spawn = (step: Step) => Child;

/**
 * Children write straight to our own standard output and error. The kernel takes every byte, so no child ever waits
 * for us to read; and a session that outlives a killed schedule still has somewhere to write. A pipe would break
 * then, and take the session with it.
 *
 * Each child leads a process group of its own: Ctrl-C in a terminal reaches the schedule alone, which passes on one
 * SIGTERM, and SIGKILL reaches the program behind `deno task`. Signalling a group takes the whole `run` permission.
 */
export function taskSpawner(
  options: {
    /** Absolute path of deno. */
    readonly deno: string;
    /** Absolute path of the folder with deno.json. */
    readonly project: string;
  },
): Spawn {
  return (step) => {
    const child = new Deno.Command(options.deno, {
      args: ["task", step],
      cwd: options.project,
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
      detached: true,
    }).spawn();
    return {
      pid: child.pid,
      exitCode: child.status.then(({ code }) => code),
      stop: () => unlessEnded(() => child.kill("SIGTERM")),
      kill: () =>
        unlessEnded(() =>
          Deno.build.os === "windows" ? child.kill("SIGKILL") : Deno.kill(-child.pid, "SIGKILL")
        ),
      leave: () => child.unref(),
    };
  };
}

/** A child can end at any moment; that there is nobody left to signal is then no failure. */
function unlessEnded(signal: () => void): void {
  try {
    signal();
  } catch (error) {
    const ended = error instanceof Deno.errors.NotFound || error instanceof TypeError;
    if (!ended) throw error;
  }
}

/** A session winds down within 10 s of SIGTERM; one that does not gets SIGKILL, which it survives by design. */
const KILL_AFTER_MS = 30_000;

/** The child's exit code, or null when it had to be stopped after `limitMs`. Rejects when `signal` aborts first. */
export async function superviseChild(
  child: Child,
  options: { readonly clock: Clock; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<number | null> {
  const code = await exitWithin(child, options.limitMs, options);
  if (code !== null) return code;
  child.stop();
  if (await exitWithin(child, KILL_AFTER_MS, options) === null) {
    child.kill();
    await child.exitCode;
  }
  return null;
}

/** The child's exit code, or null when `ms` went by first. Rejects when `signal` aborts first. */
export async function exitWithin(
  child: Child,
  ms: number,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal },
): Promise<number | null> {
  const settled = new AbortController();
  const either = signal === undefined ? settled.signal : AbortSignal.any([settled.signal, signal]);
  const limit = sleep(clock, ms, either).then(() => null);
  try {
    return await Promise.race([child.exitCode, limit]);
  } finally {
    // Once the race is over the timer has to go; that it rejects then is of no interest.
    limit.catch(() => {});
    settled.abort();
  }
}
