/** One session at a time on this machine: an OS file lock, which the kernel drops when its owner dies. */

/** Who holds a lock, as written into its file. */
export interface LockOwner {
  readonly pid: number;
  /** What it does: `session 2026-11-20-1`. */
  readonly task: string;
  /** Epoch ms, wall clock. */
  readonly since: number;
}

/** Another live process holds the lock. */
export class LockedError extends Error {
  override readonly name = "LockedError";
  constructor(readonly path: string, readonly owner: string) {
    super(`Another session is running: ${owner} holds ${path}`);
  }
}

export interface Lock extends Disposable {
  release(): void;
}

/**
 * Takes the lock or says at once who has it. A file left behind by a killed process is taken over.
 *
 * @throws {LockedError} when a live process holds it
 */
export function takeLock(path: string, owner: LockOwner): Lock {
  const file = Deno.openSync(path, { create: true, read: true, write: true });
  if (!file.tryLockSync(true)) {
    const text = Deno.readTextFileSync(path);
    file.close();
    throw new LockedError(path, describeOwner(text));
  }
  file.truncateSync();
  file.writeSync(new TextEncoder().encode(JSON.stringify(owner)));
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    try {
      file.truncateSync();
    } catch (error) {
      // Who had it is not wiped out then; the kernel gives the lock up with the file all the same.
      if (!(error instanceof Error) || !("code" in error)) throw error;
    } finally {
      file.close();
    }
  };
  return { release, [Symbol.dispose]: release };
}

function describeOwner(text: string): string {
  const match = /"pid":(\d+),"task":"([^"]*)","since":(\d+)/.exec(text);
  const [, pid, task, since] = match ?? [];
  if (pid === undefined || since === undefined) return "a process that has not named itself yet";
  return `${task} (pid ${pid}, since ${new Date(Number(since)).toISOString()})`;
}
