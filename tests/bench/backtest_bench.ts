import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { runBacktest } from "../../lib/session/backtest.ts";
import { bareLoop, referencePlan, walk } from "../session/reference_market.ts";

/**
 * The reference backtest of 100,000 bars beside a bare loop over the same bars. Bars per second are 100,000 divided
 * by the time per iteration; the aim is 500,000 with risk, orders and ledger on.
 */

const bars = walk(12_345, 100_000);

Deno.bench("bare loop", { group: "100,000 bars", baseline: true }, () => {
  bareLoop(bars);
});

Deno.bench("strategy, risk, orders, paper broker, ledger", { group: "100,000 bars" }, () => {
  runBacktest(referencePlan(bars), bars, new MemoryLedger());
});
