import { INTENT_TO_ACK } from "./plans.ts";
import type { SeedResult } from "./run_seed.ts";

/** What a campaign did, in lines: how often it killed where, which faults it met, and how long a restart took. */
export function summaryOf(results: readonly SeedResult[]): string[] {
  const sum = (of: (result: SeedResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const days = (is: (result: SeedResult) => boolean): string => `${results.filter(is).length} days`;
  const bare = results.map(({ bareMs }) => bareMs).sort((a, b) => a - b);
  return [
    `${results.length} days, ${sum(({ lives }) => lives)} session processes, ` +
    `${sum(({ deaths }) => deaths)} killed with SIGKILL, ${sum(({ fills }) => fills)} fills`,
    `${days(({ killedAt: [first] }) => first !== undefined && INTENT_TO_ACK.includes(first))} ` +
    `died between intent and acknowledgement, ` +
    `${days(({ killedAt }) => killedAt.includes("during-recovery"))} again while recovering, ` +
    `${sum(({ resumed }) => resumed)} deaths in the middle of an algorithm`,
    `killed at: ${counted(results.flatMap(({ killedAt }) => killedAt))}`,
    `faults: ${counted(results.flatMap(({ plan }) => plan.faults.map(nameOf))) || "none"}`,
    `shares held that no order at the broker would sell: median ${seconds(quantile(bare, 0.5))}, ` +
    `p99 ${seconds(quantile(bare, 0.99))}, worst ${seconds(bare.at(-1) ?? null)}`,
    restartsOf(results),
  ];
}

/** How long a person would wait for a session that was started again, machine and load being what they are. */
export function restartsOf(results: readonly SeedResult[]): string {
  const waits = results.flatMap(({ reconciledMs }) => reconciledMs).sort((a, b) => a - b);
  return `process start to books that equal the broker's, on the wall: median ` +
    `${seconds(quantile(waits, 0.5))}, p99 ${seconds(quantile(waits, 0.99))}, ` +
    `worst ${seconds(waits.at(-1) ?? null)}`;
}

/** `restart=ids:keep@15:40-15:43` → `restart` */
function nameOf(fault: string): string {
  return fault.split(/[=@]/, 1)[0] ?? fault;
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort().map(([name, count]) => `${name} ${count}`).join(", ");
}

function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

function seconds(ms: number | null): string {
  return ms === null ? "unknown" : `${(ms / 1_000).toFixed(1)} s`;
}
