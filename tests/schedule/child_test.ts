import { match, strictEqual } from "node:assert/strict";

/** A project whose tasks are one script each; `run_tasks.ts` plays the schedule in it. */
async function project(tasks: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir();
  const commands = Object.keys(tasks).map((name) => [name, `deno run -q -A ${name}.ts`]);
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify({ tasks: Object.fromEntries(commands) }),
  );
  for (const [name, source] of Object.entries(tasks)) {
    await Deno.writeTextFile(`${folder}/${name}.ts`, source);
  }
  return folder;
}

function play(folder: string, what: string): Deno.ChildProcess {
  const root = new URL("../../", import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-A", "--no-check", "--config", new URL("deno.json", root).pathname],
      ...[new URL("./run_tasks.ts", import.meta.url).pathname, folder, what],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("P13: a child that writes a megabyte ends, all of it arrives, and its exit code is known", async () => {
  const folder = await project({
    session: `
      const line = new TextEncoder().encode("x".repeat(1023) + "\\n");
      for (let n = 0; n < 1024; n++) for (let at = 0; at < 1024;) at += Deno.stdout.writeSync(line.subarray(at));
      Deno.exitCode = 3;`,
  });
  const { stdout, stderr } = await play(folder, "exit").output();
  match(new TextDecoder().decode(stderr), /exit code 3\n$/);
  strictEqual(stdout.length, 1024 * 1024);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a session outlives a schedule that is killed, and can still write", async () => {
  // It waits until its grandparent, the schedule, is gone: then nobody holds the lock file any more.
  const folder = await project({
    session: `
      const lock = await Deno.open("held", { read: true, write: true });
      await Deno.writeTextFile("started", "");
      console.log("first");
      await lock.lock(true);
      console.log("second " + "y".repeat(100_000));`,
  });
  const schedule = play(folder, "killed");
  const text = await new Response(schedule.stdout).text();
  strictEqual((await schedule.status).signal, "SIGKILL");
  await schedule.stderr.cancel();
  match(text, /^first\nsecond y{100000}\n$/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("stop() reaches the program behind deno task, kill() too when it does not heed that", async () => {
  const folder = await project({
    session: `
      Deno.addSignalListener("SIGTERM", () => Deno.writeTextFileSync("asked", ""));
      setInterval(() => {}, 1000);
      Deno.writeTextFileSync("ready", "");`,
  });
  const { stderr } = await play(folder, "stop-kill").output();
  match(new TextDecoder().decode(stderr), /exit code 137\n$/);
  await Deno.remove(folder, { recursive: true });
});
