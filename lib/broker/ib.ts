import type { Contract } from "@stoqey/ib/dist/api/contract/contract.js";
import { SecType } from "@stoqey/ib/dist/api/data/enum/sec-type.js";
import { BarSizeSetting } from "@stoqey/ib/dist/api/historical/bar-size-setting.js";
import { OrderAction } from "@stoqey/ib/dist/api/order/enum/order-action.js";
import { OrderType } from "@stoqey/ib/dist/api/order/enum/orderType.js";
import type { Order as OrderFields } from "@stoqey/ib/dist/api/order/order.js";
import { Decoder } from "@stoqey/ib/dist/core/io/decoder.js";
import { Encoder, OUT_MSG_ID } from "@stoqey/ib/dist/core/io/encoder.js";
import { IN_MSG_ID } from "@stoqey/ib/dist/core/io/enum/in-msg-id.js";
import { formatMicros, type Micros, MICROS_PER_UNIT, parseMicros } from "../money.ts";
import { encodeFrame, type Field, payloadFields } from "../wire/frame.ts";
import type { Broker } from "./broker.ts";
import type { Codec, Encode, OrderTicket, StockContract } from "./codec.ts";
import { connect } from "./connect.ts";
import { UnreadableMessageError } from "./failures.ts";
import { FRAME, type Message } from "./message.ts";
import type { IbOptions } from "./options.ts";
import { TwsTimes, utcStamp } from "./times.ts";
import { integer, sizeOrNull, text, tick, translator } from "./translate.ts";

/**
 * The session's broker over the package @stoqey/ib, of which this is the only importer. Its Encoder, Decoder and
 * vocabulary are used; its socket, queues, rate limiter and event emitter are not, because they hang, crash, lose
 * or delay what they carry (the tests of this stage name each case). It is pinned to one exact version.
 */

export type { IbOptions } from "./options.ts";

/**
 * Connects to TWS or IB Gateway; resolves when server version, nextValidId and managedAccounts are all there.
 *
 * @throws {NotReadyError} naming what is missing and what to do, or the signal's reason
 */
export function connectIb(options: IbOptions): Promise<Broker> {
  return connect(options, (greeting) => new IbCodec(greeting));
}

/** Frames we use; the rest of the protocol is not even decoded. */
const USED_FRAMES: ReadonlySet<number> = new Set([
  IN_MSG_ID.TICK_PRICE,
  IN_MSG_ID.TICK_SIZE,
  IN_MSG_ID.TICK_GENERIC,
  IN_MSG_ID.MARKET_DATA_TYPE,
  IN_MSG_ID.REAL_TIME_BARS,
  IN_MSG_ID.HISTORICAL_DATA,
  IN_MSG_ID.ORDER_STATUS,
  IN_MSG_ID.OPEN_ORDER,
  IN_MSG_ID.OPEN_ORDER_END,
  IN_MSG_ID.COMPLETED_ORDER,
  IN_MSG_ID.COMPLETED_ORDERS_END,
  IN_MSG_ID.EXECUTION_DATA,
  IN_MSG_ID.EXECUTION_DATA_END,
  IN_MSG_ID.COMMISSION_REPORT,
  IN_MSG_ID.POSITION,
  IN_MSG_ID.POSITION_END,
  IN_MSG_ID.ACCOUNT_SUMMARY,
  IN_MSG_ID.ACCOUNT_SUMMARY_END,
  IN_MSG_ID.CONTRACT_DATA,
  IN_MSG_ID.CONTRACT_DATA_END,
  IN_MSG_ID.ERR_MSG,
  IN_MSG_ID.NEXT_VALID_ID,
  IN_MSG_ID.MANAGED_ACCTS,
  IN_MSG_ID.CURRENT_TIME,
]);

/** No field we use comes near it, and unescaping a text costs its length squared. */
const FIELD_CHARS_MAX = 10_000;
const BID_SIZE_TICK = 0;
const BID_TICK = "1";
/** From this server version on completedOrder has no faProfile; the package never expects one. */
const NO_FA_PROFILE = 177;
const COMPLETED_ORDER_FA_PROFILE = 31;
/** From this server version on placeOrder carries fractions of a share; below, the package rounds them away. */
const FRACTIONS = 101;
const REAL_TIME_BAR_SECONDS = 5;
/** A fill of one order of the group reduces the others by as much, and only one works at the exchange at a time. */
const OCA_REDUCE_WITH_BLOCK = 2;
/** The official clients' "no exemption of the short sale rule". */
const NO_EXEMPTION = -1;
/** In a filter of executions: those of all clients. */
const EVERY_CLIENT = "0";
/** formatDate 2: epoch seconds. */
const EPOCH_SECONDS = 2;

/** The package's decoder over one message at a time, read by index: its own queue moves every field each time. */
class FieldReader extends Decoder {
  #fields: readonly string[] = [];
  #next = 0;

