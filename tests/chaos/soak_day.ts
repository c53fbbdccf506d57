import { join } from "node:path";
import { connectIb } from "../../lib/broker/ib.ts";
import { calendar, type Session as ExchangeDay } from "../../lib/calendar/calendar.ts";
import { sleep, VirtualClock } from "../../lib/clock.ts";
import { loadConfig } from "../../lib/config.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { formatMicros, fromNumber } from "../../lib/money.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { runSession } from "../../lib/session/session.ts";
import { nextSessionId, planSession } from "../../lib/session/setup.ts";
import { type FaultSpec, parseFault } from "../../lib/simulator/faults.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import type { Gateway } from "../../lib/simulator/options.ts";
import { Random } from "../../lib/simulator/random.ts";
import { beginningLine, inputLine, parseState } from "../../lib/simulator/state.ts";
import { chooseStrategy } from "../../lib/strategy/registry.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import { SERVER_VERSION_DEFAULT } from "../../lib/wire/versions.ts";
import { cashOf, executionsOf, positionsOf, readHistory } from "./gateway_history.ts";
import { breaches, type Holdings } from "./invariants.ts";
import { JournalFile } from "./journal_file.ts";
import { bodies, GENESIS, readLedgerFile } from "./ledger_file.ts";
import { intentBreaches, limitBreaches } from "./limits_held.ts";
import { parentBreaches } from "./parents_held.ts";

