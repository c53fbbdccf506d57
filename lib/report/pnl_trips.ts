import { toNumber } from "../money.ts";
import { type Day, exact } from "./day.ts";
import type { Row, Table } from "./figure.ts";
import { decimal } from "./format.ts";
import type { Trip } from "./trips.ts";

/** Round trips one by one. */
export function tripTable(day: Day): Table {
  return {
    id: "trips",
    caption: "Round trips",
    columns: [
      { id: "symbol", label: "Symbol", unit: "text", formula: null },
      { id: "side", label: "Side", unit: "text", formula: null },
      { id: "opened", label: "Opened", unit: "time", formula: null },
      { id: "closed", label: "Closed", unit: "time", formula: null },
      { id: "shares", label: "Shares", unit: "shares", formula: "Most held at once" },
      {
        id: "entry",
        label: "Entry",
        unit: "price",
        formula: "Average price of the fills that opened, by shares",
      },
      {
        id: "exit",
        label: "Exit",
        unit: "price",
        formula: "Average price of the fills that closed, by shares",
      },
      {
        id: "worst",
        label: "MAE",
        unit: "money",
        signed: true,
        formula: "Least it was worth at a fill or a minute's mark, before commissions",
      },
      {
        id: "best",
        label: "MFE",
        unit: "money",
        signed: true,
        formula: "Most it was worth at a fill or a minute's mark, before commissions",
      },
      {
        id: "net",
        label: "Net",
        unit: "money",
        signed: true,
        formula: "Realised first in first out less commissions",
      },
      {
        id: "return",
        label: "Net",
        unit: "bps",
        signed: true,
        formula: "Net over most shares × entry price",
      },
    ],
    get rows(): readonly Row[] {
      return day.trips.map((trip): Row => tripRow(trip));
    },
    empty: "No round trip.",
    long: true,
    telling: "net",
  };
}

function tripRow(trip: Trip): Row {
  const { entryPrice, quantity, net } = trip;
  const invested = entryPrice === null ? null : toNumber(entryPrice) * toNumber(quantity);
  const bps = invested === null || invested === 0
    ? null
    : decimal((toNumber(net) / invested) * 1e4);
  return {
    id: trip.id,
    cells: [
      trip.symbol,
      trip.side,
      trip.openedAt === null ? null : String(trip.openedAt),
      trip.closedAt === null ? null : String(trip.closedAt),
      exact(quantity),
      exact(entryPrice),
      exact(trip.exitPrice),
      exact(trip.worst),
      exact(trip.best),
      exact(net),
      bps,
    ],
    n: trip.samples,
    inputs: { execIds: trip.execIds },
    reason: trip.openedAt === null
      ? "Held before the day: its entry is in an earlier ledger"
      : "Still open: nothing was closed",
  };
}
