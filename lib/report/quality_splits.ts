import type { Column, Row, Table } from "./figure.ts";
import { decimal } from "./format.ts";
import { averageOf, type Measured } from "./measured.ts";
import type { ZoneTimes } from "./times.ts";

/** The same costs by what may have made them: the hour, the type of order, whether it asked for the spread. */

interface Split {
  readonly id: string;
  readonly name: string;
  key(one: Measured, times: ZoneTimes): string;
}

const SPLITS: readonly Split[] = [
  {
    id: "marketable",
    name: "At the touch",
    key: ({ isMarketable }) => isMarketable ? "marketable" : "passive",
  },
  { id: "type", name: "Type", key: ({ type }) => type },
  { id: "side", name: "Side", key: ({ side }) => side },
  { id: "hour", name: "Hour", key: ({ at }, times) => `${times.minute(at).slice(0, 2)}:00` },
];

const WEIGHTED = "average by notional over the orders that have it";

const COLUMNS: readonly Column[] = [
  { id: "orders", label: "Orders", unit: "text", formula: null },
  { id: "n", label: "n", unit: "count", formula: "Orders measured" },
  {
    id: "ratio",
    label: "Filled",
    unit: "percent",
    formula: "Shares filled over shares wanted, by notional at the decision",
  },
  { id: "shortfall", label: "Shortfall", unit: "bps", formula: `quality.shortfall, ${WEIGHTED}` },
  { id: "slippage", label: "Arrival", unit: "bps", formula: `quality.slippage, ${WEIGHTED}` },
  {
    id: "improvement",
    label: "Improvement",
    unit: "bps",
    formula: `quality.improvement, ${WEIGHTED}`,
  },
  {
    id: "spread",
    label: "Effective spread",
    unit: "bps",
    formula: `quality.spread, ${WEIGHTED}`,
  },
];

export function splitTable(measured: readonly Measured[], times: ZoneTimes): Table {
  return {
    id: "splits",
    caption: "Costs by marketability, type, side and hour",
    columns: COLUMNS,
    rows: SPLITS.flatMap((split) => rowsOf(split, measured, times)),
    empty: "No order was measured.",
  };
}

function rowsOf(split: Split, measured: readonly Measured[], times: ZoneTimes): readonly Row[] {
  const groups = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = split.key(one, times);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups].toSorted(([a], [b]) => a < b ? -1 : 1).map(([key, group]): Row => {
    const average = (pick: (one: Measured) => number | null): string | null => {
      const { value } = averageOf(group, pick);
      return value === null ? null : decimal(value);
    };
    return {
      id: `${split.id}.${key}`,
      cells: [
        `${split.name}: ${key}`,
        String(group.length),
        average(({ filled, quantity }) => (filled / quantity) * 100),
        average((one) => one.split.total),
        average((one) => one.slippage),
        average((one) => one.improvement),
        average((one) => one.effectiveSpread),
      ],
      n: group.length,
      inputs: { intentIds: group.flatMap(({ intentIds }) => intentIds) },
      reason: "No order of these has the quotes and fills that this needs",
    };
  });
}
