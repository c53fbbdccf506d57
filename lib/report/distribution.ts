import { type Metric, metric, NO_GAIN, NO_LOSS, NO_SPREAD, TOO_FEW } from "./metric.ts";
import {
  centralMoment,
  deviation,
  isConstant,
  mean,
  NORMAL_5_PERCENT,
  quantile,
  sum,
} from "./numerics.ts";

/** What the days look like, whatever their order: gains against losses, tails, shape. */

export function winning(returns: readonly number[]): readonly Metric[] {
  const gains = returns.filter((value) => value > 0);
  const losses = returns.filter((value) => value < 0);
  return [...sums(returns, gains, losses), ...means(gains, losses), ...runs(returns)];
}

function sums(
  returns: readonly number[],
  gains: readonly number[],
  losses: readonly number[],
): readonly Metric[] {
  const moved = gains.length + losses.length;
  const lost = -sum(losses);
  const noLoss = losses.length === 0 ? NO_LOSS : null;
  return [
    metric(
      {
        id: "win_rate",
        label: "Days won",
        unit: "percent",
        formula: "Days above 0 over days that are not 0",
      },
      gains.length / moved,
      moved === 0 ? "no day differs from 0" : null,
    ),
    metric({
      id: "win_rate_all_days",
      label: "Days won, of all days",
      unit: "percent",
      formula: "Days above 0 over n",
    }, gains.length / returns.length),
    metric(
      {
        id: "profit_factor",
        label: "Profit factor",
        unit: "ratio",
        formula: "Sum of gains over sum of losses",
      },
      sum(gains) / lost,
      noLoss,
    ),
    metric(
      {
        id: "omega_0",
        label: "Omega at 0",
        unit: "ratio",
        formula: "Sum of r above 0 over sum of r below 0",
      },
      sum(gains) / lost,
      noLoss,
    ),
    metric(
      {
        id: "gain_to_pain",
        label: "Gain to pain",
        unit: "ratio",
        formula: "Sum of r over sum of losses",
      },
      sum(returns) / lost,
      noLoss,
    ),
  ];
}

function means(gains: readonly number[], losses: readonly number[]): readonly Metric[] {
  const noLoss = losses.length === 0 ? NO_LOSS : null;
  const noGain = gains.length === 0 ? NO_GAIN : null;
  const payoff = mean(gains) / -mean(losses);
  const rate = gains.length / (gains.length + losses.length);
  return [
    metric(
      { id: "avg_win", label: "Mean gain", unit: "percent", formula: "Mean of r above 0" },
      mean(gains),
      noGain,
    ),
    metric(
      { id: "avg_loss", label: "Mean loss", unit: "percent", formula: "Mean of r below 0" },
      mean(losses),
      noLoss,
    ),
    metric(
      {
        id: "payoff_ratio",
        label: "Payoff ratio",
        unit: "ratio",
        formula: "Mean gain over mean loss",
      },
      payoff,
      noLoss ?? noGain,
    ),
    metric(
      {
        id: "kelly",
        label: "Kelly share",
        unit: "percent",
        formula: "Days won − (1 − days won) / payoff ratio",
      },
      rate - (1 - rate) / payoff,
      noLoss ?? noGain,
    ),
  ];
}

function runs(returns: readonly number[]): readonly Metric[] {
  return [
    metric({
      id: "longest_win_streak",
      label: "Longest run of gains",
      unit: "days",
      formula: "Most days above 0 in a row",
    }, longestRun(returns, (value) => value > 0)),
    metric({
      id: "longest_loss_streak",
      label: "Longest run of losses",
      unit: "days",
      formula: "Most days below 0 in a row",
    }, longestRun(returns, (value) => value < 0)),
  ];
}

export function tails(returns: readonly number[]): readonly Metric[] {
  const low = quantile(returns, 0.05);
  const worst = returns.toSorted((a, b) => a - b)
    .slice(0, Math.floor((returns.length - 1) * 0.05) + 1);
  return [
    metric(
      {
        id: "tail_ratio",
        label: "Tail ratio",
        unit: "ratio",
        formula: "95th percentile over 5th percentile, without signs",
      },
      Math.abs(quantile(returns, 0.95) / low),
      low === 0 ? "the 5th percentile is 0" : null,
    ),
    metric({
      id: "var_95_historical",
      label: "Value at risk 95 %, historical",
      unit: "percent",
      formula: "5th percentile of r, linear between neighbours",
    }, low),
    metric({
      id: "cvar_95_historical",
      label: "Expected shortfall 95 %",
      unit: "percent",
      formula: "Mean of the ⌊(n − 1) × 5 %⌋ + 1 lowest r",
    }, mean(worst)),
    metric(
      {
        id: "var_95_normal",
        label: "Value at risk 95 %, normal",
        unit: "percent",
        formula: "Mean − 1.645 × standard deviation (n − 1)",
      },
      mean(returns) + NORMAL_5_PERCENT * deviation(returns),
      returns.length < 2 ? TOO_FEW : null,
    ),
  ];
}

export function shape(returns: readonly number[]): readonly Metric[] {
  const n = returns.length;
  const flat = isConstant(returns) ? NO_SPREAD : null;
  const variance = centralMoment(returns, 2);
  const g1 = centralMoment(returns, 3) / variance ** 1.5;
  const g2 = centralMoment(returns, 4) / variance ** 2 - 3;
  return [
    metric(
      {
        id: "skew",
        label: "Skewness",
        unit: "ratio",
        formula: "Adjusted Fisher-Pearson, G₁",
      },
      (g1 * Math.sqrt(n * (n - 1))) / (n - 2),
      n < 3 ? "fewer than three days" : flat,
    ),
    metric(
      {
        id: "excess_kurtosis",
        label: "Excess kurtosis",
        unit: "ratio",
        formula: "Adjusted, G₂; 0 of a normal distribution",
      },
      (((n + 1) * g2 + 6) * (n - 1)) / ((n - 2) * (n - 3)),
      n < 4 ? "fewer than four days" : flat,
    ),
  ];
}

function longestRun(returns: readonly number[], counts: (value: number) => boolean): number {
  let longest = 0;
  let run = 0;
  for (const value of returns) {
    run = counts(value) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
