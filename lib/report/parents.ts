import { toNumber } from "../money.ts";
import type { Column, Row, Table } from "./figure.ts";
import { decimal } from "./format.ts";
import type { Measured } from "./measured.ts";

/** What each algorithm made of the order it was given. */
export function parentTable(measured: readonly Measured[]): Table {
  return {
    id: "parents",
    caption: "Orders worked by an algorithm",
    columns: COLUMNS,
    rows: measured.flatMap(parentRow),
    empty: "No order was worked by an algorithm.",
    long: true,
  };
}

const COLUMNS: readonly Column[] = [
  { id: "time", label: "Began", unit: "time", formula: null },
  { id: "symbol", label: "Symbol", unit: "text", formula: null },
  { id: "order", label: "Order", unit: "text", formula: null },
  { id: "slices", label: "Slices", unit: "count", formula: "Orders cut of it" },
  { id: "filled", label: "Filled", unit: "percent", formula: "Shares filled over shares wanted" },
  {
    id: "share",
    label: "Of the market",
    unit: "percent",
    formula: "Shares filled over what everybody traded between its start and its end",
  },
  { id: "arrival", label: "Arrival", unit: "bps", formula: "See quality.slippage" },
  {
    id: "vwap",
    label: "Interval VWAP",
    unit: "bps",
    formula: "Side × (average fill − the market's average by volume from start to end) over that",
  },
  {
    id: "close",
    label: "Close",
    unit: "bps",
    formula: "Side × (average fill − the day's last price) over that price",
  },
  { id: "execution", label: "Execution", unit: "bps", formula: "See quality.execution" },
  {
    id: "opportunity",
    label: "Opportunity",
    unit: "bps",
    formula: "Shares given up × side × (middle at its end − middle at decision), over all wanted",
  },
  { id: "total", label: "Shortfall", unit: "bps", formula: "See quality.shortfall" },
];

function parentRow(one: Measured): readonly Row[] {
  const { parent, split, key } = one;
  if (parent === null) return [];
  const bps = (value: number | null): string | null => value === null ? null : decimal(value);
  const market = parent.ended?.body.marketVolume ?? null;
  const share = market === null || market <= 0n ? null : (one.filled / toNumber(market)) * 100;
  return [{
    id: key,
    cells: [
      String(one.at),
      one.symbol,
      one.text,
      String(one.intentIds.length),
      decimal((one.filled / one.quantity) * 100),
      share === null ? null : decimal(share),
      bps(one.slippage),
      bps(one.intervalVwap),
      bps(one.close),
      bps(split.execution),
      bps(split.opportunity),
      bps(split.total),
    ],
    n: one.execIds.length,
    inputs: {
      intentIds: one.intentIds,
      execIds: one.execIds,
      seqs: [parent.started.seq, ...(parent.ended === null ? [] : [parent.ended.seq])],
    },
    reason: reasonOf(one),
  }];
}

function reasonOf({ parent, filled }: Measured): string {
  if (parent?.ended === null) return "It never ended: the session was over before it";
  if (filled === 0) return "Nothing was filled";
  return "A price or the volume of the market is missing: its bars or its last quote did not come";
}