  /** @throws {UnreadableMessageError} unless the message is exactly as long as its decoder expects */
  read(fields: readonly string[]): void {
    this.#fields = fields;
    this.#next = 0;
    // The queue of the package holds only the marks of a message's start and end.
    this.enqueueMessage([]);
    this.process();
    if (this.#next < fields.length) {
      throw new UnreadableMessageError(`It has ${fields.length - this.#next} fields too many`);
    }
  }

  override readStr(): string {
    const field = this.#fields[this.#next++];
    if (field === undefined) {
      throw new UnreadableMessageError(`It ends after ${this.#fields.length} fields`);
    }
    if (field.length > FIELD_CHARS_MAX) {
      throw new UnreadableMessageError(`Its field ${this.#next} has ${field.length} characters`);
    }
    return field;
  }
}

class IbCodec implements Codec {
  readonly encode: Encode;
  readonly #serverVersion: number;
  readonly #translate: (eventName: string, args: readonly unknown[]) => Message | null;
  #decoder: FieldReader;
  #messages: Message[] = [];

  constructor(greeting: { readonly serverVersion: number; readonly connectionTime: string }) {
    this.#serverVersion = greeting.serverVersion;
    this.#translate = translator(new TwsTimes(greeting.connectionTime)).translate;
    this.#decoder = this.#newDecoder();
    this.encode = encoders(greeting.serverVersion);
  }

  decode(payload: Uint8Array): readonly Message[] {
    const fields = payloadFields(payload);
    const msgId = Number(fields[0]);
    if (!USED_FRAMES.has(msgId)) {
      if (IN_MSG_ID[msgId] !== undefined) return [];
      return [{ type: "unreadable", msgId, detail: `Unknown message type "${fields[0] ?? ""}"` }];
    }
    this.#mend(msgId, fields);
    this.#messages = [];
    try {
      this.#decoder.read(fields);
      if (msgId === FRAME.tickPrice && fields[3] === BID_TICK) this.#addBidSize(fields);
      return this.#messages;
    } catch (error) {
      if (!isReadFailure(error)) throw error;
      // Whatever it has half read must not leak into the next message.
      this.#decoder = this.#newDecoder();
      return [{ type: "unreadable", msgId, detail: error.message }];
    }
  }

  /** Puts right what the package would stumble over. */
  #mend(msgId: number, fields: string[]): void {
    if (msgId === FRAME.error) {
      // Nobody reads the rejection's JSON, and a broken one must not cost us the rejection.
      if (fields.length > 5) fields[5] = "";
      if (fields[4] !== undefined) fields[4] = fields[4].slice(0, FIELD_CHARS_MAX);
    }
    if (msgId === FRAME.completedOrder && this.#serverVersion < NO_FA_PROFILE) {
      fields.splice(COMPLETED_ORDER_FA_PROFILE, 1);
    }
  }

  /** The package drops the size of a bid, whose tick type is 0 and so counts as none. */
  #addBidSize(fields: readonly string[]): void {
    const size = fields[5] === undefined || fields[5] === "" ? null : Number(fields[5]);
    this.#messages.push(tick(Number(fields[2]), BID_SIZE_TICK, sizeOrNull(size)));
  }

  #newDecoder(): FieldReader {
    const error = (id: unknown, code: unknown, said: unknown): void => {
      this.#messages.push({
        type: "error",
        id: integer(id),
        code: integer(code),
        text: text(said),
      });
    };
    return new FieldReader({
      serverVersion: this.#serverVersion,
      emitEvent: (name, ...args) => {
        const message = this.#translate(name, args);
        if (message !== null) this.#messages.push(message);
      },
      emitError: (said, code, id) => error(id, code, said),
      emitInfo: (said, code) => error(-1, code, said),
    });
  }
}

/**
 * What reading a hostile message throws: our own checks, an array of impossible length (RangeError), or a field
 * the package takes for something else (TypeError).
 */
function isReadFailure(error: unknown): error is Error {
  return error instanceof UnreadableMessageError || error instanceof RangeError ||
    error instanceof TypeError;
}

