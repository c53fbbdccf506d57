import { formatMicros, multiply, ZERO } from "../money.ts";
import { filledOf } from "../orders/lifecycle.ts";
import { unrealizedAt } from "../ledger/positions.ts";
import { figure, type Holding } from "./account.ts";
import type { OrderRow, PositionRow } from "./feed.ts";
import { phaseWord, remainingOf, type TrackedOrder } from "./orders.ts";
import type { DashboardState } from "./state.ts";

/** What is held, with what protects it. */
export function positionRows(
  state: DashboardState,
  holdings: readonly Holding[],
): readonly PositionRow[] {
  const stops = state.orders.open().filter(({ intent }) => intent.role === "stop");
  return holdings.map(({ position, mark }): PositionRow => {
    const { symbol, quantity, averagePrice, realized } = position;
    const because = "no session has valued it yet";
    return {
      symbol,
      name: state.instruments.get(symbol)?.longName ?? "",
      quantity: formatMicros(quantity),
      averagePrice: averagePrice === null ? null : formatMicros(averagePrice),
      mark: figure(mark, because),
      value: figure(mark && { ...mark, amount: multiply(quantity, mark.amount) }, because),
      unrealized: figure(mark && { ...mark, amount: unrealizedAt(position, mark.amount) }, because),
      realized: formatMicros(realized),
      stop: stopOf(stops.filter(({ intent }) => intent.symbol === symbol)),
    };
  });
}

/** The newest of a symbol's stops speaks for all of them; their shares are added up. */
function stopOf(stops: readonly TrackedOrder[]): PositionRow["stop"] {
  const newest = stops.at(-1);
  if (newest === undefined) return null;
  const shares = stops.map(remainingOf).reduce((sum, part) => sum + part, ZERO);
  const { auxPrice } = newest.intent;
  return {
    price: auxPrice === null ? null : formatMicros(auxPrice),
    shares: formatMicros(shares),
    changed: newest.changed,
    stamp: newest.stamp,
  };
}

/** Orders that may still fill, and those whose fate is unknown; newest first. */
export function orderRows({ orders }: DashboardState): readonly OrderRow[] {
  return orders.open().toReversed().map((order): OrderRow => {
    const { intent, life, whyHeld, stamp, changed } = order;
    const { intentId, symbol, side, role, orderType, quantity, lmtPrice, auxPrice } = intent;
    return {
      intentId,
      symbol,
      side,
      role,
      orderType,
      quantity: formatMicros(quantity),
      filled: formatMicros(filledOf(life)),
      lmtPrice: lmtPrice === null ? null : formatMicros(lmtPrice),
      auxPrice: auxPrice === null ? null : formatMicros(auxPrice),
      changed,
      parentOrderId: intent.parentOrderId,
      status: life.status,
      phase: phaseWord(order),
      whyHeld,
      stamp,
    };
  });
}
