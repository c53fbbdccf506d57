import { join } from "node:path";
import { calendar } from "../../lib/calendar/calendar.ts";
import { sleep } from "../../lib/clock.ts";
import { fromNumber } from "../../lib/money.ts";
import { parseFault } from "../../lib/simulator/faults.ts";
import { startGateway } from "../../lib/simulator/gateway.ts";
import { longestBareMs } from "./bare.ts";
import { JournalFile } from "./journal_file.ts";
import { judge, readEvidence } from "./judge.ts";
import type { Kill, KillPoint } from "./killer.ts";
import type { HeldLimits } from "./limits_held.ts";
import { resumedParents } from "./parents_held.ts";
import { type DayPlan, planOf } from "./plans.ts";
import { FROM_SOURCE, type Program } from "./program.ts";
import { Rig } from "./rig.ts";
import type { LifeEnd } from "./session_life.ts";

export interface SeedResult {
  readonly seed: number;
  readonly plan: DayPlan;
  /** Where its files were. */
  readonly folder: string;
  /** Processes it took. */
  readonly lives: number;
  /** Those that ended by SIGKILL. */
  readonly deaths: number;
  /** Where they died; a kill whose count was never reached is missing. */
  readonly killedAt: readonly KillPoint[];
  /** Deaths in the middle of an algorithm's work, which the next process went on with. */
  readonly resumed: number;
  readonly fills: number;
  /** The longest that shares were held which no order at the broker would have sold, ms of the Gateway's clock. */
  readonly bareMs: number;
  /** Wall time from the start of a process to books that equal the broker's, each. */
  readonly reconciledMs: readonly number[];
  /** SHA-256 of the newest ledger entry: the same for the same seed. */
  readonly hash: string;
  /** Empty when every invariant holds. */
  readonly breaches: readonly string[];
}

const DATE = "2026-11-20";
const MINUTE_MS = 60_000;
/** The day is entered this long before its close: enough for a dozen round trips, short enough for a thousand days. */
const BEFORE_CLOSE_MS = 25 * MINUTE_MS;
const STEP_MS = 5_000;
/** A session that dies this often was not meant to live. */
const LIVES_MAX = 8;
/** Between a death and the next start, as a supervisor would wait. */
const RESTART_MS = 5_000;

const NO_ENTRIES_MINUTES = 5;
export const CASH = fromNumber(100_000);

/** Nervous on purpose: crossings every few minutes, no cooldown, and limits so tight that they bite every day. */
const CONFIG = `
[session]
symbols = ["SOFI", "OPEN", "IXHL"]
strategy = "sma-crossover"
parameters = { fast = 2, slow = 4, stop = "percent", stopPct = 1 }
no_entries_minutes_before_close = ${NO_ENTRIES_MINUTES}
flatten_minutes_before_close = 3
[risk]
cooldown_ms = 0
max_spread_pct = 20
price_collar_pct = 4
max_consecutive_losses = 1000
max_drawdown_pct = 100
max_order_notional_usd = 2100
max_daily_notional_usd = 24000
max_open_positions = 2
max_gross_exposure_pct = 4
max_orders_per_minute = 12
`;

/** Stops that follow the price with nearly every bar. */
const TRAILING = `
stop_rule = "trailing"
trail_by_r = 0.3
stop_step_r = 0.02
`;

/** Minutes an algorithm has: long enough to die in, short enough to come to its end. */
const HORIZON_MINUTES = 4;

function executionOf(style: string): string {
  return `[execution]
style = "${style}"
horizon_minutes = ${HORIZON_MINUTES}
slice_seconds = 20
`;
}

export const LIMITS: Omit<HeldLimits, "entriesUntil"> = {
  maxOrderNotional: fromNumber(2_100),
  maxDailyNotional: fromNumber(24_000),
  maxOpenPositions: 2,
  // 4 % of an equity that may have grown by a hundredth.
  maxGrossExposure: fromNumber(4_040),
  maxOrdersPerMinute: 12,
};

