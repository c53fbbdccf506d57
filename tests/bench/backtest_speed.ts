import process from "node:process";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { formatMoney } from "../../lib/money.ts";
import { runBacktest } from "../../lib/session/backtest.ts";
import { print } from "../../lib/terminal.ts";
import { bareLoop, referencePlan, walk } from "../session/reference_market.ts";

/**
 * The reference backtest of 100,000 bars, with risk, orders, paper broker and ledger, beside a bare loop over the
 * same bars, in bars per second of processor time (user and system, of every thread), which another program on the
 * machine does not take part in. Compiling and collecting garbage count, also on the engine's own threads; the start
 * of the process and the making of the bars do not. The first run compiles, so it stands apart.
 * With the room for young objects that `deno task backtest` has:
 * `deno run -P=tests --v8-flags=--min-semi-space-size=64,--max-semi-space-size=64 tests/bench/backtest_speed.ts`
 */

const SEED = 12_345;
const BARS = 100_000;
const RUNS = 25;

const bars = walk(SEED, BARS);
const plan = referencePlan(bars);
let outcome = "";
const whole = (): void => {
  const { finalEquity } = runBacktest(plan, bars, new MemoryLedger());
  outcome = `${formatMoney(finalEquity)} USD`;
};
let loopOutcome = "";
const loop = (): void => {
  const { trades, equity } = bareLoop(bars);
  loopOutcome = `${equity.toFixed(2)} USD, ${trades} trades`;
};

const rows = [["strategy, risk, orders, ledger", whole], ["bare loop", loop]] as const;
print(`${"bars per CPU-second".padEnd(32)}${["first", "median", "best"].map(right).join("")}`);
for (const [label, run] of rows) {
  const speeds = Array.from({ length: RUNS }, () => Math.round(BARS / cpuSeconds(run)));
  const [first = NaN, ...warm] = speeds;
  const sorted = warm.toSorted((a, b) => a - b);
  const shown = [first, sorted[Math.floor(sorted.length / 2)] ?? NaN, sorted.at(-1) ?? NaN];
  print(`${label.padEnd(32)}${shown.map((speed) => right(speed.toLocaleString("en"))).join("")}`);
}
print(`with the ledger ${outcome}; bare loop ${loopOutcome}`);

function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function right(text: string): string {
  return text.padStart(12);
}
