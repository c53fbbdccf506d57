/** Plays the schedule towards one child, in a process of its own. Arguments: the project's folder and what to do. */
import { taskSpawner } from "../../lib/schedule/child.ts";

const [project = "", what = ""] = Deno.args;

/** Waits until the child has made the file. */
async function appeared(name: string): Promise<void> {
  using watcher = Deno.watchFs(project);
  const made = (): boolean => [...Deno.readDirSync(project)].some((entry) => entry.name === name);
  if (made()) return;
  for await (const _ of watcher) {
    if (made()) return;
  }
}

using lock = Deno.openSync(`${project}/held`, { create: true, write: true });
lock.lockSync(true);
const child = taskSpawner({ deno: Deno.execPath(), project })("session");
if (what === "killed") {
  await appeared("started");
  Deno.kill(Deno.pid, "SIGKILL");
}
if (what === "stop-kill") {
  await appeared("ready");
  child.stop();
  await appeared("asked");
  child.kill();
}
const text = `exit code ${await child.exitCode}\n`;
Deno.stderr.writeSync(new TextEncoder().encode(text));
