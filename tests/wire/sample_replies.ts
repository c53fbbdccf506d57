import type { DepthReplies } from "../../lib/wire/replies_depth.ts";
import type { HistoricalBar, HistoryReplies } from "../../lib/wire/replies_history.ts";
import type { MarketDataReplies } from "../../lib/wire/replies_marketdata.ts";
import type { ReplyMap } from "../../lib/wire/replies.ts";
import type { ScannerReplies } from "../../lib/wire/replies_scanner.ts";
import type { SessionReplies } from "../../lib/wire/replies_session.ts";
import { sinceIn } from "./sample_orders.ts";
import {
  ACCOUNTS,
  contractSamples,
  executionSamples,
  OPTION,
  orderSamples,
} from "./sample_replies_trading.ts";

/** One of every reply, every field filled, as it reads at this server version (178 or newer). */

const BAR: HistoricalBar = {
  date: "20261002 09:30:00 US/Eastern",
  open: 182.94,
  high: 183.5,
  low: 182.25,
  close: 183.125,
  volume: 948837_220000n,
  wap: 182.987,
  count: 77,
};

export function sampleReplies(serverVersion: number): ReplyMap {
  return {
    ...sessionSamples(serverVersion),
    ...MARKET_DATA,
    ...DEPTH_AND_SCANNER,
    ...historySamples(serverVersion),
    ...contractSamples(serverVersion),
    ...orderSamples(serverVersion),
    ...executionSamples(serverVersion),
    ...ACCOUNTS,
  };
}

function sessionSamples(serverVersion: number): SessionReplies {
  return {
    managedAccounts: { type: "managedAccounts", accounts: "DU1,DU2," },
    nextValidId: { type: "nextValidId", orderId: 43 },
    error: {
      type: "error",
      id: 42,
      code: 201,
      text: "Order rejected - reason:Zürich \\ closed\nfor today",
      advancedOrderRejectJson: '{"rejects":[{"key":"8229"}]}',
      timeMs: sinceIn(serverVersion)(194, 1775136600123, 0),
    },
    currentTime: { type: "currentTime", time: 1775136600 },
    currentTimeInMillis: { type: "currentTimeInMillis", timeMs: 1775136600123 },
    userInfo: { type: "userInfo", reqId: 31, whiteBrandingId: "brand" },
    familyCodes: {
      type: "familyCodes",
      codes: [{ accountId: "DU1", familyCode: "F1" }, { accountId: "DU2", familyCode: "" }],
    },
    newsProviders: { type: "newsProviders", providers: [{ code: "BRFG", name: "Briefing.com" }] },
  };
}

const MARKET_DATA: MarketDataReplies = {
  tickPrice: {
    type: "tickPrice",
    reqId: 1,
    tickType: 2,
    price: 182.94,
    size: 300_000000n,
    attribMask: 5,
  },
  tickSize: { type: "tickSize", reqId: 1, tickType: 8, size: 1234567_500000n },
  tickGeneric: { type: "tickGeneric", reqId: 1, tickType: 49, value: 0 },
  tickString: { type: "tickString", reqId: 1, tickType: 45, value: "1775136600" },
  tickOptionComputation: {
    type: "tickOptionComputation",
    reqId: 1,
    tickType: 13,
    tickAttrib: 1,
    impliedVol: 0.25,
    delta: -1,
    optPrice: 3.5,
    pvDividend: null,
    gamma: 0.01,
    vega: null,
    theta: -0.05,
    undPrice: 182.94,
  },
  tickSnapshotEnd: { type: "tickSnapshotEnd", reqId: 1 },
  marketDataType: { type: "marketDataType", reqId: 1, marketDataType: 3 },
  tickReqParams: {
    type: "tickReqParams",
    reqId: 1,
    minTick: 0.01,
    bboExchange: "9c0001",
    snapshotPermissions: 3,
  },
  tickByTick: {
    type: "tickByTick",
    reqId: 1,
    tick: {
      kind: 1,
      time: 1775136600,
      price: 182.94,
      size: 100_000000n,
      attribMask: 2,
      exchange: "ARCA",
      specialConditions: "F",
    },
  },
  realtimeBar: {
    type: "realtimeBar",
    reqId: 1,
    time: 1775136600,
    open: 182.94,
    high: 183.5,
    low: 182.25,
    close: 183.125,
    volume: 12345_000000n,
    wap: 182.987,
    count: 77,
  },
};

