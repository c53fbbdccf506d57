import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { calendar } from "../../lib/calendar/calendar.ts";
import { crontab } from "../../lib/schedule/crontab.ts";
import { launchdPlist } from "../../lib/schedule/launchd.ts";
import { DEFAULT_TIMING } from "../../lib/schedule/plan.ts";
import { systemdScript, systemdUnits } from "../../lib/schedule/systemd.ts";
import { type UnitOptions, unitRuns } from "../../lib/schedule/units.ts";

/** A folder and a deno whose names try to break out of every quoting. */
const NASTY = `it's 100% "mine" $HOME & <co>`;
const OPTIONS: UnitOptions = {
  deno: "/usr/local/bin/deno",
  project: "/home/trader/robo-trader",
  calendar: calendar("XNYS"),
  timing: DEFAULT_TIMING,
};

/** The five fields and the command of a crontab line, as cron reads them: `\%` is a percent sign, a bare one ends it. */
function cronEntry(line: string): { fields: string[]; command: string } {
  const match = /^((?:\S+ ){5})(.*)$/.exec(line);
  if (match === null) throw new Error(`No crontab line: ${line}`);
  const [, fields = "", rest = ""] = match;
  const [command = ""] = rest.split(/(?<!\\)%/);
  return { fields: fields.trim().split(" "), command: command.replaceAll("\\%", "%") };
}

function cronEntries(text: string): ReturnType<typeof cronEntry>[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map(cronEntry);
}

/**
 * Runs a command as cron would, on a host that believes it is `at` in `zone`. Answers what deno was asked to do;
 * empty when it was not started.
 */
async function asCron(command: string, host: { at: string; zone: string }): Promise<string> {
  const folder = await Deno.makeTempDir();
  const project = `${folder}/${NASTY}`;
  await Deno.mkdir(project);
  const date = '#!/bin/sh\nexec /bin/date -d "$FAKE_NOW" "$@"\n';
  await Deno.writeTextFile(`${folder}/date`, date, { mode: 0o755 });
  const deno = '#!/bin/sh\necho "$PWD: $*"\n';
  await Deno.writeTextFile(`${project}/deno`, deno, { mode: 0o755 });
  await new Deno.Command("/bin/sh", {
    args: ["-c", command.replaceAll("/FOLDER", folder)],
    cwd: folder,
    env: { PATH: `${folder}:/usr/bin:/bin`, FAKE_NOW: host.at, TZ: host.zone },
    clearEnv: true,
  }).output();
  const ran = [...Deno.readDirSync(project)].some(({ name }) => name === "schedule.log");
  const output = ran ? await Deno.readTextFile(`${project}/schedule.log`) : "";
  await Deno.remove(folder, { recursive: true });
  return output.replaceAll(folder, "/FOLDER");
}

async function nastySession(host: { at: string; zone: string }): Promise<string> {
  const project = `/FOLDER/${NASTY}`;
  const text = crontab({ ...OPTIONS, project, deno: `${project}/deno` });
  const session = cronEntries(text).find(({ command }) => command.includes("task session"));
  return await asCron(session?.command ?? "", host);
}

Deno.test("units start the probe at 09:10, the session at 09:20, the report at 16:15 New York time", () => {
  deepStrictEqual(unitRuns(OPTIONS).map(({ step, time, zone }) => `${step} ${time} ${zone}`), [
    "probe 09:10 America/New_York",
    "session 09:20 America/New_York",
    "report 16:15 America/New_York",
  ]);
  deepStrictEqual(
    unitRuns({ ...OPTIONS, calendar: calendar("XLON") }).map(({ time, zone }) => `${time} ${zone}`),
    ["07:40 Europe/London", "07:50 Europe/London", "16:45 Europe/London"],
  );
});

Deno.test("units refuse a path that is not absolute, or that would break the line", () => {
  throws(
    () => crontab({ ...OPTIONS, deno: "deno" }),
    /Cannot use path "deno": give it from the root/,
  );
  throws(() => launchdPlist({ ...OPTIONS, project: "./x" }), RangeError);
  throws(() => systemdUnits({ ...OPTIONS, project: "/a\nExecStart=/b" }), /control characters/);
  throws(() => systemdUnits({ ...OPTIONS, deno: "/it's/deno" }), { name: "UnitPathError" });
});

