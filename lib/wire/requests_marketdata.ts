import {
  type ComboLeg,
  comboLeg,
  contract12,
  type DeltaNeutralContract,
  deltaNeutralContract,
  isCombination,
  type TagValue,
  type WireContract,
} from "./contract.ts";
import { AMOUNT, BOOL, INT, INT_BLANK, JAVA_BLANK, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { TAG_VALUES } from "./tag_values.ts";
import { SINCE } from "./versions.ts";

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

export const MARKET_DATA_REQUESTS: Messages<MarketDataRequests> = {
  reqMktData: message(1, reqMktData),
  cancelMktData: message(2, (io, m) => {
    io.constant("1");
    return { type: "cancelMktData", reqId: io.id(m.reqId) };
  }),
  reqMarketDataType: message(59, (io, m) => {
    io.constant("1");
    return { type: "reqMarketDataType", marketDataType: io.field(INT, m.marketDataType) };
  }),
  reqTickByTickData: message(97, reqTickByTickData),
  cancelTickByTickData: message(98, (io, m) => ({
    type: "cancelTickByTickData",
    reqId: io.id(m.reqId),
  })),
  reqRealTimeBars: message(50, reqRealTimeBars),
  cancelRealTimeBars: message(51, (io, m) => {
    io.constant("1");
    return { type: "cancelRealTimeBars", reqId: io.id(m.reqId) };
  }),
  reqMktDepth: message(10, reqMktDepth),
  cancelMktDepth: message(11, cancelMktDepth),
  reqMktDepthExchanges: message(82, () => ({ type: "reqMktDepthExchanges" })),
  reqScannerSubscription: message(22, reqScannerSubscription),
  cancelScannerSubscription: message(23, (io, m) => {
    io.constant("1");
    return { type: "cancelScannerSubscription", reqId: io.id(m.reqId) };
  }),
  reqScannerParameters: message(24, (io) => {
    io.constant("1");
    return { type: "reqScannerParameters" };
  }),
};

function reqMktData(io: Cursor, m: Partial<ReqMktData>): ReqMktData {
  io.constant("11");
  const reqId = io.id(m.reqId);
  const contract = contract12(io, m.contract);
  return {
    type: "reqMktData",
    reqId,
    contract,
    comboLegs: isCombination(contract) ? io.list(comboLeg, m.comboLegs) : [],
    deltaNeutralContract: deltaNeutralContract(io, m.deltaNeutralContract),
    genericTickList: io.field(TEXT, m.genericTickList),
    snapshot: io.field(BOOL, m.snapshot),
    regulatorySnapshot: io.since(SINCE.REQ_SMART_COMPONENTS, BOOL, m.regulatorySnapshot),
    mktDataOptions: io.field(TAG_VALUES, m.mktDataOptions),
  };
}

function reqTickByTickData(io: Cursor, m: Partial<ReqTickByTickData>): ReqTickByTickData {
  return {
    type: "reqTickByTickData",
    reqId: io.id(m.reqId),
    contract: contract12(io, m.contract),
    tickType: io.field(TEXT, m.tickType),
    numberOfTicks: io.since(SINCE.TICK_BY_TICK_IGNORE_SIZE, INT, m.numberOfTicks),
    ignoreSize: io.since(SINCE.TICK_BY_TICK_IGNORE_SIZE, BOOL, m.ignoreSize),
  };
}

function reqRealTimeBars(io: Cursor, m: Partial<ReqRealTimeBars>): ReqRealTimeBars {
  io.constant("3");
  return {
    type: "reqRealTimeBars",
    reqId: io.id(m.reqId),
    contract: contract12(io, m.contract),
    barSize: io.field(INT, m.barSize),
    whatToShow: io.field(TEXT, m.whatToShow),
    useRTH: io.field(BOOL, m.useRTH),
    realTimeBarsOptions: io.field(TAG_VALUES, m.realTimeBarsOptions),
  };
}

function reqMktDepth(io: Cursor, m: Partial<ReqMktDepth>): ReqMktDepth {
  io.constant("5");
  return {
    type: "reqMktDepth",
    reqId: io.id(m.reqId),
    contract: depthContract(io, m.contract),
    numRows: io.field(INT, m.numRows),
    isSmartDepth: io.since(SINCE.SMART_DEPTH, BOOL, m.isSmartDepth),
    mktDepthOptions: io.field(TAG_VALUES, m.mktDepthOptions),
  };
}

/** As contract12, but for the primary exchange, which came later here. */
function depthContract(io: Cursor, contract: Partial<WireContract> = {}): WireContract {
  if (io.serverVersion >= SINCE.MKT_DEPTH_PRIM_EXCHANGE) return contract12(io, contract);
  return {
    conId: io.field(INT, contract.conId),
    symbol: io.field(TEXT, contract.symbol),
    secType: io.field(TEXT, contract.secType),
    lastTradeDateOrContractMonth: io.field(TEXT, contract.lastTradeDateOrContractMonth),
    strike: io.field(AMOUNT, contract.strike),
    right: io.field(TEXT, contract.right),
    multiplier: io.field(TEXT, contract.multiplier),
    exchange: io.field(TEXT, contract.exchange),
    primaryExchange: "",
    currency: io.field(TEXT, contract.currency),
    localSymbol: io.field(TEXT, contract.localSymbol),
    tradingClass: io.field(TEXT, contract.tradingClass),
  };
}

function cancelMktDepth(io: Cursor, m: Partial<CancelMktDepth>): CancelMktDepth {
  io.constant("1");
  return {
    type: "cancelMktDepth",
    reqId: io.id(m.reqId),
    isSmartDepth: io.since(SINCE.SMART_DEPTH, BOOL, m.isSmartDepth),
  };
}

function reqScannerSubscription(
  io: Cursor,
  m: Partial<ReqScannerSubscription>,
): ReqScannerSubscription {
  if (io.serverVersion < SINCE.SCANNER_GENERIC_OPTS) io.constant("4");
  return {
    type: "reqScannerSubscription",
    reqId: io.id(m.reqId),
    numberOfRows: io.field(INT_BLANK, m.numberOfRows),
    instrument: io.field(TEXT, m.instrument),
    locationCode: io.field(TEXT, m.locationCode),
    scanCode: io.field(TEXT, m.scanCode),
    abovePrice: io.field(JAVA_BLANK, m.abovePrice),
    belowPrice: io.field(JAVA_BLANK, m.belowPrice),
    aboveVolume: io.field(INT_BLANK, m.aboveVolume),
    marketCapAbove: io.field(JAVA_BLANK, m.marketCapAbove),
    marketCapBelow: io.field(JAVA_BLANK, m.marketCapBelow),
    moodyRatingAbove: io.field(TEXT, m.moodyRatingAbove),
    moodyRatingBelow: io.field(TEXT, m.moodyRatingBelow),
    spRatingAbove: io.field(TEXT, m.spRatingAbove),
    spRatingBelow: io.field(TEXT, m.spRatingBelow),
    maturityDateAbove: io.field(TEXT, m.maturityDateAbove),
    maturityDateBelow: io.field(TEXT, m.maturityDateBelow),
    couponRateAbove: io.field(JAVA_BLANK, m.couponRateAbove),
    couponRateBelow: io.field(JAVA_BLANK, m.couponRateBelow),
    excludeConvertible: io.field(BOOL, m.excludeConvertible),
    averageOptionVolumeAbove: io.field(INT_BLANK, m.averageOptionVolumeAbove),
    scannerSettingPairs: io.field(TEXT, m.scannerSettingPairs),
    stockTypeFilter: io.field(TEXT, m.stockTypeFilter),
    filterOptions: io.since(SINCE.SCANNER_GENERIC_OPTS, TAG_VALUES, m.filterOptions),
    subscriptionOptions: io.field(TAG_VALUES, m.subscriptionOptions),
  };
}
