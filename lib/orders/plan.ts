import type { Instrument } from "../market/market.ts";
import { priceDown, priceUp } from "../market/tick_grid.ts";
import { formatMicros, type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import type { Approved } from "../risk/review.ts";
import type { Side } from "../strategy/strategy.ts";
import { orderRefOf } from "./ids.ts";
import type { Order, TimeInForce } from "./order.ts";

/** How approved signals become orders. */
export interface PlanStyle {
  /** A market order, or a limit at the worst price risk allowed, which fills at once or waits there. */
  readonly entryType: "MKT" | "LMT";
  /** As for entries; an exit for which risk knew no good price always goes as a market order. */
  readonly exitType: "MKT" | "LMT";
  /** Of the protective stop. GTC, so that a position kept over night by accident stays protected. */
  readonly stopTif: TimeInForce;
  /** An order that has not left this long after `now` must not leave any more. */
  readonly deadlineAfterMs: number;
  /** Epoch ms. */
  readonly now: number;
  /** Makes intent ids, each new. */
  readonly ids: () => string;
}

/** Everything of an order but its brand. */
type OrderFacts = Omit<Order, never>;

/**
 * The orders of an approved signal, in the order they must be sent.
 *
 * An entry is a bracket: the parent is held back at TWS (`transmit` false) until its stop arrives, so there is no
 * instant at which the position could exist without it.
 *
 * @throws {RangeError} when the quantity is not a positive whole number of shares, or an entry has no stop
 */
export function plan(approved: Approved, style: PlanStyle): readonly Order[] {
  const { quantity, instrument } = approved;
  if (quantity <= ZERO || quantity % MICROS_PER_UNIT !== ZERO) {
    throw new RangeError(
      `Cannot order ${formatMicros(quantity)} of "${instrument.symbol}": not whole shares`,
    );
  }
  return approved.signal.purpose === "enter" ? bracket(approved, style) : [leave(approved, style)];
}

function bracket(approved: Approved, style: PlanStyle): readonly Order[] {
  const { signal, instrument, stopPrice } = approved;
  if (stopPrice === null) {
    throw new RangeError(`Cannot enter "${instrument.symbol}": the approval carries no stop`);
  }
  const entry = mint({
    ...common(approved, style),
    ...priced(approved, style.entryType),
    role: "entry",
    transmit: false,
  });
  const side = opposite(signal.side);
  const stop = mint({
    ...common(approved, style),
    side,
    role: "stop",
    orderType: "STP",
    tif: style.stopTif,
    auxPrice: stopOnGrid(stopPrice, side, instrument),
    parentIntentId: entry.intentId,
    transmit: true,
  });
  return [entry, stop];
}

function leave(approved: Approved, style: PlanStyle): Order {
  return mint({ ...common(approved, style), ...priced(approved, style.exitType), role: "exit" });
}

type Common = Omit<OrderFacts, "role">;

function common(approved: Approved, style: PlanStyle): Common {
  const { signal, instrument, quantity } = approved;
  const intentId = style.ids();
  return {
    intentId,
    orderRef: orderRefOf(intentId),
    symbol: signal.symbol,
    conId: instrument.conId,
    side: signal.side,
    orderType: "MKT",
    tif: "DAY",
    quantity,
    lmtPrice: null,
    auxPrice: null,
    outsideRth: false,
    parentIntentId: null,
    ocaGroup: null,
    transmit: true,
    deadlineMs: style.now + style.deadlineAfterMs,
  };
}

function priced(
  approved: Approved,
  type: "MKT" | "LMT",
): Pick<OrderFacts, "orderType" | "lmtPrice"> {
  const { limitPrice, signal, instrument } = approved;
  if (type === "MKT" || limitPrice === null) return { orderType: "MKT", lmtPrice: null };
  // Never beyond what risk allowed: a buy's limit goes down to its tick, a sale's up.
  const lmtPrice = signal.side === "BUY"
    ? priceDown(limitPrice, instrument.minTick)
    : priceUp(limitPrice, instrument.minTick);
  return { orderType: "LMT", lmtPrice };
}

/**
 * A sell stop goes down to its tick and a buy stop up, away from the market: rounded the other way it could
 * trigger at a price at which the strategy still held its idea to be right.
 */
function stopOnGrid(stopPrice: Micros, side: Side, instrument: Instrument): Micros {
  return side === "SELL"
    ? priceDown(stopPrice, instrument.minTick)
    : priceUp(stopPrice, instrument.minTick);
}

function opposite(side: Side): Side {
  return side === "BUY" ? "SELL" : "BUY";
}

/** The one place where an order comes into being; the brand exists for the compiler only, hence the assertion. */
function mint(facts: OrderFacts): Order {
  return facts as Order;
}
