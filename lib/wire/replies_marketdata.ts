import type { Micros } from "../money.ts";
import {
  FieldError,
  INT,
  LONG,
  MINUS_ONE,
  MINUS_TWO,
  NUMBER,
  QUANTITY,
  type Scalar,
  TEXT,
} from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

/** Live ticks and bars, server to client. Prices are numbers, sizes exact. */

/** 1 */
export interface TickPrice {
  readonly type: "tickPrice";
  readonly reqId: number;
  readonly tickType: number;
  /** -1 with size 0: no quote. */
  readonly price: number;
  readonly size: Micros;
  /** Bits: 1 canAutoExecute, 2 pastLimit, 4 preOpen. */
  readonly attribMask: number;
}

/** 2 */
export interface TickSize {
  readonly type: "tickSize";
  readonly reqId: number;
  readonly tickType: number;
  readonly size: Micros;
}

/** 45 */
export interface TickGeneric {
  readonly type: "tickGeneric";
  readonly reqId: number;
  readonly tickType: number;
  readonly value: number;
}

/** 46 */
export interface TickString {
  readonly type: "tickString";
  readonly reqId: number;
  readonly tickType: number;
  readonly value: string;
}

/** 21. Null: not computed. */
export interface TickOptionComputation {
  readonly type: "tickOptionComputation";
  readonly reqId: number;
  readonly tickType: number;
  /** Since 156: 0 return-based, 1 price-based. */
  readonly tickAttrib: number;
  readonly impliedVol: number | null;
  readonly delta: number | null;
  readonly optPrice: number | null;
  readonly pvDividend: number | null;
  readonly gamma: number | null;
  readonly vega: number | null;
  readonly theta: number | null;
  readonly undPrice: number | null;
}

/** 57 */
export interface TickSnapshotEnd {
  readonly type: "tickSnapshotEnd";
  readonly reqId: number;
}

/** 58: the kind in effect for this request. */
export interface MarketDataType {
  readonly type: "marketDataType";
  readonly reqId: number;
  /** 1 live, 2 frozen, 3 delayed, 4 delayed-frozen. */
  readonly marketDataType: number;
}

/** 81 */
export interface TickReqParams {
  readonly type: "tickReqParams";
  readonly reqId: number;
  readonly minTick: number;
  readonly bboExchange: string;
  readonly snapshotPermissions: number;
}

/** 99 */
export interface TickByTick {
  readonly type: "tickByTick";
  readonly reqId: number;
  readonly tick: LastTick | BidAskTick | MidPointTick;
}

export interface LastTick {
  /** 1 Last, 2 AllLast. */
  readonly kind: 1 | 2;
  /** Epoch seconds. */
  readonly time: number;
  readonly price: number;
  readonly size: Micros;
  /** Bits: 1 pastLimit, 2 unreported. */
  readonly attribMask: number;
  readonly exchange: string;
  readonly specialConditions: string;
}

export interface BidAskTick {
  readonly kind: 3;
  /** Epoch seconds. */
  readonly time: number;
  readonly bidPrice: number;
  readonly askPrice: number;
  readonly bidSize: Micros;
  readonly askSize: Micros;
  /** Bits: 1 bidPastLow, 2 askPastHigh. */
  readonly attribMask: number;
}

export interface MidPointTick {
  readonly kind: 4;
  /** Epoch seconds. */
  readonly time: number;
  readonly midPoint: number;
}

/** 50 */
export interface RealTimeBar {
  readonly type: "realtimeBar";
  readonly reqId: number;
  /** Start of the bar, epoch seconds. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** -1 unless TRADES. */
  readonly volume: Micros;
  readonly wap: number;
  readonly count: number;
}

export interface MarketDataReplies {
  tickPrice: TickPrice;
  tickSize: TickSize;
  tickGeneric: TickGeneric;
  tickString: TickString;
  tickOptionComputation: TickOptionComputation;
  tickSnapshotEnd: TickSnapshotEnd;
  marketDataType: MarketDataType;
  tickReqParams: TickReqParams;
  tickByTick: TickByTick;
  realtimeBar: RealTimeBar;
}

export const MARKET_DATA_REPLIES: Messages<MarketDataReplies> = {
  tickPrice: message(1, tickPrice),
  tickSize: message(2, tickSize),
  tickGeneric: message(45, tickGeneric),
  tickString: message(46, tickString),
  tickOptionComputation: message(21, tickOptionComputation),
  tickSnapshotEnd: message(57, (io, m) => {
    io.constant("1");
    return { type: "tickSnapshotEnd", reqId: io.id(m.reqId) };
  }),
  marketDataType: message(58, marketDataType),
  tickReqParams: message(81, tickReqParams),
  tickByTick: message(99, tickByTick),
  realtimeBar: message(50, realtimeBar),
};

function tickPrice(io: Cursor, m: Partial<TickPrice>): TickPrice {
  io.constant("6");
  return {
    type: "tickPrice",
    reqId: io.id(m.reqId),
    tickType: io.field(INT, m.tickType),
    price: io.field(NUMBER, m.price),
    size: io.field(QUANTITY, m.size),
    attribMask: io.field(INT, m.attribMask),
  };
}

