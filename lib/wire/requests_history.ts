import {
  type ComboLeg,
  comboLeg,
  contract12,
  isCombination,
  type TagValue,
  type WireContract,
} from "./contract.ts";
import { BOOL, INT, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { TAG_VALUES } from "./tag_values.ts";
import { SINCE } from "./versions.ts";

/** Requests for the past, client to server. */

/** 20 */
export interface ReqHistoricalData {
  readonly type: "reqHistoricalData";
  readonly reqId: number;
  readonly contract: WireContract;
  readonly includeExpired: boolean;
  /** `yyyymmdd hh:mm:ss zone`, `yyyymmdd-hh:mm:ss` in UTC, or empty for now. */
  readonly endDateTime: string;
  /** `1 min`, `5 mins`, `1 day` … */
  readonly barSizeSetting: string;
  /** `n S|D|W|M|Y`. */
  readonly durationStr: string;
  readonly useRTH: boolean;
  /** TRADES, MIDPOINT, BID, ASK, SCHEDULE … */
  readonly whatToShow: string;
  /** 1 text, 2 epoch seconds. */
  readonly formatDate: number;
  /** Legs of a BAG, else empty. */
  readonly comboLegs: readonly ComboLeg[];
  readonly keepUpToDate: boolean;
  readonly chartOptions: readonly TagValue[];
}

/** 25 */
export interface CancelHistoricalData {
  readonly type: "cancelHistoricalData";
  readonly reqId: number;
}

/** 87 */
export interface ReqHeadTimestamp {
  readonly type: "reqHeadTimestamp";
  readonly reqId: number;
  readonly contract: WireContract;
  readonly includeExpired: boolean;
  readonly useRTH: boolean;
  readonly whatToShow: string;
  /** 1 text, 2 epoch seconds. */
  readonly formatDate: number;
}

/** 90 */
export interface CancelHeadTimestamp {
  readonly type: "cancelHeadTimestamp";
  readonly reqId: number;
}

/** 96. One of the two times is empty. */
export interface ReqHistoricalTicks {
  readonly type: "reqHistoricalTicks";
  readonly reqId: number;
  readonly contract: WireContract;
  readonly includeExpired: boolean;
  readonly startDateTime: string;
  readonly endDateTime: string;
  readonly numberOfTicks: number;
  /** TRADES, BID_ASK or MIDPOINT. */
  readonly whatToShow: string;
  readonly useRth: boolean;
  readonly ignoreSize: boolean;
  readonly miscOptions: readonly TagValue[];
}

/** 88 */
export interface ReqHistogramData {
  readonly type: "reqHistogramData";
  readonly reqId: number;
  readonly contract: WireContract;
  readonly includeExpired: boolean;
  readonly useRTH: boolean;
  /** `3 days`. */
  readonly timePeriod: string;
}

/** 89 */
export interface CancelHistogramData {
  readonly type: "cancelHistogramData";
  readonly reqId: number;
}

export interface HistoryRequests {
  reqHistoricalData: ReqHistoricalData;
  cancelHistoricalData: CancelHistoricalData;
  reqHeadTimestamp: ReqHeadTimestamp;
  cancelHeadTimestamp: CancelHeadTimestamp;
  reqHistoricalTicks: ReqHistoricalTicks;
  reqHistogramData: ReqHistogramData;
  cancelHistogramData: CancelHistogramData;
}

export const HISTORY_REQUESTS: Messages<HistoryRequests> = {
  reqHistoricalData: message(20, reqHistoricalData),
  cancelHistoricalData: message(25, (io, m) => {
    io.constant("1");
    return { type: "cancelHistoricalData", reqId: io.id(m.reqId) };
  }),
  reqHeadTimestamp: message(87, reqHeadTimestamp),
  cancelHeadTimestamp: message(90, (io, m) => ({
    type: "cancelHeadTimestamp",
    reqId: io.id(m.reqId),
  })),
  reqHistoricalTicks: message(96, reqHistoricalTicks),
  reqHistogramData: message(88, reqHistogramData),
  cancelHistogramData: message(89, (io, m) => ({
    type: "cancelHistogramData",
    reqId: io.id(m.reqId),
  })),
};

/** The bar size comes before the duration here, although every client's method takes them the other way round. */
function reqHistoricalData(io: Cursor, m: Partial<ReqHistoricalData>): ReqHistoricalData {
  if (io.serverVersion < SINCE.SYNT_REALTIME_BARS) io.constant("6");
  const reqId = io.id(m.reqId);
  const contract = contract12(io, m.contract);
  return {
    type: "reqHistoricalData",
    reqId,
    contract,
    includeExpired: io.field(BOOL, m.includeExpired),
    endDateTime: io.field(TEXT, m.endDateTime),
    barSizeSetting: io.field(TEXT, m.barSizeSetting),
    durationStr: io.field(TEXT, m.durationStr),
    useRTH: io.field(BOOL, m.useRTH),
    whatToShow: io.field(TEXT, m.whatToShow),
    formatDate: io.field(INT, m.formatDate),
    comboLegs: isCombination(contract) ? io.list(comboLeg, m.comboLegs) : [],
    keepUpToDate: io.since(SINCE.SYNT_REALTIME_BARS, BOOL, m.keepUpToDate),
    chartOptions: io.field(TAG_VALUES, m.chartOptions),
  };
}

function reqHeadTimestamp(io: Cursor, m: Partial<ReqHeadTimestamp>): ReqHeadTimestamp {
  return {
    type: "reqHeadTimestamp",
    reqId: io.id(m.reqId),
    contract: contract12(io, m.contract),
    includeExpired: io.field(BOOL, m.includeExpired),
    useRTH: io.field(BOOL, m.useRTH),
    whatToShow: io.field(TEXT, m.whatToShow),
    formatDate: io.field(INT, m.formatDate),
  };
}

function reqHistoricalTicks(io: Cursor, m: Partial<ReqHistoricalTicks>): ReqHistoricalTicks {
  return {
    type: "reqHistoricalTicks",
    reqId: io.id(m.reqId),
    contract: contract12(io, m.contract),
    includeExpired: io.field(BOOL, m.includeExpired),
    startDateTime: io.field(TEXT, m.startDateTime),
    endDateTime: io.field(TEXT, m.endDateTime),
    numberOfTicks: io.field(INT, m.numberOfTicks),
    whatToShow: io.field(TEXT, m.whatToShow),
    useRth: io.field(BOOL, m.useRth),
    ignoreSize: io.field(BOOL, m.ignoreSize),
    miscOptions: io.field(TAG_VALUES, m.miscOptions),
  };
}

function reqHistogramData(io: Cursor, m: Partial<ReqHistogramData>): ReqHistogramData {
  return {
    type: "reqHistogramData",
    reqId: io.id(m.reqId),
    contract: contract12(io, m.contract),
    includeExpired: io.field(BOOL, m.includeExpired),
    useRTH: io.field(BOOL, m.useRTH),
    timePeriod: io.field(TEXT, m.timePeriod),
  };
}
