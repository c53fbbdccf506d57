import { fromNumber, type Micros } from "../money.ts";
import type { OrderStatus } from "../orders/order.ts";
import type { Side } from "../strategy/strategy.ts";
import type { BrokerOrder } from "./broker.ts";
import { UnreadableMessageError } from "./failures.ts";
import type { Message, WireBar } from "./message.ts";
import type { TwsTimes } from "./times.ts";

/**
 * From the decoder's events (a name and untyped arguments) to checked messages. Every argument is looked at here,
 * because the decoder hands on whatever was on the wire: undefined, NaN, Infinity and sentinels included.
 */
export interface Translator {
  /** The message an event makes; null when the event says nothing we use. */
  translate(eventName: string, args: readonly unknown[]): Message | null;
}

/**
 * The decoder's numbers are doubles; up to here they carry six decimals exactly. Beyond it a quantity or price is
 * refused rather than rounded in silence.
 */
const EXACT_MAX = 1_000_000_000;
/** TWS says "unset" with the largest int, long and decimal, the latter two beyond any number of shares. */
const UNSET_INT = 2_147_483_647;
const SIZE_MAX = 9e18;

const STATUSES: ReadonlyMap<unknown, OrderStatus> = new Map([
  ["PendingSubmit", "PendingSubmit"],
  // Known to older clients only: not yet acknowledged.
  ["ApiPending", "PendingSubmit"],
  ["PendingCancel", "PendingCancel"],
  ["PreSubmitted", "PreSubmitted"],
  ["Submitted", "Submitted"],
  ["ApiCancelled", "ApiCancelled"],
  ["Cancelled", "Cancelled"],
  ["Filled", "Filled"],
  ["Inactive", "Inactive"],
]);

const SIDES: ReadonlyMap<unknown, Side> = new Map([
  ["BUY", "BUY"],
  ["BOT", "BUY"],
  ["SELL", "SELL"],
  ["SLD", "SELL"],
  ["SSHORT", "SELL"],
]);

type Args = readonly unknown[];
type Translation = (args: Args, times: TwsTimes) => Message | null;

export function translator(times: TwsTimes): Translator {
  return { translate: (eventName, args) => TRANSLATIONS.get(eventName)?.(args, times) ?? null };
}

// event name → how to read its arguments, which come in the order the package documents
const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map<string, Translation>([
  ["tickPrice", ([reqId, tickType, price]) => tick(reqId, tickType, priceOrNull(price))],
  ["tickSize", ([reqId, tickType, size]) => tick(reqId, tickType, sizeOrNull(size))],
  ["tickGeneric", ([reqId, tickType, value]) => tick(reqId, tickType, finiteOrNull(value))],
  ["marketDataType", ([reqId, type]) => ({
    type: "market-data-type",
    reqId: integer(reqId),
    marketDataType: integer(type),
  })],
  ["realtimeBar", ([reqId, time, open, high, low, close, volume, wap, count]) => ({
    type: "real-time-bar",
    reqId: integer(reqId),
    bar: wireBar(String(integer(time)), [open, high, low, close], { volume, wap, count }),
  })],
  ["historicalData", historicalData],
  ["nextValidId", ([orderId]) => ({ type: "next-valid-id", orderId: integer(orderId) })],
  ["managedAccounts", ([list]) => ({
    type: "managed-accounts",
    accounts: text(list).split(",").map((account) => account.trim()).filter((a) => a !== ""),
  })],
  ["currentTime", ([seconds]) => ({ type: "current-time", timeMs: integer(seconds) * 1000 })],
  ["orderStatus", orderStatus],
  ["openOrder", openOrder],
  ["openOrderEnd", () => ({ type: "open-order-end" })],
  ["completedOrder", ([contract, order, state]) => ({
    type: "completed-order",
    order: completedOrder({ contract, order, state }),
  })],
  ["completedOrdersEnd", () => ({ type: "completed-orders-end" })],
  ["execDetails", execution],
  ["execDetailsEnd", ([reqId]) => ({ type: "execution-end", reqId: integer(reqId) })],
  ["commissionReport", commission],
  ["position", position],
  ["positionEnd", () => ({ type: "position-end" })],
  ["accountSummary", ([reqId, account, tag, value]) => ({
    type: "account-value",
    reqId: integer(reqId),
    account: text(account),
    tag: text(tag),
    value: text(value),
  })],
  ["accountSummaryEnd", ([reqId]) => ({ type: "account-value-end", reqId: integer(reqId) })],
  ["contractDetails", contractDetails],
  ["contractDetailsEnd", ([reqId]) => ({ type: "contract-end", reqId: integer(reqId) })],
]);