/** One trading day whose session processes die as often as the seed says, restarted until it is done. */
export async function runSeed(
  seed: number,
  { plan = planOf(seed), keep = false, program = FROM_SOURCE }: {
    readonly plan?: DayPlan;
    /** Leaves ledger and Gateway's journal where `folder` says. */
    readonly keep?: boolean;
    readonly program?: Program;
  } = {},
): Promise<SeedResult> {
  const day = calendar("XNYS").session(DATE);
  if (day === null) throw new RangeError(`No session on ${DATE}`);
  const folder = Deno.makeTempDirSync({ prefix: "chaos-" });
  const originMs = day.closesAt - BEFORE_CLOSE_MS;
  using rig = new Rig(originMs, join(folder, "time"));
  const journalPath = join(folder, "gateway.jsonl");
  const journal = new JournalFile(journalPath);
  const gateway = await startGateway({
    clock: rig,
    traffic: rig.traffic,
    port: 0,
    seed,
    date: DATE,
    stepMs: STEP_MS,
    accounts: [{ id: "DU1234567", cash: CASH }],
    faults: plan.faults.map(parseFault),
    journal: journal.write,
  });
  let lives = 0;
  const killedAt: KillPoint[] = [];
  const reconciledMs: number[] = [];
  const failures: string[] = [];
  const config = `${CONFIG}${plan.trailing ? TRAILING : ""}${executionOf(plan.style)}`;

  const live = async (kill: Kill | null): Promise<boolean> => {
    lives++;
    const inside = kill?.point === "at-time" ? null : kill;
    const job = { port: gateway.port, folder, date: DATE, seed, life: lives, config };
    const life = rig.start({ ...job, kill: inside }, program);
    if (kill?.point === "at-time") rig.at(originMs + kill.count * 1_000, () => life.kill());
    const end = await life.ended;
    if (end.signal === "SIGKILL" && kill !== null) killedAt.push(kill.point);
    if (end.reconciledMs !== null) reconciledMs.push(end.reconciledMs);
    if (end.outcome === "done") return true;
    if (end.signal === null && !isExpected(end, { kill, plan })) {
      failures.push(`session process ended with ${end.code}: ${end.outcome ?? end.complaint}`);
    }
    return false;
  };
  const work = async (): Promise<void> => {
    for (const kill of [...plan.kills, ...Array<null>(LIVES_MAX).fill(null)]) {
      if (await live(kill)) return;
      await sleep(rig, RESTART_MS);
    }
    failures.push(`no session of ${lives} ended well`);
  };
  try {
    await rig.drive(work());
    journal.close();
    const files = { ledger: join(folder, "ledger.sqlite"), journal: journalPath };
    const evidence = readEvidence(files);
    const limits = {
      ...LIMITS,
      entriesUntil: day.closesAt - NO_ENTRIES_MINUTES * MINUTE_MS,
    };
    return {
      seed,
      plan,
      folder,
      lives,
      deaths: killedAt.length,
      killedAt,
      resumed: resumedParents(evidence.ledger),
      bareMs: longestBareMs(evidence.history),
      fills: gateway.truth().executions.length,
      reconciledMs,
      hash: evidence.ledger.head,
      breaches: [
        ...failures,
        ...judge(evidence, { starting: { cash: CASH, positions: new Map() }, limits }),
      ],
    };
  } finally {
    await gateway.close();
    if (!keep) Deno.removeSync(folder, { recursive: true });
  }
}

/** A full disk ends the process with an error, as it should; a Gateway that fails while it starts ends the session. */
function isExpected(
  { outcome, complaint }: LifeEnd,
  { kill, plan }: { readonly kill: Kill | null; readonly plan: DayPlan },
): boolean {
  if (outcome === "failed") return plan.faults.length > 0;
  return kill?.point === "disk-full" && complaint.includes("database or disk is full");
}
