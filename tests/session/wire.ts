import { connectIb } from "../../lib/broker/ib.ts";
import { calendar } from "../../lib/calendar/calendar.ts";
import { VirtualClock } from "../../lib/clock.ts";
import { loadConfig } from "../../lib/config.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import type { Bar } from "../../lib/market/market.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { runSession, type SessionOutcome } from "../../lib/session/session.ts";
import { nextSessionId, planSession } from "../../lib/session/setup.ts";
import { parseFault } from "../../lib/simulator/faults.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { JournalLine } from "../../lib/simulator/journal.ts";
import type { Gateway } from "../../lib/simulator/options.ts";
import type { ChosenStrategy } from "../../lib/strategy/registry.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import { at, DATE, DAY, MINUTE } from "./run.ts";

/** Sessions against the simulated Gateway over TCP, in virtual time, on a market of hand-made bars. */

/** A second: so fine that a print and what follows from it can be told apart. */
const STEP_MS = 1_000;
const LIMIT_MS = 15_000;
const VOLUME = 60_000;

export interface World {
  readonly clock: VirtualClock;
  readonly gateway: Gateway;
  /** Every frame, order event and execution of the Gateway so far. */
  readonly journal: readonly JournalLine[];
  /** One session, until its day ends or the minute after the open at which it is told to stop. */
  session(options: SessionOptions): Promise<SessionOutcome>;
}

export interface SessionOptions {
  readonly ledger: Ledger;
  readonly chosen: ChosenStrategy;
  readonly toml?: string;
  readonly untilMinute?: number;
  readonly symbols?: readonly string[];
}

/** Minute bars of AAPL from its price at the end of each minute; the first is the day's opening price. */
export function minuteBars(closes: readonly number[]): readonly Bar[] {
  return closes.slice(1).map((close, index): Bar => {
    const open = closes[index] ?? close;
    return {
      symbol: "AAPL",
      time: at(index),
      durationMs: MINUTE,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: VOLUME,
      wap: null,
      count: 0,
    };
  });
}

export async function overTcp(
  bars: readonly Bar[],
  test: (world: World) => Promise<void>,
  faults: readonly string[] = [],
): Promise<void> {
  const clock = new VirtualClock(at(-10));
  const traffic = new Traffic();
  const journal: JournalLine[] = [];
  const gateway = await startGateway({
    clock,
    traffic,
    port: 0,
    seed: 1,
    date: DATE,
    stepMs: STEP_MS,
    recorded: (symbol, date) => symbol === "AAPL" && date === DATE ? bars : [],
    journal: (line) => void journal.push(line),
    faults: faults.map((text) => parseFault(text)),
  });
  let chance = 1;
  const session = async (options: SessionOptions): Promise<SessionOutcome> => {
    const { ledger, chosen, toml = "", untilMinute, symbols = ["AAPL"] } = options;
    const text = `[session]\nsymbols = ${JSON.stringify(symbols)}\n${toml}`;
    const loaded = loadConfig({ file: { name: "test", text }, env: {}, flags: {} });
    const plan = planSession({
      loaded,
      chosen,
      calendar: calendar("XNYS"),
      day: DAY,
      mode: "paper",
      sessionId: nextSessionId(ledger, DATE),
      clockName: "virtual",
      ids: ulidSource({ now: () => clock.now(), random: (bytes) => bytes.fill(chance++) }),
    });
    const stop = new AbortController();
    if (untilMinute !== undefined) {
      clock.at(at(untilMinute), () => stop.abort(new Error("told to stop")));
    }
    return await runSession(plan, {
      clock,
      ledger,
      stop: stop.signal,
      observe: () => {},
      connect: (signal, orderIdFloor) =>
        connectIb({
          host: "127.0.0.1",
          port: gateway.port,
          clientId: loaded.config.gateway.clientId,
          clock,
          traffic,
          signal,
          orderIdFloor,
          connectTimeoutMs: LIMIT_MS,
          handshakeTimeoutMs: LIMIT_MS,
          answerTimeoutMs: LIMIT_MS,
        }),
    });
  };
  try {
    await driveVirtualTime(test({ clock, gateway, journal, session }), { clock, traffic });
  } finally {
    await gateway.close();
  }
}
