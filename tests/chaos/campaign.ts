import { z } from "zod";
import { compile } from "./program.ts";
import type { KillPoint } from "./killer.ts";
import type { SeedResult } from "./run_seed.ts";

/** Many days, shared among worker processes. */
export interface Campaign {
  readonly from: number;
  readonly seeds: number;
  /** Days at once. */
  readonly workers: number;
  readonly keep: boolean;
  /** Every day dies at this point only. */
  readonly point?: KillPoint | undefined;
  /** The days of this row of `rows.ts` only. */
  readonly row?: string | undefined;
}

/** What a worker process is told, as JSON. */
export const workSchema = z.strictObject({
  index: z.int(),
  program: z.strictObject({ args: z.array(z.string()) }),
});
type Work = z.infer<typeof workSchema>;

/** One process per core, and one for the time they wait for the disk; each takes every n-th seed. */
export const WORKERS_DEFAULT = 3;

/** True when every worker did all its days. */
export async function runCampaign(
  campaign: Campaign,
  onResult: (result: SeedResult) => void,
): Promise<boolean> {
  const folder = Deno.makeTempDirSync({ prefix: "chaos-program-" });
  try {
    const { args } = await compile(folder);
    const codes = await Promise.all(
      Array.from(
        { length: campaign.workers },
        (_, index) => follow(campaign, { index, program: { args: [...args] } }, onResult),
      ),
    );
    return codes.every((code) => code === 0);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Runs one worker process and hands over its results; returns its exit code. */
async function follow(
  campaign: Campaign,
  work: Work,
  onResult: (result: SeedResult) => void,
): Promise<number> {
  const script = new URL("./chaos.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "-P=tests",
      "--no-prompt",
      script,
      ...argumentsOf(campaign),
      JSON.stringify(work),
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

function argumentsOf({ from, seeds, workers, keep, point, row }: Campaign): string[] {
  return [
    ...["--from", String(from), "--seeds", String(seeds), "--workers", String(workers)],
    ...keep ? ["--keep"] : [],
    ...point === undefined ? [] : ["--point", point],
    ...row === undefined ? [] : ["--row", row],
    "--work",
  ];
}

/** A day in words, its breaches, and the command that replays it. */
export function describe(
  { seed, plan, breaches, hash, folder }: SeedResult,
  { point, row, keep }: Pick<Campaign, "point" | "row" | "keep">,
): string {
  const how = [
    ...plan.kills.map((kill) => `${kill.point} ${kill.count}`),
    ...plan.faults,
    plan.style,
    ...plan.trailing ? ["stops that follow"] : [],
  ];
  const only = [
    ...point === undefined ? [] : [` --point ${point}`],
    ...row === undefined ? [] : [` --row ${row}`],
  ].join("");
  return [
    `seed ${seed} (${how.join(", ")}), ledger ${hash.slice(0, 12)}:`,
    ...breaches.map((breach) => `  ${breach}`),
    keep
      ? `  files: ${folder}`
      : `  replay: deno task chaos --seeds 1 --from ${seed}${only} --keep`,
  ].join("\n");
}
