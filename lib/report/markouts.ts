import { toNumber } from "../money.ts";
import type { Day } from "./day.ts";
import type { Row, Table } from "./figure.ts";
import { decimal, plural } from "./format.ts";

const MINUTE_MS = 60_000;
const HORIZONS_MIN = [1, 5, 15, 30, 60] as const;
/** A mark counts for a horizon when it comes no later than this after it: samples are a minute apart. */
const LATE_MAX_MS = 90_000;

/**
 * Where the price went after the entries, by the minute's marks. Positive is in favour. Only shares still held have
 * a mark, so a position closed early falls out of the longer horizons; n says how many are left.
 */
export function markoutTable(day: Day): Table {
  const entries = [...day.facts.executions.values()].filter(({ body }) => {
    const intent = body.intentId === null ? null : day.facts.orders.get(body.intentId)?.intent;
    return intent?.body.role === "entry";
  }).map(({ body }) => body);
  const rows = entries.length === 0 ? [] : HORIZONS_MIN.map((minutes): Row => {
    const moves = entries.flatMap((fill) => {
      const target = fill.time + minutes * MINUTE_MS;
      const sample = day.marks.of(fill.symbol).find(({ at }) => at >= target);
      if (sample === undefined || sample.at > target + LATE_MAX_MS) return [];
      const sign = fill.side === "BUY" ? 1 : -1;
      const price = toNumber(fill.price);
      const weight = toNumber(fill.quantity) * price;
      const bps = (1e4 * sign * (toNumber(sample.mark) - price)) / price;
      return [{ bps, weight, execId: fill.execId }];
    });
    const weight = moves.reduce((sum, move) => sum + move.weight, 0);
    const mean = weight === 0
      ? null
      : moves.reduce((sum, move) => sum + move.bps * move.weight, 0) / weight;
    const won = moves.filter(({ bps }) => bps > 0).length;
    return {
      id: `${minutes}m`,
      cells: [
        `after ${plural(minutes, "minute")}`,
        String(moves.length),
        mean === null ? null : decimal(mean),
        moves.length === 0 ? null : decimal((won / moves.length) * 100),
      ],
      n: moves.length,
      inputs: { execIds: moves.map(({ execId }) => execId) },
      reason: "No entry was held so long with a mark at that time",
    };
  });
  return {
    id: "markouts",
    caption: "Where the price went after entries",
    columns: [
      { id: "horizon", label: "Horizon", unit: "text", formula: null },
      { id: "n", label: "Fills", unit: "count", formula: "Entry fills with a mark at that time" },
      {
        id: "move",
        label: "In favour",
        unit: "bps",
        signed: true,
        formula: "Side × (mark − fill) over fill, by notional",
      },
      { id: "won", label: "Were ahead", unit: "percent", formula: "Fills with a gain over n" },
    ],
    rows,
    empty: "No entry was filled.",
  };
}
