import { type Micros, toNumber } from "../money.ts";
import { ALL_FILLS, type Day, exact, provisionalBecause } from "./day.ts";
import type { Block, Column, Row, Section, Table } from "./figure.ts";
import { display, plural } from "./format.ts";
import {
  ENTRY_RULES,
  EXITS,
  groupExecIds,
  type Grouping,
  groupSums,
  groupTable,
} from "./groups.ts";
import { tripTable } from "./pnl_trips.ts";

const NET_FORMULA = "Realised plus unrealised change less commissions";

/** Who earned it: symbols, rules, round trips. */
export function pnlSection(day: Day): Section {
  const grouped = (grouping: Grouping): Table =>
    groupTable(grouping, groupSums(day, grouping), groupExecIds(day, grouping));
  const symbols = symbolTable(day);
  const bars = day.accounting.bySymbol.flatMap(({ position, net }) =>
    net === null ? [] : [{ label: position.symbol, value: toNumber(net) }]
  ).toSorted((a, b) => b.value - a.value || (a.label < b.label ? -1 : 1));
  const chart: readonly Block[] = bars.length < 2 ? [] : [{
    type: "chart",
    chart: {
      kind: "bars",
      id: "symbols-chart",
      title: "Net profit and loss by symbol",
      description: "One bar per symbol, gains to the right, losses to the left",
      bars,
    },
  }];
  return {
    id: "pnl",
    title: "Who made it",
    lead: lead(day),
    blocks: [
      ...chart,
      { type: "table", table: symbols },
      { type: "table", table: grouped(ENTRY_RULES) },
      { type: "table", table: grouped(EXITS) },
      { type: "table", table: tripTable(day) },
    ],
  };
}

function lead({ trips, accounting, times }: Day): string {
  const closed = trips.filter(({ openQuantity }) => openQuantity === 0n);
  if (trips.length === 0) return "Nothing was traded.";
  const wins = closed.filter(({ net }) => net > 0n).length;
  const known = accounting.bySymbol.filter((one): one is typeof one & { net: Micros } =>
    one.net !== null
  ).toSorted((a, b) => a.net < b.net ? 1 : a.net > b.net ? -1 : 0);
  const [best, worst] = [known.at(0), known.at(-1)];
  const extremes = known.length < 2 || best === undefined || worst === undefined
    ? ""
    : ` ${best.position.symbol} did best with ${
      money(best.net)
    }, ${worst.position.symbol} worst with ${money(worst.net)}.`;
  const open = trips.length - closed.length;
  return `${plural(closed.length, "round trip")}, ${wins} of them won after costs${
    open === 0 ? "" : `; ${plural(open, "position")} still open`
  }.${extremes}`;

  function money(amount: Micros): string {
    return display(exact(amount), "money", { times, signed: true });
  }
}

function symbolTable(day: Day): Table {
  const { accounting, facts } = day;
  const provisional = provisionalBecause(accounting);
  const waiting = new Set(accounting.missingCommissions);
  const rows = accounting.bySymbol.map(({ position, unrealizedChange, net }): Row => {
    const { symbol, quantity, fills, tradedNotional, realized, commissions } = position;
    const execIds = facts.books.tape(symbol)?.executions.map(({ execId }) => execId) ?? [];
    const incomplete = execIds.some((execId) => waiting.has(execId));
    return {
      id: symbol,
      cells: [
        symbol,
        String(fills),
        exact(tradedNotional),
        exact(quantity),
        exact(realized),
        exact(unrealizedChange),
        exact(commissions),
        exact(net),
      ],
      n: execIds.length,
      inputs: { execIds },
      ...(incomplete ? { status: "provisional", reason: provisional ?? "" } : {
        reason: "No mark of this symbol is in the ledger",
      }),
    };
  }).toSorted((a, b) => a.id < b.id ? -1 : 1);
  const { unattributed } = accounting;
  if (unattributed !== null && unattributed !== 0n) {
    rows.push({
      id: "valuation",
      cells: [
        "Marks: broker's against ours",
        "",
        "",
        "",
        "",
        exact(unattributed),
        "",
        exact(unattributed),
      ],
      inputs: { figures: ["bridge.unrealized.change"] },
    });
  }
  return {
    id: "symbols",
    caption: "By symbol",
    columns: SYMBOL_COLUMNS,
    rows: rows.length === 0 ? [] : [...rows, totalRow(day, provisional)],
    empty: "No symbol was held or traded.",
  };
}

function totalRow({ accounting, facts }: Day, provisional: string | null): Row {
  const { books } = facts;
  return {
    id: "total",
    cells: [
      "Total",
      String(books.fills),
      exact(books.tradedNotional),
      "",
      exact(accounting.realized),
      exact(accounting.unrealizedChange),
      exact(accounting.commissions),
      exact(accounting.net),
    ],
    n: books.fills,
    inputs: ALL_FILLS,
    emphasis: "total",
    ...(provisional === null
      ? { reason: "The broker's account values at the start or a mark at the end are missing" }
      : { status: "provisional", reason: provisional }),
  };
}

const SYMBOL_COLUMNS: readonly Column[] = [
  { id: "symbol", label: "Symbol", unit: "text", formula: null },
  {
    id: "fills",
    label: "Fills",
    unit: "count",
    formula: "Executions that count, corrected ones once",
  },
  { id: "traded", label: "Traded", unit: "money", formula: "Sum of quantity × price of the fills" },
  {
    id: "held",
    label: "Held",
    unit: "shares",
    formula: "Shares at the start plus bought less sold",
  },
  {
    id: "realized",
    label: "Realised",
    unit: "money",
    signed: true,
    formula: "Proceeds of what was closed less its cost, first in first out",
  },
  {
    id: "unrealized",
    label: "Unrealised, change",
    unit: "money",
    signed: true,
    formula: "Market value less cost of what is held, at the end less at the start",
  },
  {
    id: "commissions",
    label: "Commissions",
    unit: "money",
    formula: "Sum of the commission reports",
  },
  { id: "net", label: "Net", unit: "money", signed: true, formula: NET_FORMULA },
];
