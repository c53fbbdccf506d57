import { MICROS_PER_UNIT } from "../lib/money.ts";
import { adaptive } from "../lib/orders/adaptive.ts";
import { chooseAlgorithm } from "../lib/orders/choose.ts";
import { iceberg } from "../lib/orders/iceberg.ts";
import { marketOrder } from "../lib/orders/market_order.ts";
import type { Algorithm, ParentOrder } from "../lib/orders/parent.ts";
import { pov } from "../lib/orders/pov.ts";
import { twap } from "../lib/orders/twap.ts";
import { PROFILE_SESSIONS, profileOf, vwap } from "../lib/orders/vwap.ts";
import type { TradingDay } from "../lib/session/backtest.ts";
import { execute, type LabMarket, type LabResult, spreadOf } from "../lib/session/execution_lab.ts";
import { executionChart } from "../lib/report/chart_execution.ts";
import { verdictOf } from "../lib/session/execution_verdict.ts";
import { print } from "../lib/terminal.ts";
import { labMarket } from "./backtest_bars.ts";

const MINUTE_MS = 60_000;
/** The parent's time: after the first rush, for an hour. */
const START_AFTER_MS = 30 * MINUTE_MS;
const LENGTH_MS = 60 * MINUTE_MS;
/** Sizes, as parts of the volume expected in that hour. */
const PARTS = [0.005, 0.05, 0.2] as const;
const POV_RATE = 0.1;
/** An iceberg shows this part of itself. */
const CLIP_PART = 50n;

interface Outcome {
  readonly part: number;
  readonly algorithm: string;
  readonly result: LabResult;
}

/** The same parents by each algorithm on the simulated market: a line for each size and algorithm. */
export function compareExecution(options: {
  readonly days: readonly TradingDay[];
  readonly symbols: readonly string[];
  readonly seed: number;
  readonly json: boolean;
}): void {
  const lab = labMarket(options.seed);
  const outcomes = options.symbols.flatMap((symbol) =>
    options.days.flatMap((day, index) => {
      const market = lab.market(symbol, day);
      const profile = profileOf(lab.past(symbol, day, PROFILE_SESSIONS), day, 78);
      const algorithms = profile === null ? [] : [vwap(profile, day)];
      return PARTS.flatMap((part) =>
        tryAll(parentOf({ market, day, part, index }), market, [
          marketOrder,
          twap(),
          ...algorithms,
          pov(POV_RATE),
          adaptive("normal"),
        ]).map((one) => ({ ...one, part }))
      );
    })
  );
  const rows = rowsOf(outcomes);
  draw(rows, `Impact of ${options.symbols.join(", ")} over ${options.days.length} days`);
  const verdict = verdictOf(rows);
  if (options.json) {
    print(JSON.stringify({ schema: 1, rows, verdict, picture: PICTURE }, null, 2));
    return;
  }
  for (const line of [...table(rows), "", ...verdict, "", `Picture   ${PICTURE}`]) print(line);
}

const PICTURE = "data/execution-costs.svg";

function draw(rows: readonly Row[], title: string): void {
  const bars = rows.map(({ part, algorithm, chosen, impactBps }) => ({
    part,
    algorithm,
    chosen,
    ...impactBps,
  }));
  Deno.mkdirSync("data", { recursive: true });
  Deno.writeTextFileSync(PICTURE, executionChart(bars, title).toString());
}

function tryAll(
  parent: ParentOrder,
  market: LabMarket,
  algorithms: readonly Algorithm[],
): readonly Omit<Outcome, "part">[] {
  const clip = parent.quantity / CLIP_PART / MICROS_PER_UNIT * MICROS_PER_UNIT;
  const icebergs = clip > 0n ? [iceberg(clip)] : [];
  return [...algorithms, ...icebergs].map((algorithm) => ({
    algorithm: algorithm.name,
    result: execute(algorithm, parent, market),
  }));
}

function parentOf({ market, day, part, index }: {
  readonly market: LabMarket;
  readonly day: TradingDay;
  readonly part: number;
  readonly index: number;
}): ParentOrder {
  const startMs = day.opensAt + START_AFTER_MS;
  const expected = (market.dailyVolume * LENGTH_MS) / (day.closesAt - day.opensAt);
  return {
    side: index % 2 === 0 ? "BUY" : "SELL",
    quantity: BigInt(Math.max(1, Math.round(expected * part))) * MICROS_PER_UNIT,
    startMs,
    endMs: startMs + LENGTH_MS,
    seed: index,
  };
}

interface Row {
  readonly part: number;
  readonly algorithm: string;
  /** The one that the rule would take for this size. */
  readonly chosen: boolean;
  readonly parents: number;
  readonly impactBps: ReturnType<typeof spreadOf>;
  readonly shortfallBps: ReturnType<typeof spreadOf>;
  readonly filledPart: number;
  readonly slices: number;
  /** Impact saved against MARKET, in basis points; negative when it costs more. */
  readonly savedBps: number;
}

function rowsOf(outcomes: readonly Outcome[]): readonly Row[] {
  return PARTS.flatMap((part) => {
    const ofPart = outcomes.filter((one) => one.part === part);
    const names = [...new Set(ofPart.map(({ algorithm }) => algorithm))];
    const impactOf = (name: string): number[] =>
      ofPart.filter(({ algorithm }) => algorithm === name).map(({ result }) => result.impactBps);
    const base = spreadOf(impactOf(marketOrder.name)).mean;
    const rule = chooseAlgorithm({
      shares: part,
      touchShares: null,
      expectedVolume: 1,
      hasProfile: names.includes("VWAP"),
    });
    return names.map((algorithm): Row => {
      const results = ofPart.filter((one) => one.algorithm === algorithm).map(({ result }) =>
        result
      );
      const mean = (of: (result: LabResult) => number): number => spreadOf(results.map(of)).mean;
      const impactBps = spreadOf(impactOf(algorithm));
      return {
        part,
        algorithm,
        chosen: rule.algorithm === algorithm,
        parents: results.length,
        impactBps,
        shortfallBps: spreadOf(results.map(({ shortfallBps }) => shortfallBps)),
        filledPart: mean(({ filledPart }) => filledPart),
        slices: mean(({ slices }) => slices),
        savedBps: base - impactBps.mean,
      };
    });
  });
}

function table(rows: readonly Row[]): string[] {
  const cells = (texts: readonly string[]): string =>
    texts.map((text, index) => index < 2 ? text.padEnd(10) : text.padStart(16)).join(" ");
  const spread = ({ mean, deviation }: Row["impactBps"]): string =>
    `${mean.toFixed(2)} ± ${deviation?.toFixed(2) ?? "–"}`;
  return [
    "costs in basis points, mean ± standard deviation; size as part of the hour's expected volume",
    "* chosen by rule for that size",
    "",
    cells(["size", "algorithm", "impact", "shortfall", "filled", "slices", "saved on MARKET"]),
    ...rows.map((row) =>
      cells([
        `${row.part * 100} %`,
        `${row.algorithm}${row.chosen ? " *" : ""}`,
        spread(row.impactBps),
        spread(row.shortfallBps),
        `${(row.filledPart * 100).toFixed(1)} %`,
        row.slices.toFixed(1),
        row.savedBps.toFixed(2),
      ])
    ),
  ];
}