Deno.test("the crontab has a line for each task, each every five minutes of every day", () => {
  const entries = cronEntries(crontab(OPTIONS));
  deepStrictEqual(entries.map(({ fields }) => fields.join(" ")), [
    "*/5 * * * *",
    "*/5 * * * *",
    "*/5 * * * *",
  ]);
  match(
    entries[1]?.command ?? "",
    / && cd '\/home\/trader\/robo-trader' && '\/usr\/local\/bin\/deno' task session >> schedule.log 2>&1$/,
  );
});

Deno.test("the crontab looks every minute when a task's time is not on five minutes", () => {
  const timing = { ...DEFAULT_TIMING, sessionBeforeOpenMs: 7 * 60_000 };
  const entries = cronEntries(crontab({ ...OPTIONS, timing }));
  deepStrictEqual(entries.map(({ fields }) => fields[0]), ["*/5", "*", "*/5"]);
});

Deno.test({
  name:
    "the crontab's session starts at 09:20 New York time on any host, in winter and in summer (needs GNU date)",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const started = `/FOLDER/${NASTY}: task session\n`;
    const hosts = ["America/New_York", "UTC", "Asia/Tokyo", "Pacific/Auckland", "Asia/Kathmandu"];
    for (const zone of hosts) {
      strictEqual(await nastySession({ at: "2026-11-20 14:20:07 UTC", zone }), started, zone);
      strictEqual(await nastySession({ at: "2026-07-06 13:20:07 UTC", zone }), started, zone);
    }
  },
});

Deno.test({
  name:
    "the crontab's session does not start at another time or on a weekend of New York (needs GNU date)",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const others = [
      "2026-11-20 14:15:00 UTC",
      "2026-11-20 14:25:00 UTC",
      "2026-11-20 09:20:00 UTC",
      "2026-07-06 14:20:00 UTC",
      "2026-11-21 14:20:00 UTC",
      "2026-11-22 14:20:00 UTC",
    ];
    for (const at of others) strictEqual(await nastySession({ at, zone: "UTC" }), "", at);
  },
});

Deno.test("the systemd timers name the exchange's zone and make up for a missed report only", () => {
  const timers = systemdUnits(OPTIONS).filter(({ name }) => name.endsWith(".timer"));
  const lines = (text: string, key: string): string[] =>
    text.split("\n").filter((line) => line.startsWith(`${key}=`));
  deepStrictEqual(timers.flatMap(({ text }) => lines(text, "OnCalendar")), [
    "OnCalendar=Mon..Fri 09:10:00 America/New_York",
    "OnCalendar=Mon..Fri 09:20:00 America/New_York",
    "OnCalendar=Mon..Fri 16:15:00 America/New_York",
  ]);
  deepStrictEqual(timers.flatMap(({ text }) => lines(text, "Persistent")), [
    "Persistent=false",
    "Persistent=false",
    "Persistent=true",
  ]);
});

Deno.test("the systemd session is started three times at most, and not after codes that mean stop", () => {
  const session = systemdUnits(OPTIONS).find(({ name }) => name === "robo-trader-session.service");
  match(session?.text ?? "", /^StartLimitBurst=3$/m);
  match(session?.text ?? "", /^RestartPreventExitStatus=2 4 5 130$/m);
  match(session?.text ?? "", /^KillMode=mixed$/m);
});

