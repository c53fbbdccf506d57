import { join } from "node:path";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { print } from "../../lib/terminal.ts";
import { openBareLoop } from "./bare_loop.ts";
import { openOrderPath, type OrderPath } from "./order_path_rig.ts";
import { percentiles } from "./percentiles.ts";

/**
 * From a finished bar to an entry and its stop on the wire. Ours has strategy, risk, planning and ledger on the way:
 * once with the ledger in memory, once with the intents durable on disk before a byte leaves. Beside it the client
 * library alone, which decides nothing and keeps nothing. `deno run -P=tests tests/bench/order_path.ts`
 */

const WARM_UP = 50;
const TIMES = 500;
/** Two orders, at fewer messages a second than IB allows. */
const APART_MS = 50;

interface Samples {
  /** Until the program is done with the bar; ours has given the bytes to the kernel then. */
  readonly done: readonly number[];
  /** Until both orders have come out at the other end of the loopback. */
  readonly arrived: readonly number[];
}

/** The three take turns at each bar, so that whatever else the machine does falls on all of them alike. */
async function measure(paths: readonly OrderPath[]): Promise<readonly Samples[]> {
  const samples = paths.map(() => ({ done: [] as number[], arrived: [] as number[] }));
  for (let nth = 0; nth < WARM_UP + TIMES; nth++) {
    for (const [index, path] of paths.entries()) {
      await new Promise((resolve) => setTimeout(resolve, APART_MS));
      const started = performance.now();
      const doneMs = path.bar();
      await path.arrived();
      const arrivedMs = performance.now() - started;
      if (nth < WARM_UP) continue;
      samples[index]?.done.push(doneMs);
      samples[index]?.arrived.push(arrivedMs);
    }
  }
  for (const path of paths) {
    const sent = await path.close();
    if (sent !== 2 * (WARM_UP + TIMES)) throw new Error(`Only ${sent} orders reached the wire`);
  }
  return samples;
}

function ratio(ours: readonly number[], theirs: readonly number[]): string {
  const at = (samples: readonly number[], part: number): number =>
    samples.toSorted((a, b) => a - b)[Math.floor(samples.length * part)] ?? NaN;
  const times = (part: number): string => (at(ours, part) / at(theirs, part)).toFixed(2);
  return `p50 ${times(0.5)}   p99 ${times(0.99)}`;
}

const folder = Deno.makeTempDirSync({ prefix: "bench-" });
const durable = openLedger(join(folder, "ledger.sqlite"));
try {
  const [bare, memory, disk] = await measure([
    await openBareLoop(),
    await openOrderPath(new MemoryLedger()),
    await openOrderPath(durable),
  ]);
  if (bare === undefined || memory === undefined || disk === undefined) throw new Error("Nothing");
  print(percentiles("bar done, ledger in memory", memory.done));
  print(percentiles("bar done, intents durable first", disk.done));
  print(percentiles("on the wire, client library alone", bare.arrived));
  print(percentiles("on the wire, ledger in memory", memory.arrived));
  print(percentiles("on the wire, intents durable first", disk.arrived));
  print(`${"durable : in memory".padEnd(44)} ${ratio(disk.arrived, memory.arrived)}`);
  print(`${"durable : client library alone".padEnd(44)} ${ratio(disk.arrived, bare.arrived)}`);
} finally {
  durable.close();
  Deno.removeSync(folder, { recursive: true });
}
