import { type Micros, ZERO } from "../money.ts";
import { exact, figure } from "./day.ts";
import { drawdowns } from "./drawdowns.ts";
import type { Figure, Verdict } from "./figure.ts";
import { decimal, plural } from "./format.ts";
import { growthOf, returnsOf } from "./history.ts";
import type { DayResult, Period } from "./period.ts";

/** How many of the days are reconciled, and which are not. */
export function periodVerdict({ days, currencies }: Period): Verdict {
  const count = (state: Verdict["state"]): number =>
    days.filter((day) => day.verdict.state === state).length;
  const [reconciled, broken] = [count("reconciled"), count("broken")];
  const state = broken > 0 || currencies.length > 1
    ? "broken"
    : reconciled === days.length
    ? "reconciled"
    : "unknown";
  const awaited = days.reduce((sum, day) => sum + day.awaited.size, 0);
  const open = days.filter((day) => day.verdict.state !== "reconciled");
  return {
    state,
    text: `${reconciled} of ${plural(days.length, "day")} reconciled`,
    details: [
      ...open.slice(0, 5).map((day) => `${day.date}: ${day.verdict.text}`),
      ...(open.length > 5 ? [`and ${open.length - 5} more`] : []),
      ...(awaited > 0
        ? [`${plural(awaited, "fill")} without a commission: net figures are provisional`]
        : []),
      ...(currencies.length > 1
        ? [`Amounts came in ${currencies.join(" and ")}; they cannot be added`]
        : []),
    ],
  };
}

/** Sum over the days; null when one of them does not know. */
export function total(
  days: readonly DayResult[],
  pick: (day: DayResult) => Micros | null,
): Micros | null {
  let sum = ZERO;
  for (const day of days) {
    const value = pick(day);
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

export const UNKNOWN_DAY = "A day of the period does not know it; the days' table says which";

/** Net first: it is shown largest. */
export function periodHeadline({ days }: Period): readonly Figure[] {
  const [net, gross, commissions] = amounts(days);
  const [growth, drawdown] = returns(days);
  return [net, growth, gross, commissions, ...counts(days), drawdown].filter((one) =>
    one !== undefined
  );
}

function amounts(days: readonly DayResult[]): readonly Figure[] {
  const n = days.length;
  const awaited = days.some((day) => day.awaited.size > 0);
  const provisional = awaited ? "Commissions are missing" : null;
  const money = (id: string, label: string, more: {
    readonly pick: (day: DayResult) => Micros | null;
    readonly formula: string;
    readonly costs: boolean;
  }): Figure => {
    const value = exact(total(days, more.pick));
    const waits = more.costs ? provisional : null;
    return figure({
      id,
      label,
      unit: "money",
      value,
      formula: more.formula,
      n,
      inputs: { figures: days.map(({ date }) => `daily.${date}.net`) },
      reason: value === null ? UNKNOWN_DAY : waits,
    });
  };
  const gross = (day: DayResult): Micros | null =>
    day.unrealizedChange === null ? null : day.realized + day.unrealizedChange;
  return [
    money("period.net", "Net profit and loss", {
      pick: (day) => day.net,
      formula: "Sum of the days' net",
      costs: true,
    }),
    money("period.gross", "Before costs", {
      pick: gross,
      formula: "Sum of the days' realised and unrealised change",
      costs: false,
    }),
    money("period.commissions", "Commissions", {
      pick: (day) => day.commissions,
      formula: "Sum of the days' commissions",
      costs: true,
    }),
  ];
}

function returns(days: readonly DayResult[]): readonly Figure[] {
  const daily = returnsOf(days);
  const seqs = days.flatMap((day) => day.seqs);
  const deepest = drawdowns(daily).spells.reduce((low, { depth }) => Math.min(low, depth), 0);
  const none = daily.length === 0 ? "No day with the broker's NAV at both ends" : null;
  return [
    figure({
      id: "period.return",
      label: "Return, days chained",
      unit: "percent",
      value: none === null ? decimal(growthOf(daily) * 100) : null,
      formula: "Product of 1 + NAV's change over its start of each day, less 1",
      n: daily.length,
      inputs: { seqs },
      reason: none,
    }),
    figure({
      id: "period.drawdown",
      label: "Deepest drawdown",
      unit: "percent",
      value: none === null ? decimal(deepest * 100) : null,
      formula: "Lowest of chained returns over their highest so far, less 1",
      n: daily.length,
      inputs: { seqs },
      reason: none,
    }),
  ];
}

function counts(days: readonly DayResult[]): readonly Figure[] {
  const n = days.length;
  return [
    figure({
      id: "period.fills",
      label: "Fills",
      unit: "count",
      value: String(days.reduce((sum, { fills }) => sum + fills, 0)),
      formula: "Sum of the days' fills",
      n,
    }),
    figure({
      id: "period.days",
      label: "Days",
      unit: "count",
      value: String(n),
      formula: "Exchange dates with a session",
      n,
    }),
    figure({
      id: "period.incidents",
      label: "Incidents",
      unit: "count",
      value: String(days.reduce((sum, { incidents }) => sum + incidents, 0)),
      formula: "Incidents and losses of the connection",
      n,
    }),
  ];
}
