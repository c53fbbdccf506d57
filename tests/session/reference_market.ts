import type { Bar, Instrument } from "../../lib/market/market.ts";
import { type Micros, multiply, parseMicros } from "../../lib/money.ts";
import { ulidSource } from "../../lib/orders/ids.ts";
import { DEFAULT_LIMITS, type Limits } from "../../lib/risk/limits.ts";
import type { BacktestPlan } from "../../lib/session/backtest.ts";
import { chooseStrategy } from "../../lib/strategy/registry.ts";

/**
 * A random walk that other back-testers were run on as well: for seed 12345 and 100,000 bars backtrader, vectorbt
 * and a plain loop agree on 1,948 closed trades and 80,698.91 dollars.
 */

const MINUTE_MS = 60_000;
const MODULUS = 2n ** 31n;
export const SYMBOL = "WALK";

export function walk(seed: number, length: number): Bar[] {
  const bars: Bar[] = [];
  let state = BigInt(seed);
  let open = 100;
  for (let index = 0; index < length; index++) {
    state = (1_103_515_245n * state + 12_345n) % MODULUS;
    const step = (Number(state) / Number(MODULUS - 1n) - 0.5) * 0.2;
    const close = round(Math.max(1, open + step));
    bars.push({
      symbol: SYMBOL,
      time: index * MINUTE_MS,
      durationMs: MINUTE_MS,
      open,
      high: round(Math.max(open, close) + Math.abs(step) * 0.3),
      low: round(Math.min(open, close) - Math.abs(step) * 0.3),
      close,
      volume: 1_000 + Number(state % 5_000n),
      wap: null,
      count: 1,
    });
    open = close;
  }
  return bars;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** The same rule as a bare loop over numbers, with nothing around it: no orders, no risk, no ledger. */
export function bareLoop(bars: readonly Bar[]): { trades: number; equity: number } {
  const average = (end: number, length: number): number => {
    let sum = 0;
    for (let index = end - length + 1; index <= end; index++) sum += bars[index]?.close ?? NaN;
    return sum / length;
  };
  let cash = 100_000;
  let held = 0;
  let trades = 0;
  let side = 0;
  let wanted: "buy" | "sell" | null = null;
  bars.forEach((bar, index) => {
    if (wanted === "buy" && held === 0) {
      cash -= 100 * bar.open * 1.0005;
      held = 100;
    } else if (wanted === "sell" && held > 0) {
      cash += 100 * bar.open * 0.9995;
      held = 0;
      trades++;
    }
    wanted = null;
    if (index < 29) return;
    const now = Math.sign(Math.round((average(index, 10) - average(index, 30)) * 1e9));
    if (now === 0 || now === side) return;
    if (side !== 0) wanted = now > 0 ? "buy" : "sell";
    side = now;
  });
  return { trades, equity: cash + held * (bars.at(-1)?.close ?? 0) };
}

export const INSTRUMENT: Instrument = {
  symbol: SYMBOL,
  conId: 1,
  exchange: "SMART",
  primaryExchange: "NYSE",
  currency: "USD",
  minTick: parseMicros("0.0001"),
  longName: "A random walk",
  industry: "",
  timeZoneId: "UTC",
  liquidHours: "",
};

/** Limits that let the rule do what it wants: the reference has none. */
export const WIDE: Limits = {
  ...DEFAULT_LIMITS,
  sizing: "fixed-shares",
  sizeShares: 100,
  maxOrderNotionalUsd: 1e6,
  maxDailyNotionalUsd: 1e9,
  maxPositionPct: 100,
  maxDailyLossPct: 100,
  maxNetExposurePct: 100,
  maxSectorPct: 100,
  maxCorrelatedPct: 100,
  maxHeatPct: 100,
  maxBarVolumePct: 100,
  maxDayDrawdownPct: 100,
  maxDrawdownPct: 100,
  maxConsecutiveLosses: 1_000,
  maxOrdersPerSymbolDay: 100_000,
  priceCollarPct: 50,
  cooldownMs: 0,
  maxOrdersPerMinute: 100,
};

/** 0.05 % of notional. */
function fee({ quantity, price }: { quantity: Micros; price: Micros }): Micros {
  return multiply(multiply(quantity, price), parseMicros("0.0005"));
}

/** The reference's rule through everything a session has: one long day, a stop far out of reach. */
export function referencePlan(
  bars: readonly Bar[],
  rest: Partial<BacktestPlan> = {},
): BacktestPlan {
  const closesAt = (bars.at(-1)?.time ?? 0) + 2 * MINUTE_MS;
  return {
    name: "reference",
    strategy: chooseStrategy("sma-crossover", { stop: "percent", stopPct: 99 }),
    limits: WIDE,
    instruments: [INSTRUMENT],
    days: [{ exchange: "XNYS", date: "1970-01-01", opensAt: 0, closesAt }],
    cash: parseMicros("100000"),
    commission: fee,
    atClose: "hold",
    noEntriesBeforeCloseMs: 0,
    flattenBeforeCloseMs: 0,
    ids: ulidSource({ now: () => 0, random: (bytes) => void bytes.fill(0) }),
    ...rest,
  };
}
