import type { Micros } from "../money.ts";

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