/** Runs the printed script as a user would, with a systemctl that only notes what it was asked. */
async function installed(
  options: UnitOptions,
  use: (units: string) => Promise<void>,
): Promise<string> {
  const home = await Deno.makeTempDir();
  const systemctl = '#!/bin/sh\necho "$*" >> "$HOME/asked"\n';
  await Deno.writeTextFile(`${home}/systemctl`, systemctl, { mode: 0o755 });
  await Deno.writeTextFile(`${home}/units.sh`, systemdScript(options));
  const { success } = await new Deno.Command("/bin/sh", {
    args: [`${home}/units.sh`],
    env: { HOME: home, PATH: `${home}:/usr/bin:/bin` },
    clearEnv: true,
  }).output();
  strictEqual(success, true);
  await use(`${home}/.config/systemd/user`);
  const asked = await Deno.readTextFile(`${home}/asked`);
  await Deno.remove(home, { recursive: true });
  return asked;
}

Deno.test("the systemd script writes every unit as it is and starts the timers", async () => {
  const options = { ...OPTIONS, project: `/home/${NASTY}` };
  const asked = await installed(options, async (units) => {
    for (const { name, text } of systemdUnits(options)) {
      strictEqual(await Deno.readTextFile(`${units}/${name}`), text);
    }
  });
  strictEqual(
    asked,
    "--user daemon-reload\n--user enable --now robo-trader-probe.timer robo-trader-session.timer " +
      "robo-trader-report.timer\n",
  );
});

const ANALYZE = "/usr/bin/systemd-analyze";

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function analyze(...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(ANALYZE, {
    args,
    env: { TZ: "UTC", XDG_RUNTIME_DIR: Deno.env.get("TMPDIR") ?? "/tmp" },
  })
    .output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test({
  name: "systemd itself finds nothing wrong with the units (needs systemd-analyze)",
  ignore: !exists(ANALYZE),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const project = `${folder}/100% $HOME & (mine)`;
    await Deno.mkdir(project);
    await Deno.writeTextFile(`${project}/deno`, "#!/bin/sh\n", { mode: 0o755 });
    await installed({ ...OPTIONS, project, deno: `${project}/deno` }, async (units) => {
      const files = [...Deno.readDirSync(units)].map(({ name }) => `${units}/${name}`);
      strictEqual(files.length, 6);
      const { code, text } = await analyze("verify", "--user", ...files);
      deepStrictEqual(text.split("\n").filter((line) => line.includes("robo-trader-")), []);
      strictEqual(code, 0, text);
    });
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "systemd reads the timers as 13:20 and 14:20 UTC by season (needs systemd-analyze)",
  ignore: !exists(ANALYZE),
  fn: async () => {
    const timer = systemdUnits(OPTIONS).find(({ name }) => name === "robo-trader-session.timer");
    const [, when = ""] = /^OnCalendar=(.*)$/m.exec(timer?.text ?? "") ?? [];
    const winter = await analyze("calendar", "--base-time=2026-11-20 00:00:00 UTC", when);
    match(winter.text, /Fri 2026-11-20 14:20:00 UTC/);
    const summer = await analyze("calendar", "--base-time=2026-07-04 00:00:00 UTC", when);
    match(summer.text, /Mon 2026-07-06 13:20:00 UTC/);
  },
});

Deno.test("the launchd agent keeps deno task schedule alive and has no time of its own", () => {
  const text = launchdPlist({ ...OPTIONS, project: "/Users/a & b/<robo>" });
  const keys = [...text.matchAll(/<key>(.*?)<\/key>/g)].map(([, key]) => key);
  deepStrictEqual(keys, [
    "Label",
    "ProgramArguments",
    "WorkingDirectory",
    "RunAtLoad",
    "KeepAlive",
    "SuccessfulExit",
    "ThrottleInterval",
    "StandardOutPath",
    "StandardErrorPath",
  ]);
  deepStrictEqual([...text.matchAll(/<string>(.*?)<\/string>/g)].map(([, value]) => value), [
    "robo-trader.schedule",
    "/usr/local/bin/deno",
    "task",
    "schedule",
    "/Users/a &amp; b/&lt;robo&gt;",
    "/Users/a &amp; b/&lt;robo&gt;/schedule.log",
    "/Users/a &amp; b/&lt;robo&gt;/schedule.log",
  ]);
  const [, comment = ""] = /<!--([^]*?)-->/.exec(text) ?? [];
  strictEqual(comment.includes("--"), false);
});
