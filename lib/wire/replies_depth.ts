import type { Micros } from "../money.ts";
import { BOOL, INT, INT_MAX, NUMBER, QUANTITY, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

/** Market depth, server to client. */

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

export interface DepthReplies {
  updateMktDepth: MarketDepth;
  updateMktDepthL2: MarketDepthL2;
  mktDepthExchanges: MktDepthExchanges;
}

export const DEPTH_REPLIES: Messages<DepthReplies> = {
  updateMktDepth: message(12, updateMktDepth),
  updateMktDepthL2: message(13, updateMktDepthL2),
  mktDepthExchanges: message(80, (io, m) => ({
    type: "mktDepthExchanges",
    exchanges: io.list(depthExchange, m.exchanges),
  })),
};

function updateMktDepth(io: Cursor, m: Partial<MarketDepth>): MarketDepth {
  io.constant("1");
  return {
    type: "updateMktDepth",
    reqId: io.id(m.reqId),
    position: io.field(INT, m.position),
    operation: io.field(INT, m.operation),
    side: io.field(INT, m.side),
    price: io.field(NUMBER, m.price),
    size: io.field(QUANTITY, m.size),
  };
}

function updateMktDepthL2(io: Cursor, m: Partial<MarketDepthL2>): MarketDepthL2 {
  io.constant("1");
  return {
    type: "updateMktDepthL2",
    reqId: io.id(m.reqId),
    position: io.field(INT, m.position),
    marketMaker: io.field(TEXT, m.marketMaker),
    operation: io.field(INT, m.operation),
    side: io.field(INT, m.side),
    price: io.field(NUMBER, m.price),
    size: io.field(QUANTITY, m.size),
    isSmartDepth: io.since(SINCE.SMART_DEPTH, BOOL, m.isSmartDepth),
  };
}

function depthExchange(io: Cursor, m: Partial<DepthExchange>): DepthExchange {
  const exchange = io.field(TEXT, m.exchange);
  const secType = io.field(TEXT, m.secType);
  if (io.serverVersion < SINCE.SERVICE_DATA_TYPE) {
    const deep2 = io.field(BOOL, m.serviceDataType === "Deep2");
    const serviceDataType = deep2 ? "Deep2" : "Deep";
    return { exchange, secType, listingExch: "", serviceDataType, aggGroup: null };
  }
  return {
    exchange,
    secType,
    listingExch: io.field(TEXT, m.listingExch),
    serviceDataType: io.field(TEXT, m.serviceDataType),
    aggGroup: io.field(INT_MAX, m.aggGroup),
  };
}
