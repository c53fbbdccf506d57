import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { VirtualClock } from "../../lib/clock.ts";
import { takeLock } from "../../lib/lock.ts";
import { runSchedule, type ScheduleTaskOptions } from "../../tasks/schedule.ts";
import { utc } from "./rig.ts";

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the task in this process, where it only prints and ends. */
async function say(options: ScheduleTaskOptions, now = "2026-11-20T22:00:00Z"): Promise<Said> {
  const said = { out: "", err: "" };
  const code = await runSchedule(options, {
    clock: new VirtualClock(utc(now)),
    print: (text) => said.out += `${text}\n`,
    note: (text) => said.err += `${text}\n`,
    complain: (text) => said.err += `${text}\n`,
  });
  return { code, ...said };
}

Deno.test("--dry-run lists ten runs with zone and UTC, over the change to winter time", async () => {
  const { code, out } = await say({ dryRun: true }, "2026-10-28T21:00:00Z");
  strictEqual(code, 0);
  strictEqual(
    out,
    `Next 10 runs by the XNYS calendar, America/New_York

DATE            TASK     LOCAL         UTC
Thu 2026-10-29  probe    09:10 -04:00  2026-10-29 13:10Z
Thu 2026-10-29  session  09:20 -04:00  2026-10-29 13:20Z
Thu 2026-10-29  report   16:00 -04:00  2026-10-29 20:00Z  when the session has ended, not before
Fri 2026-10-30  probe    09:10 -04:00  2026-10-30 13:10Z
Fri 2026-10-30  session  09:20 -04:00  2026-10-30 13:20Z
Fri 2026-10-30  report   16:00 -04:00  2026-10-30 20:00Z  when the session has ended, not before
Mon 2026-11-02  probe    09:10 -05:00  2026-11-02 14:10Z
Mon 2026-11-02  session  09:20 -05:00  2026-11-02 14:20Z
Mon 2026-11-02  report   16:00 -05:00  2026-11-02 21:00Z  when the session has ended, not before
Tue 2026-11-03  probe    09:10 -05:00  2026-11-03 14:10Z
`,
  );
});

Deno.test("--dry-run says why nothing runs on Thanksgiving and that the day after ends early", async () => {
  const { out } = await say({ dryRun: true }, "2026-11-24T22:00:00Z");
  match(out, /^Thu 2026-11-26 {2,}closed: Thanksgiving Day$/m);
  match(
    out,
    /^Fri 2026-11-27 +session .* 14:20Z +closes early at 13:00 \(Day after Thanksgiving\)$/m,
  );
  match(out, /^Fri 2026-11-27 +report +13:00 -05:00 +2026-11-27 18:00Z/m);
});

Deno.test("--dry-run --from a date lists the runs as seen on that day, over the change to summer time", async () => {
  const { code, out } = await say({ dryRun: true, from: "2027-03-12" });
  strictEqual(code, 0);
  match(out, /Fri 2027-03-12 +session +09:20 -05:00 +2027-03-12 14:20Z/);
  match(out, /Mon 2027-03-15 +session +09:20 -04:00 +2027-03-15 13:20Z/);
});

for (const from of ["2027-02-30", "12.3.2027", "2031-01-04"]) {
  Deno.test(`--dry-run --from ${from} is refused with the dates there are`, async () => {
    const { code, err } = await say({ dryRun: true, from });
    strictEqual(code, 2);
    match(err, new RegExp(`Cannot use --from ${from}: give a date from \\d{4}-01-01 to`));
  });
}

Deno.test("--from without --dry-run starts nothing", async () => {
  const { code, err } = await say({ from: "2027-03-12" });
  strictEqual(code, 2);
  match(err, /Cannot use --from 2027-03-12 without --dry-run/);
});

Deno.test("--dry-run at the end of the calendar lists what is left and says what to do", async () => {
  const { out } = await say({ dryRun: true }, "2027-12-31T12:00:00Z");
  match(out, /^Next 3 runs/);
  match(out, /The calendar ends on 2027-12-31: update robo-trader before then\n$/);
});

Deno.test("--dry-run --json is one document with the same runs", async () => {
  const { code, out } = await say({ dryRun: true, json: true });
  strictEqual(code, 0);
  const runs: unknown = JSON.parse(out);
  strictEqual(Array.isArray(runs) && runs.length, 10);
  deepStrictEqual(Array.isArray(runs) && runs[1], {
    task: "session",
    exchange: "XNYS",
    date: "2026-11-23",
    local: "2026-11-23T09:20:00-05:00[America/New_York]",
    utc: "2026-11-23T14:20:00Z",
    note: "",
  });
});

Deno.test("--dry-run counts a closure of the override file in", async () => {
  const file = await Deno.makeTempFile();
  const closure = { exchange: "XNYS", date: "2026-11-23", closed: true, because: "Mourning" };
  await Deno.writeTextFile(file, JSON.stringify([closure]));
  const { out } = await say({ dryRun: true, calendar: file });
  await Deno.remove(file);
  match(out, /Mon 2026-11-23 {2,}closed: Mourning\nTue 2026-11-24 +probe/);
});

Deno.test("--print takes the paths it is given, whatever folder it runs in", async () => {
  const paths = { project: "/srv/robo-trader", deno: "/opt/deno/bin/deno" };
  const outs = [];
  for (const print of ["crontab", "systemd", "launchd"] as const) {
    outs.push((await say({ print, ...paths })).out);
  }
  match(outs[0] ?? "", /cd '\/srv\/robo-trader' && '\/opt\/deno\/bin\/deno' task session/);
  match(outs[1] ?? "", /^ExecStart="\/opt\/deno\/bin\/deno" task session$/m);
  match(outs[2] ?? "", /<string>\/opt\/deno\/bin\/deno<\/string>/);
  strictEqual(outs.some((out) => out.includes(Deno.cwd())), false);
});

