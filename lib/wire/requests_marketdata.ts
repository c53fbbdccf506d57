import type { ComboLeg, DeltaNeutralContract, TagValue, WireContract } from "./contract.ts";

/** Requests for live data, client to server. */

/** 1 */
export interface ReqMktData {
  readonly type: "reqMktData";
  readonly reqId: number;
  readonly contract: WireContract;
  /** Legs of a BAG, else empty. */
  readonly comboLegs: readonly ComboLeg[];
  readonly deltaNeutralContract: DeltaNeutralContract | null;
  /** `233,236`: comma separated ids of generic ticks. */
  readonly genericTickList: string;
  readonly snapshot: boolean;
  readonly regulatorySnapshot: boolean;
  readonly mktDataOptions: readonly TagValue[];
}

/** 2 */
export interface CancelMktData {
  readonly type: "cancelMktData";
  readonly reqId: number;
}

/** 59: for the whole connection. */
export interface ReqMarketDataType {
  readonly type: "reqMarketDataType";
  /** 1 live, 2 frozen, 3 delayed, 4 delayed-frozen. */
  readonly marketDataType: number;
}

/** 97 */
export interface ReqTickByTickData {
  readonly type: "reqTickByTickData";
  readonly reqId: number;
  readonly contract: WireContract;
  /** Last, AllLast, BidAsk or MidPoint. */
  readonly tickType: string;
  /** Historical ticks to send first. */
  readonly numberOfTicks: number;
  readonly ignoreSize: boolean;
}

/** 98 */
export interface CancelTickByTickData {
  readonly type: "cancelTickByTickData";
  readonly reqId: number;
}

/** 50 */
export interface ReqRealTimeBars {
  readonly type: "reqRealTimeBars";
  readonly reqId: number;
  readonly contract: WireContract;
  /** Seconds; TWS takes 5 alone. */
  readonly barSize: number;
  /** TRADES, MIDPOINT, BID or ASK. */
  readonly whatToShow: string;
  readonly useRTH: boolean;
  readonly realTimeBarsOptions: readonly TagValue[];
}

/** 51 */
export interface CancelRealTimeBars {
  readonly type: "cancelRealTimeBars";
  readonly reqId: number;
}

/** 10 */
export interface ReqMktDepth {
  readonly type: "reqMktDepth";
  readonly reqId: number;
  readonly contract: WireContract;
  readonly numRows: number;
  readonly isSmartDepth: boolean;
  readonly mktDepthOptions: readonly TagValue[];
}

/** 11 */
export interface CancelMktDepth {
  readonly type: "cancelMktDepth";
  readonly reqId: number;
  readonly isSmartDepth: boolean;
}

/** 82 */
export interface ReqMktDepthExchanges {
  readonly type: "reqMktDepthExchanges";
}

/** 22. Unset limits are null. */
export interface ReqScannerSubscription {
  readonly type: "reqScannerSubscription";
  readonly reqId: number;
  readonly numberOfRows: number | null;
  readonly instrument: string;
  readonly locationCode: string;
  readonly scanCode: string;
  readonly abovePrice: number | null;
  readonly belowPrice: number | null;
  readonly aboveVolume: number | null;
  readonly marketCapAbove: number | null;
  readonly marketCapBelow: number | null;
  readonly moodyRatingAbove: string;
  readonly moodyRatingBelow: string;
  readonly spRatingAbove: string;
  readonly spRatingBelow: string;
  readonly maturityDateAbove: string;
  readonly maturityDateBelow: string;
  readonly couponRateAbove: number | null;
  readonly couponRateBelow: number | null;
  readonly excludeConvertible: boolean;
  readonly averageOptionVolumeAbove: number | null;
  readonly scannerSettingPairs: string;
  readonly stockTypeFilter: string;
  readonly filterOptions: readonly TagValue[];
  readonly subscriptionOptions: readonly TagValue[];
}

/** 23 */
export interface CancelScannerSubscription {
  readonly type: "cancelScannerSubscription";
  readonly reqId: number;
}

/** 24 */
export interface ReqScannerParameters {
  readonly type: "reqScannerParameters";
}

export interface MarketDataRequests {
  reqMktData: ReqMktData;
  cancelMktData: CancelMktData;
  reqMarketDataType: ReqMarketDataType;
  reqTickByTickData: ReqTickByTickData;
  cancelTickByTickData: CancelTickByTickData;
  reqRealTimeBars: ReqRealTimeBars;
  cancelRealTimeBars: CancelRealTimeBars;
  reqMktDepth: ReqMktDepth;
  cancelMktDepth: CancelMktDepth;
  reqMktDepthExchanges: ReqMktDepthExchanges;
  reqScannerSubscription: ReqScannerSubscription;
  cancelScannerSubscription: CancelScannerSubscription;
  reqScannerParameters: ReqScannerParameters;
}
