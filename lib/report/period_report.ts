import { type Micros, toNumber, ZERO } from "../money.ts";
import { maskAccount } from "../probe/mask.ts";
import { exact } from "./day.ts";
import type { Column, Report, Row, Section, Table } from "./figure.ts";
import { display, plural } from "./format.ts";
import { ENTRY_RULES, EXITS, groupTable } from "./groups.ts";
import { historySection } from "./history.ts";
import type { DayResult, Period } from "./period.ts";
import { periodHeadline, periodVerdict, total, UNKNOWN_DAY } from "./period_figures.ts";
import { longDate, ZoneTimes } from "./times.ts";

/** Many days as one report: the same questions, answered by sums of days. */
export function buildPeriodReport(period: Period): Report {
  const { days, exchange, mode, account, strategies, currencies } = period;
  const times = ZoneTimes.of(exchange);
  const from = days[0]?.date ?? "";
  const to = days.at(-1)?.date ?? "";
  return {
    schema: 1,
    title: `Report, ${longDate(from)} to ${longDate(to)}`,
    date: to,
    from,
    exchange,
    zone: times.zone,
    timesIn: times.label(period.last.at),
    currency: currencies.length === 0 ? "USD" : currencies.join("/"),
    mode,
    account: maskAccount(account),
    strategy: strategies.join(", "),
    sessionIds: days.flatMap(({ sessionIds }) => sessionIds),
    verdict: periodVerdict(period),
    headline: periodHeadline(period),
    sections: [
      historySection(days, times),
      bridge(period, times),
      earners(period),
      dayByDay(period),
      provenance(period, times),
    ],
  };
}

/** Sum over neighbours of the next day's start less this day's end. */
function overnight(days: readonly DayResult[]): Micros | null {
  let sum = ZERO;
  for (const [index, day] of days.entries()) {
    const next = days[index + 1];
    if (next === undefined) continue;
    if (day.endNav === null || next.startNav === null) return null;
    sum += next.startNav - day.endNav;
  }
  return sum;
}

function bridge({ days }: Period, times: ZoneTimes): Section {
  const start = days[0]?.startNav ?? null;
  const end = days.at(-1)?.endNav ?? null;
  let running = start;
  const seqs = days.flatMap((day) => day.seqs);
  const step = (id: string, label: string, amount: Micros | null): Row => {
    running = running === null || amount === null ? null : running + amount;
    return {
      id,
      cells: [label, exact(amount), exact(running)],
      n: days.length,
      inputs: { seqs },
      reason: UNKNOWN_DAY,
    };
  };
  const commissions = total(days, (day) => day.commissions) ?? ZERO;
  const nav = (id: string, label: string, amount: Micros | null): Row => ({
    id,
    cells: [label, "", exact(amount)],
    n: 1,
    inputs: { seqs },
    reason: "The broker's account values are missing",
    emphasis: id === "end" ? "total" : "subtotal",
  });
  const rows = [
    nav("start", "Net asset value at the start", start),
    step("realized", "Realised, first in first out", total(days, (day) => day.realized)),
    step(
      "unrealized",
      "Unrealised, change within days",
      total(days, (day) => day.unrealizedChange),
    ),
    step("commissions", "Commissions", -commissions),
    step("overnight", "Between the days: marks, dividends, interest, transfers", overnight(days)),
    step("unexplained", "Unexplained within days", total(days, (day) => day.unexplained)),
    nav("end", "Net asset value at the end", end),
  ];
  const shown = (amount: Micros | null): string => display(exact(amount), "money", { times });
  return {
    id: "bridge",
    title: "What was made",
    lead: start === null || end === null
      ? "The broker's NAV is missing at one end of the period."
      : `Net asset value went from ${shown(start)} to ${shown(end)}.`,
    blocks: [{
      type: "table",
      table: {
        id: "bridge",
        caption: "From start to end",
        columns: [
          { id: "step", label: "Step", unit: "text", formula: null },
          {
            id: "change",
            label: "Change",
            unit: "money",
            signed: true,
            formula: "Sum of the days",
          },
          { id: "nav", label: "NAV", unit: "money", formula: "The line above plus the change" },
        ],
        rows,
        empty: "",
      },
    }],
  };
}