function tickSize(io: Cursor, m: Partial<TickSize>): TickSize {
  io.constant("6");
  return {
    type: "tickSize",
    reqId: io.id(m.reqId),
    tickType: io.field(INT, m.tickType),
    size: io.field(QUANTITY, m.size),
  };
}

function tickGeneric(io: Cursor, m: Partial<TickGeneric>): TickGeneric {
  io.constant("6");
  return {
    type: "tickGeneric",
    reqId: io.id(m.reqId),
    tickType: io.field(INT, m.tickType),
    value: io.field(NUMBER, m.value),
  };
}

function tickString(io: Cursor, m: Partial<TickString>): TickString {
  io.constant("6");
  return {
    type: "tickString",
    reqId: io.id(m.reqId),
    tickType: io.field(INT, m.tickType),
    value: io.field(TEXT, m.value),
  };
}

function tickOptionComputation(
  io: Cursor,
  m: Partial<TickOptionComputation>,
): TickOptionComputation {
  if (io.serverVersion < SINCE.PRICE_BASED_VOLATILITY) io.constant("6");
  return {
    type: "tickOptionComputation",
    reqId: io.id(m.reqId),
    tickType: io.field(INT, m.tickType),
    tickAttrib: io.since(SINCE.PRICE_BASED_VOLATILITY, INT, m.tickAttrib),
    impliedVol: io.field(MINUS_ONE, m.impliedVol),
    delta: io.field(MINUS_TWO, m.delta),
    optPrice: io.field(MINUS_ONE, m.optPrice),
    pvDividend: io.field(MINUS_ONE, m.pvDividend),
    gamma: io.field(MINUS_TWO, m.gamma),
    vega: io.field(MINUS_TWO, m.vega),
    theta: io.field(MINUS_TWO, m.theta),
    undPrice: io.field(MINUS_ONE, m.undPrice),
  };
}

function marketDataType(io: Cursor, m: Partial<MarketDataType>): MarketDataType {
  io.constant("1");
  return {
    type: "marketDataType",
    reqId: io.id(m.reqId),
    marketDataType: io.field(INT, m.marketDataType),
  };
}

function tickReqParams(io: Cursor, m: Partial<TickReqParams>): TickReqParams {
  return {
    type: "tickReqParams",
    reqId: io.id(m.reqId),
    minTick: io.field(NUMBER, m.minTick),
    bboExchange: io.field(TEXT, m.bboExchange),
    snapshotPermissions: io.field(INT, m.snapshotPermissions),
  };
}

const TICK_KIND: Scalar<TickByTick["tick"]["kind"]> = {
  blank: 1,
  write: String,
  read: (text) => {
    const kind = [1, 2, 3, 4].find((code): code is 1 | 2 | 3 | 4 => String(code) === text);
    if (kind === undefined) throw new FieldError(`Unknown kind of tick: ${text}`);
    return kind;
  },
};

function tickByTick(io: Cursor, m: Partial<TickByTick>): TickByTick {
  const reqId = io.id(m.reqId);
  const kind = io.field(TICK_KIND, m.tick?.kind);
  const time = io.field(LONG, m.tick?.time);
  return { type: "tickByTick", reqId, tick: tickOfKind(io, { kind, time }, m.tick) };
}

/** What is written has its own kind; what is read has nothing yet. */
function tickOfKind(
  io: Cursor,
  { kind, time }: Pick<TickByTick["tick"], "kind" | "time">,
  tick: TickByTick["tick"] | undefined,
): TickByTick["tick"] {
  if (kind === 4) {
    const t: Partial<MidPointTick> = tick?.kind === 4 ? tick : {};
    return { kind, time, midPoint: io.field(NUMBER, t.midPoint) };
  }
  if (kind === 3) {
    const t: Partial<BidAskTick> = tick?.kind === 3 ? tick : {};
    return {
      kind,
      time,
      bidPrice: io.field(NUMBER, t.bidPrice),
      askPrice: io.field(NUMBER, t.askPrice),
      bidSize: io.field(QUANTITY, t.bidSize),
      askSize: io.field(QUANTITY, t.askSize),
      attribMask: io.field(INT, t.attribMask),
    };
  }
  const t: Partial<LastTick> = tick?.kind === 1 || tick?.kind === 2 ? tick : {};
  return {
    kind,
    time,
    price: io.field(NUMBER, t.price),
    size: io.field(QUANTITY, t.size),
    attribMask: io.field(INT, t.attribMask),
    exchange: io.field(TEXT, t.exchange),
    specialConditions: io.field(TEXT, t.specialConditions),
  };
}

function realtimeBar(io: Cursor, m: Partial<RealTimeBar>): RealTimeBar {
  io.constant("3");
  return {
    type: "realtimeBar",
    reqId: io.id(m.reqId),
    time: io.field(LONG, m.time),
    open: io.field(NUMBER, m.open),
    high: io.field(NUMBER, m.high),
    low: io.field(NUMBER, m.low),
    close: io.field(NUMBER, m.close),
    volume: io.field(QUANTITY, m.volume),
    wap: io.field(NUMBER, m.wap),
    count: io.field(INT, m.count),
  };
}
