import { connectIb } from "../lib/broker/ib.ts";
import { calendar, type Session as ExchangeDay } from "../lib/calendar/calendar.ts";
import { VirtualClock } from "../lib/clock.ts";
import type { LoadedConfig } from "../lib/config.ts";
import type { Entry } from "../lib/ledger/entry.ts";
import type { Ledger } from "../lib/ledger/ledger.ts";
import { ulidSource } from "../lib/orders/ids.ts";
import { blindLooker } from "../lib/probe/looker.ts";
import { probe } from "../lib/probe/probe.ts";
import type { ProbeReport } from "../lib/probe/report.ts";
import type { Connect } from "../lib/session/connection.ts";
import { runSession, type SessionOutcome } from "../lib/session/session.ts";
import { nextSessionId, planSession } from "../lib/session/setup.ts";
import { startGateway } from "../lib/simulator/gateway.ts";
import type { AccountTruth } from "../lib/simulator/options.ts";
import { Random } from "../lib/simulator/random.ts";
import { chooseStrategy } from "../lib/strategy/registry.ts";
import { Traffic } from "../lib/traffic.ts";
import { driveVirtualTime } from "../lib/virtual_time.ts";

export interface SimulatedDay {
  readonly sessionId: string;
  readonly probed: ProbeReport;
  readonly outcome: SessionOutcome;
  /** The Gateway's own books, to hold ours against. */
  readonly truth: AccountTruth;
}

/** The session is up this long before the open: time enough to connect and warm up. */
const EARLY_MS = 10 * 60_000;
/** Bars are 5 seconds long; a finer market would only cost time. */
const STEP_MS = 5_000;
const LIMIT_MS = 15_000;

/**
 * A simulated Gateway, a probe and a whole session in virtual time, all in this process, with every message over a
 * TCP socket on loopback. The same seed gives the same ledger, hash for hash.
 */
export async function runSimulatedDay(options: {
  readonly seed: number;
  readonly day: ExchangeDay;
  readonly loaded: LoadedConfig;
  readonly ledger: Ledger;
  readonly stop: AbortSignal;
  readonly onProbed?: (report: ProbeReport) => void;
  readonly observe?: (entry: Entry) => void;
}): Promise<SimulatedDay> {
  const { seed, day, loaded, ledger, stop, onProbed = () => {}, observe = () => {} } = options;
  const clock = new VirtualClock(day.opensAt - EARLY_MS);
  const traffic = new Traffic();
  const gateway = await startGateway({
    clock,
    traffic,
    port: 0,
    seed,
    date: day.date,
    stepMs: STEP_MS,
  });
  const work = async (): Promise<SimulatedDay> => {
    const { clientId } = loaded.config.gateway;
    const target = { host: "127.0.0.1", port: gateway.port, clientId };
    const probed = await probe(
      {
        ...target,
        clientId: clientId + 1,
        timeoutMs: LIMIT_MS,
        waitMs: 0,
        expectedMode: "paper",
        symbol: loaded.config.session.symbols[0] ?? "AAPL",
        ordersWanted: true,
        whatIf: false,
      },
      { clock, traffic, signal: stop, looker: blindLooker("the Gateway lives in this process") },
    );
    onProbed(probed);
    const sessionId = nextSessionId(ledger, day.date);
    const chance = Random.seeded(seed).split("order ids");
    const plan = planSession({
      loaded,
      chosen: chooseStrategy(loaded.config.session.strategy, loaded.config.session.parameters),
      calendar: calendar(day.exchange),
      day,
      mode: "paper",
      sessionId,
      clockName: "virtual",
      ids: ulidSource({
        now: () => clock.now(),
        random: (bytes) => void bytes.forEach((_, i) => bytes[i] = Math.floor(chance.next() * 256)),
      }),
    });
    const limits = {
      connectTimeoutMs: LIMIT_MS,
      handshakeTimeoutMs: LIMIT_MS,
      answerTimeoutMs: LIMIT_MS,
    };
    const connect: Connect = (signal, orderIdFloor) =>
      connectIb({ ...target, ...limits, clock, traffic, signal, orderIdFloor });
    const outcome = await runSession(plan, { clock, ledger, connect, stop, observe });
    return { sessionId, probed, outcome, truth: gateway.truth() };
  };
  try {
    return await driveVirtualTime(work(), { clock, traffic });
  } finally {
    await gateway.close();
  }
}
