import { Command } from "@commander-js/extra-typings";
import { print, ProgressLine } from "../../lib/terminal.ts";
import { describe, runCampaign, WORKERS_DEFAULT } from "./campaign.ts";
import { type Row, ROWS } from "./rows.ts";
import type { SeedResult } from "./run_seed.ts";
import { restartsOf } from "./summary.ts";

/**
 * `deno task survive`: everything a session must survive, one row after the other, in under ten minutes on two cores.
 * The numbers of days are what fits; `deno task chaos` runs more of any row. Exit code 1 on any breach.
 */

interface Outcome {
  readonly row: string;
  readonly what: string;
  /** What was run, `seeds 1-100`. */
  readonly cases: string;
  readonly processes: number;
  readonly killed: number;
  readonly breaches: number;
  readonly seconds: number;
}

const SOAK_DAYS = 30;
const PERMUTATIONS = "tests/session/callbacks_test.ts";

const { from, times } = new Command("survive")
  .option("--from <seed>", "the first seed of every row", Number, 1)
  .option("--times <n>", "that many times as many days; 0.1 for a quick look", Number, 1)
  .parse(Deno.args, { from: "user" }).opts();

const startedMs = performance.now();
const progress = new ProgressLine();
print(line(["row", "cases", "processes", "killed", "breaches", "seconds", "what"]));
// One long process beside the short ones, so that both cores have work to the end.
const soaked = soak();
const outcomes: Outcome[] = [];
const allDays: SeedResult[] = [];
for (const row of ROWS) outcomes.push(tell(await campaign(row)));
outcomes.push(tell(await permutations()));
progress.update(() => `row 38: ${SOAK_DAYS} days`);
outcomes.push(tell(await soaked));
const breaches = outcomes.reduce((sum, one) => sum + one.breaches, 0);
print(restartsOf(allDays));
print(
  `${outcomes.reduce((sum, one) => sum + one.processes, 0)} processes, ` +
    `${outcomes.reduce((sum, one) => sum + one.killed, 0)} killed with SIGKILL, ` +
    `${breaches} breaches, ${secondsSince(startedMs)} s`,
);
if (breaches > 0) Deno.exitCode = 1;

async function campaign({ row, what, seeds }: Row): Promise<Outcome> {
  const sinceMs = performance.now();
  const all = Math.ceil(seeds * times);
  const results: SeedResult[] = [];
  const days = { from, seeds: all, row, point: undefined, keep: false, workers: WORKERS_DEFAULT };
  const isComplete = await runCampaign(days, (result) => {
    results.push(result);
    progress.update(() => `row ${row}: ${results.length} of ${all} days`);
    if (result.breaches.length === 0) return;
    progress.clear();
    print(describe(result, days));
  });
  allDays.push(...results);
  const sum = (of: (result: SeedResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    row,
    what,
    cases: `seeds ${from}-${from + all - 1}`,
    processes: sum(({ lives }) => lives),
    killed: sum(({ deaths }) => deaths),
    // A worker that broke off leaves days unproven.
    breaches: sum((result) => result.breaches.length) + (isComplete ? 0 : 1),
    seconds: secondsSince(sinceMs),
  };
}

async function permutations(): Promise<Outcome> {
  const sinceMs = performance.now();
  progress.update(() => "row 20: permutations");
  const { success, text } = await deno(["test", "-q", "-P=tests", PERMUTATIONS]);
  if (!success) print(text);
  return {
    row: "20",
    what: "a day's callbacks in any order and repeated",
    cases: "10,000 permutations",
    processes: 1,
    killed: 0,
    breaches: success ? 0 : 1,
    seconds: secondsSince(sinceMs),
  };
}

async function soak(): Promise<Outcome> {
  const sinceMs = performance.now();
  const { success, text } = await deno([
    ...["run", "-q", "-P=tests", "--no-prompt", "--v8-flags=--expose-gc", "tests/chaos/soak.ts"],
    ...["--days", String(SOAK_DAYS), "--seed", String(from)],
  ]);
  const found = Number(/(\d+) days with a breach/.exec(text)?.[1] ?? 0);
  if (!success) print(text);
  return {
    row: "38",
    what: "a fault an hour, a new Gateway every night, in one ledger",
    cases: `${SOAK_DAYS} days, seed ${from}`,
    processes: 1,
    killed: 0,
    // Memory that grew is a breach as well.
    breaches: success ? 0 : Math.max(1, found),
    seconds: secondsSince(sinceMs),
  };
}

async function deno(args: readonly string[]): Promise<{ success: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { success, text: `${decoder.decode(stdout)}${decoder.decode(stderr)}` };
}

function tell(outcome: Outcome): Outcome {
  progress.clear();
  const { row, cases, processes, killed, breaches, seconds, what } = outcome;
  print(line([row, cases, ...[processes, killed, breaches, seconds].map(String), what]));
  return outcome;
}

/** Columns under each other; the last takes what it needs. */
function line(cells: readonly string[]): string {
  const [row = "", cases = "", ...rest] = cells;
  const what = rest.pop() ?? "";
  return [row.padEnd(4), cases.padEnd(20), ...rest.map((cell) => cell.padStart(9)), what].join(
    "  ",
  );
}

function secondsSince(sinceMs: number): number {
  return Math.round((performance.now() - sinceMs) / 1_000);
}
