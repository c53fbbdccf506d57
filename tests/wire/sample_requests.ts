import { EMPTY_CONTRACT, type TagValue, type WireContract } from "../../lib/wire/contract.ts";
import type { RequestMap } from "../../lib/wire/requests.ts";
import type { AccountRequests } from "../../lib/wire/requests_accounts.ts";
import type { ContractRequests } from "../../lib/wire/requests_contracts.ts";
import type { HistoryRequests } from "../../lib/wire/requests_history.ts";
import type { MarketDataRequests } from "../../lib/wire/requests_marketdata.ts";
import type { OrderRequests } from "../../lib/wire/requests_orders.ts";
import type { SessionRequests } from "../../lib/wire/requests_session.ts";
import { BAG_CONTRACT, placedOrder, sinceIn } from "./sample_orders.ts";

/** One of every request, every field filled, as it reads at this server version (178 or newer). */

const STOCK: WireContract = {
  ...EMPTY_CONTRACT,
  conId: 265598,
  symbol: "AAPL",
  secType: "STK",
  exchange: "SMART",
  primaryExchange: "NASDAQ",
  currency: "USD",
  localSymbol: "AAPL",
  tradingClass: "NMS",
};

const BAG_ONLY_CONTRACT: WireContract = {
  ...STOCK,
  conId: 28812380,
  symbol: "AAPL,MSFT",
  secType: "BAG",
};

const OPTION: WireContract = {
  ...STOCK,
  conId: 712345678,
  secType: "OPT",
  lastTradeDateOrContractMonth: "20261218",
  strike: 182.5,
  right: "C",
  multiplier: "100",
};

const OPTIONS: readonly TagValue[] = [{ tag: "x", value: "1" }, { tag: "y", value: "" }];

export function sampleRequests(serverVersion: number): RequestMap {
  return {
    ...SESSION,
    ...MARKET_DATA,
    ...HISTORY,
    ...CONTRACTS,
    ...orderSamples(serverVersion),
    ...ACCOUNTS,
  };
}

const SESSION: SessionRequests = {
  startApi: { type: "startApi", clientId: 7, optionalCapabilities: "caps" },
  reqIds: { type: "reqIds", numIds: 5 },
  reqManagedAccts: { type: "reqManagedAccts" },
  reqCurrentTime: { type: "reqCurrentTime" },
  reqCurrentTimeInMillis: { type: "reqCurrentTimeInMillis" },
  setServerLogLevel: { type: "setServerLogLevel", level: 5 },
  reqUserInfo: { type: "reqUserInfo", reqId: 31 },
  reqFamilyCodes: { type: "reqFamilyCodes" },
  reqNewsProviders: { type: "reqNewsProviders" },
};

