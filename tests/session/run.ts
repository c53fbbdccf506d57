import { calendar } from "../../lib/calendar/calendar.ts";
import { VirtualClock } from "../../lib/clock.ts";
import { loadConfig } from "../../lib/config.ts";
import type { Entry } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { openLedger } from "../../lib/ledger/sqlite.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { runSession, type SessionOutcome } from "../../lib/session/session.ts";
import { nextSessionId, planSession } from "../../lib/session/setup.ts";
import { chooseStrategy, type ChosenStrategy } from "../../lib/strategy/registry.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import { MemoryAccount, MemoryBroker, type Path } from "./memory_broker.ts";

/** A session on a broker in memory, in virtual time. */

export const DATE = "2026-11-20";
export const MINUTE = 60_000;

function theDay(): NonNullable<ReturnType<ReturnType<typeof calendar>["session"]>> {
  const day = calendar("XNYS").session(DATE);
  if (day === null) throw new Error("No session");
  return day;
}
export const DAY = theDay();

/** Minutes after the open. */
export const at = (minute: number): number => DAY.opensAt + minute * MINUTE;

/** Slowly down until the 20th minute, then up, then down from the 80th: one crossing each way. */
export const HILL: Path = (_, now) => {
  const minute = (now - DAY.opensAt) / MINUTE;
  if (minute < 20) return 100 + (20 - minute) * 0.01;
  if (minute < 80) return 100 + (minute - 20) * 0.05;
  return 103 - (minute - 80) * 0.05;
};

/** Turns up at the 20th minute and never down again. */
export const RISING: Path = (_, now) => 100 + Math.abs((now - at(20)) / MINUTE) * 0.01;

export interface Run {
  readonly outcome: SessionOutcome;
  readonly entries: readonly Entry[];
  readonly broker: MemoryBroker;
}

export async function run(options: {
  readonly path?: Path;
  readonly toml?: string;
  readonly symbols?: readonly string[];
  readonly acceptDifferences?: string;
  readonly chosen?: ChosenStrategy;
  readonly ledger?: Ledger;
  readonly account?: MemoryAccount;
  readonly startMinute?: number;
  /** Has its way with each broker after the first. */
  readonly again?: (broker: MemoryBroker) => void;
  /** Asked before each connection; null lets it happen. */
  readonly connect?: (world: { readonly clock: VirtualClock }) => null;
  readonly script?: (
    world: { clock: VirtualClock; broker: MemoryBroker; stop: AbortController },
  ) => void;
} = {}): Promise<Run> {
  const clock = new VirtualClock(at(options.startMinute ?? -10));
  const ledger = options.ledger ?? openLedger(":memory:");
  const symbols = JSON.stringify(options.symbols ?? ["AAPL"]);
  const text = `[session]\nsymbols = ${symbols}\n${options.toml ?? ""}`;
  const loaded = loadConfig({ file: { name: "test", text }, env: {}, flags: {} });
  const world = { clock, path: options.path ?? HILL, opensAt: DAY.opensAt, closesAt: DAY.closesAt };
  const account = options.account ?? new MemoryAccount();
  let broker = new MemoryBroker(world, account);
  const first = broker;
  let connections = 0;
  const stop = new AbortController();
  const sessionId = nextSessionId(ledger, DATE);
  let chance = 1;
  const plan = planSession({
    loaded,
    chosen: options.chosen ??
      chooseStrategy("sma-crossover", { stop: "percent", stopPct: 5 }),
    calendar: calendar("XNYS"),
    day: DAY,
    mode: "paper",
    sessionId,
    clockName: "virtual",
    acceptDifferences: options.acceptDifferences,
    ids: ulidSource({ now: () => clock.now(), random: (bytes) => bytes.fill(chance++) }),
  });
  options.script?.({ clock, broker: first, stop });
  const outcome = await driveVirtualTime(
    runSession(plan, {
      clock,
      ledger,
      connect: () => {
        options.connect?.({ clock });
        if (connections++ > 0) {
          broker = new MemoryBroker(world, account);
          options.again?.(broker);
        }
        return Promise.resolve(broker);
      },
      stop: stop.signal,
      observe: () => {},
    }),
    { clock, traffic: new Traffic() },
  );
  return { outcome, entries: [...ledger.read()], broker: first };
}
