import type { Instrument } from "../market/market.ts";
import { priceDown, priceUp } from "../market/tick_grid.ts";
import { formatMicros, greatest, least, type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import type { Approved } from "../risk/review.ts";
import type { Side } from "../strategy/strategy.ts";
import { orderRefOf } from "./ids.ts";
import type { IbAlgo, Order, OrderFacts, TimeInForce } from "./order.ts";

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

/** A part of an approved signal, as an algorithm cut it. */
export interface PlannedSlice {
  /** Whole shares. */
  readonly quantity: Micros;
  /** Better than what risk allows, or null for that. */
  readonly limitPrice: Micros | null;
  /** Shares of the same approval in slices before this one that were filled or may still fill. */
  readonly before: Micros;
  /** The parent it is cut from; absent for an order sent whole. */
  readonly parentOrderId?: string;
  readonly displaySize?: Micros;
  readonly algo?: IbAlgo;
}

/**
 * The orders of an approved signal, in the order they must be sent.
 *
 * An entry is a bracket: the parent is held back at TWS (`transmit` false) until its stop arrives, so there is no
 * instant at which the position could exist without it.
 *
 * @throws {RangeError} when the quantity is not a positive whole number of shares, or an entry has no stop
 */
export function plan(approved: Approved, style: PlanStyle): readonly Order[] {
  return cut(approved, style, {
    quantity: approved.quantity,
    limitPrice: null,
    before: ZERO,
  });
}

/**
 * The orders of one slice of an approved signal; of an entry each slice brings its own stop.
 *
 * @throws {RangeError} as `plan`, and when the slices together would be more than was approved
 */
export function planSlice(
  approved: Approved,
  style: PlanStyle,
  slice: PlannedSlice,
): readonly Order[] {
  if (slice.before < ZERO || slice.before + slice.quantity > approved.quantity) {
    throw new RangeError(
      `Cannot order ${formatMicros(slice.quantity)} more of "${approved.instrument.symbol}": ` +
        `${formatMicros(slice.before)} of ${formatMicros(approved.quantity)} are planned already`,
    );
  }
  return cut(approved, style, slice);
}

function cut(approved: Approved, style: PlanStyle, slice: PlannedSlice): readonly Order[] {
  const { instrument } = approved;
  const { quantity } = slice;
  if (quantity <= ZERO || quantity % MICROS_PER_UNIT !== ZERO) {
    throw new RangeError(
      `Cannot order ${formatMicros(quantity)} of "${instrument.symbol}": not whole shares`,
    );
  }
  if (approved.signal.purpose === "enter") return bracket(approved, style, slice);
  return [
    approved.stopPrice === null
      ? leave(approved, style, slice)
      : guard(approved, style, { ...slice, stopPrice: approved.stopPrice }),
  ];
}

/** The stop of a position that has none, on its own: there is no entry it could belong to. */
function guard(
  approved: Approved,
  style: PlanStyle,
  slice: PlannedSlice & { readonly stopPrice: Micros },
): Order {
  const { side } = approved.signal;
  return mint({ approved, style, slice }, {
    side,
    role: "stop",
    orderType: "STP",
    tif: style.stopTif,
    lmtPrice: null,
    auxPrice: stopOnGrid(slice.stopPrice, side, approved.instrument),
    parentIntentId: null,
    transmit: true,
  });
}

function bracket(approved: Approved, style: PlanStyle, slice: PlannedSlice): readonly Order[] {
  const { signal, instrument, stopPrice } = approved;
  if (stopPrice === null) {
    throw new RangeError(`Cannot enter "${instrument.symbol}": the approval carries no stop`);
  }
  const made = { approved, style, slice };
  const lmtPrice = limitOf(approved, style.entryType, slice);
  const entry = mint(made, {
    side: signal.side,
    role: "entry",
    orderType: lmtPrice === null ? "MKT" : "LMT",
    tif: "DAY",
    lmtPrice,
    auxPrice: null,
    parentIntentId: null,
    transmit: false,
  });
  const side = opposite(signal.side);
  const stop = mint(made, {
    side,
    role: "stop",
    orderType: "STP",
    tif: style.stopTif,
    lmtPrice: null,
    auxPrice: stopOnGrid(stopPrice, side, instrument),
    parentIntentId: entry.intentId,
    transmit: true,
  });
  return [entry, stop];
}

function leave(approved: Approved, style: PlanStyle, slice: PlannedSlice): Order {
  const lmtPrice = limitOf(approved, style.exitType, slice);
  return mint({ approved, style, slice }, {
    side: approved.signal.side,
    role: "exit",
    orderType: lmtPrice === null ? "MKT" : "LMT",
    tif: "DAY",
    lmtPrice,
    auxPrice: null,
    parentIntentId: null,
    transmit: true,
  });
}

/** The limit of an order of this type; null for a market order. */
function limitOf(
  approved: Approved,
  type: "MKT" | "LMT",
  slice: PlannedSlice,
): Micros | null {
  const { limitPrice, signal, instrument } = approved;
  if (slice.limitPrice === null && (type === "MKT" || limitPrice === null)) return null;
  // Never beyond what risk allowed: a buy's limit is the lower one and goes down to its tick, a sale's up.
  const bounds = [slice.limitPrice, limitPrice].filter((price) => price !== null);
  return signal.side === "BUY"
    ? priceDown(bounds.reduce(least), instrument)
    : priceUp(bounds.reduce(greatest), instrument);
}

/**
 * A sell stop goes down to its tick and a buy stop up, away from the market: rounded the other way it could
 * trigger at a price at which the strategy still held its idea to be right.
 */
function stopOnGrid(stopPrice: Micros, side: Side, instrument: Instrument): Micros {
  return side === "SELL" ? priceDown(stopPrice, instrument) : priceUp(stopPrice, instrument);
}

function opposite(side: Side): Side {
  return side === "BUY" ? "SELL" : "BUY";
}

/** What an order is made of. */
interface Made {
  readonly approved: Approved;
  readonly style: PlanStyle;
  readonly slice: PlannedSlice;
}

/** What tells the orders of one slice apart. */
type Own = Pick<
  OrderFacts,
  "side" | "role" | "orderType" | "tif" | "lmtPrice" | "auxPrice" | "parentIntentId" | "transmit"
>;

/**
 * The one place where an order comes into being; the brand exists for the compiler only, hence the assertion. One
 * literal, because a backtest keeps every order it makes and one put together of parts is twice as large.
 */
function mint({ approved: { signal, instrument }, style, slice }: Made, own: Own): Order {
  const intentId = style.ids();
  const isEntry = own.role === "entry";
  const facts: OrderFacts = {
    intentId,
    orderRef: orderRefOf(intentId),
    symbol: signal.symbol,
    conId: instrument.conId,
    side: own.side,
    role: own.role,
    orderType: own.orderType,
    tif: own.tif,
    quantity: slice.quantity,
    lmtPrice: own.lmtPrice,
    auxPrice: own.auxPrice,
    outsideRth: false,
    parentIntentId: own.parentIntentId,
    ocaGroup: null,
    parentOrderId: slice.parentOrderId ?? null,
    displaySize: isEntry ? slice.displaySize ?? null : null,
    algo: isEntry ? slice.algo ?? null : null,
    transmit: own.transmit,
    deadlineMs: style.now + style.deadlineAfterMs,
  };
  return facts as Order;
}
