import type { ComboLeg, TagValue, WireContract } from "./contract.ts";

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
