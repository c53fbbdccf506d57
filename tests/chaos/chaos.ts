import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { print, ProgressLine } from "../../lib/terminal.ts";
import { describe, runCampaign, WORKERS_DEFAULT, workSchema } from "./campaign.ts";
import { KILL_POINTS, type KillPoint } from "./killer.ts";
import { planOf } from "./plans.ts";
import { ROWS } from "./rows.ts";
import { runSeed, type SeedResult } from "./run_seed.ts";
import { summaryOf } from "./summary.ts";

/**
 * `deno task chaos --seeds 1000 --from 1`: trading days whose session processes are killed with SIGKILL, each checked
 * against the Gateway's own history. A failing seed is printed with the command that replays it, to the same ledger
 * hash. Exit code 1 when any failed.
 */

const { seeds, from, workers, work, point, row, keep } = new Command("chaos")
  .option("--seeds <n>", "how many", Number, 1000)
  .option("--from <seed>", "the first", Number, 1)
  .option("--point <name>", "kill at this point only, its count being the seed's", parsePoint)
  .option("--row <n>", "the days of one row of `deno task survive`", parseRow)
  .option("--workers <n>", "how many days at once", Number, WORKERS_DEFAULT)
  .option("--keep", "leave ledger and Gateway's journal in their folders", false)
  .option("--work <json>", "internal: take every n-th seed, print results as JSON lines")
  .parse(Deno.args, { from: "user" }).opts();

if (work === undefined) await supervise();
else await labour(work);

async function labour(text: string): Promise<void> {
  const { index, program } = workSchema.parse(JSON.parse(text));
  const planFor = ROWS.find((one) => one.row === row)?.plan;
  for (let seed = from + index; seed < from + seeds; seed += workers) {
    const plan = planFor === undefined ? planOf(seed, point) : planFor(seed);
    print(JSON.stringify(await runSeed(seed, { plan, keep, program })));
  }
}

async function supervise(): Promise<void> {
  const startedMs = performance.now();
  const progress = new ProgressLine();
  const results: SeedResult[] = [];
  const campaign = { seeds, from, workers, keep, point, row };
  const isComplete = await runCampaign(campaign, (result) => {
    results.push(result);
    progress.update(() => `${results.length} of ${seeds} days`);
    if (result.breaches.length === 0 && !keep) return;
    progress.clear();
    print(describe(result, campaign));
  });
  progress.clear();
  for (const line of summaryOf(results)) print(line);
  const failed = results.filter(({ breaches }) => breaches.length > 0).length;
  print(`${failed} of ${results.length} days failed, ${wholeSeconds(startedMs)} s`);
  if (failed > 0 || results.length < seeds || !isComplete) Deno.exitCode = 1;
}

function parsePoint(text: string): KillPoint {
  const found = KILL_POINTS.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Choose one of: ${KILL_POINTS.join(", ")}`);
}

function parseRow(text: string): string {
  if (ROWS.some(({ row }) => row === text)) return text;
  throw new InvalidArgumentError(`Choose one of: ${ROWS.map(({ row }) => row).join(", ")}`);
}

function wholeSeconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1_000).toFixed(0);
}
