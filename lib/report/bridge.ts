import { absolute, formatMicros, type Micros, toNumber } from "../money.ts";
import { type Accounting, ROUNDING_MAX } from "./accounting.ts";
import { ALL_FILLS, type Day, exact, provisionalBecause, undefinedBecause } from "./day.ts";
import type { Block, Chart, Inputs, Row, Section, Table } from "./figure.ts";
import { display } from "./format.ts";

/** From the NAV of the morning to the NAV of the evening, each step named, the remainder too. */
export function bridgeSection(day: Day): Section {
  const { accounting } = day;
  const table = bridgeTable(day);
  const chart: readonly Block[] = accounting.net === null
    ? []
    : [{ type: "chart", chart: waterfall(accounting) }];
  return {
    id: "bridge",
    title: "What was made",
    lead: lead(day),
    blocks: [...chart, { type: "table", table }, { type: "table", table: methodsTable(day) }],
  };
}

/** What the remainder is: nothing, rounding, what is still to come, or a sum nobody can name. */
export function nameRemainder(
  unexplained: Micros,
  { missingCommissions }: Pick<Accounting, "missingCommissions">,
): "zero" | "rounding" | "awaited" | "unexplained" {
  if (unexplained === 0n) return "zero";
  if (missingCommissions.length > 0) return "awaited";
  return absolute(unexplained) <= ROUNDING_MAX ? "rounding" : "unexplained";
}

function lead(day: Day): string {
  const { accounting, times } = day;
  const { startNav, endNav, endBy, net, unexplained } = accounting;
  if (net === null || startNav === null || endNav === null) return `${undefinedBecause(day)}.`;
  const money = (amount: Micros): string => display(formatMicros(amount), "money", { times });
  const moved = `Net asset value went from ${money(startNav)} to ${money(endNav)}`;
  if (endBy !== "broker" || unexplained === null) {
    return `${moved} by our own last marks; the broker's word at the end is missing.`;
  }
  const remainder = {
    zero: "and every cent of it is accounted for",
    rounding: `and all but ${
      money(unexplained)
    }, the broker's rounding to the cent, is accounted for`,
    awaited: `and ${money(unexplained)} of it waits for commissions the broker has not reported`,
    unexplained: `and ${money(unexplained)} of it has no name`,
  };
  return `${moved}, ${remainder[nameRemainder(unexplained, accounting)]}.`;
}

function bridgeTable(day: Day): Table {
  return {
    id: "bridge",
    caption: "From start to end",
    columns: [
      { id: "step", label: "Step", unit: "text", formula: null },
      {
        id: "change",
        label: "Change",
        unit: "money",
        signed: true,
        formula: "Sum over the day's fills, commissions or snapshots named as source",
      },
      { id: "nav", label: "NAV", unit: "money", formula: "NAV of the line above plus the change" },
      { id: "source", label: "Source", unit: "text", formula: null },
    ],
    rows: bridgeRows(day),
    empty: "",
  };
}

function bridgeRows(day: Day): readonly Row[] {
  const { accounting, facts } = day;
  const { startNav, endNav, endBy, realized, unrealizedChange, commissions, unexplained } =
    accounting;
  const reason = undefinedBecause(day);
  const provisional = provisionalBecause(accounting);
  const executions = ALL_FILLS;
  const snapshots: Inputs = {
    seqs: [facts.start, facts.end].flatMap((entry) => entry === null ? [] : [entry.seq]),
  };
  let running = startNav;
  const step = (
    id: string,
    label: string,
    amount: Micros | null,
    more: Partial<Row> & { readonly source: string },
  ): Row => {
    running = running === null || amount === null ? null : running + amount;
    const { source, ...row } = more;
    return { id, cells: [label, exact(amount), exact(running), source], reason, ...row };
  };
  return [
    {
      id: "start",
      cells: ["Net asset value at the start", "", exact(startNav), "broker's snapshot"],
      inputs: snapshots,
      n: 1,
      reason,
      emphasis: "subtotal",
    },
    step("realized", "Realised, first in first out", startNav === null ? null : realized, {
      source: "fills",
      inputs: executions,
      n: facts.books.fills,
    }),
    step("unrealized", "Unrealised, change", unrealizedChange, {
      source: endBy === "broker" ? "snapshots" : "own marks",
      inputs: snapshots,
      n: 2,
    }),
    step("commissions", "Commissions", startNav === null ? null : -commissions, {
      source: "commission reports",
      inputs: executions,
      n: facts.commissions.size,
      ...(provisional === null ? {} : { status: "provisional", reason: provisional }),
    }),
    otherRow(day, step),
    step("unexplained", remainderLabel(accounting), unexplained, {
      source: "what is left",
      inputs: { figures: ["bridge.start.nav", "bridge.end.nav"] },
      reason: unexplained === null
        ? "Without the broker's word at the end nobody can say"
        : provisional ?? reason,
      ...(provisional === null ? {} : { status: "provisional" }),
    }),
    {
      id: "end",
      cells: ["Net asset value at the end", "", exact(endNav), endSource(endBy)],
      inputs: snapshots,
      n: 1,
      reason,
      emphasis: "total",
    },
  ];
}

