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
  return mint({
    ...common(approved, style, slice),
    role: "stop",
    orderType: "STP",
    tif: style.stopTif,
    auxPrice: stopOnGrid(slice.stopPrice, approved.signal.side, approved.instrument),
  });
}

function bracket(approved: Approved, style: PlanStyle, slice: PlannedSlice): readonly Order[] {
  const { signal, instrument, stopPrice } = approved;
  if (stopPrice === null) {
    throw new RangeError(`Cannot enter "${instrument.symbol}": the approval carries no stop`);
  }
  const entry = mint({
    ...common(approved, style, slice),
    ...priced(approved, style.entryType, slice),
    role: "entry",
    displaySize: slice.displaySize ?? null,
    algo: slice.algo ?? null,
    transmit: false,
  });
  const side = opposite(signal.side);
  const stop = mint({
    ...common(approved, style, slice),
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

function leave(approved: Approved, style: PlanStyle, slice: PlannedSlice): Order {
  return mint({
    ...common(approved, style, slice),
    ...priced(approved, style.exitType, slice),
    role: "exit",
  });
}

type Common = Omit<OrderFacts, "role">;

function common(approved: Approved, style: PlanStyle, slice: PlannedSlice): Common {
  const { signal, instrument } = approved;
  const intentId = style.ids();
  return {
    intentId,
    orderRef: orderRefOf(intentId),
    symbol: signal.symbol,
    conId: instrument.conId,
    side: signal.side,
    orderType: "MKT",
    tif: "DAY",
    quantity: slice.quantity,
    lmtPrice: null,
    auxPrice: null,
    outsideRth: false,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: slice.parentOrderId ?? null,
    displaySize: null,
    algo: null,
    transmit: true,
    deadlineMs: style.now + style.deadlineAfterMs,
  };
}

function priced(
  approved: Approved,
  type: "MKT" | "LMT",
  slice: PlannedSlice,
): Pick<OrderFacts, "orderType" | "lmtPrice"> {
  const { limitPrice, signal, instrument } = approved;
  if (slice.limitPrice === null && (type === "MKT" || limitPrice === null)) {
    return { orderType: "MKT", lmtPrice: null };
  }
  // Never beyond what risk allowed: a buy's limit is the lower one and goes down to its tick, a sale's up.
  const bounds = [slice.limitPrice, limitPrice].filter((price) => price !== null);
  const lmtPrice = signal.side === "BUY"
    ? priceDown(bounds.reduce(least), instrument)
    : priceUp(bounds.reduce(greatest), instrument);
  return { orderType: "LMT", lmtPrice };
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

/** The one place where an order comes into being; the brand exists for the compiler only, hence the assertion. */
function mint(facts: OrderFacts): Order {
  return facts as Order;
}