const DEPTH_AND_SCANNER: DepthReplies & ScannerReplies = {
  updateMktDepth: {
    type: "updateMktDepth",
    reqId: 1,
    position: 2,
    operation: 1,
    side: 1,
    price: 182.94,
    size: 300_000000n,
  },
  updateMktDepthL2: {
    type: "updateMktDepthL2",
    reqId: 1,
    position: 2,
    marketMaker: "ARCA",
    operation: 1,
    side: 1,
    price: 182.94,
    size: 300_000000n,
    isSmartDepth: true,
  },
  mktDepthExchanges: {
    type: "mktDepthExchanges",
    exchanges: [{
      exchange: "ISLAND",
      secType: "STK",
      listingExch: "NASDAQ",
      serviceDataType: "Deep2",
      aggGroup: null,
    }],
  },
  scannerData: {
    type: "scannerData",
    reqId: 1,
    rows: [{
      rank: 0,
      contract: { ...OPTION, multiplier: "" },
      marketName: "NMS",
      distance: "1.5",
      benchmark: "b",
      projection: "p",
      legsStr: "legs",
    }],
  },
  scannerParameters: { type: "scannerParameters", xml: "<ScanParameterResponse/>" },
};

function historySamples(serverVersion: number): HistoryReplies {
  const hasWindow = serverVersion < 196;
  return {
    historicalData: {
      type: "historicalData",
      reqId: 1,
      start: hasWindow ? "20261002  09:30:00" : "",
      end: hasWindow ? "20261002  16:00:00" : "",
      bars: [BAR, { ...BAR, date: "20261002", volume: -1_000000n, wap: -1, count: -1 }],
    },
    historicalDataEnd: {
      type: "historicalDataEnd",
      reqId: 1,
      start: "20261002 09:30:00 US/Eastern",
      end: "20261002 16:00:00 US/Eastern",
    },
    historicalDataUpdate: { type: "historicalDataUpdate", reqId: 1, bar: BAR },
    headTimestamp: { type: "headTimestamp", reqId: 1, headTimestamp: "19801212-14:30:00" },
    historicalSchedule: {
      type: "historicalSchedule",
      reqId: 1,
      start: "20261001-09:30:00",
      end: "20261002-16:00:00",
      timeZone: "US/Eastern",
      sessions: [{ start: "20261002-09:30:00", end: "20261002-16:00:00", refDate: "20261002" }],
    },
    historicalTicks: {
      type: "historicalTicks",
      reqId: 1,
      ticks: [{ time: 1775136600, price: 182.94, size: 100_000000n }],
      done: true,
    },
    historicalTicksBidAsk: {
      type: "historicalTicksBidAsk",
      reqId: 1,
      ticks: [{
        time: 1775136600,
        attribMask: 1,
        priceBid: 182.93,
        priceAsk: 182.95,
        sizeBid: 100_000000n,
        sizeAsk: 200_500000n,
      }],
      done: true,
    },
    historicalTicksLast: {
      type: "historicalTicksLast",
      reqId: 1,
      ticks: [{
        time: 1775136600,
        attribMask: 2,
        price: 182.94,
        size: 100_000000n,
        exchange: "ARCA",
        specialConditions: "F",
      }],
      done: true,
    },
    histogramData: {
      type: "histogramData",
      reqId: 1,
      entries: [{ price: 182.94, size: 100_000000n }],
    },
  };
}