/** A market data value. */
export function tick(reqId: unknown, tickType: unknown, value: number | null): Message {
  return { type: "tick", reqId: integer(reqId), tickType: integer(tickType), value };
}

function historicalData(args: Args): Message {
  const [reqId, date, open, high, low, close, volume, count, wap] = args;
  const time = text(date);
  if (time.startsWith("finished")) return { type: "history-end", reqId: integer(reqId) };
  return {
    type: "history-bar",
    reqId: integer(reqId),
    bar: wireBar(time, [open, high, low, close], { volume, wap, count }),
  };
}

function wireBar(
  time: string,
  [open, high, low, close]: Args,
  rest: { readonly volume: unknown; readonly wap: unknown; readonly count: unknown },
): WireBar {
  const volume = sizeOrNull(rest.volume);
  if (volume === null) throw new UnreadableMessageError(`Bar ${time} has no volume`);
  return {
    time,
    open: price(open),
    high: price(high),
    low: price(low),
    close: price(close),
    volume,
    wap: volume === 0 ? null : priceOrNull(rest.wap),
    count: integer(rest.count),
  };
}

function orderStatus(args: Args): Message {
  const [orderId, status, filled, remaining, avgFillPrice, permId, , , clientId, whyHeld] = args;
  const average = exactOrNull(avgFillPrice);
  return {
    type: "order-status",
    orderId: integer(orderId),
    clientId: integer(clientId ?? 0),
    permId: integer(permId ?? 0),
    status: known(STATUSES, status, "order status"),
    filled: exact(filled),
    remaining: exact(remaining),
    // TWS sends 0 until something was filled.
    avgFillPrice: average === 0n ? null : average,
    whyHeld: text(whyHeld ?? ""),
  };
}

function openOrder([orderId, contract, order, state]: Args): Message {
  if (record(order).whatIf === true) {
    const initMarginChange = exactOrNull(record(state).initMarginChange);
    return { type: "margin-preview", orderId: integer(orderId), initMarginChange };
  }
  return {
    type: "open-order",
    order: { ...workingOrder({ contract, order, state }), orderId: integer(orderId) },
  };
}

interface OrderParts {
  readonly contract: unknown;
  readonly order: unknown;
  readonly state: unknown;
}

function workingOrder({ contract, order, state }: OrderParts): BrokerOrder {
  const { symbol, conId } = record(contract);
  const fields = record(order);
  return {
    orderId: 0,
    permId: integer(fields.permId),
    clientId: integer(fields.clientId ?? 0),
    orderRef: text(fields.orderRef ?? ""),
    symbol: text(symbol),
    conId: integer(conId),
    account: text(fields.account ?? ""),
    side: known(SIDES, fields.action, "side"),
    orderType: text(fields.orderType),
    quantity: exact(fields.totalQuantity),
    lmtPrice: orderPrice(fields.lmtPrice),
    auxPrice: orderPrice(fields.auxPrice),
    status: known(STATUSES, record(state).status, "order status"),
    filled: null,
    parentId: integer(fields.parentId ?? 0),
  };
}

/** TWS tells neither order id nor client id of a completed order: both are 0 here, permId and orderRef name it. */
function completedOrder(parts: OrderParts): BrokerOrder {
  return { ...workingOrder(parts), filled: exactOrNull(record(parts.order).filledQuantity) };
}

function execution([reqId, contract, details]: Args, times: TwsTimes): Message {
  const { symbol, conId } = record(contract);
  const fields = record(details);
  return {
    type: "execution",
    reqId: integer(reqId),
    execution: {
      execId: text(fields.execId),
      orderId: integer(fields.orderId),
      permId: integer(fields.permId),
      clientId: integer(fields.clientId),
      orderRef: text(fields.orderRef ?? ""),
      account: text(fields.acctNumber),
      symbol: text(symbol),
      conId: integer(conId),
      side: known(SIDES, fields.side, "side"),
      quantity: exact(fields.shares),
      price: exact(fields.price),
      time: times.parse(text(fields.time)),
      exchange: text(fields.exchange),
      cumQty: exact(fields.cumQty),
      lastLiquidity: integer(fields.lastLiquidity ?? 0),
    },
  };
}

