import type { Grounds, IntentGround } from "../ledger/ledger.ts";
import { type Micros, ZERO } from "../money.ts";
import { type Day, exact } from "./day.ts";
import type { Row, Table } from "./figure.ts";
import type { Trip } from "./trips.ts";

/** Round trips added up by a property of theirs. */
export interface Grouping {
  readonly id: string;
  readonly caption: string;
  readonly label: string;
  key(trip: Trip, day: Day): string;
}

export const ENTRY_RULES: Grouping = {
  id: "rules",
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

export interface GroupSum {
  readonly trips: number;
  readonly won: number;
  readonly gross: Micros;
  readonly commissions: Micros;
}

const NO_TRIP: GroupSum = { trips: 0, won: 0, gross: ZERO, commissions: ZERO };

/** group → what its round trips come to */
export type GroupSums = ReadonlyMap<string, GroupSum>;

export function groupSums(day: Day, grouping: Grouping): GroupSums {
  return new Map([...groupTrips(day, grouping)].map(([key, trips]) => [key, sumOf(trips)]));
}

/** group → every execution of its round trips; over years there would be millions, so sums do without. */
export function groupExecIds(
  day: Day,
  grouping: Grouping,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...groupTrips(day, grouping)].map(([key, trips]) => [
      key,
      [...new Set(trips.flatMap(({ execIds }) => execIds))],
    ]),
  );
}

function groupTrips(day: Day, grouping: Grouping): ReadonlyMap<string, readonly Trip[]> {
  const groups = new Map<string, Trip[]>();
  for (const trip of day.trips) {
    const key = grouping.key(trip, day);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trip]);
    else group.push(trip);
  }
  return groups;
}

function sumOf(trips: readonly Trip[]): GroupSum {
  return {
    trips: trips.length,
    won: trips.filter(({ net, openQuantity }) => openQuantity === 0n && net > 0n).length,
    gross: trips.reduce((sum, { gross }) => sum + gross, ZERO),
    commissions: trips.reduce((sum, { commissions }) => sum + commissions, ZERO),
  };
}

export function addSums(a: GroupSum = NO_TRIP, b: GroupSum = NO_TRIP): GroupSum {
  return {
    trips: a.trips + b.trips,
    won: a.won + b.won,
    gross: a.gross + b.gross,
    commissions: a.commissions + b.commissions,
  };
}

export function groupTable(
  { id, caption, label }: Grouping,
  sums: GroupSums,
  execIds: ReadonlyMap<string, readonly string[]> = new Map(),
): Table {
  const rows = [...sums].toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([key, sum]): Row => ({
      id: key,
      ...groupCells(key, sum),
      inputs: { execIds: execIds.get(key) ?? [] },
    }));
  const all = [...sums.values()].reduce((total, sum) => addSums(total, sum), NO_TRIP);
  const total: readonly Row[] = rows.length < 2 ? [] : [{
    id: "total",
    ...groupCells("Total", all),
    inputs: { execIds: [...new Set([...execIds.values()].flat())] },
    emphasis: "total",
  }];
  return {
    id,
    caption,
    columns: [
      { id: "group", label, unit: "text", formula: null },
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

function groupCells(
  label: string,
  { trips, won, gross, commissions }: GroupSum,
): Pick<Row, "cells" | "n"> {
  return {
    cells: [
      label,
      String(trips),
      String(won),
      exact(gross),
      exact(commissions),
      exact(gross - commissions),
    ],
    n: trips,
  };
}

/** `sma-crossover: cross-up`, or what else stood behind the order. */
export function reasonOf(intentId: string | null, { grounds }: Day): string {
  const intent = intentId === null ? undefined : grounds.intents.get(intentId);
  if (intent === undefined) return withoutIntent(intentId);
  return `${intent.strategy}: ${ruleOf(intent, grounds)}`;
}

/** The role says which of a bracket's orders it was; for an exit the rule says why. */
function exitOf(intentId: string | null, { grounds }: Day): string {
  const intent = intentId === null ? undefined : grounds.intents.get(intentId);
  if (intent === undefined) return withoutIntent(intentId);
  if (intent.role === "stop") return "stop at the broker";
  if (intent.role === "target") return "target at the broker";
  if (intent.role === "entry") return "turned around";
  return `exit: ${ruleOf(intent, grounds)}`;
}

function withoutIntent(intentId: string | null): string {
  return intentId === null ? "not ours: entered by hand" : EARLIER;
}

const EARLIER = "decided on an earlier day";

/** Signals of other days are not read. */
function ruleOf({ signalId }: IntentGround, { signals }: Grounds): string {
  if (signalId === null) return "no signal";
  return signals.get(signalId)?.rule ?? EARLIER;
}
