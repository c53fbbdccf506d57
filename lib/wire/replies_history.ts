import type { Micros } from "../money.ts";
import { BOOL, INT, LONG, NUMBER, QUANTITY, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

/** The past, server to client. Prices are numbers, sizes exact. */

/** 17: all bars in one message. */
export interface HistoricalData {
  readonly type: "historicalData";
  readonly reqId: number;
  /** The requested window, `yyyymmdd  hh:mm:ss` with two blanks and no zone; empty since 196 (historicalDataEnd). */
  readonly start: string;
  readonly end: string;
  readonly bars: readonly HistoricalBar[];
}

export interface HistoricalBar {
  /** `yyyymmdd hh:mm:ss zone`, `yyyymmdd` or epoch seconds, as formatDate and bar size ask. */
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** -1 unless TRADES. */
  readonly volume: Micros;
  readonly wap: number;
  readonly count: number;
}

/** 108, since 196. */
export interface HistoricalDataEnd {
  readonly type: "historicalDataEnd";
  readonly reqId: number;
  /** `yyyymmdd hh:mm:ss zone`. */
  readonly start: string;
  readonly end: string;
}

/** 90: the running bar of keepUpToDate. */
export interface HistoricalDataUpdate {
  readonly type: "historicalDataUpdate";
  readonly reqId: number;
  readonly bar: HistoricalBar;
}

/** 88 */
export interface HeadTimestamp {
  readonly type: "headTimestamp";
  readonly reqId: number;
  /** `yyyymmdd-hh:mm:ss` in UTC, or epoch seconds. */
  readonly headTimestamp: string;
}

/** 106, since 165. */
export interface HistoricalSchedule {
  readonly type: "historicalSchedule";
  readonly reqId: number;
  /** `yyyymmdd-hh:mm:ss` in timeZone, here and below. */
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  readonly sessions: readonly ScheduledSession[];
}

export interface ScheduledSession {
  readonly start: string;
  readonly end: string;
  /** `yyyymmdd`. */
  readonly refDate: string;
}

/** 96: midpoints. */
export interface HistoricalTicks {
  readonly type: "historicalTicks";
  readonly reqId: number;
  readonly ticks: readonly HistoricalTick[];
  readonly done: boolean;
}

export interface HistoricalTick {
  /** Epoch seconds. */
  readonly time: number;
  readonly price: number;
  readonly size: Micros;
}

/** 97 */
export interface HistoricalTicksBidAsk {
  readonly type: "historicalTicksBidAsk";
  readonly reqId: number;
  readonly ticks: readonly HistoricalTickBidAsk[];
  readonly done: boolean;
}

export interface HistoricalTickBidAsk {
  /** Epoch seconds. */
  readonly time: number;
  /** Bits: 1 askPastHigh, 2 bidPastLow (the other way round than in tickByTick). */
  readonly attribMask: number;
  readonly priceBid: number;
  readonly priceAsk: number;
  readonly sizeBid: Micros;
  readonly sizeAsk: Micros;
}

/** 98 */
export interface HistoricalTicksLast {
  readonly type: "historicalTicksLast";
  readonly reqId: number;
  readonly ticks: readonly HistoricalTickLast[];
  readonly done: boolean;
}

export interface HistoricalTickLast {
  /** Epoch seconds. */
  readonly time: number;
  /** Bits: 1 pastLimit, 2 unreported. */
  readonly attribMask: number;
  readonly price: number;
  readonly size: Micros;
  readonly exchange: string;
  readonly specialConditions: string;
}

/** 89 */
export interface HistogramData {
  readonly type: "histogramData";
  readonly reqId: number;
  readonly entries: readonly HistogramEntry[];
}

export interface HistogramEntry {
  readonly price: number;
  readonly size: Micros;
}

export interface HistoryReplies {
  historicalData: HistoricalData;
  historicalDataEnd: HistoricalDataEnd;
  historicalDataUpdate: HistoricalDataUpdate;
  headTimestamp: HeadTimestamp;
  historicalSchedule: HistoricalSchedule;
  historicalTicks: HistoricalTicks;
  historicalTicksBidAsk: HistoricalTicksBidAsk;
  historicalTicksLast: HistoricalTicksLast;
  histogramData: HistogramData;
}

export const HISTORY_REPLIES: Messages<HistoryReplies> = {
  historicalData: message(17, historicalData),
  historicalDataEnd: message(
    108,
    (io, m) => ({
      type: "historicalDataEnd",
      reqId: io.id(m.reqId),
      start: io.field(TEXT, m.start),
      end: io.field(TEXT, m.end),
    }),
    SINCE.HISTORICAL_DATA_END,
  ),
  historicalDataUpdate: message(90, historicalDataUpdate),
  headTimestamp: message(88, (io, m) => ({
    type: "headTimestamp",
    reqId: io.id(m.reqId),
    headTimestamp: io.field(TEXT, m.headTimestamp),
  })),
  historicalSchedule: message(106, historicalSchedule, SINCE.HISTORICAL_SCHEDULE),
  historicalTicks: message(96, (io, m) => ({
    type: "historicalTicks",
    reqId: io.id(m.reqId),
    ticks: io.list(historicalTick, m.ticks),
    done: io.field(BOOL, m.done),
  })),
  historicalTicksBidAsk: message(97, (io, m) => ({
    type: "historicalTicksBidAsk",
    reqId: io.id(m.reqId),
    ticks: io.list(historicalTickBidAsk, m.ticks),
    done: io.field(BOOL, m.done),
  })),
  historicalTicksLast: message(98, (io, m) => ({
    type: "historicalTicksLast",
    reqId: io.id(m.reqId),
    ticks: io.list(historicalTickLast, m.ticks),
    done: io.field(BOOL, m.done),
  })),
  histogramData: message(89, (io, m) => ({
    type: "histogramData",
    reqId: io.id(m.reqId),
    entries: io.list(histogramEntry, m.entries),
  })),
};

function historicalData(io: Cursor, m: Partial<HistoricalData>): HistoricalData {
  if (io.serverVersion < SINCE.SYNT_REALTIME_BARS) io.constant("3");
  return {
    type: "historicalData",
    reqId: io.id(m.reqId),
    start: io.until(SINCE.HISTORICAL_DATA_END, TEXT, m.start),
    end: io.until(SINCE.HISTORICAL_DATA_END, TEXT, m.end),
    bars: io.list(historicalBar, m.bars),
  };
}

function historicalBar(io: Cursor, bar: Partial<HistoricalBar>): HistoricalBar {
  const date = io.field(TEXT, bar.date);
  const open = io.field(NUMBER, bar.open);
  const high = io.field(NUMBER, bar.high);
  const low = io.field(NUMBER, bar.low);
  const close = io.field(NUMBER, bar.close);
  const volume = io.field(QUANTITY, bar.volume);
  const wap = io.field(NUMBER, bar.wap);
  // hasGaps, which nobody ever filled.
  if (io.serverVersion < SINCE.SYNT_REALTIME_BARS) io.constant("false");
  const count = io.field(INT, bar.count);
  return { date, open, high, low, close, volume, wap, count };
}

/** The same bar in another order: count first, close before high and low, wap before volume. */
function historicalDataUpdate(io: Cursor, m: Partial<HistoricalDataUpdate>): HistoricalDataUpdate {
  const reqId = io.id(m.reqId);
  const count = io.field(INT, m.bar?.count);
  const date = io.field(TEXT, m.bar?.date);
  const open = io.field(NUMBER, m.bar?.open);
  const close = io.field(NUMBER, m.bar?.close);
  const high = io.field(NUMBER, m.bar?.high);
  const low = io.field(NUMBER, m.bar?.low);
  const wap = io.field(NUMBER, m.bar?.wap);
  const volume = io.field(QUANTITY, m.bar?.volume);
  const bar = { date, open, high, low, close, volume, wap, count };
  return { type: "historicalDataUpdate", reqId, bar };
}

function historicalSchedule(io: Cursor, m: Partial<HistoricalSchedule>): HistoricalSchedule {
  return {
    type: "historicalSchedule",
    reqId: io.id(m.reqId),
    start: io.field(TEXT, m.start),
    end: io.field(TEXT, m.end),
    timeZone: io.field(TEXT, m.timeZone),
    sessions: io.list(scheduledSession, m.sessions),
  };
}

function scheduledSession(io: Cursor, session: Partial<ScheduledSession>): ScheduledSession {
  return {
    start: io.field(TEXT, session.start),
    end: io.field(TEXT, session.end),
    refDate: io.field(TEXT, session.refDate),
  };
}

function historicalTick(io: Cursor, tick: Partial<HistoricalTick>): HistoricalTick {
  const time = io.field(LONG, tick.time);
  io.constant("0");
  return { time, price: io.field(NUMBER, tick.price), size: io.field(QUANTITY, tick.size) };
}

function historicalTickBidAsk(
  io: Cursor,
  tick: Partial<HistoricalTickBidAsk>,
): HistoricalTickBidAsk {
  return {
    time: io.field(LONG, tick.time),
    attribMask: io.field(INT, tick.attribMask),
    priceBid: io.field(NUMBER, tick.priceBid),
    priceAsk: io.field(NUMBER, tick.priceAsk),
    sizeBid: io.field(QUANTITY, tick.sizeBid),
    sizeAsk: io.field(QUANTITY, tick.sizeAsk),
  };
}

function historicalTickLast(io: Cursor, tick: Partial<HistoricalTickLast>): HistoricalTickLast {
  return {
    time: io.field(LONG, tick.time),
    attribMask: io.field(INT, tick.attribMask),
    price: io.field(NUMBER, tick.price),
    size: io.field(QUANTITY, tick.size),
    exchange: io.field(TEXT, tick.exchange),
    specialConditions: io.field(TEXT, tick.specialConditions),
  };
}

function histogramEntry(io: Cursor, entry: Partial<HistogramEntry>): HistogramEntry {
  return { price: io.field(NUMBER, entry.price), size: io.field(QUANTITY, entry.size) };
}