function earners({ symbols, rules, exits }: Period): Section {
  const sorted = [...symbols].map(([symbol, sum]) => ({
    symbol,
    sum,
    net: sum.realized - sum.commissions,
  })).toSorted((a, b) => a.net < b.net ? 1 : a.net > b.net ? -1 : a.symbol < b.symbol ? -1 : 1);
  const table: Table = {
    id: "symbols",
    caption: "By symbol, realised",
    columns: [
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "fills", label: "Fills", unit: "count", formula: "Sum of the days" },
      { id: "traded", label: "Traded", unit: "money", formula: "Sum of quantity × price" },
      {
        id: "realized",
        label: "Realised",
        unit: "money",
        signed: true,
        formula: "Sum of the days, first in first out",
      },
      { id: "commissions", label: "Commissions", unit: "money", formula: "Sum of the days" },
      {
        id: "net",
        label: "Net",
        unit: "money",
        signed: true,
        formula: "Realised less commissions",
      },
    ],
    rows: sorted.map(({ symbol, sum, net }): Row => ({
      id: symbol,
      cells: [
        symbol,
        String(sum.fills),
        exact(sum.traded),
        exact(sum.realized),
        exact(sum.commissions),
        exact(net),
      ],
      n: sum.fills,
    })),
    empty: "No symbol was held or traded.",
  };
  const bars = sorted.map(({ symbol, net }) => ({ label: symbol, value: toNumber(net) }));
  return {
    id: "pnl",
    title: "Who made it",
    lead: sorted.length === 0
      ? "Nothing was traded."
      : `${plural(sorted.length, "symbol")} were held or traded.`,
    blocks: [
      ...(bars.length < 2 ? [] : [{
        type: "chart" as const,
        chart: {
          kind: "bars" as const,
          id: "symbols-chart",
          title: "Realised net by symbol",
          description: "One bar per symbol, gains to the right, losses to the left",
          bars,
        },
      }]),
      { type: "table", table },
      { type: "table", table: groupTable(ENTRY_RULES, rules) },
      { type: "table", table: groupTable(EXITS, exits) },
    ],
  };
}

const DAILY_COLUMNS: readonly Column[] = [
  { id: "date", label: "Date", unit: "date", formula: null },
  { id: "state", label: "Books", unit: "text", formula: null },
  { id: "fills", label: "Fills", unit: "count", formula: "Executions that count" },
  {
    id: "realized",
    label: "Realised",
    unit: "money",
    signed: true,
    formula: "First in first out",
  },
  {
    id: "unrealized",
    label: "Unrealised, change",
    unit: "money",
    signed: true,
    formula: "As in the day's report",
  },
  {
    id: "commissions",
    label: "Commissions",
    unit: "money",
    formula: "Of the day's fills, late ones included",
  },
  {
    id: "net",
    label: "Net",
    unit: "money",
    signed: true,
    formula: "Realised plus unrealised change less commissions",
  },
  {
    id: "unexplained",
    label: "Unexplained",
    unit: "money",
    signed: true,
    formula: "NAV's change less net",
  },
  {
    id: "incidents",
    label: "Incidents",
    unit: "count",
    formula: "And losses of the connection",
  },
];

function dayByDay({ days }: Period): Section {
  const table: Table = {
    id: "daily",
    caption: "Day by day",
    columns: DAILY_COLUMNS,
    rows: days.map((day): Row => ({
      id: day.date,
      cells: [
        day.date,
        day.verdict.state,
        String(day.fills),
        exact(day.realized),
        exact(day.unrealizedChange),
        exact(day.commissions),
        exact(day.net),
        exact(day.unexplained),
        String(day.incidents),
      ],
      n: day.fills,
      inputs: { seqs: day.seqs },
      ...(day.awaited.size > 0
        ? { status: "provisional", reason: "Commissions are missing" }
        : { reason: "The broker's account values at an end of the day are missing" }),
    })),
    empty: "No day.",
  };
  return {
    id: "daily",
    title: "Day by day",
    lead: "Each day has a report of its own, with every order and fill.",
    blocks: [{ type: "table", table }],
  };
}

function provenance({ first, last, days }: Period, times: ZoneTimes): Section {
  const sessions = days.reduce((sum, { sessionIds }) => sum + sessionIds.length, 0);
  const row = (id: string, label: string, text: string): Row => ({ id, cells: [label, text] });
  return {
    id: "provenance",
    title: "Made from",
    lead: "The same ledger gives the same report, byte for byte.",
    blocks: [{
      type: "table",
      table: {
        id: "provenance",
        caption: "Sources",
        columns: [
          { id: "what", label: "What", unit: "text", formula: null },
          { id: "value", label: "Value", unit: "text", formula: null },
        ],
        rows: [
          row("sessions", "Sessions", String(sessions)),
          row("entries", "Ledger entries", `${first.seq} to ${last.seq}`),
          row("hash", "Hash of the last entry", last.hash),
          row("written", "Written", `${times.full(first.at)} to ${times.full(last.at)}`),
        ],
        empty: "",
      },
    }],
  };
}
