import { type Micros, toNumber } from "../money.ts";
import { exact, figure } from "./day.ts";
import { drawdowns } from "./drawdowns.ts";
import type { HistoryDay } from "./facts.ts";
import type { Block, Figure, Row, Section, Table } from "./figure.ts";
import { decimal, display, plural } from "./format.ts";
import { type DailyReturn, DAYS_PER_YEAR, type Metric } from "./metric.ts";
import { statistics } from "./statistics.ts";
import type { ZoneTimes } from "./times.ts";

/** Fewer days than this say nothing about a strategy, so no ratio is shown. */
const RATIOS_MIN = 20;
/** Yearly figures of less than a year would be a forecast. */
const YEARLY = new Set(["cagr", "calmar"]);

interface KnownDay extends DailyReturn {
  readonly day: HistoryDay;
  readonly change: Micros;
}

/** The day among the days before it. */
export function historySection(history: readonly HistoryDay[], times: ZoneTimes): Section {
  const known = knownDays(history);
  const missing = history.length - known.length;
  return {
    id: "history",
    title: "History",
    lead: lead(known, missing, times),
    blocks: [
      ...chartOf(known),
      { type: "figures", figures: [...periods(known), ...ratios(known)] },
      ...(known.length === 0 ? [] : [
        { type: "table" as const, table: monthTable(known) },
        { type: "table" as const, table: dayTable(history) },
      ]),
    ],
  };
}

/** Returns of the days whose NAV the broker said at both ends. */
export function returnsOf(history: readonly HistoryDay[]): readonly DailyReturn[] {
  return knownDays(history);
}

/** Days of which the broker said both ends. */
function knownDays(history: readonly HistoryDay[]): readonly KnownDay[] {
  return history.flatMap((day): KnownDay[] => {
    const { date, startNav, endNav } = day;
    if (startNav === null || endNav === null || startNav <= 0n) return [];
    const change = endNav - startNav;
    return [{ date, day, change, value: toNumber(change) / toNumber(startNav) }];
  });
}

function lead(known: readonly KnownDay[], missing: number, times: ZoneTimes): string {
  const last = known.at(-1);
  if (last === undefined) return "No day with the broker's NAV at both ends is in the ledger yet.";
  const month = known.filter(({ date }) => date.slice(0, 7) === last.date.slice(0, 7));
  const made = growthOf(month) * 100;
  const shown = display(decimal(made), "percent", { times, signed: true });
  const left = missing === 0
    ? ""
    : ` ${plural(missing, "day")} without the broker's NAV at both ends ${
      missing === 1 ? "is" : "are"
    } left out.`;
  const few = known.length < RATIOS_MIN ? ` Ratios are shown from ${RATIOS_MIN} days on.` : "";
  return `${shown} this month over ${plural(month.length, "day")}; ${
    plural(known.length, "day")
  } in all.${few}${left}`;
}

/** Returns chained: money that came or went between the days does not count. */
export function growthOf(days: readonly DailyReturn[]): number {
  return days.reduce((wealth, { value }) => wealth * (1 + value), 1) - 1;
}

function periods(known: readonly KnownDay[]): readonly Figure[] {
  const last = known.at(-1)?.date ?? "";
  const period = (id: string, label: string, prefix: string): Figure => {
    const days = known.filter(({ date }) => date.startsWith(prefix));
    return figure({
      id: `history.${id}`,
      label,
      unit: "percent",
      value: days.length === 0 ? null : decimal(growthOf(days) * 100),
      formula: "Product of 1 + the day's return, less 1; the return is NAV's change over its start",
      n: days.length,
      inputs: { seqs: days.flatMap(({ day }) => day.seqs) },
      reason: days.length === 0 ? "No day with the broker's NAV at both ends" : null,
    });
  };
  return [
    period("mtd", "This month", last.slice(0, 7)),
    period("ytd", "This year", last.slice(0, 4)),
    period("all", "All days", ""),
  ];
}

function ratios(known: readonly KnownDay[]): readonly Figure[] {
  if (known.length < RATIOS_MIN) return [];
  const seqs = known.flatMap(({ day }) => day.seqs);
  return statistics(known).filter(({ id }) => id !== "total_return").map((metric) => {
    const early = YEARLY.has(metric.id) && known.length < DAYS_PER_YEAR;
    const value = early ? null : shown(metric);
    return figure({
      id: `history.${metric.id}`,
      label: metric.label,
      unit: metric.unit,
      value,
      formula: metric.formula,
      n: known.length,
      inputs: { seqs },
      reason: early ? `fewer than ${DAYS_PER_YEAR} days: not made yearly` : metric.reason,
    });
  });
}

function shown({ value, unit }: Metric): string | null {
  if (value === null) return null;
  return decimal(unit === "percent" ? value * 100 : value);
}

function chartOf(known: readonly KnownDay[]): readonly Block[] {
  if (known.length < 2) return [];
  const { depths } = drawdowns(known);
  let wealth = 1;
  const days = known.map(({ date, value }, index) => {
    wealth *= 1 + value;
    return { date, growth: (wealth - 1) * 100, depth: (depths[index] ?? 0) * 100 };
  });
  return [{
    type: "chart",
    chart: {
      kind: "history",
      id: "growth",
      title: "Growth and drawdown",
      description:
        "Growth since the first day in percent, and below it the distance from the height",
      days,
    },
  }];
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function monthTable(known: readonly KnownDay[]): Table {
  const years = [...new Set(known.map(({ date }) => date.slice(0, 4)))].toSorted();
  const formula = "Days of the month chained; empty where there was none";
  const grow = (prefix: string): string => {
    const days = known.filter(({ date }) => date.startsWith(prefix));
    // A month without a day is not a month that made nothing.
    return days.length === 0 ? "" : decimal(growthOf(days) * 100) ?? "";
  };
  return {
    id: "months",
    caption: "Months",
    columns: [
      { id: "year", label: "Year", unit: "text", formula: null },
      ...MONTHS.map((label, index) => ({
        id: String(index + 1).padStart(2, "0"),
        label,
        unit: "percent" as const,
        signed: true,
        formula,
      })),
      {
        id: "all",
        label: "All",
        unit: "percent",
        signed: true,
        formula: "All days of the year chained",
      },
    ],
    rows: years.map((year): Row => ({
      id: year,
      cells: [
        year,
        ...MONTHS.map((_, index) => grow(`${year}-${String(index + 1).padStart(2, "0")}`)),
        grow(year),
      ],
      n: known.filter(({ date }) => date.startsWith(year)).length,
    })),
    empty: "",
    heat: true,
  };
}

function dayTable(history: readonly HistoryDay[]): Table {
  return {
    id: "days",
    caption: "Days",
    columns: [
      { id: "date", label: "Date", unit: "date", formula: null },
      { id: "start", label: "NAV at the start", unit: "money", formula: null },
      { id: "end", label: "NAV at the end", unit: "money", formula: null },
      { id: "change", label: "Change", unit: "money", signed: true, formula: "End less start" },
      {
        id: "return",
        label: "Return",
        unit: "percent",
        signed: true,
        formula: "Change over start",
      },
    ],
    rows: history.toReversed().map((day): Row => {
      const [known] = knownDays([day]);
      return {
        id: day.date,
        cells: [
          day.date,
          exact(day.startNav),
          exact(day.endNav),
          known === undefined ? null : exact(known.change),
          known === undefined ? null : decimal(known.value * 100),
        ],
        n: 1,
        inputs: { seqs: day.seqs },
        reason: "The broker's NAV at one end is missing",
      };
    }),
    empty: "",
    long: true,
  };
}
