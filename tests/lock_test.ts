import { strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { LockedError, takeLock } from "../lib/lock.ts";

const owner = { pid: 4711, task: "session 2026-11-20-1", since: 1_763_648_000_000 };

Deno.test("takeLock() names the owner to a second taker and gives it up on release", () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "session.lock");
  try {
    const first = takeLock(path, owner);
    throws(() => takeLock(path, owner), (error: unknown) => {
      if (!(error instanceof LockedError)) return false;
      strictEqual(error.owner, "session 2026-11-20-1 (pid 4711, since 2025-11-20T14:13:20.000Z)");
      return true;
    });
    first.release();
    takeLock(path, owner).release();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a disk that refuses at the end does not keep the lock, nor hide why the session ended", () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "session.lock");
  const { truncateSync } = Deno.FsFile.prototype;
  try {
    const first = takeLock(path, owner);
    Deno.FsFile.prototype.truncateSync = () => {
      throw Object.assign(new Error("Read-only file system (os error 30)"), { code: "EROFS" });
    };
    first.release();
    Deno.FsFile.prototype.truncateSync = truncateSync;
    takeLock(path, owner).release();
  } finally {
    Deno.FsFile.prototype.truncateSync = truncateSync;
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("takeLock() takes over the lock of a killed process", async () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "session.lock");
  const script = `
    import { takeLock } from ${JSON.stringify(new URL("../lib/lock.ts", import.meta.url).href)};
    takeLock(${JSON.stringify(path)}, { pid: Deno.pid, task: "session", since: 0 });
    await Deno.stdout.write(new Uint8Array([33]));
    setInterval(() => {}, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", script],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    await reader.read();
    throws(() => takeLock(path, owner), LockedError);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    takeLock(path, owner).release();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
