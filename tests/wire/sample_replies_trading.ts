import { EMPTY_CONTRACT, type WireContract } from "../../lib/wire/contract.ts";
import type { BondDetails, ContractDetails } from "../../lib/wire/contract_details.ts";
import type { AccountReplies } from "../../lib/wire/replies_accounts.ts";
import type { ContractReplies } from "../../lib/wire/replies_contracts.ts";
import type { ExecutionReplies } from "../../lib/wire/replies_executions.ts";
import type { OrderReplies } from "../../lib/wire/replies_orders.ts";
import {
  BAG_CONTRACT,
  finishedOrder,
  reportedOrder,
  reportedState,
  sinceIn,
} from "./sample_orders.ts";

/** Samples of the replies about instruments, orders, executions and accounts. */

export const OPTION: WireContract = {
  ...EMPTY_CONTRACT,
  conId: 712345678,
  symbol: "AAPL",
  secType: "OPT",
  lastTradeDateOrContractMonth: "20261218",
  strike: 182.5,
  right: "C",
  multiplier: "100",
  exchange: "ISLAND",
  currency: "USD",
  localSymbol: "AAPL  261218C00182500",
  tradingClass: "AAPL",
};

export function contractSamples(serverVersion: number): ContractReplies {
  return {
    contractDetails: {
      type: "contractDetails",
      reqId: 1,
      details: fundContractDetails(serverVersion),
    },
    bondContractDetails: {
      type: "bondContractDetails",
      reqId: 1,
      details: bondContractDetails(serverVersion),
    },
    contractDetailsEnd: { type: "contractDetailsEnd", reqId: 1 },
    symbolSamples: {
      type: "symbolSamples",
      reqId: 1,
      samples: [{
        conId: 265598,
        symbol: "AAPL",
        secType: "STK",
        primaryExchange: "NASDAQ",
        currency: "USD",
        derivativeSecTypes: ["CFD", "OPT"],
        description: "APPLE INC",
        issuerId: "e1",
      }],
    },
    securityDefinitionOptionParameter: {
      type: "securityDefinitionOptionParameter",
      reqId: 1,
      exchange: "SMART",
      underlyingConId: 265598,
      tradingClass: "AAPL",
      multiplier: "100",
      expirations: ["20261218", "20270115"],
      strikes: [180, 182.5],
    },
    securityDefinitionOptionParameterEnd: {
      type: "securityDefinitionOptionParameterEnd",
      reqId: 1,
    },
    marketRule: {
      type: "marketRule",
      marketRuleId: 26,
      priceIncrements: [{ lowEdge: 0, increment: 0.01 }],
    },
  };
}

/** A fund, because a fund carries the most. */
export function fundContractDetails(serverVersion: number): ContractDetails {
  const since = sinceIn(serverVersion);
  return {
    contract: { ...OPTION, secType: "FUND", primaryExchange: "NASDAQ" },
    lastTradeDate: since(182, "20261217", ""),
    marketName: "NMS",
    minTick: 0.01,
    orderTypes: "ACTIVETIM,LMT,MKT",
    validExchanges: "SMART,ISLAND",
    priceMagnifier: 1,
    underConId: 99,
    longName: "Zürcher \\ Fonds",
    contractMonth: "202612",
    industry: "Technology",
    category: "Computers",
    subcategory: "Computers",
    timeZoneId: "US/Eastern",
    tradingHours: "20260402:0400-20260402:2000;20260403:CLOSED",
    liquidHours: "20260402:0930-20260402:1600;20260403:CLOSED",
    evRule: "rule",
    evMultiplier: 1,
    secIdList: [{ tag: "ISIN", value: "US0378331005" }],
    aggGroup: 1,
    underSymbol: "AAPL",
    underSecType: "STK",
    marketRuleIds: "26,26",
    realExpirationDate: "20261219",
    stockType: "COMMON",
    minSize: 1n,
    sizeIncrement: 100n,
    suggestedSizeIncrement: 100_000000n,
    fund: serverVersion < 179 ? null : {
      name: "fund",
      family: "family",
      type: "type",
      frontLoad: "1",
      backLoad: "2",
      backLoadTimeInterval: "3",
      managementFee: "4",
      closed: true,
      closedForNewInvestors: false,
      closedForNewMoney: true,
      notifyAmount: "5",
      minimumInitialPurchase: "6",
      subsequentMinimumPurchase: "7",
      blueSkyStates: "NY",
      blueSkyTerritories: "PR",
      distributionPolicyIndicator: "N",
      assetType: "002",
    },
    ineligibilityReasons: serverVersion < 186 ? [] : [{ id: "r1", description: "reason" }],
  };
}

function bondContractDetails(serverVersion: number): BondDetails {
  const since = sinceIn(serverVersion);
  return {
    contract: {
      ...EMPTY_CONTRACT,
      conId: 5,
      symbol: "IBCID5",
      secType: "BOND",
      exchange: "SMART",
      currency: "USD",
      tradingClass: "IBCID5",
    },
    cusip: "912828C57",
    coupon: 1.5,
    maturity: "20281115",
    issueDate: "20181115",
    ratings: "AAA",
    bondType: "GOVT",
    couponType: "FIXED",
    convertible: true,
    callable: false,
    putable: true,
    descAppend: "desc",
    marketName: "IBCID5",
    minTick: 0.001,
    orderTypes: "LMT",
    validExchanges: "SMART",
    nextOptionDate: "20271115",
    nextOptionType: "C",
    nextOptionPartial: true,
    notes: "notes",
    longName: "US Treasury",
    timeZoneId: since(188, "US/Eastern", ""),
    tradingHours: since(188, "20260402:0400-20260402:2000", ""),
    liquidHours: since(188, "20260402:0930-20260402:1600", ""),
    evRule: "rule",
    evMultiplier: 1,
    secIdList: [{ tag: "CUSIP", value: "912828C57" }],
    aggGroup: 2,
    marketRuleIds: "26",
    minSize: 1000_000000n,
    sizeIncrement: 1000_000000n,
    suggestedSizeIncrement: null,
  };
}

