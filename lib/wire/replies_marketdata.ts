import type { Micros } from "../money.ts";
import type { WireContract } from "./contract.ts";

/** Live data, server to client. Prices are numbers, sizes exact. */

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

/** 12 */
export interface MarketDepth {
  readonly type: "updateMktDepth";
  readonly reqId: number;
  readonly position: number;
  /** 0 insert, 1 update, 2 delete. */
  readonly operation: number;
  /** 0 ask, 1 bid. */
  readonly side: number;
  readonly price: number;
  readonly size: Micros;
}

/** 13 */
export interface MarketDepthL2 {
  readonly type: "updateMktDepthL2";
  readonly reqId: number;
  readonly position: number;
  readonly marketMaker: string;
  /** 0 insert, 1 update, 2 delete. */
  readonly operation: number;
  /** 0 ask, 1 bid. */
  readonly side: number;
  readonly price: number;
  readonly size: Micros;
  /** Since 146. */
  readonly isSmartDepth: boolean;
}

/** 80 */
export interface MktDepthExchanges {
  readonly type: "mktDepthExchanges";
  readonly exchanges: readonly DepthExchange[];
}

export interface DepthExchange {
  readonly exchange: string;
  readonly secType: string;
  /** Since 120. */
  readonly listingExch: string;
  /** `Deep` or `Deep2`. */
  readonly serviceDataType: string;
  /** Since 120. */
  readonly aggGroup: number | null;
}

/** 20 */
export interface ScannerData {
  readonly type: "scannerData";
  readonly reqId: number;
  readonly rows: readonly ScannerRow[];
}

export interface ScannerRow {
  readonly rank: number;
  /** Without multiplier and primaryExchange. */
  readonly contract: WireContract;
  readonly marketName: string;
  readonly distance: string;
  readonly benchmark: string;
  readonly projection: string;
  readonly legsStr: string;
}

/** 19 */
export interface ScannerParameters {
  readonly type: "scannerParameters";
  readonly xml: string;
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
  updateMktDepth: MarketDepth;
  updateMktDepthL2: MarketDepthL2;
  mktDepthExchanges: MktDepthExchanges;
  scannerData: ScannerData;
  scannerParameters: ScannerParameters;
}
