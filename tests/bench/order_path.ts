import { join } from "node:path";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { print } from "../../lib/terminal.ts";
import { openOrderPath } from "./order_path_rig.ts";
import { percentiles } from "./percentiles.ts";

/**
 * From a finished bar to the bytes of entry and stop in the kernel's hands, with strategy, risk, planning and ledger on
 * the way: once with the ledger in memory, once with the intents durable on disk before a byte leaves.
 * `deno run -P=tests tests/bench/order_path.ts`
 */

const WARM_UP = 50;
const TIMES = 500;
/** Two orders, at fewer messages a second than IB allows. */
const APART_MS = 50;

async function measure(ledger: Ledger): Promise<number[]> {
  const path = await openOrderPath(ledger);
  const samples: number[] = [];
  for (let nth = 0; nth < WARM_UP + TIMES; nth++) {
    await new Promise((resolve) => setTimeout(resolve, APART_MS));
    const tookMs = path.bar();
    if (nth >= WARM_UP) samples.push(tookMs);
  }
  const sent = await path.close();
  if (sent !== 2 * (WARM_UP + TIMES)) throw new Error(`Only ${sent} orders reached the wire`);
  return samples;
}

const folder = Deno.makeTempDirSync({ prefix: "bench-" });
const durable = openLedger(join(folder, "ledger.sqlite"));
try {
  print(percentiles("bar to bytes, ledger in memory", await measure(new MemoryLedger())));
  print(percentiles("bar to bytes, intents durable first", await measure(durable)));
} finally {
  durable.close();
  Deno.removeSync(folder, { recursive: true });
}
