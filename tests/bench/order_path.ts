import { join } from "node:path";
import { connectIb } from "../../lib/broker/ib.ts";
import { WallClock } from "../../lib/clock.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { MemoryLedger } from "../../lib/ledger/memory.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { parseMicros } from "../../lib/money.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { OrderDesk } from "../../lib/session/desk.ts";
import { Journal } from "../../lib/session/journal.ts";
import { MarketView } from "../../lib/session/market_view.ts";
import { MAY } from "../../lib/session/state.ts";
import { Trader } from "../../lib/session/trader.ts";
import type { Signal } from "../../lib/strategy/strategy.ts";
import { print } from "../../lib/terminal.ts";
import { HostileTws } from "../broker/hostile_tws.ts";
import { AAPL, tellTime } from "../broker/rig.ts";
import { WIDE } from "../session/reference_market.ts";
import { percentiles } from "./percentiles.ts";

/**
 * From a finished bar to the bytes of entry and stop in the kernel's hands, with strategy, risk, planning and ledger on
 * the way: once with the ledger in memory, once with the intents durable on disk before a byte leaves.
 * `deno run -P=tests tests/bench/order_path.ts`
 */

const WARM_UP = 50;
const TIMES = 500;
const MINUTE_MS = 60_000;
const NOW = (): number => performance.now();

async function measure(ledger: Ledger): Promise<number[]> {
  const clock = new WallClock();
  const tws = await HostileTws.listen({ onRequest: tellTime });
  const broker = await connectIb({
    host: "127.0.0.1",
    port: tws.port,
    clientId: 7,
    clock,
    connectTimeoutMs: 5_000,
    handshakeTimeoutMs: 5_000,
    answerTimeoutMs: 60_000,
    // The limit of IB would make it a measurement of waiting.
    maxMessagesPerSecond: 50,
    onEvent: () => {},
  });
  const journal = new Journal({ ledger, clock, sessionId: "bench" });
  const market = new MarketView({ barMs: MINUTE_MS, opensAt: 0, outlierPct: 100 });
  const desk = new OrderDesk(journal, (symbol) => market.seen(symbol));
  desk.broker = broker;
  const reason = { rule: "bench", text: "Every bar", inputs: {} };
  const signal: Signal = { symbol: "AAPL", side: "BUY", purpose: "enter", stopPrice: 95, reason };
  const trader = new Trader({
    rules: {
      strategyName: "bench",
      strategy: { warmupBars: 0, init: () => {}, warmUp: () => {}, next: () => [signal] },
      barMs: MINUTE_MS,
      limits: { ...WIDE, sizeShares: 1, maxOrdersPerMinute: 1e6 },
      orderDeadlineMs: 60_000,
      execution: null,
      ids: ulidSource({ now: () => clock.now(), random: (bytes) => crypto.getRandomValues(bytes) }),
    },
    clock,
    journal,
    desk,
    market,
    may: () => MAY.trading,
  });
  trader.instruments = [AAPL];
  const cash = parseMicros("1000000");
  journal.write({
    kind: "account-snapshot",
    at: "start",
    account: "DU1",
    cash,
    netLiquidation: cash,
    positions: [],
  });
  const samples: number[] = [];
  for (let nth = 0; nth < WARM_UP + TIMES; nth++) {
    // Two orders, at fewer messages a second than IB allows.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = clock.now();
    const quote = { bid: 100, ask: 100.01, bidSize: 1e6, askSize: 1e6, last: 100, lastSize: 1 };
    market.quotes.set("AAPL", { symbol: "AAPL", ...quote, volume: 1e9, time: now, kind: "live" });
    const prices = { open: 100, high: 100, low: 100, close: 100, wap: 100, volume: 1e9, count: 1 };
    const bar = { symbol: "AAPL", time: now - MINUTE_MS, durationMs: MINUTE_MS, ...prices };
    const started = NOW();
    trader.onBar({ ...bar, missingMs: 0 });
    if (nth >= WARM_UP) samples.push(NOW() - started);
    for (const { intent } of journal.intents.open()) {
      const { intentId, symbol, quantity } = intent;
      const rest = { permId: 0, filled: 0n, remaining: quantity, avgFillPrice: null, whyHeld: "" };
      journal.write({
        kind: "order-event",
        intentId,
        orderId: 0,
        symbol,
        status: "Cancelled",
        source: "local",
        ...rest,
      });
    }
  }
  await broker.currentTime();
  const sent = tws.peer.requestsOf(3).length;
  if (sent !== 2 * (WARM_UP + TIMES)) throw new Error(`Only ${sent} orders reached the wire`);
  await broker.close();
  await tws[Symbol.asyncDispose]();
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
