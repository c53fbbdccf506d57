import { Command } from "@commander-js/extra-typings";
import { print, ProgressLine } from "../../lib/terminal.ts";
import { runSeed, type SeedResult } from "./run_seed.ts";

/**
 * `deno task chaos --seeds 1000 --from 1`: trading days that die at random points, each checked against the
 * Gateway's own history. A failing seed is printed with the command that replays it. Exit code 1 when any failed.
 */

/** One process per core; each takes every n-th seed. */
const WORKERS = 2;

const { seeds, from, worker } = new Command("chaos")
  .option("--seeds <n>", "how many", Number, 1000)
  .option("--from <seed>", "the first", Number, 1)
  .option("--worker <index>", "internal: take every n-th seed, print results as JSON lines", Number)
  .parse(Deno.args, { from: "user" }).opts();

if (worker === undefined) await supervise();
else await work(worker);

async function work(index: number): Promise<void> {
  for (let seed = from + index; seed < from + seeds; seed += WORKERS) {
    print(JSON.stringify(await runSeed(seed)));
  }
}

async function supervise(): Promise<void> {
  const startedMs = performance.now();
  const progress = new ProgressLine();
  const results: SeedResult[] = [];
  const workers = Array.from({ length: WORKERS }, (_, index) =>
    follow(index, (result) => {
      results.push(result);
      progress.update(() => `${results.length} of ${seeds} days`);
      if (result.breaches.length > 0) {
        progress.clear();
        print(describe(result));
      }
    }));
  const codes = await Promise.all(workers);
  progress.clear();
  const failed = results.filter(({ breaches }) => breaches.length > 0).length;
  const lives = results.reduce((sum, result) => sum + result.lives, 0);
  const fills = results.reduce((sum, result) => sum + result.fills, 0);
  const seconds = (performance.now() - startedMs) / 1_000;
  print(
    `${results.length} days, ${lives - results.length} deaths, ${fills} fills, ${failed} failed, ` +
      `${seconds.toFixed(0)} s`,
  );
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
      "--seeds",
      String(seeds),
      "--from",
      String(from),
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

function describe({ seed, kills, breaches }: SeedResult): string {
  const how = kills.map(({ point, count }) => `${point} ${count}`).join(", ");
  return `seed ${seed} (${how}):\n  ${
    breaches.join("\n  ")
  }\n  replay: deno task chaos --seeds 1 --from ${seed}`;
}