Deno.test("wrong options end with 2 and a sentence, and start nothing", async () => {
  const refused: readonly [ScheduleTaskOptions, RegExp][] = [
    [{ probeBefore: 5 }, /raise --probe-before/],
    [{ sessionBefore: 241 }, /--session-before 241: give a whole number from 0 to 240/],
    [{ restarts: 6 }, /--restarts 6: give a whole number from 0 to 5/],
    [{ restarts: Number.NaN }, /--restarts NaN/],
    [{ lateUntil: -1 }, /--late-until -1/],
    [{ project: "here" }, /--project "here": give it from the root/],
    [{ notify: "ntfy.example/secret" }, /--notify: it is no http\(s\) address/],
    [{ calendar: "/nowhere/calendar.json" }, /"\/nowhere\/calendar.json": it does not exist/],
  ];
  for (const [options, message] of refused) {
    const { code, out, err } = await say(options);
    deepStrictEqual([code, out], [2, ""]);
    match(err, message);
    strictEqual(err.includes("secret"), false);
  }
});

Deno.test("a second schedule names the first and ends with 5", async () => {
  const project = await Deno.makeTempDir();
  const path = `${project}/schedule.json.lock`;
  {
    using _lock = takeLock(path, { pid: 4711, task: "schedule", since: 0 });
    const { code, err } = await say({ project, state: "schedule.json" });
    strictEqual(code, 5);
    match(err, /schedule \(pid 4711, since 1970-01-01T00:00:00.000Z\)/);
  }
  await Deno.remove(project, { recursive: true });
});

Deno.test("a state file that cannot be read ends with 1 and says what to do", async () => {
  const project = await Deno.makeTempDir();
  await Deno.writeTextFile(`${project}/schedule.json`, "{}");
  const { code, err } = await say({ project, state: "schedule.json" });
  strictEqual(code, 1);
  match(err, /look whether a session is running, then delete the file/);
  await Deno.remove(project, { recursive: true });
});

function start(
  options: ScheduleTaskOptions,
  clock: { readonly now: string; readonly speed: number },
  permissions: readonly string[] = ["-A"],
): Deno.ChildProcess {
  const root = new URL("../../", import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "-q",
        ...permissions,
        "--no-check",
        "--config",
        new URL("deno.json", root).pathname,
      ],
      new URL("./run_schedule.ts", import.meta.url).pathname,
      ...[JSON.stringify(options), clock.now, String(clock.speed)],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** Reads until a line with this text comes, and no further: what is said after that breaks the pipe. */
async function said(child: Deno.ChildProcess, text: string): Promise<void> {
  let seen = "";
  for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
    seen += chunk;
    if (seen.includes(text)) return;
  }
  throw new Error(`It ended without saying "${text}": ${seen}`);
}

Deno.test("a schedule that may start no task, or reach nobody, says so at once and not at 09:10", async () => {
  const project = await Deno.makeTempDir();
  const now = { now: "2026-11-20T22:00:00Z", speed: 1 };
  const files = ["--no-prompt", "--allow-read", `--allow-write=${project}`];
  const cannotRun = start({ project }, now, files);
  await said(cannotRun, 'set "run": true in the permission set "schedule"');
  strictEqual((await cannotRun.status).code, 2);
  const notify = "https://ntfy.example/secret";
  const cannotTell = start({ project, notify }, now, [...files, "--allow-run"]);
  await said(cannotTell, 'add "ntfy.example" to "net" in the permission set "schedule"');
  strictEqual((await cannotTell.status).code, 2);
  await Deno.remove(project, { recursive: true });
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`C10: ${signal} ends a schedule that sleeps over the weekend with 130 and frees its lock`, async () => {
    const project = await Deno.makeTempDir();
    const child = start({ project }, { now: "2026-11-20T22:00:00Z", speed: 1 });
    await said(child, "probe: waits until 2026-11-23T09:10:00-05:00[America/New_York]");
    child.kill(signal);
    strictEqual((await child.status).code, 130);
    takeLock(`${project}/data/schedule.json.lock`, { pid: 1, task: "test", since: 0 }).release();
    await Deno.remove(project, { recursive: true });
  });
}

Deno.test("SIGTERM ends the schedule with 130 while its session goes on winding down", async () => {
  const project = await Deno.makeTempDir();
  const task = (source: string): string => `deno eval '${source}'`;
  await Deno.writeTextFile(
    `${project}/deno.json`,
    JSON.stringify({ tasks: { probe: task("0"), session: "deno run -q -A session.ts" } }),
  );
  // It says that it was asked to end, and ends when it gets the lock.
  await Deno.writeTextFile(
    `${project}/session.ts`,
    `Deno.addSignalListener("SIGTERM", async () => {
      console.error("asked");
      const lock = await Deno.open("held", { read: true, write: true });
      await lock.lock(true);
      await Deno.writeTextFile("wound-down", "");
      Deno.exit(130);
    });
    setInterval(() => {}, 1000);
    console.error("ready");`,
  );
  const held = await Deno.open(`${project}/held`, { create: true, write: true });
  await held.lock(true);
  const child = start({ project }, { now: "2026-11-20T14:08:00Z", speed: 600 });
  await said(child, "ready\n");
  using watcher = Deno.watchFs(project);
  child.kill("SIGTERM");
  strictEqual((await child.status).code, 130);
  held.close();
  for await (const { paths } of watcher) {
    if (paths.some((path) => path.endsWith("/wound-down"))) break;
  }
  await Deno.remove(project, { recursive: true });
});