export function orderSamples(serverVersion: number): OrderReplies {
  return {
    orderStatus: {
      type: "orderStatus",
      orderId: 42,
      status: "Submitted",
      filled: 50_500000n,
      remaining: 100_000000n,
      avgFillPrice: 182_941234n,
      permId: 1376327563,
      parentId: 41,
      lastFillPrice: 182_950000n,
      clientId: 7,
      whyHeld: "child",
      mktCapPrice: 200_000000n,
    },
    openOrder: {
      type: "openOrder",
      orderId: 42,
      contract: { ...BAG_CONTRACT, comboLegsDescrip: "1*AAPL-3*MSFT" },
      order: reportedOrder(serverVersion),
      state: reportedState(serverVersion),
    },
    openOrderEnd: { type: "openOrderEnd" },
    completedOrder: {
      type: "completedOrder",
      contract: { ...BAG_CONTRACT, comboLegsDescrip: "1*AAPL-3*MSFT" },
      order: finishedOrder(serverVersion),
      status: "Cancelled",
      completedTime: "20250708 02:34:46 America/New_York",
      completedStatus: "Cancelled by Trader",
    },
    completedOrdersEnd: { type: "completedOrdersEnd" },
    orderBound: { type: "orderBound", permId: 1376327563, clientId: 0, orderId: -3 },
  };
}

export function executionSamples(serverVersion: number): ExecutionReplies {
  return {
    execDetails: {
      type: "execDetails",
      reqId: -1,
      orderId: 42,
      contract: OPTION,
      execution: {
        execId: "0000e0d5.6ab9ea82.01.01",
        time: "20260413 15:27:04 US/Eastern",
        acctNumber: "DU1234567",
        exchange: "ISLAND",
        side: "BOT",
        shares: 50_500000n,
        price: 182_940000n,
        permId: 1376327563,
        clientId: 7,
        liquidation: 1,
        cumQty: 150_500000n,
        avgPrice: 182_941234n,
        orderRef: "rt-01J9ZQ",
        evRule: "rule",
        evMultiplier: 1.5,
        modelCode: "model",
        lastLiquidity: 2,
        pendingPriceRevision: true,
        submitter: sinceIn(serverVersion)(198, "submitter", ""),
      },
    },
    execDetailsEnd: { type: "execDetailsEnd", reqId: 1 },
    commissionReport: {
      type: "commissionReport",
      execId: "0000e0d5.6ab9ea82.01.01",
      commission: 1_000003n,
      currency: "USD",
      realizedPNL: null,
      yield: null,
      yieldRedemptionDate: 0,
    },
  };
}

const HOLDING = {
  account: "DU1234567",
  contract: OPTION,
  position: -12_500000n,
  avgCost: 182_941234n,
};

export const ACCOUNTS: AccountReplies = {
  updateAccountValue: {
    type: "updateAccountValue",
    key: "NetLiquidation",
    value: "100000.00",
    currency: "USD",
    account: "DU1234567",
  },
  updatePortfolio: {
    type: "updatePortfolio",
    contract: { ...OPTION, exchange: "", primaryExchange: "NASDAQ" },
    position: -12_500000n,
    marketPrice: 182.94,
    marketValue: -2286_750000n,
    averageCost: 182_941234n,
    unrealizedPNL: -15_250000n,
    realizedPNL: 7_000000n,
    account: "DU1234567",
  },
  updateAccountTime: { type: "updateAccountTime", time: "17:59" },
  accountDownloadEnd: { type: "accountDownloadEnd", account: "DU1234567" },
  position: { type: "position", ...HOLDING },
  positionEnd: { type: "positionEnd" },
  positionMulti: { type: "positionMulti", reqId: 1, ...HOLDING, modelCode: "model" },
  positionMultiEnd: { type: "positionMultiEnd", reqId: 1 },
  accountSummary: {
    type: "accountSummary",
    reqId: 1,
    account: "DU1234567",
    tag: "NetLiquidation",
    value: "100000.00",
    currency: "USD",
  },
  accountSummaryEnd: { type: "accountSummaryEnd", reqId: 1 },
  accountUpdateMulti: {
    type: "accountUpdateMulti",
    reqId: 1,
    account: "DU1234567",
    modelCode: "model",
    key: "CashBalance",
    value: "1.00",
    currency: "USD",
  },
  accountUpdateMultiEnd: { type: "accountUpdateMultiEnd", reqId: 1 },
  pnl: {
    type: "pnl",
    reqId: 1,
    dailyPnL: 12_345678n,
    unrealizedPnL: null,
    realizedPnL: -1_000000n,
  },
  pnlSingle: {
    type: "pnlSingle",
    reqId: 1,
    position: 100_000000n,
    dailyPnL: 12_345678n,
    unrealizedPnL: -1_500000n,
    realizedPnL: null,
    value: 18294_000000n,
  },
};