export interface SoakDay {
  readonly date: string;
  readonly faults: readonly string[];
  readonly sessions: number;
  readonly fills: number;
  readonly incidents: number;
  /** What the incidents say. */
  readonly said: readonly string[];
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
const STEP_MS = 5_000;
const ACCOUNT = { id: "DU1234567", cash: fromNumber(100_000) };

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

/** As configured; of those that are off the highest number there is. */
const LIMITS = {
  maxOrderNotional: fromNumber(10_000),
  maxDailyNotional: fromNumber(100_000_000),
  maxOpenPositions: 10,
  maxGrossExposure: fromNumber(101_000),
  maxOrdersPerMinute: 30,
};

/** Faults that change what happened at the exchange; a Gateway that remembers needs them to remember it right. */
const REMEMBERED: ReadonlySet<string> = new Set([
  "connection-lost",
  "restart",
  "halt",
  "slow-cancel",
  "reject-order",
  "correction",
  "bust",
]);

/**
 * Market days one after the other, in one ledger and one account. Each night the Gateway ends, and another takes up
 * its stored state in the morning; each evening everything is held against its journal of the day.
 */
export class Soak implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "soak-" });
  readonly #seed: number;
  readonly #ledger: Ledger;
  /** What its past days need to be replayed. */
  readonly #remembered: FaultSpec[] = [];
  #holdings: Holdings = { cash: ACCOUNT.cash, positions: new Map() };
  #head = GENESIS;

  constructor(seed: number) {
    this.#seed = seed;
    this.#ledger = openLedger(this.#path("ledger.sqlite"));
  }

  /** A whole day, its sessions restarted as the schedule would, held against the Gateway. */
  async run(day: ExchangeDay, faults: readonly string[]): Promise<SoakDay> {
    const { date } = day;
    const clock = new VirtualClock(day.opensAt - EARLY_MS);
    const traffic = new Traffic();
    const journal = new JournalFile(this.#path(`${date}.jsonl`));
    const specs = faults.map((fault): FaultSpec => ({ ...parseFault(fault), date }));
    const gateway = await this.#startGateway({ date, clock, traffic, journal, faults: specs });
    const { cash } = gateway.truth();
    const forgotten = cash === this.#holdings.cash
      ? []
      : [`the Gateway remembers ${formatMicros(cash)}, not ${formatMicros(this.#holdings.cash)}`];
    this.#remembered.push(...specs.filter(({ name }) => REMEMBERED.has(name)));
    let sessions = 0;
    const work = async (): Promise<boolean> => {
      for (; sessions < SESSIONS_MAX; await sleep(clock, RETRY_MS)) {
        if (await this.#live(day, { gateway, clock, traffic, nth: ++sessions })) return true;
      }
      return false;
    };
    try {
      const isDone = await driveVirtualTime(work(), { clock, traffic });
      journal.close();
      const failed = isDone ? [] : [`no session of ${SESSIONS_MAX} ended well`];
      return { date, faults, sessions, ...this.#compare(day, [...forgotten, ...failed]) };
    } finally {
      await gateway.close();
    }
  }

  [Symbol.dispose](): void {
    this.#ledger.close();
    Deno.removeSync(this.#folder, { recursive: true });
  }

  /** The one of yesterday, by its state file. */
  #startGateway(options: {
    readonly date: string;
    readonly clock: VirtualClock;
    readonly traffic: Traffic;
    readonly journal: JournalFile;
    readonly faults: readonly FaultSpec[];
  }): Promise<Gateway> {
    const { clock, traffic, date, journal, faults } = options;
    const path = this.#path("gateway.state");
    const earlier = parseState(textOf(path));
    const fromMs = clock.now();
    if (earlier === null) {
      const began = { originMs: fromMs, startedWallMs: 0, speed: 1, stepMs: STEP_MS };
      const beginning = { seed: this.#seed, date, accounts: [ACCOUNT], ...began };
      Deno.writeTextFileSync(path, beginningLine(beginning));
    }
    return startGateway({
      clock,
      traffic,
      port: 0,
      seed: this.#seed,
      date,
      stepMs: STEP_MS,
      accounts: [ACCOUNT],
      faults: [...this.#remembered, ...faults],
      journal: (line) => {
        // What it replays was told on its day.
        if (line.at >= fromMs) journal.write(line);
      },
      onInput: (input) => Deno.writeTextFileSync(path, inputLine(input), { append: true }),
      ...(earlier === null
        ? {}
        : { replay: { originMs: earlier.beginning.originMs, inputs: earlier.inputs } }),
    });
  }

  /** True when the session ended well. */
  async #live(day: ExchangeDay, { gateway, clock, traffic, nth }: {
    readonly gateway: Gateway;
    readonly clock: VirtualClock;
    readonly traffic: Traffic;
    readonly nth: number;
  }): Promise<boolean> {
    const ledger = this.#ledger;
    const chance = Random.seeded(this.#seed).split(`ids of ${day.date} ${nth}`);
    const plan = planSession({
      loaded: loadConfig({ file: { name: "soak", text: CONFIG }, env: {}, flags: {} }),
      chosen: chooseStrategy("sma-crossover", { fast: 3, slow: 8, stop: "percent", stopPct: 1 }),
      calendar: calendar("XNYS"),
      day,
      mode: "paper",
      sessionId: nextSessionId(ledger, day.date),
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
  }

  #compare(
    day: ExchangeDay,
    failed: readonly string[],
  ): Pick<SoakDay, "fills" | "incidents" | "said" | "breaches"> {
    const ledger = readLedgerFile(this.#path("ledger.sqlite"), this.#head);
    const history = readHistory(this.#path(`${day.date}.jsonl`), SERVER_VERSION_DEFAULT);
    const found = [
      ...failed,
      ...breaches(ledger, history, this.#holdings),
      ...intentBreaches(ledger, history),
      ...parentBreaches(ledger, history),
      ...limitBreaches(history, { ...LIMITS, entriesUntil: day.closesAt }),
    ];
    this.#head = { seq: this.#head.seq + ledger.rows.length, hash: ledger.head };
    this.#holdings = {
      cash: cashOf(history, this.#holdings.cash),
      positions: positionsOf(history, this.#holdings.positions),
    };
    const said = bodies(ledger, "incident").map(({ text }) => String(text));
    return {
      fills: executionsOf(history).length,
      incidents: said.length,
      said,
      breaches: found,
    };
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

/** Empty when there is no such file yet. */
function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