/** What moved NAV besides trading is known from a statement alone. */
function otherRow(
  { accounting, statement }: Day,
  step: (
    id: string,
    label: string,
    amount: Micros | null,
    more: Partial<Row> & { readonly source: string },
  ) => Row,
): Row {
  const label = "Dividends, interest, fees, FX, transfers";
  if (statement !== null) {
    const names = [...statement.statement.otherChanges.keys()].join(", ");
    return step("other", label, accounting.other, {
      source: names === "" ? "statement: none" : `statement: ${names}`,
      inputs: { figures: ["statement.nav.external"] },
    });
  }
  return {
    id: "other",
    cells: [label, null, "", "not in the ledger"],
    reason: "The ledger keeps no entry of these; if there were any they are in the remainder below",
  };
}

function endSource(endBy: Accounting["endBy"]): string {
  return endBy === "broker" ? "broker's snapshot" : endBy ?? "missing";
}

function remainderLabel(accounting: Accounting): string {
  const { unexplained } = accounting;
  if (unexplained === null) return "Unexplained";
  return {
    zero: "Unexplained",
    rounding: "Broker's rounding to the cent",
    awaited: "Commissions not reported yet, and anything unexplained",
    unexplained: "Unexplained",
  }[nameRemainder(unexplained, accounting)];
}

/** The same profit under the two ways of matching sales with purchases, and without any. */
function methodsTable(day: Day): Table {
  const { accounting, facts } = day;
  const { realized, realizedAverageCost, unrealizedChange } = accounting;
  const gross = unrealizedChange === null ? null : realized + unrealizedChange;
  const inputs = ALL_FILLS;
  const row = (id: string, label: string, amount: Micros): Row => ({
    id,
    cells: [label, exact(amount), exact(gross === null ? null : gross - amount), exact(gross)],
    n: facts.books.fills,
    inputs,
    reason: undefinedBecause(day),
  });
  return {
    id: "methods",
    caption: "By method, before commissions",
    columns: [
      { id: "method", label: "Method", unit: "text", formula: null },
      {
        id: "realized",
        label: "Realised",
        unit: "money",
        signed: true,
        formula: "Proceeds of what was closed less its cost by this method",
      },
      {
        id: "unrealized",
        label: "Unrealised, change",
        unit: "money",
        signed: true,
        formula: "Gross less realised",
      },
      {
        id: "gross",
        label: "Gross",
        unit: "money",
        signed: true,
        formula: "Realised plus unrealised change; the same by every method",
      },
    ],
    rows: [
      row("fifo", "First in, first out (IB's default)", realized),
      row("average", "Average cost", realizedAverageCost),
      {
        id: "mtm",
        cells: ["Mark to market", "", exact(gross), exact(gross)],
        n: facts.books.fills,
        inputs,
        reason: undefinedBecause(day),
      },
    ],
    empty: "",
  };
}

function waterfall(accounting: Accounting): Chart {
  const { startNav, endNav, realized, unrealizedChange, commissions, other, unexplained } =
    accounting;
  const step = (
    label: string,
    value: Micros | null,
    total = false,
  ): { label: string; value: number; total: boolean } => ({
    label,
    value: toNumber(value ?? 0n),
    total,
  });
  return {
    kind: "waterfall",
    id: "waterfall",
    title: "NAV bridge",
    description:
      "Net asset value at the start, the day's changes one after another, and at the end",
    steps: [
      step("Start", startNav, true),
      step("Realised", realized),
      step("Unrealised", unrealizedChange),
      step("Commissions", -commissions),
      ...(other === null || other === 0n ? [] : [step("Other", other)]),
      // Where nobody can say what is left, the chart does not say nothing is.
      ...(unexplained === null ? [] : [step(
        nameRemainder(unexplained, accounting) === "rounding" ? "Rounding" : "Unexplained",
        unexplained,
      )]),
      step("End", endNav, true),
    ],
  };
}
