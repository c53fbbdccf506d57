/// <reference lib="dom" />
import type { Decision, Figure, OrderRow, PositionRow } from "./feed.ts";
import { byId, type Cell, patch, type Row, setText, show } from "./page_dom.ts";
import { distance, money, price, shares, signed, signOf, UNKNOWN } from "./page_format.ts";
import { ageText, asOf, clockTime, isStaleFigure, type Moment } from "./page_time.ts";

const POSITION_LABELS = ["", "shares", "average", "mark", "value", "unrealised", "realised"];

/** What is held, with its marks and what protects it. */
export function renderPositions(rows: readonly PositionRow[], moment: Moment): void {
  const labels = [...POSITION_LABELS, "stop", "away"];
  patch(byId("positions"), rows.map((row) => positionRow(row, moment)), { tags: "table", labels });
  const stamps = rows.flatMap(({ mark }) => mark.value === null ? [] : [mark.stamp]);
  const [oldest] = stamps.toSorted((a, b) => a.at - b.at);
  const marks = oldest === undefined ? "" : `, marks of ${asOf(oldest, moment)}`;
  setText(byId("positions-caption"), `Positions: ${rows.length}${marks}`);
  setEmpty("positions-empty", rows.length === 0, "Nothing is held");
}

function positionRow(row: PositionRow, moment: Moment): Row {
  const { symbol, name, quantity, averagePrice, mark, value, unrealized, realized } = row;
  return {
    key: symbol,
    cells: [
      { text: symbol, title: name },
      { text: shares(quantity), className: "number" },
      { text: averagePrice === null ? UNKNOWN : price(averagePrice), className: "number" },
      numberCell(mark, price, moment),
      numberCell(value, money, moment),
      colored(numberCell(unrealized, signed, moment), unrealized),
      { text: signed(realized), className: `number ${tone(realized)}` },
      ...stopCells(row, moment),
    ],
  };
}

function stopCells({ stop, mark, quantity }: PositionRow, moment: Moment): readonly Cell[] {
  if (stop === null) {
    const title = "The ledger knows of no working stop for this position";
    return [{ text: "none", className: "number bad", title }, {
      text: UNKNOWN,
      className: "number",
    }];
  }
  const part = stop.shares === quantity.replace("-", "") ? "" : ` for ${shares(stop.shares)}`;
  const text = `${stop.price === null ? UNKNOWN : price(stop.price)}${part}`;
  const title = `${shares(stop.shares)} shares, ${asOf(stop.stamp, moment)}`;
  const away = mark.value === null || stop.price === null
    ? UNKNOWN
    : distance(stop.price, mark.value);
  return [{ text, className: "number", title }, { text: away, className: "number muted" }];
}

/** Orders at the broker. */
export function renderOrders(rows: readonly OrderRow[], moment: Moment): void {
  const labels = ["", "for", "order", "filled", "status", "last word"];
  patch(byId("orders"), rows.map((row) => orderRow(row, moment)), { tags: "table", labels });
  setText(byId("orders-caption"), `Working orders: ${rows.length}`);
  setEmpty("orders-empty", rows.length === 0, "No order is working");
}

function orderRow(row: OrderRow, moment: Moment): Row {
  const { intentId, symbol, side, role, orderType, quantity, filled, stamp } = row;
  const prices = [row.lmtPrice, row.auxPrice].filter((text) => text !== null).map(price);
  const bad = row.phase === "frozen" || row.phase === "rejected";
  const status = bad ? row.phase : row.status ?? row.phase;
  return {
    key: intentId,
    cells: [
      { text: symbol },
      { text: role },
      { text: `${side} ${shares(quantity)} ${orderType} ${prices.join(" / ")}`.trim() },
      { text: `${shares(filled)} of ${shares(quantity)}`, className: "number" },
      { text: status, className: bad ? "bad" : "", title: row.whyHeld },
      { text: ageText(stamp, { ...moment, quietMaxMs: null }), className: "number muted" },
    ],
  };
}

/** Signals, newest first, with the reason of each and what became of it. */
export function renderDecisions(decisions: readonly Decision[], moment: Moment): void {
  const labels = ["", "", "wish", "why", "became", ""];
  const rows = decisions.toReversed().map((decision) => decisionRow(decision, moment));
  patch(byId("decisions"), rows, { tags: "table", labels });
  setText(byId("decisions-caption"), `Decisions: the newest ${decisions.length}`);
  setEmpty("decisions-empty", decisions.length === 0, "No signal yet today");
}

function decisionRow(decision: Decision, { zone }: Moment): Row {
  const { key, stamp, symbol, side, purpose, rule, reason, outcome, text } = decision;
  const bad = outcome === "rejected" || outcome === "frozen";
  return {
    key,
    cells: [
      { text: clockTime(stamp.at, zone) },
      { text: symbol, className: "strong" },
      { text: `${purpose} ${side}` },
      { text: `${rule}: ${reason}`, title: reason, className: "wide" },
      { text: outcome, className: bad ? "bad" : `outcome ${outcome}` },
      { text, title: text, className: "wide" },
    ],
  };
}

function numberCell(figure: Figure, format: (text: string) => string, moment: Moment): Cell {
  if (figure.value === null) {
    return { text: UNKNOWN, className: "number", title: figure.because };
  }
  const stale = isStaleFigure(figure, moment) ? " stale" : "";
  const title = asOf(figure.stamp, moment);
  return { text: format(figure.value), className: `number${stale}`, title };
}

function colored(cell: Cell, figure: Figure): Cell {
  if (figure.value === null) return cell;
  return { ...cell, className: `${cell.className ?? ""} ${tone(figure.value)}`.trim() };
}

function tone(text: string): string {
  return ["loss", "", "gain"][signOf(text) + 1] ?? "";
}

export function setEmpty(id: string, empty: boolean, text: string): void {
  show(byId(id), empty);
  setText(byId(id), text);
}
