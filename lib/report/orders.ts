import type { CommissionBooked, ExecutionBooked } from "../ledger/entry.ts";
import { multiply } from "../money.ts";
import { type Day, exact } from "./day.ts";
import type { Row, Section, Table } from "./figure.ts";
import { plural } from "./format.ts";
import { type OrderResult, orderText } from "./order_results.ts";
import { reasonOf } from "./groups.ts";
import { storiesOf } from "./stories.ts";

/** Every order and every fill, and the stories they belong to. */
export function ordersSection(day: Day, results: readonly OrderResult[]): Section {
  const { books } = day.facts;
  const done = results.filter(({ status }) => status === "Filled").length;
  return {
    id: "orders",
    title: "Order by order",
    lead: results.length === 0
      ? "No order was made."
      : `${plural(results.length, "order")}, ${done} filled in full, ${
        plural(books.fills, "fill")
      }. Open one to see why it was made and all that was said about it.`,
    blocks: [
      { type: "stories", id: "stories", ...storiesOf(day, results) },
      { type: "table", table: orderTable(day, results) },
      { type: "table", table: fillTable(day) },
    ],
  };
}

function orderTable(day: Day, results: readonly OrderResult[]): Table {
  return {
    id: "orders",
    caption: "Orders",
    columns: [
      { id: "time", label: "Time", unit: "time", formula: null },
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "role", label: "Role", unit: "text", formula: null },
      { id: "order", label: "Order", unit: "text", formula: null },
      { id: "status", label: "Ended", unit: "text", formula: null },
      { id: "filled", label: "Filled", unit: "shares", formula: "Sum of the fills in force" },
      { id: "price", label: "Average", unit: "price", formula: "Average fill price by shares" },
      { id: "commissions", label: "Commissions", unit: "money", formula: "Sum over the fills" },
      { id: "perm", label: "permId", unit: "text", formula: null },
      { id: "why", label: "Why", unit: "text", formula: null },
    ],
    get rows(): readonly Row[] {
      return results.map((result): Row => orderRow(day, result));
    },
    empty: "No order was made.",
    long: true,
    offPage: true,
  };
}

function orderRow(day: Day, { record, fills, ...result }: OrderResult): Row {
  const intent = (record.intent ?? day.facts.carried.get(record.key))?.body;
  const permId = [...record.events, ...record.executions].findLast(({ body }) => body.permId !== 0)
    ?.body.permId;
  return {
    id: record.key,
    cells: [
      String(result.at),
      result.symbol,
      intent?.role ?? "by hand",
      intent === undefined ? "" : orderText(intent),
      result.status,
      exact(result.filled),
      exact(result.avgPrice),
      exact(result.commissions),
      permId === undefined ? "" : String(permId),
      reasonOf(intent === undefined ? null : record.key, day),
    ],
    n: fills.length,
    inputs: { intentIds: [record.key], execIds: fills.map(({ execId }) => execId) },
    reason: "Nothing was filled",
  };
}

function fillTable(day: Day): Table {
  const { books, executions } = day.facts;
  const inForce = books.executions().filter(({ execId }) => executions.has(execId));
  return {
    id: "fills",
    caption: "Fills",
    columns: [
      { id: "time", label: "Exchange time", unit: "time", formula: null },
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "side", label: "Side", unit: "text", formula: null },
      { id: "shares", label: "Shares", unit: "shares", formula: null },
      { id: "price", label: "Price", unit: "price", formula: null },
      { id: "notional", label: "Notional", unit: "money", formula: "Shares × price" },
      {
        id: "commission",
        label: "Commission",
        unit: "price",
        formula: "The newest commission report of this execution",
      },
      {
        id: "broker_realized",
        label: "Broker's realised",
        unit: "money",
        signed: true,
        formula: "As the broker's commission report says, after commissions; empty for an opening",
      },
      { id: "exchange", label: "Exchange", unit: "text", formula: null },
      { id: "exec", label: "execId", unit: "text", formula: null },
    ],
    get rows(): readonly Row[] {
      return inForce.map((fill): Row => fillRow(fill, books.commissionOf(fill.execId)));
    },
    empty: "Nothing was filled.",
    long: true,
    telling: "notional",
  };
}

function fillRow(fill: ExecutionBooked, commission: CommissionBooked | null): Row {
  const realized = commission?.realizedPnl;
  return {
    id: fill.execId,
    cells: [
      String(fill.time),
      fill.symbol,
      fill.side,
      exact(fill.quantity),
      exact(fill.price),
      exact(multiply(fill.quantity, fill.price)),
      commission === null ? null : exact(commission.amount),
      realized === null || realized === undefined ? "" : exact(realized),
      fill.exchange,
      fill.execId,
    ],
    n: 1,
    inputs: { execIds: [fill.execId] },
    ...(commission === null
      ? { status: "provisional", reason: "The broker has not said its commission" }
      : {}),
  };
}
