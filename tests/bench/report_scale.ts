import { join } from "node:path";
import type { Entry } from "../../lib/ledger/entry.ts";
import { busyDay, busyYears } from "../report/busy_day.ts";
import { writeLedgerFile } from "./ledger_file.ts";

/**
 * How the report grows: the task as a process of its own, from its start to its end, on ledger files of one busy day
 * and of years of days of 500 fills. Run with `deno run -P=tests tests/bench/report_scale.ts`; a million fills make a
 * ledger of 4 GB in the temporary folder, and writing it takes minutes.
 */

const DAYS = [500, 10_000, 100_000] as const;
const YEARS = [10_000, 100_000, 1_000_000] as const;

const ROOT = join(import.meta.dirname ?? ".", "..", "..");
/** As the task says it, but free to read and write the temporary folder. */
const COMMAND = taskCommand();

function taskCommand(): readonly string[] {
  const config: unknown = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json")));
  const command = /"(deno run [^"]* report)"/.exec(JSON.stringify(config))?.[1];
  if (command === undefined) throw new Error("deno.json has no task that ends with report");
  return command.split(" ").slice(1).map((word) => word === "-P=report" ? "--allow-all" : word);
}

interface Took {
  readonly seconds: number;
  /** What the processor worked for it: more telling on a machine that does other things. */
  readonly cpuSeconds: number;
  /** Most memory the process ever had, as the kernel counted it. */
  readonly megabytes: number;
}

/** GNU time counts what the process itself cannot: its start, and its peak. */
function measure(ledger: string, out: string, flags: readonly string[]): Took {
  const { code, stderr } = new Deno.Command("/usr/bin/time", {
    args: [
      ...["-f", "%e %U %M", Deno.execPath(), ...COMMAND],
      ...["--ledger", ledger, "--out", out, ...flags],
    ],
    cwd: ROOT,
    stdout: "null",
  }).outputSync();
  const text = new TextDecoder().decode(stderr).trim();
  if (code !== 0) throw new Error(`the report failed with ${code}: ${text}`);
  const [seconds = NaN, cpuSeconds = NaN, kilobytes = NaN] = (text.split("\n").at(-1) ?? "").split(
    " ",
  ).map(Number);
  return { seconds, cpuSeconds, megabytes: kilobytes / 1_000 };
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Each size with the time per fill against the size before. */
function grow(
  sizes: readonly number[],
  { name, entries, flags }: {
    readonly name: string;
    readonly entries: (fills: number) => Iterable<Entry>;
    readonly flags: readonly string[];
  },
): void {
  let before: { readonly fills: number; readonly cpuSeconds: number } | null = null;
  for (const fills of sizes) {
    const folder = Deno.makeTempDirSync();
    const ledger = join(folder, "ledger.sqlite");
    writeLedgerFile(ledger, entries(fills));
    const { seconds, cpuSeconds, megabytes } = measure(ledger, join(folder, "out"), flags);
    const size = Deno.statSync(join(folder, "out", "report.html")).size;
    Deno.removeSync(folder, { recursive: true });
    const ratio = before === null
      ? ""
      : `, fills × ${fills / before.fills}, CPU × ${(cpuSeconds / before.cpuSeconds).toFixed(1)}`;
    say(
      `${name}, by task report ${flags.join(" ")} on a SQLite ledger, of ${fills} fills: ${
        seconds.toFixed(2)
      } s (${cpuSeconds.toFixed(2)} s of CPU), ${Math.round(megabytes)} MB, page of ${
        Math.round(size / 1_000)
      } kB${ratio}`,
    );
    before = { fills, cpuSeconds };
  }
}

grow(DAYS, { name: "a day", entries: busyDay, flags: ["--format", "html,md,json,csv"] });
grow(YEARS, { name: "years", entries: busyYears, flags: ["--period", "all"] });
