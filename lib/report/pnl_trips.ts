import { type Micros, toNumber, ZERO } from "../money.ts";
import { type Day, exact } from "./day.ts";
import type { Row, Table } from "./figure.ts";
import { decimal } from "./format.ts";
import type { Trip } from "./trips.ts";

/** Round trips, and what they add up to by a property of theirs. */
interface Grouping {
  readonly id: string;
  readonly caption: string;
  readonly label: string;
  key(trip: Trip, day: Day): string;
}

export const ENTRY_RULES: Grouping = {
  id: "entries",
  caption: "By strategy and entry rule, realised",
  label: "Strategy: rule",
  key: ({ openedBy }, day) =>
    openedBy === null ? "held before the day" : reasonOf(openedBy.intentId, day),
};

export const EXITS: Grouping = {
  id: "exits",
  caption: "By way out, realised",
  label: "Way out",
  key: ({ closedBy }, day) => closedBy === null ? "still open" : exitOf(closedBy.intentId, day),
};

export function groupTable(day: Day, grouping: Grouping): Table {
  const groups = new Map<string, Trip[]>();
  for (const trip of day.trips) {
    const key = grouping.key(trip, day);
    const group = groups.get(key) ?? [];
    group.push(trip);
    groups.set(key, group);
  }
  const sorted = [...groups].toSorted(([a], [b]) => a < b ? -1 : 1);
  const rows = sorted.map(([key, trips]): Row => ({
    id: key,
    ...groupCells(key, trips),
  }));
  const total: readonly Row[] = rows.length < 2
    ? []
    : [{ id: "total", ...groupCells("Total", day.trips), emphasis: "total" }];
  return {
    id: grouping.id,
    caption: grouping.caption,
    columns: [
      { id: "group", label: grouping.label, unit: "text", formula: null },
      { id: "trips", label: "Round trips", unit: "count", formula: "Flat to flat, or still open" },
      { id: "won", label: "Won", unit: "count", formula: "Closed with a net gain" },
      {
        id: "gross",
        label: "Realised",
        unit: "money",
        signed: true,
        formula: "Sum of the round trips, first in first out",
      },
      {
        id: "commissions",
        label: "Commissions",
        unit: "money",
        formula: "Commissions of the round trips' fills, shared by shares where a fill serves two",
      },
      {
        id: "net",
        label: "Net",
        unit: "money",
        signed: true,
        formula: "Realised less commissions",
      },
    ],
    rows: [...rows, ...total],
    empty: "No round trip.",
  };
}

function groupCells(label: string, trips: readonly Trip[]): Pick<Row, "cells" | "n" | "inputs"> {
  const sum = (pick: (trip: Trip) => Micros): string | null =>
    exact(trips.reduce((total, trip) => total + pick(trip), ZERO));
  const won = trips.filter(({ net, openQuantity }) => openQuantity === 0n && net > 0n).length;
  return {
    cells: [
      label,
      String(trips.length),
      String(won),
      sum(({ gross }) => gross),
      sum(({ commissions }) => commissions),
      sum(({ net }) => net),
    ],
    n: trips.length,
    inputs: { execIds: [...new Set(trips.flatMap(({ execIds }) => execIds))] },
  };
}

/** `sma-crossover: cross-up`, or what else stood behind the order. */
export function reasonOf(intentId: string | null, { facts }: Day): string {
  const intent = intentId === null ? undefined : facts.orders.get(intentId)?.intent?.body;
  if (intent === undefined) return "not ours: entered by hand";
  const signal = intent.signalId === null ? undefined : facts.signals.get(intent.signalId)?.body;
  return signal === undefined
    ? `${intent.strategy}: no signal`
    : `${signal.strategy}: ${signal.reason.rule}`;
}

/** The role says which of a bracket's orders it was; for an exit the rule says why. */
function exitOf(intentId: string | null, day: Day): string {
  const intent = intentId === null ? undefined : day.facts.orders.get(intentId)?.intent?.body;
  if (intent === undefined) return "not ours: entered by hand";
  if (intent.role === "stop") return "stop at the broker";
  if (intent.role === "target") return "target at the broker";
  if (intent.role === "entry") return "turned around";
  const signal = intent.signalId === null
    ? undefined
    : day.facts.signals.get(intent.signalId)?.body;
  return `exit: ${signal?.reason.rule ?? "no signal"}`;
}

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
    rows: day.trips.map((trip): Row => tripRow(trip)),
    empty: "No round trip.",
    long: true,
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
