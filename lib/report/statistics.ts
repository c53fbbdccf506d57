import { shape, tails, winning } from "./distribution.ts";
import { calendarDays, drawdowns } from "./drawdowns.ts";
import {
  type DailyReturn,
  DAYS_PER_YEAR,
  type Metric,
  metric,
  NO_DRAWDOWN,
  NO_LOSS,
  NO_SPREAD,
  TOO_FEW,
} from "./metric.ts";
import { centralMoment, deviation, isConstant, mean, normalCdf } from "./numerics.ts";

/**
 * Everything said about a series of daily returns, risk-free rate 0. Where libraries disagree the definition is the
 * one in `formula`; what cannot be computed is null with its reason, never infinite and never 0.
 *
 * @throws {RangeError} for an empty series
 */
export function statistics(days: readonly DailyReturn[]): readonly Metric[] {
  if (days.length === 0) throw new RangeError("Cannot compute statistics of no day");
  const returns = days.map(({ value }) => value);
  return [
    ...growth(returns),
    ...risk(returns),
    ...underWater(days),
    ...winning(returns),
    ...tails(returns),
    ...shape(returns),
  ];
}

function growth(returns: readonly number[]): readonly Metric[] {
  const n = returns.length;
  const total = totalReturn(returns);
  return [
    metric({
      id: "total_return",
      label: "Total return",
      unit: "percent",
      formula: "Product of 1 + r, less 1",
    }, total),
    metric({
      id: "cagr",
      label: "Yearly growth",
      unit: "percent",
      formula: "(1 + total return)^(252 / n) − 1; −100 % when equity reaches nothing",
    }, cagrOf(total, n)),
    metric({
      id: "geometric_mean_day",
      label: "Growth per day",
      unit: "percent",
      formula: "(1 + total return)^(1 / n) − 1",
    }, total <= -1 ? -1 : (1 + total) ** (1 / n) - 1),
    metric({
      id: "expectancy_per_day",
      label: "Mean day",
      unit: "percent",
      formula: "Mean of r",
    }, mean(returns)),
    metric(
      { id: "best_day", label: "Best day", unit: "percent", formula: "Highest r" },
      returns.reduce((a, b) => Math.max(a, b), -Infinity),
    ),
    metric(
      { id: "worst_day", label: "Worst day", unit: "percent", formula: "Lowest r" },
      returns.reduce((a, b) => Math.min(a, b), Infinity),
    ),
  ];
}

function risk(returns: readonly number[]): readonly Metric[] {
  const n = returns.length;
  const spread = deviation(returns);
  const root = Math.sqrt(DAYS_PER_YEAR);
  const downside = downsideOf(returns);
  return [
    metric(
      {
        id: "volatility_ann",
        label: "Volatility, yearly",
        unit: "percent",
        formula: "Standard deviation of r (n − 1) × √252",
      },
      spread * root,
      n < 2 ? TOO_FEW : null,
    ),
    metric(
      {
        id: "sharpe",
        label: "Sharpe ratio",
        unit: "ratio",
        formula: "Mean of r over standard deviation of r (n − 1), × √252",
      },
      (mean(returns) / spread) * root,
      n < 2 ? TOO_FEW : spread === 0 ? NO_SPREAD : null,
    ),
    metric({
      id: "downside_deviation_ann",
      label: "Downside deviation, yearly",
      unit: "percent",
      formula: "√(sum of min(r, 0)² / n) × √252",
    }, downside * root),
    metric(
      {
        id: "sortino",
        label: "Sortino ratio",
        unit: "ratio",
        formula: "Mean of r over √(sum of min(r, 0)² / n), × √252",
      },
      (mean(returns) / downside) * root,
      n < 2 ? TOO_FEW : downside === 0 ? NO_LOSS : null,
    ),
    metric({
      id: "probabilistic_sharpe_vs_0",
      label: "Probability that the Sharpe ratio is above 0",
      unit: "percent",
      formula: "Bailey and López de Prado: Φ(S√(n − 1) / √(1 − g₃S + (g₄ − 1)/4 S²)), S per day",
    }, ...probabilisticSharpe(returns)),
  ];
}

function underWater(days: readonly DailyReturn[]): readonly Metric[] {
  const { spells, depths } = drawdowns(days);
  const returns = days.map(({ value }) => value);
  const total = totalReturn(returns);
  const deepest = spells.reduce((low, { depth }) => Math.min(low, depth), 0);
  const longest = spells.reduce<(typeof spells)[number] | null>(
    (best, spell) => best === null || spell.days > best.days ? spell : best,
    null,
  );
  const none = deepest === 0 ? NO_DRAWDOWN : null;
  return [
    metric({
      id: "max_drawdown",
      label: "Deepest drawdown",
      unit: "percent",
      formula: "Lowest of equity over its highest so far, less 1; the start is a height",
    }, deepest),
    metric(
      {
        id: "calmar",
        label: "Calmar ratio",
        unit: "ratio",
        formula: "Yearly growth over the deepest drawdown",
      },
      cagrOf(total, days.length) / Math.abs(deepest),
      none,
    ),
    metric(
      {
        id: "recovery_factor",
        label: "Recovery factor",
        unit: "ratio",
        formula: "Total return over the deepest drawdown",
      },
      total / Math.abs(deepest),
      none,
    ),
    metric({
      id: "longest_drawdown_observations",
      label: "Longest drawdown, trading days",
      unit: "days",
      formula: "Most days in a row below the height",
    }, longest?.days ?? 0),
    metric({
      id: "longest_drawdown_calendar_days",
      label: "Longest drawdown, calendar days",
      unit: "days",
      formula: "First to last day of that spell, both counted",
    }, longest === null ? 0 : calendarDays(longest)),
    metric({
      id: "drawdown_spells",
      label: "Drawdowns",
      unit: "count",
      formula: "Spells below the height",
    }, spells.length),
    metric({
      id: "time_under_water",
      label: "Days below the height",
      unit: "percent",
      formula: "Days below the height over n",
    }, depths.filter((depth) => depth < 0).length / depths.length),
    metric({
      id: "ulcer_index",
      label: "Ulcer index",
      unit: "percent",
      formula: "√(sum of squared drawdowns / n)",
    }, Math.sqrt(mean(depths.map((depth) => depth * depth)))),
  ];
}

function totalReturn(returns: readonly number[]): number {
  return returns.reduce((wealth, value) => wealth * (1 + value), 1) - 1;
}

function cagrOf(total: number, n: number): number {
  return total <= -1 ? -1 : (1 + total) ** (DAYS_PER_YEAR / n) - 1;
}

function downsideOf(returns: readonly number[]): number {
  return Math.sqrt(mean(returns.map((value) => Math.min(value, 0) ** 2)));
}

/** Value and the reason it is undefined. */
function probabilisticSharpe(returns: readonly number[]): [number, string | null] {
  const n = returns.length;
  if (n < 3) return [NaN, "fewer than three days"];
  if (isConstant(returns)) return [NaN, NO_SPREAD];
  const ratio = mean(returns) / deviation(returns);
  const variance = centralMoment(returns, 2);
  const skew = centralMoment(returns, 3) / variance ** 1.5;
  const kurtosis = centralMoment(returns, 4) / variance ** 2;
  const spread = 1 - skew * ratio + ((kurtosis - 1) / 4) * ratio ** 2;
  if (spread <= 0) return [NaN, "skewness and kurtosis leave no variance to the ratio"];
  return [normalCdf((ratio * Math.sqrt(n - 1)) / Math.sqrt(spread)), null];
}
