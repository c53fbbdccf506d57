import { connectIb } from "../../lib/broker/ib.ts";
import { calendar, type Session as ExchangeDay } from "../../lib/calendar/calendar.ts";
import { sleep, VirtualClock } from "../../lib/clock.ts";
import { loadConfig } from "../../lib/config.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { bodiesOf } from "../../lib/ledger/select.ts";
import type { Micros } from "../../lib/money.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { runSession } from "../../lib/session/session.ts";
import { nextSessionId, planSession } from "../../lib/session/setup.ts";
import { type FaultSpec, parseFault } from "../../lib/simulator/faults.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { Random } from "../../lib/simulator/random.ts";
import { chooseStrategy } from "../../lib/strategy/registry.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import { breaches } from "./invariants.ts";

export interface SoakDay {
  readonly date: string;
  readonly faults: readonly string[];
  readonly sessions: number;
  readonly fills: number;
  readonly incidents: number;
  /** The Gateway's cash in the evening, in whole cents as it tells it. */
  readonly cash: Micros;
  /** Empty when every invariant holds. */
  readonly breaches: readonly string[];
}

const MINUTE_MS = 60_000;
const EARLY_MS = 10 * MINUTE_MS;
/** Between a failed session and the next try, as the schedule waits. */
const RETRY_MS = 2 * MINUTE_MS;
/** A day with a fault an hour needs one or two sessions; one that needs more is broken. */
const SESSIONS_MAX = 5;
const LIMIT_MS = 15_000;
const MICROS_PER_CENT = 10_000n;

/** A limit that halted a day would leave the rest of it untested. */
const CONFIG = `
[session]
symbols = ["SOFI", "OPEN", "IXHL"]
[risk]
cooldown_ms = 0
max_spread_pct = 20
price_collar_pct = 4
max_orders_per_symbol_day = 1000
max_consecutive_losses = 1000
max_daily_loss_pct = 100
max_day_drawdown_pct = 100
max_drawdown_pct = 100
max_daily_notional_usd = 100000000
`;

/** What breaks for some minutes of an hour: `H` is the hour. */
const FAULTS = [
  "connection-lost=restored:1101@H:05-H:08",
  "connection-lost=restored:1102@H:05-H:20",
  "restart=ids:keep@H:05-H:07",
  "restart=ids:rollback@H:05-H:09",
  "farm-down=farm:usfarm@H:05-H:15",
  "farm-down=farm:ushmds@H:05-H:15",
  "feed-silence@H:05-H:15",
  "stale-quotes@H:05-H:25",
  "crossed-quotes@H:05-H:15",
  "zero-prices@H:05-H:10",
  "duplicate-messages@H:05-H:45",
  "reordered-messages@H:05-H:45",
  "no-status@H:05-H:45",
  "delayed-messages=of:execDetails,ms:4000@H:05-H:45",
  "late-commission=ms:600000@H:05-H:45",
  "slow-cancel=ms:8000@H:05-H:45",
  "missing-end=of:executions@H:05-H:20",
  "halt=symbol:SOFI@H:05-H:25",
  "correction=dollars:0.01@H:30",
  "bust@H:30",
  "odd-commission=text:-1@H:05-H:30",
  "price-spike=factor:10@H:30-H:32",
  "slow-answers=ms:5000@H:05-H:30",
  "competing-session@H:05-H:20",
] as const;
const HOURS = [10, 11, 12, 13, 14] as const;

/** One fault an hour, from ten to three in New York; the same for the same date and seed. */
export function faultsOf(seed: number, date: string): readonly string[] {
  const random = Random.seeded(seed).split(`faults of ${date}`);
  return HOURS.map((hour) => {
    const fault = FAULTS[Math.floor(random.next() * FAULTS.length)] ?? FAULTS[0];
    return fault.replaceAll("H:", `${hour}:`);
  });
}

/** A whole day with a fault an hour, its sessions restarted as the schedule would, held against the Gateway. */
export async function runSoakDay(options: {
  readonly seed: number;
  readonly day: ExchangeDay;
  readonly cash: Micros;
  readonly ledger: Ledger;
  readonly faults: readonly string[];
}): Promise<SoakDay> {
  const { seed, day, ledger, faults } = options;
  const { date } = day;
  const fromSeq = (ledger.head()?.seq ?? 0) + 1;
  const clock = new VirtualClock(day.opensAt - EARLY_MS);
  const traffic = new Traffic();
  const gateway = await startGateway({
    clock,
    traffic,
    port: 0,
    seed,
    date,
    stepMs: 5_000,
    accounts: [{ id: "DU1234567", cash: options.cash }],
    faults: faults.map((fault): FaultSpec => parseFault(fault)),
  });
  let sessions = 0;
  const live = async (): Promise<boolean> => {
    sessions++;
    const chance = Random.seeded(seed).split(`ids of ${date} ${sessions}`);
    const plan = planSession({
      loaded: loadConfig({ file: { name: "soak", text: CONFIG }, env: {}, flags: {} }),
      chosen: chooseStrategy("sma-crossover", { fast: 3, slow: 8, stop: "percent", stopPct: 1 }),
      calendar: calendar("XNYS"),
      day,
      mode: "paper",
      sessionId: nextSessionId(ledger, date),
      clockName: "virtual",
      ids: ulidSource({
        now: () => clock.now(),
        random: (bytes) => void bytes.forEach((_, i) => bytes[i] = Math.floor(chance.next() * 256)),
      }),
    });
    const { outcome } = await runSession(plan, {
      clock,
      ledger,
      connect: (signal, orderIdFloor) =>
        connectIb({
          host: "127.0.0.1",
          port: gateway.port,
          clientId: 17,
          orderIdFloor,
          connectTimeoutMs: LIMIT_MS,
          handshakeTimeoutMs: LIMIT_MS,
          answerTimeoutMs: LIMIT_MS,
          clock,
          traffic,
          signal,
        }),
      stop: new AbortController().signal,
      observe: () => {},
    });
    return outcome === "done";
  };
  const work = async (): Promise<boolean> => {
    for (let tries = 0; tries < SESSIONS_MAX; tries++) {
      if (await live()) return true;
      await sleep(clock, RETRY_MS);
    }
    return false;
  };
  try {
    const isDone = await driveVirtualTime(work(), { clock, traffic });
    const entries = [...ledger.read({ fromSeq })];
    const truth = gateway.truth();
    return {
      date,
      faults,
      sessions,
      fills: truth.executions.length,
      incidents: bodiesOf(entries, "incident").length,
      cash: (truth.cash / MICROS_PER_CENT) * MICROS_PER_CENT,
      breaches: [
        ...isDone ? [] : [`no session of ${SESSIONS_MAX} ended well`],
        ...breaches(entries, truth, ledger.firstBreak()),
      ],
    };
  } finally {
    await gateway.close();
  }
}