function encoders(serverVersion: number): Encode {
  const frame = frameMaker(serverVersion);
  return {
    startApi: (clientId) => encodeFrame([OUT_MSG_ID.START_API, 2, clientId, ""]),
    placeOrder: (ticket) => {
      if (serverVersion < FRACTIONS && ticket.order.quantity % MICROS_PER_UNIT !== 0n) {
        throw new RangeError(`Server version ${serverVersion} takes no fractions of a share`);
      }
      return frame((e) =>
        e.placeOrder(ticket.orderId, contract(ticket.contract), fieldsOf(ticket))
      );
    },
    cancelOrder: (orderId) => frame((e) => e.cancelOrder(orderId, {})),
    allOpenOrders: () => frame((e) => e.reqAllOpenOrders()),
    completedOrders: () => frame((e) => e.reqCompletedOrders(false)),
    executions: (reqId) => frame((e) => e.reqExecutions(reqId, { clientId: EVERY_CLIENT })),
    positions: () => frame((e) => e.reqPositions()),
    cancelPositions: () => frame((e) => e.cancelPositions()),
    accountSummary: (reqId, tags) =>
      frame((e) => e.reqAccountSummary(reqId, "All", tags.join(","))),
    cancelAccountSummary: (reqId) => frame((e) => e.cancelAccountSummary(reqId)),
    contractDetails: (reqId, stock) => frame((e) => e.reqContractDetails(reqId, contract(stock))),
    historicalData: (reqId, { contract: stock, endMs, duration, barSize }) => {
      const size = barSizeSetting(barSize);
      const end = utcStamp(endMs);
      return frame((e) =>
        // deno-fmt-ignore
        e.reqHistoricalData(
          reqId, contract(stock), end, duration, size, "TRADES", true, EPOCH_SECONDS, false,
        )
      );
    },
    cancelHistoricalData: (reqId) => frame((e) => e.cancelHistoricalData(reqId)),
    marketDataType: (type) => frame((e) => e.reqMarketDataType(type)),
    marketData: (reqId, stock) =>
      frame((e) => e.reqMktData(reqId, contract(stock), "", false, false)),
    realTimeBars: (reqId, stock) =>
      frame((e) =>
        e.reqRealTimeBars(reqId, contract(stock), REAL_TIME_BAR_SECONDS, "TRADES", true, [])
      ),
    currentTime: () => frame((e) => e.reqCurrentTime()),
  };
}

type FrameMaker = (request: (encoder: Encoder) => void) => Uint8Array;

/** Runs one request of the encoder and frames the tokens it makes. */
function frameMaker(serverVersion: number): FrameMaker {
  return (request) => {
    const fields: Field[] = [];
    request(
      new Encoder({
        serverVersion,
        sendMsg: (...tokens) => collect(tokens, fields),
        emitError: (message) => {
          throw new RangeError(`Cannot send: ${message}`);
        },
      }),
    );
    return encodeFrame(fields);
  };
}

/** Flattens the encoder's nested tokens, and lets nothing pass that is no plain field. */
function collect(token: unknown, fields: Field[]): void {
  if (Array.isArray(token)) {
    for (const item of token) collect(item, fields);
  } else if (isPlain(token)) {
    fields.push(token);
  } else {
    throw new RangeError(`Cannot send "${token}": not a plain number or text`);
  }
}

/** NaN, infinities and numbers that print with an exponent are not. */
function isPlain(token: unknown): token is Field {
  if (typeof token === "number") return Number.isFinite(token) && !String(token).includes("e");
  return token === undefined || token === null || typeof token === "string" ||
    typeof token === "boolean";
}

function contract(stock: StockContract): Contract {
  return {
    secType: SecType.STK,
    symbol: stock.symbol,
    exchange: stock.exchange,
    ...(stock.conId === undefined ? {} : { conId: stock.conId }),
    ...(stock.primaryExchange === undefined ? {} : { primaryExch: stock.primaryExchange }),
    ...(stock.currency === undefined ? {} : { currency: stock.currency }),
  };
}

const ORDER_TYPES = {
  "MKT": OrderType.MKT,
  "LMT": OrderType.LMT,
  "STP": OrderType.STP,
  "STP LMT": OrderType.STP_LMT,
} as const;

function fieldsOf({ order, parentId, account, whatIf = false }: OrderTicket): OrderFields {
  return {
    action: order.side === "BUY" ? OrderAction.BUY : OrderAction.SELL,
    totalQuantity: sameNumber(order.quantity),
    orderType: ORDER_TYPES[order.orderType],
    ...(order.lmtPrice === null ? {} : { lmtPrice: sameNumber(order.lmtPrice) }),
    ...(order.auxPrice === null ? {} : { auxPrice: sameNumber(order.auxPrice) }),
    tif: order.tif,
    account,
    orderRef: order.orderRef,
    transmit: order.transmit,
    ...(whatIf ? { whatIf } : {}),
    outsideRth: order.outsideRth,
    origin: 0,
    exemptCode: NO_EXEMPTION,
    parentId,
    ...(order.ocaGroup === null
      ? {}
      : { ocaGroup: order.ocaGroup, ocaType: OCA_REDUCE_WITH_BLOCK }),
    ...(order.displaySize === null ? {} : { displaySize: sameNumber(order.displaySize) }),
    ...(order.algo === null ? {} : {
      algoStrategy: order.algo.strategy,
      algoParams: Object.entries(order.algo.params).map(([tag, value]) => ({ tag, value })),
    }),
  };
}

/**
 * The number whose decimal text is exactly this amount: the package takes numbers and writes their text.
 *
 * @throws {RangeError} when a double cannot hold it
 */
function sameNumber(amount: Micros): number {
  const number = Number(formatMicros(amount));
  if (parseMicros(String(number)) !== amount) {
    throw new RangeError(`Cannot send ${formatMicros(amount)} exactly`);
  }
  return number;
}

function barSizeSetting(text: string): BarSizeSetting {
  const known = Object.values(BarSizeSetting).find((size) => size === text);
  if (known === undefined) {
    throw new RangeError(
      `Unknown bar size "${text}": use one of ${Object.values(BarSizeSetting).join(", ")}`,
    );
  }
  return known;
}
