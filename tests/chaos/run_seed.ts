import { join } from "node:path";
import { connectIb } from "../../lib/broker/ib.ts";
import type { Broker } from "../../lib/broker/broker.ts";
import { calendar } from "../../lib/calendar/calendar.ts";
import { sleep, VirtualClock } from "../../lib/clock.ts";
import { loadConfig } from "../../lib/config.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { runSession } from "../../lib/session/session.ts";
import { nextSessionId, planSession } from "../../lib/session/setup.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { Random } from "../../lib/simulator/random.ts";
import { chooseStrategy } from "../../lib/strategy/registry.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import { breaches } from "./invariants.ts";
import { type Kill, KILL_POINTS, KilledError, Killer } from "./killer.ts";

export interface SeedResult {
  readonly seed: number;
  /** What was done to it, in order. */
  readonly kills: readonly Kill[];
  readonly lives: number;
  readonly fills: number;
  /** Empty when every invariant holds. */
  readonly breaches: readonly string[];
}

const DATE = "2026-11-20";
const MINUTE_MS = 60_000;
/** The day is entered this long before its close: enough for a dozen round trips, short enough for a thousand days. */
const BEFORE_CLOSE_MS = 40 * MINUTE_MS;
/** A session that dies this often was not meant to live. */
const LIVES_MAX = 6;
/** Between a death and the next start, as a supervisor would wait. */
const RESTART_MS = 5_000;
const LIMIT_MS = 15_000;

/** Nervous on purpose: crossings every few minutes, no cooldown. */
const CONFIG = `
[session]
symbols = ["SOFI", "OPEN", "IXHL"]
no_entries_minutes_before_close = 6
flatten_minutes_before_close = 3
[risk]
cooldown_ms = 0
max_spread_pct = 20
price_collar_pct = 4
max_consecutive_losses = 1000
max_drawdown_pct = 100
`;

/** Up to three kills, each at a random point and count. The first life always gets one. */
export function killsOf(seed: number): Kill[] {
  const random = Random.seeded(seed).split("kills");
  const pick = (below: number): number => Math.floor(random.next() * below);
  const kills = 1 + pick(3);
  return Array.from({ length: kills }, (): Kill => {
    const point = KILL_POINTS[pick(KILL_POINTS.length)] ?? "after-journal";
    const max = point.endsWith("journal") ? 120 : point === "during-recovery" ? 2 : 14;
    return { point, count: 1 + pick(max) };
  });
}

/** One trading day that dies as often as the seed says, restarted until it is done. Deterministic. */
export async function runSeed(
  seed: number,
  kills: readonly Kill[] = killsOf(seed),
): Promise<SeedResult> {
  const day = calendar("XNYS").session(DATE);
  if (day === null) throw new RangeError(`No session on ${DATE}`);
  const clock = new VirtualClock(day.closesAt - BEFORE_CLOSE_MS);
  const traffic = new Traffic();
  const gateway = await startGateway({ clock, traffic, port: 0, seed, date: DATE, stepMs: 5_000 });
  const folder = Deno.makeTempDirSync({ prefix: "chaos-" });
  const path = join(folder, "ledger.sqlite");
  let lives = 0;

  const live = async (kill: Kill | null): Promise<boolean> => {
    lives++;
    const file = openLedger(path);
    let broker: Broker | null = null;
    const killer = new Killer(kill, {
      death: () => {},
      cut: () => void broker?.close(),
    });
    const ledger = killer.ledger(file);
    const chance = Random.seeded(seed).split(`ids of life ${lives}`);
    const fill = (bytes: Uint8Array): void => {
      bytes.forEach((_, index) => bytes[index] = Math.floor(chance.next() * 256));
    };
    const loaded = loadConfig({ file: { name: "chaos", text: CONFIG }, env: {}, flags: {} });
    const plan = planSession({
      loaded,
      chosen: chooseStrategy("sma-crossover", { fast: 2, slow: 4, stop: "percent", stopPct: 1 }),
      calendar: calendar("XNYS"),
      day,
      mode: "paper",
      sessionId: nextSessionId(file, DATE),
      clockName: "virtual",
      ids: ulidSource({ now: () => clock.now(), random: fill }),
    });
    const limits = {
      connectTimeoutMs: LIMIT_MS,
      handshakeTimeoutMs: LIMIT_MS,
      answerTimeoutMs: LIMIT_MS,
    };
    try {
      const { outcome } = await runSession(plan, {
        clock,
        ledger,
        connect: async (signal, orderIdFloor) => {
          const port = gateway.port;
          broker = await connectIb({
            host: "127.0.0.1",
            port,
            clientId: 17,
            orderIdFloor,
            ...limits,
            clock,
            traffic,
            signal,
          });
          return killer.broker(broker);
        },
        stop: new AbortController().signal,
        observe: () => {},
      });
      return outcome === "done";
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
      return false;
    } finally {
      file.close();
    }
  };

  const work = async (): Promise<void> => {
    for (const kill of [...kills, ...Array<null>(LIVES_MAX).fill(null)]) {
      if (await live(kill)) return;
      await sleep(clock, RESTART_MS);
    }
  };
  try {
    await driveVirtualTime(work(), { clock, traffic });
    const ledger = openLedger(path);
    const truth = gateway.truth();
    const entries = [...ledger.read()];
    const found = breaches(entries, truth, ledger.firstBreak());
    ledger.close();
    return { seed, kills, lives, fills: truth.executions.length, breaches: found };
  } finally {
    await gateway.close();
    Deno.removeSync(folder, { recursive: true });
  }
}
