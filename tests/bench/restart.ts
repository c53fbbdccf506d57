import { join } from "node:path";
import { connectIb } from "../../lib/broker/ib.ts";
import { WallClock } from "../../lib/clock.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { runBacktest } from "../../lib/session/backtest.ts";
import { Journal } from "../../lib/session/journal.ts";
import { recover } from "../../lib/session/recovery.ts";
import { parseMicros } from "../../lib/money.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { print } from "../../lib/terminal.ts";
import { referencePlan, walk } from "../session/reference_market.ts";
import { percentiles } from "./percentiles.ts";

/**
 * From a ledger file of 10,000 entries to books compared with the broker: the hash chain checked, every entry folded,
 * connected over loopback, all lists asked and compared. The first restart finds a stop the broker does not know and
 * looks twice, two seconds apart. `deno run -P=tests tests/bench/restart.ts`
 */

const ENTRIES = 10_000;
const BARS = 30_000;
const TIMES = 50;
const DATE = "2026-11-20";
const LIMITS = { connectTimeoutMs: 5e3, handshakeTimeoutMs: 5e3, answerTimeoutMs: 1e4 } as const;

const folder = Deno.makeTempDirSync({ prefix: "bench-" });
const path = join(folder, "ledger.sqlite");
const clock = new WallClock({ originMs: Date.UTC(2026, 10, 20, 15) });
const gateway = await startGateway({ clock, port: 0, seed: 1, date: DATE });
try {
  const entries = fill();
  const samples: number[] = [];
  for (let nth = 0; nth < TIMES; nth++) {
    const started = performance.now();
    await restart();
    samples.push(performance.now() - started);
  }
  print(percentiles(`restart to reconciled, ${entries} entries`, samples));
} finally {
  await gateway.close();
  Deno.removeSync(folder, { recursive: true });
}

/** The reference backtest, kept on disk until there are enough entries. */
function fill(): number {
  const bars = walk(12_345, BARS);
  const ledger = openLedger(path);
  runBacktest(referencePlan(bars), bars, ledger);
  // What is left of it the Gateway never had: a restart compares books that agree.
  const cash = parseMicros("100000");
  ledger.append("taken-over", clock.now(), [
    {
      kind: "reconciled",
      at: "start",
      fills: { ledger: 0, broker: 0 },
      positions: { ledger: 1, broker: 0 },
      cash: { ledger: cash, broker: cash },
      differences: [{ what: "position", key: "all", ledger: "some", broker: "none" }],
    },
    {
      kind: "account-snapshot",
      at: "start",
      account: "DU1234567",
      cash,
      netLiquidation: cash,
      positions: [],
    },
  ]);
  const { seq } = ledger.head() ?? { seq: 0 };
  ledger.close();
  if (seq < ENTRIES) throw new Error(`Only ${seq} entries`);
  return seq;
}

async function restart(): Promise<void> {
  const ledger = openLedger(path);
  if (ledger.firstBreak() !== null) throw new Error("The chain is broken");
  const journal = new Journal({ ledger, clock, sessionId: "bench" });
  const target = { host: "127.0.0.1", port: gateway.port, clientId: 17, ...LIMITS };
  const broker = await connectIb({ ...target, clock, onEvent: () => {} });
  const { signal } = new AbortController();
  await recover(broker, { journal, clock, account: "DU1234567", at: "start", signal, tries: 1 });
  await broker.close();
  ledger.close();
}
