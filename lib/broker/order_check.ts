import { formatMicros, type Micros } from "../money.ts";
import type { OrderFacts, OrderType } from "../orders/order.ts";

/**
 * The border: what an order must be before a byte of it is made. The type says most of this already; an order
 * that came through JSON, or a bug, may still be anything.
 */

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;
/** TWS shows it in a column; ours are a few dozen characters. */
const TEXT_MAX = 128;

// order type → the prices it has
const PRICES: Readonly<
  Record<OrderType, { readonly lmtPrice: boolean; readonly auxPrice: boolean }>
> = {
  "MKT": { lmtPrice: false, auxPrice: false },
  "LMT": { lmtPrice: true, auxPrice: false },
  "STP": { lmtPrice: false, auxPrice: true },
  "STP LMT": { lmtPrice: true, auxPrice: true },
};

/** @throws {RangeError} saying what is wrong with the order */
export function checkOrder(order: OrderFacts): void {
  checkText("orderRef", order.orderRef);
  checkText("symbol", order.symbol);
  checkText("intentId", order.intentId);
  if (order.ocaGroup !== null) checkText("ocaGroup", order.ocaGroup);
  // An unset transmit goes out empty, and TWS would hold the order back for ever.
  checkBoolean("transmit", order.transmit);
  checkBoolean("outsideRth", order.outsideRth);
  checkOneOf("side", order.side, ["BUY", "SELL"]);
  checkOneOf("tif", order.tif, ["DAY", "GTC", "IOC"]);
  checkOneOf("orderType", order.orderType, Object.keys(PRICES));
  checkAmount("quantity", order.quantity);
  if (!Number.isSafeInteger(order.conId) || order.conId <= 0) refuse("conId", order.conId);
  if (!Number.isFinite(order.deadlineMs)) refuse("deadlineMs", order.deadlineMs);
  if (order.displaySize !== null) checkAmount("displaySize", order.displaySize);
  if (order.algo !== null) {
    checkOneOf("algo", order.algo.strategy, ["Adaptive", "Twap", "Vwap"]);
    for (const [tag, value] of Object.entries(order.algo.params)) {
      checkText("algo parameter", tag);
      checkText(tag, value);
    }
  }
  const { lmtPrice, auxPrice } = PRICES[order.orderType];
  checkPrice(`lmtPrice of ${order.orderType}`, order.lmtPrice, lmtPrice);
  checkPrice(`auxPrice of ${order.orderType}`, order.auxPrice, auxPrice);
}

/** NUL would shift every field behind it by one; what is not ASCII comes back as something else. */
function checkText(name: string, text: unknown): void {
  if (typeof text !== "string" || !PRINTABLE_ASCII.test(text) || text.length > TEXT_MAX) {
    refuse(name, text);
  }
}

function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") refuse(name, value);
}

function checkOneOf(name: string, value: unknown, values: readonly unknown[]): void {
  if (!values.includes(value)) refuse(name, value);
}

function checkAmount(name: string, value: unknown): void {
  if (typeof value !== "bigint") refuse(name, value);
  else if (value <= 0n) refuse(name, formatMicros(value));
}

function checkPrice(name: string, price: Micros | null, wanted: boolean): void {
  if (wanted) checkAmount(name, price);
  else if (price !== null) refuse(name, price);
}

function refuse(name: string, value: unknown): never {
  throw new RangeError(`Cannot place the order: ${name} is ${JSON.stringify(String(value))}`);
}