const MARKET_DATA: MarketDataRequests = {
  reqMktData: {
    type: "reqMktData",
    reqId: 10000001,
    contract: BAG_ONLY_CONTRACT,
    comboLegs: [
      { conId: 265598, ratio: 1, action: "BUY", exchange: "SMART" },
      { conId: 272093, ratio: 2, action: "SELL", exchange: "ISLAND" },
    ],
    deltaNeutralContract: { conId: 11, delta: 0.25, price: 101.5 },
    genericTickList: "233,236",
    snapshot: true,
    regulatorySnapshot: true,
    mktDataOptions: OPTIONS,
  },
  cancelMktData: { type: "cancelMktData", reqId: 10000001 },
  reqMarketDataType: { type: "reqMarketDataType", marketDataType: 3 },
  reqTickByTickData: {
    type: "reqTickByTickData",
    reqId: 10000002,
    contract: STOCK,
    tickType: "BidAsk",
    numberOfTicks: 10,
    ignoreSize: true,
  },
  cancelTickByTickData: { type: "cancelTickByTickData", reqId: 10000002 },
  reqRealTimeBars: {
    type: "reqRealTimeBars",
    reqId: 10000003,
    contract: OPTION,
    barSize: 5,
    whatToShow: "TRADES",
    useRTH: true,
    realTimeBarsOptions: OPTIONS,
  },
  cancelRealTimeBars: { type: "cancelRealTimeBars", reqId: 10000003 },
  reqMktDepth: {
    type: "reqMktDepth",
    reqId: 10000004,
    contract: STOCK,
    numRows: 10,
    isSmartDepth: true,
    mktDepthOptions: OPTIONS,
  },
  cancelMktDepth: { type: "cancelMktDepth", reqId: 10000004, isSmartDepth: true },
  reqMktDepthExchanges: { type: "reqMktDepthExchanges" },
  reqScannerSubscription: {
    type: "reqScannerSubscription",
    reqId: 10000005,
    numberOfRows: 20,
    instrument: "STK",
    locationCode: "STK.US.MAJOR",
    scanCode: "TOP_PERC_GAIN",
    abovePrice: 5.5,
    belowPrice: 100.5,
    aboveVolume: 100000,
    marketCapAbove: 1e9,
    marketCapBelow: null,
    moodyRatingAbove: "A",
    moodyRatingBelow: "B",
    spRatingAbove: "AA",
    spRatingBelow: "BB",
    maturityDateAbove: "20270101",
    maturityDateBelow: "20280101",
    couponRateAbove: 1.5,
    couponRateBelow: 2.5,
    excludeConvertible: true,
    averageOptionVolumeAbove: 1000,
    scannerSettingPairs: "Annual,true",
    stockTypeFilter: "ALL",
    filterOptions: OPTIONS,
    subscriptionOptions: OPTIONS,
  },
  cancelScannerSubscription: { type: "cancelScannerSubscription", reqId: 10000005 },
  reqScannerParameters: { type: "reqScannerParameters" },
};

const HISTORY: HistoryRequests = {
  reqHistoricalData: {
    type: "reqHistoricalData",
    reqId: 10000006,
    contract: BAG_ONLY_CONTRACT,
    includeExpired: true,
    endDateTime: "20261002 16:00:00 US/Eastern",
    barSizeSetting: "5 mins",
    durationStr: "7200 S",
    useRTH: true,
    whatToShow: "TRADES",
    formatDate: 2,
    comboLegs: [{ conId: 265598, ratio: 1, action: "BUY", exchange: "SMART" }],
    keepUpToDate: true,
    chartOptions: OPTIONS,
  },
  cancelHistoricalData: { type: "cancelHistoricalData", reqId: 10000006 },
  reqHeadTimestamp: {
    type: "reqHeadTimestamp",
    reqId: 10000007,
    contract: OPTION,
    includeExpired: true,
    useRTH: true,
    whatToShow: "TRADES",
    formatDate: 1,
  },
  cancelHeadTimestamp: { type: "cancelHeadTimestamp", reqId: 10000007 },
  reqHistoricalTicks: {
    type: "reqHistoricalTicks",
    reqId: 10000008,
    contract: STOCK,
    includeExpired: true,
    startDateTime: "20261002 09:30:00 US/Eastern",
    endDateTime: "",
    numberOfTicks: 100,
    whatToShow: "BID_ASK",
    useRth: true,
    ignoreSize: true,
    miscOptions: OPTIONS,
  },
  reqHistogramData: {
    type: "reqHistogramData",
    reqId: 10000009,
    contract: STOCK,
    includeExpired: false,
    useRTH: true,
    timePeriod: "3 days",
  },
  cancelHistogramData: { type: "cancelHistogramData", reqId: 10000009 },
};

const CONTRACTS: ContractRequests = {
  reqContractData: {
    type: "reqContractData",
    reqId: 10000010,
    contract: STOCK,
    includeExpired: true,
    secIdType: "ISIN",
    secId: "US0378331005",
    issuerId: "e1234567",
  },
  reqMatchingSymbols: { type: "reqMatchingSymbols", reqId: 10000011, pattern: "app" },
  reqSecDefOptParams: {
    type: "reqSecDefOptParams",
    reqId: 10000012,
    underlyingSymbol: "AAPL",
    futFopExchange: "CME",
    underlyingSecType: "STK",
    underlyingConId: 265598,
  },
  reqMarketRule: { type: "reqMarketRule", marketRuleId: 26 },
};

