import { connectIb } from "../../lib/broker/ib.ts";
import { WallClock } from "../../lib/clock.ts";
import type { IntentRecorded, OrderEvent } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { parseMicros } from "../../lib/money.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { OrderDesk } from "../../lib/session/desk.ts";
import { Journal } from "../../lib/session/journal.ts";
import { MarketView } from "../../lib/session/market_view.ts";
import { MAY } from "../../lib/session/state.ts";
import { Trader } from "../../lib/session/trader.ts";
import type { Signal } from "../../lib/strategy/strategy.ts";
import { HostileTws } from "../broker/hostile_tws.ts";
import { AAPL, tellTime } from "../broker/rig.ts";
import { WIDE } from "../session/reference_market.ts";

const MINUTE_MS = 60_000;

/** A session's way from a finished bar to the bytes of entry and stop in the kernel's hands. */
export interface OrderPath {
  /** One bar, answered with an entry and its stop; how long that took, ms. The orders are over when it returns. */
  bar(): number;
  /** Resolves when the orders of every bar so far have come out at the other end of the wire. */
  arrived(): Promise<void>;
  /** Ends it; the orders that reached the wire. */
  close(): Promise<number>;
}

export async function openOrderPath(ledger: Ledger): Promise<OrderPath> {
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
  let bars = 0;
  const cash = parseMicros("1000000");
  const positions: readonly [] = [];
  const netLiquidation = cash;
  journal.write({
    kind: "account-snapshot",
    at: "start",
    account: "DU1",
    cash,
    netLiquidation,
    positions,
  });
  return {
    bar: () => {
      const now = clock.now();
      const quote = { bid: 100, ask: 100.01, bidSize: 1e6, askSize: 1e6, last: 100, lastSize: 1 };
      market.quotes.set("AAPL", { symbol: "AAPL", ...quote, volume: 1e9, time: now, kind: "live" });
      const prices = {
        open: 100,
        high: 100,
        low: 100,
        close: 100,
        wap: 100,
        volume: 1e9,
        count: 1,
      };
      const bar = { symbol: "AAPL", time: now - MINUTE_MS, durationMs: MINUTE_MS, ...prices };
      const started = performance.now();
      trader.onBar(bar);
      const tookMs = performance.now() - started;
      bars++;
      for (const { intent } of journal.intents.open()) journal.write(cancelled(intent));
      return tookMs;
    },
    arrived: () => tws.peer.until(() => tws.peer.requestsOf(3).length >= 2 * bars),
    close: async () => {
      await broker.currentTime();
      const sent = tws.peer.requestsOf(3).length;
      await broker.close();
      await tws[Symbol.asyncDispose]();
      return sent;
    },
  };
}

function cancelled({ intentId, symbol, quantity }: IntentRecorded): OrderEvent {
  return {
    kind: "order-event",
    intentId,
    orderId: 0,
    permId: 0,
    symbol,
    status: "Cancelled",
    filled: 0n,
    remaining: quantity,
    avgFillPrice: null,
    whyHeld: "",
    source: "local",
  };
}
