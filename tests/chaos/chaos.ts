import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { print, ProgressLine } from "../../lib/terminal.ts";
import { KILL_POINTS, type KillPoint } from "./killer.ts";
import { planOf } from "./plans.ts";
import { runSeed, type SeedResult } from "./run_seed.ts";
import { summaryOf } from "./summary.ts";

/**
 * `deno task chaos --seeds 1000 --from 1`: trading days whose session processes are killed with SIGKILL, each checked
 * against the Gateway's own history. A failing seed is printed with the command that replays it, to the same ledger
 * hash. Exit code 1 when any failed.
 */

/** One process per core, and one for the time they wait for the disk; each takes every n-th seed. */
const WORKERS_DEFAULT = 3;

const { seeds, from, workers, worker, point, keep } = new Command("chaos")
  .option("--seeds <n>", "how many", Number, 1000)
  .option("--from <seed>", "the first", Number, 1)
  .option("--point <name>", "kill at this point only, its count being the seed's", parsePoint)
  .option("--workers <n>", "how many days at once", Number, WORKERS_DEFAULT)
  .option("--keep", "leave ledger and Gateway's journal in their folders", false)
  .option("--worker <index>", "internal: take every n-th seed, print results as JSON lines", Number)
  .parse(Deno.args, { from: "user" }).opts();

if (worker === undefined) await supervise();
else await work(worker);

async function work(index: number): Promise<void> {
  for (let seed = from + index; seed < from + seeds; seed += workers) {
    const plan = point === undefined ? planOf(seed) : planOf(seed, point);
    print(JSON.stringify(await runSeed(seed, { plan, keep })));
  }
}

async function supervise(): Promise<void> {
  const startedMs = performance.now();
  const progress = new ProgressLine();
  const results: SeedResult[] = [];
  const codes = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      follow(index, (result) => {
        results.push(result);
        progress.update(() => `${results.length} of ${seeds} days`);
        if (result.breaches.length === 0 && !keep) return;
        progress.clear();
        print(describe(result));
      })),
  );
  progress.clear();
  for (const line of summaryOf(results)) print(line);
  const failed = results.filter(({ breaches }) => breaches.length > 0).length;
  print(`${failed} of ${results.length} days failed, ${wholeSeconds(startedMs)} s`);
  if (failed > 0 || results.length < seeds || codes.some((code) => code !== 0)) Deno.exitCode = 1;
}

/** Runs one worker process and hands over its results; returns its exit code. */
async function follow(index: number, onResult: (result: SeedResult) => void): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "-P=tests",
      "--no-prompt",
      import.meta.filename ?? "",
      ...Deno.args,
      "--worker",
      String(index),
    ],
    stdout: "piped",
  }).spawn();
  let pending = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (pending + text).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) onResult(JSON.parse(line));
  }
  return (await child.status).code;
}

function describe({ seed, plan, breaches, hash, folder }: SeedResult): string {
  const how = [
    ...plan.kills.map((kill) => `${kill.point} ${kill.count}`),
    ...plan.faults,
    plan.style,
    ...plan.trailing ? ["stops that follow"] : [],
  ];
  const only = point === undefined ? "" : ` --point ${point}`;
  return [
    `seed ${seed} (${how.join(", ")}), ledger ${hash.slice(0, 12)}:`,
    ...breaches.map((breach) => `  ${breach}`),
    keep
      ? `  files: ${folder}`
      : `  replay: deno task chaos --seeds 1 --from ${seed}${only} --keep`,
  ].join("\n");
}

function parsePoint(text: string): KillPoint {
  const found = KILL_POINTS.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Choose one of: ${KILL_POINTS.join(", ")}`);
}

function wholeSeconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1_000).toFixed(0);
}