/** Null while TWS does not know the commission yet: it says so with -1 or the largest double. */
function commission([report]: Args): Message | null {
  const fields = record(report);
  const amount = exactOrNull(fields.commission);
  if (amount === null || amount === UNKNOWN_AMOUNT) return null;
  const realizedPnl = exactOrNull(fields.realizedPNL);
  return {
    type: "commission",
    commission: {
      execId: text(fields.execId),
      amount,
      currency: text(fields.currency),
      realizedPnl: realizedPnl === UNKNOWN_AMOUNT ? null : realizedPnl,
    },
  };
}

const UNKNOWN_AMOUNT: Micros = -1_000_000n;

function position([account, contract, quantity, avgCost]: Args): Message {
  const { symbol, conId } = record(contract);
  return {
    type: "position",
    position: {
      account: text(account),
      symbol: text(symbol),
      conId: integer(conId),
      quantity: exact(quantity),
      avgCost: exact(avgCost),
    },
  };
}

function contractDetails([reqId, details]: Args): Message {
  const fields = record(details);
  const contract = record(fields.contract);
  const minTick = exact(fields.minTick);
  if (minTick <= 0n) throw new UnreadableMessageError(`Contract has minTick ${fields.minTick}`);
  return {
    type: "contract",
    reqId: integer(reqId),
    instrument: {
      symbol: text(contract.symbol),
      conId: integer(contract.conId),
      exchange: text(contract.exchange),
      primaryExchange: text(contract.primaryExch ?? ""),
      currency: text(contract.currency),
      minTick,
      longName: text(fields.longName ?? ""),
      industry: text(fields.industry ?? ""),
      timeZoneId: text(fields.timeZoneId ?? ""),
      liquidHours: text(fields.liquidHours ?? ""),
    },
  };
}

/** A price of an order; TWS sends 0 for a type that has none. */
function orderPrice(value: unknown): Micros | null {
  const amount = exactOrNull(value);
  return amount === 0n ? null : amount;
}

function exact(value: unknown): Micros {
  const amount = exactOrNull(value);
  if (amount === null) throw new UnreadableMessageError(`Expected a number, got "${value}"`);
  return amount;
}

/** Micros, or null for "unset". */
function exactOrNull(value: unknown): Micros | null {
  const number = finiteOrNull(value);
  if (number === null || Math.abs(number) >= SIZE_MAX) return null;
  if (Math.abs(number) > EXACT_MAX) {
    throw new UnreadableMessageError(`Cannot keep ${number} exact: it is beyond ${EXACT_MAX}`);
  }
  return fromNumber(number);
}

function price(value: unknown): number {
  const amount = priceOrNull(value);
  if (amount === null) throw new UnreadableMessageError(`Expected a price, got "${value}"`);
  return amount;
}

/** TWS says "no price" with -1, 0, an empty field, NaN, infinities and sentinels. */
function priceOrNull(value: unknown): number | null {
  const number = finiteOrNull(value);
  return number !== null && number > 0 && number <= EXACT_MAX ? number : null;
}

/** Null for "no size", 0 stays 0. */
export function sizeOrNull(value: unknown): number | null {
  const number = finiteOrNull(value);
  return number !== null && number >= 0 && number !== UNSET_INT && number < SIZE_MAX
    ? number
    : null;
}

function finiteOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A whole number. Ids beyond 2^53 would be rounded to another id, so they are refused. */
export function integer(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new UnreadableMessageError(`Expected a whole number, got "${value}"`);
}

export function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new UnreadableMessageError(`Expected text, got "${value}"`);
}

function known<T>(map: ReadonlyMap<unknown, T>, value: unknown, what: string): T {
  const found = map.get(value);
  if (found === undefined) throw new UnreadableMessageError(`Unknown ${what} "${value}"`);
  return found;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value;
  throw new UnreadableMessageError(`Expected a structure, got "${value}"`);
}