function orderSamples(serverVersion: number): OrderRequests {
  const since = sinceIn(serverVersion);
  return {
    placeOrder: {
      type: "placeOrder",
      orderId: 42,
      contract: {
        ...BAG_CONTRACT,
        primaryExchange: "NASDAQ",
        secIdType: "ISIN",
        secId: "US0378331005",
      },
      order: placedOrder(serverVersion),
    },
    cancelOrder: {
      type: "cancelOrder",
      orderId: 42,
      manualOrderCancelTime: "20261002 15:00:00 US/Eastern",
      extOperator: since(192, "operator", ""),
      externalUserId: "",
      manualOrderIndicator: since(192, 1, null),
    },
    reqGlobalCancel: {
      type: "reqGlobalCancel",
      extOperator: since(192, "operator", ""),
      manualOrderIndicator: since(192, 1, null),
    },
    reqOpenOrders: { type: "reqOpenOrders" },
    reqAllOpenOrders: { type: "reqAllOpenOrders" },
    reqAutoOpenOrders: { type: "reqAutoOpenOrders", autoBind: true },
    reqCompletedOrders: { type: "reqCompletedOrders", apiOnly: true },
    reqExecutions: {
      type: "reqExecutions",
      reqId: 10000013,
      filter: {
        clientId: 7,
        acctCode: "DU1234567",
        time: "20261002-13:30:00",
        symbol: "AAPL",
        secType: "STK",
        exchange: "SMART",
        side: "BUY",
        lastNDays: since(200, 3, null),
        specificDates: since<readonly number[]>(200, [20261001, 20261002], []),
      },
    },
    exerciseOptions: {
      type: "exerciseOptions",
      reqId: 10000014,
      contract: { ...OPTION, primaryExchange: "" },
      exerciseAction: 1,
      exerciseQuantity: 2,
      account: "DU1234567",
      override: true,
      manualOrderTime: since(180, "20261002 15:00:00 US/Eastern", ""),
      customerAccount: since(183, "customer", ""),
      professionalCustomer: since(184, true, false),
    },
  };
}

const ACCOUNTS: AccountRequests = {
  reqAccountUpdates: { type: "reqAccountUpdates", subscribe: true, acctCode: "DU1234567" },
  reqPositions: { type: "reqPositions" },
  cancelPositions: { type: "cancelPositions" },
  reqPositionsMulti: {
    type: "reqPositionsMulti",
    reqId: 10000015,
    account: "DU1234567",
    modelCode: "model",
  },
  cancelPositionsMulti: { type: "cancelPositionsMulti", reqId: 10000015 },
  reqAccountUpdatesMulti: {
    type: "reqAccountUpdatesMulti",
    reqId: 10000016,
    account: "DU1234567",
    modelCode: "model",
    ledgerAndNLV: true,
  },
  cancelAccountUpdatesMulti: { type: "cancelAccountUpdatesMulti", reqId: 10000016 },
  reqAccountSummary: {
    type: "reqAccountSummary",
    reqId: 10000017,
    group: "All",
    tags: "NetLiquidation,$LEDGER:USD",
  },
  cancelAccountSummary: { type: "cancelAccountSummary", reqId: 10000017 },
  reqPnL: { type: "reqPnL", reqId: 10000018, account: "DU1234567", modelCode: "model" },
  cancelPnL: { type: "cancelPnL", reqId: 10000018 },
  reqPnLSingle: {
    type: "reqPnLSingle",
    reqId: 10000019,
    account: "DU1234567",
    modelCode: "model",
    conId: 265598,
  },
  cancelPnLSingle: { type: "cancelPnLSingle", reqId: 10000019 },
};
