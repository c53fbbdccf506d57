/// <reference lib="dom" />
import type { Decision, Figure, OrderRow, Panels, ParentRow, PositionRow, Stamp } from "./feed.ts";
import { byId, type Cell, patch, type Row, setText, show } from "./page_dom.ts";
import {
  averagePrice,
  distance,
  money,
  price,
  shares,
  signed,
  signOf,
  UNKNOWN,
} from "./page_format.ts";
import { ageText, asOf, clockTime, isStaleFigure, type Moment, sessionTime } from "./page_time.ts";

const POSITION_LABELS = ["", "shares", "average", "mark", "value", "unrealised", "realised"];

const NO_SESSION = "Unknown: no session has opened yet";

/** What is held, with its marks and what protects it. */
export function renderPositions({ positions: rows, account }: Panels, moment: Moment): void {
  const labels = [...POSITION_LABELS, "stop", "away"];
  patch(byId("positions"), rows.map((row) => positionRow(row, moment)), { tags: "table", labels });
  const stamps = rows.flatMap(({ mark }) => mark.value === null ? [] : [mark.stamp]);
  const [oldest] = stamps.toSorted((a, b) => a.at - b.at);
  const marks = oldest === undefined ? "" : `, marks of ${asOf(oldest, moment)}`;
  const known = account.cash.value !== null;
  setText(byId("positions-caption"), `Positions: ${known ? rows.length : UNKNOWN}${marks}`);
  setEmpty("positions-empty", rows.length === 0, known ? "Nothing is held" : NO_SESSION);
}

function positionRow(row: PositionRow, moment: Moment): Row {
  const { symbol, name, quantity, mark, value, unrealized, realized } = row;
  const average = row.averagePrice;
  return {
    key: symbol,
    cells: [
      { text: symbol, title: name },
      { text: shares(quantity), className: "number" },
      { text: average === null ? UNKNOWN : averagePrice(average), className: "number" },
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
  const moved = stop.changed === null ? "" : `; ${stop.changed.rule}: ${stop.changed.because}`;
  const title = `${shares(stop.shares)} shares, ${asOf(stop.stamp, moment)}${moved}`;
  const away = mark.value === null || stop.price === null
    ? UNKNOWN
    : distance(stop.price, mark.value);
  return [{ text, className: "number", title }, { text: away, className: "number muted" }];
}

/** What algorithms are working on, then orders at the broker. */
export function renderOrders({ orders, parents, session }: Panels, moment: Moment): void {
  const labels = ["", "for", "order", "filled", "status", "last word"];
  const time = session === null ? null : sessionTime(session, moment);
  const rows = [
    ...parents.map((parent) => parentRow(parent, time, moment)),
    ...orders.map((order) => orderRow(order, moment)),
  ];
  patch(byId("orders"), rows, { tags: "table", labels });
  const algorithms = parents.length === 0 ? "" : `, and ${parents.length} worked in slices`;
  const known = session?.opened !== null && session !== null;
  setText(
    byId("orders-caption"),
    `Working orders: ${known ? orders.length : UNKNOWN}${algorithms}`,
  );
  setEmpty("orders-empty", rows.length === 0, known ? "No order is working" : NO_SESSION);
}

function parentRow(parent: ParentRow, time: number | null, moment: Moment): Row {
  const { parentOrderId, symbol, side, purpose, algorithm, quantity, filled, stamp } = parent;
  const { limitPrice, startMs, endMs, slices, working, because } = parent;
  const average = parent.averagePrice;
  const share = Number(filled) / Number(quantity);
  const due = time === null || endMs <= startMs
    ? null
    : Math.min(1, Math.max(0, (time - startMs) / (endMs - startMs)));
  const at = average === null ? "nothing filled yet" : `filled at ${averagePrice(average)}`;
  const limit = limitPrice === null ? "" : `, at ${price(limitPrice)} or better`;
  const over = due === null ? "" : `, ${percent(due)} of time`;
  return {
    key: `parent ${parentOrderId}`,
    className: "parent",
    cells: [
      { text: symbol },
      { text: algorithm, title: because },
      {
        text: `${side} ${shares(quantity)} until ${clockTime(endMs, moment.zone).slice(0, 5)}`,
        title: `to ${purpose}${limit}; from ${clockTime(startMs, moment.zone)}`,
      },
      {
        text: `${shares(filled)} of ${shares(quantity)}`,
        className: "number bar-cell",
        title: at,
        bar: { share, due: due ?? share },
      },
      {
        text: `${slices} ${slices === 1 ? "slice" : "slices"}${over}`,
        title: `${shares(working)} shares may fill now; ${at}`,
      },
      lastWord(stamp, moment),
    ],
  };
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

function orderRow(row: OrderRow, moment: Moment): Row {
  const { intentId, symbol, side, role, orderType, quantity, filled, stamp, changed } = row;
  const prices = [row.lmtPrice, row.auxPrice].filter((text) => text !== null).map(price);
  const bad = row.phase === "frozen" || row.phase === "rejected";
  const status = bad ? row.phase : row.status ?? row.phase;
  const order = `${side} ${shares(quantity)} ${orderType} ${prices.join(" / ")}`.trim();
  return {
    key: intentId,
    cells: [
      { text: symbol },
      { text: row.parentOrderId === null || role === "stop" ? role : "slice" },
      {
        text: changed === null ? order : `${order}, ${changed.rule}`,
        title: changed?.because ?? "",
      },
      { text: `${shares(filled)} of ${shares(quantity)}`, className: "number" },
      { text: status, className: bad ? "bad" : "", title: row.whyHeld },
      lastWord(stamp, moment),
    ],
  };
}

function lastWord(stamp: Stamp, moment: Moment): Cell {
  return { text: ageText(stamp, { ...moment, quietMaxMs: null }), className: "number muted" };
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
