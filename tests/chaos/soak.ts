import { Command } from "@commander-js/extra-typings";
import { calendar } from "../../lib/calendar/calendar.ts";
import { print } from "../../lib/terminal.ts";
import { Soak } from "./soak_day.ts";
import { faultsOf } from "./soak_faults.ts";

/**
 * `deno task soak --days 30 --seed 1`: market days in one process and one ledger, a fault an hour, the Gateway ended
 * every night and started again from its state file, a second factor that comes late every Monday. Every invariant is
 * held against the Gateway each evening; exit code 1 when one broke or memory grew.
 *
 * Judged is what lives once the day's Gateway is gone. The resident size beside it is a high-water mark that rises with
 * the days the Gateway replays from its state file; with a new Gateway and ledger a day it stays where it is.
 */

/** What is loaded once (calendars, the market, compiled code) is there after this many days. */
const WARM_UP_DAYS = 10;
/** What finalizers free is free in the round after. */
const GC_ROUNDS = 3;
const GROWTH_MAX_BYTES = 5_000_000;

const { days, seed, from } = new Command("soak")
  .option("--days <n>", "how many market days", Number, 30)
  .option("--seed <n>", "other markets, other faults", Number, 1)
  .option("--from <date>", "not before this exchange date", "2026-10-01")
  .parse(Deno.args, { from: "user" }).opts();

const xnys = calendar("XNYS");
let afterMs = Temporal.PlainDate.from(from).toZonedDateTime(xnys.zone).epochMilliseconds;
let failed = 0;
let fills = 0;
const live: number[] = []; // bytes of live objects after each day

using soak = new Soak(seed);
for (let nth = 1; nth <= days; nth++) {
  const day = xnys.nextSession(afterMs);
  afterMs = day.closesAt;
  const result = await soak.run(day, faultsOf(seed, day.date));
  fills += result.fills;
  live.push(await liveBytes());
  print(
    `${day.date}  ${result.sessions} sessions, ${result.fills} fills, ${result.incidents} incidents, ` +
      `${megabytes(live.at(-1) ?? 0)} MB live of a heap of ${
        megabytes(Deno.memoryUsage().heapTotal)
      }, ${megabytes(Deno.memoryUsage().rss)} MB resident`,
  );
  if (result.breaches.length === 0) continue;
  failed++;
  print(`  faults: ${result.faults.join(" ")}\n  ${result.breaches.join("\n  ")}`);
}
const grown = growth();
print(
  `${days} days, ${fills} fills, ${failed} days with a breach, ${
    grown === null ? "memory not judged in so few days" : `${megabytes(grown)} MB grown`
  }`,
);
if (failed > 0 || (grown ?? 0) > GROWTH_MAX_BYTES) Deno.exitCode = 1;

/**
 * Needs `--v8-flags=--expose-gc`; what the collector has not visited yet is no growth. Nor is the day's Gateway, which
 * remembers all days before: its sockets let go of it a few turns after they have closed.
 */
async function liveBytes(): Promise<number> {
  const gc: unknown = Reflect.get(globalThis, "gc");
  for (let round = 0; round < GC_ROUNDS; round++) {
    await new Promise((resolve) => setTimeout(resolve));
    if (typeof gc === "function") gc();
  }
  return Deno.memoryUsage().heapUsed + Deno.memoryUsage().external;
}

/** From the end of the warm-up to the end: the lower of the last days, as one day differs from another. */
function growth(): number | null {
  const warm = live.slice(WARM_UP_DAYS - 3, WARM_UP_DAYS);
  const last = live.slice(-3);
  return live.length < WARM_UP_DAYS + 3 ? null : Math.min(...last) - Math.min(...warm);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
