import type { ExecutionBooked } from "../ledger/entry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { type Books, foldPositions } from "../ledger/positions.ts";
import { formatMicros, type Micros, toNumber, ZERO } from "../money.ts";
import { type Trip, tripsOf } from "../report/trips.ts";
import type { BacktestResult } from "./backtest.ts";

/** What a backtest came to. Amounts are decimal text, ratios numbers; null where there is nothing to divide by. */
export interface BacktestSummary {
  readonly days: number;
  readonly bars: number;
  readonly outside: number;
  readonly closedTrades: number;
  readonly winners: number;
  readonly finalEquity: string;
  readonly netProfit: string;
  readonly commissions: string;
  readonly returnPct: number;
  readonly maxDrawdownPct: number;
  /** What winners gained for each dollar that losers lost, commissions included. */
  readonly profitFactor: number | null;
  readonly signals: number;
  /** code → how often risk refused for it */
  readonly refusals: Readonly<Record<string, number>>;
  /** Days on which risk halted. */
  readonly halts: number;
}

export function summariseBacktest(
  ledger: Ledger,
  result: BacktestResult,
  cash: Micros,
): BacktestSummary {
  const all = tripsOfAll(foldPositions(ledger.read()));
  const trips = all.filter(({ closedAt }) => closedAt !== null);
  const won = trips.filter(({ net }) => net > ZERO);
  const lost = trips.filter(({ net }) => net < ZERO);
  const losses = total(lost.map(({ net }) => net));
  const profit = result.finalEquity - cash;
  const counts = countEntries(ledger);
  return {
    days: result.dayEquity.length,
    bars: result.bars,
    outside: result.outside,
    closedTrades: trips.length,
    winners: won.length,
    finalEquity: formatMicros(result.finalEquity),
    netProfit: formatMicros(profit),
    commissions: formatMicros(total(all.map(({ commissions }) => commissions))),
    returnPct: (toNumber(profit) * 100) / toNumber(cash),
    maxDrawdownPct: result.maxDrawdownPct,
    profitFactor: losses === ZERO
      ? null
      : toNumber(total(won.map(({ net }) => net))) / -toNumber(losses),
    ...counts,
  };
}

/** Round trips over all days: the account began with nothing, so each symbol's tape is its executions. */
function tripsOfAll(books: Books): readonly Trip[] {
  const tapes = new Map<string, ExecutionBooked[]>(); // symbol → executions, oldest first
  for (const execution of books.executions()) {
    const tape = tapes.get(execution.symbol);
    if (tape === undefined) tapes.set(execution.symbol, [execution]);
    else tape.push(execution);
  }
  const commissionOf = (execId: string): Micros => books.commissionOf(execId)?.amount ?? ZERO;
  return [...tapes].flatMap(([symbol, executions]) =>
    tripsOf(symbol, { opening: [], executions }, { commissionOf, samples: [] })
  );
}

function countEntries(ledger: Ledger): Pick<BacktestSummary, "signals" | "refusals" | "halts"> {
  const refusals: Record<string, number> = {};
  let signals = 0;
  let halts = 0;
  for (const { body } of ledger.read()) {
    if (body.kind === "signal") signals++;
    else if (body.kind === "halted") halts++;
    else if (body.kind === "refused") refusals[body.code] = (refusals[body.code] ?? 0) + 1;
    else if (body.kind === "refusal-repeated") {
      signals += body.count;
      refusals[body.code] = (refusals[body.code] ?? 0) + body.count;
    }
  }
  return { signals, refusals, halts };
}

function total(amounts: readonly Micros[]): Micros {
  return amounts.reduce((sum, amount) => sum + amount, ZERO);
}
