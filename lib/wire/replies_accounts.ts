import type { Micros } from "../money.ts";
import { contract11, type WireContract } from "./contract.ts";
import { INT, JAVA, MONEY, MONEY_MAX, NUMBER, QUANTITY, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

/** Replies about accounts and positions, server to client. */

/** 6 */
export interface AccountValue {
  readonly type: "updateAccountValue";
  readonly key: string;
  readonly value: string;
  readonly currency: string;
  readonly account: string;
}

/** 7 */
export interface PortfolioValue {
  readonly type: "updatePortfolio";
  /** Its exchange is empty; primaryExchange is set. */
  readonly contract: WireContract;
  readonly position: Micros;
  readonly marketPrice: number;
  readonly marketValue: Micros;
  readonly averageCost: Micros;
  readonly unrealizedPNL: Micros;
  readonly realizedPNL: Micros;
  readonly account: string;
}

/** 8 */
export interface AccountUpdateTime {
  readonly type: "updateAccountTime";
  /** `17:59`. */
  readonly time: string;
}

/** 54 */
export interface AccountDownloadEnd {
  readonly type: "accountDownloadEnd";
  readonly account: string;
}

/** 61 */
export interface Position {
  readonly type: "position";
  readonly account: string;
  /** Its exchange is the primary one, empty for futures. */
  readonly contract: WireContract;
  readonly position: Micros;
  /** Includes the multiplier. */
  readonly avgCost: Micros;
}

/** 62 */
export interface PositionEnd {
  readonly type: "positionEnd";
}

/** 71 */
export interface PositionMulti {
  readonly type: "positionMulti";
  readonly reqId: number;
  readonly account: string;
  readonly contract: WireContract;
  readonly position: Micros;
  readonly avgCost: Micros;
  readonly modelCode: string;
}

/** 72 */
export interface PositionMultiEnd {
  readonly type: "positionMultiEnd";
  readonly reqId: number;
}

/** 63 */
export interface AccountSummary {
  readonly type: "accountSummary";
  readonly reqId: number;
  readonly account: string;
  readonly tag: string;
  readonly value: string;
  readonly currency: string;
}

/** 64 */
export interface AccountSummaryEnd {
  readonly type: "accountSummaryEnd";
  readonly reqId: number;
}

/** 73 */
export interface AccountUpdateMulti {
  readonly type: "accountUpdateMulti";
  readonly reqId: number;
  readonly account: string;
  readonly modelCode: string;
  readonly key: string;
  readonly value: string;
  readonly currency: string;
}

/** 74 */
export interface AccountUpdateMultiEnd {
  readonly type: "accountUpdateMultiEnd";
  readonly reqId: number;
}

/** 94. Null: not known. */
export interface PnL {
  readonly type: "pnl";
  readonly reqId: number;
  readonly dailyPnL: Micros | null;
  /** Since 129. */
  readonly unrealizedPnL: Micros | null;
  /** Since 135. */
  readonly realizedPnL: Micros | null;
}

/** 95. Null: not known. */
export interface PnLSingle {
  readonly type: "pnlSingle";
  readonly reqId: number;
  readonly position: Micros;
  readonly dailyPnL: Micros | null;
  /** Since 129. */
  readonly unrealizedPnL: Micros | null;
  /** Since 135. */
  readonly realizedPnL: Micros | null;
  readonly value: Micros | null;
}

export interface AccountReplies {
  updateAccountValue: AccountValue;
  updatePortfolio: PortfolioValue;
  updateAccountTime: AccountUpdateTime;
  accountDownloadEnd: AccountDownloadEnd;
  position: Position;
  positionEnd: PositionEnd;
  positionMulti: PositionMulti;
  positionMultiEnd: PositionMultiEnd;
  accountSummary: AccountSummary;
  accountSummaryEnd: AccountSummaryEnd;
  accountUpdateMulti: AccountUpdateMulti;
  accountUpdateMultiEnd: AccountUpdateMultiEnd;
  pnl: PnL;
  pnlSingle: PnLSingle;
}

export const ACCOUNT_REPLIES: Messages<AccountReplies> = {
  updateAccountValue: message(6, updateAccountValue),
  updatePortfolio: message(7, updatePortfolio),
  updateAccountTime: message(8, (io, m) => {
    io.constant("1");
    return { type: "updateAccountTime", time: io.field(TEXT, m.time) };
  }),
  accountDownloadEnd: message(54, (io, m) => {
    io.constant("1");
    return { type: "accountDownloadEnd", account: io.field(TEXT, m.account) };
  }),
  position: message(61, (io, m) => {
    io.constant("3");
    return { type: "position", ...holding(io, m) };
  }),
  positionEnd: message(62, (io) => {
    io.constant("1");
    return { type: "positionEnd" };
  }),
  positionMulti: message(71, (io, m) => {
    io.constant("1");
    return {
      type: "positionMulti",
      reqId: io.id(m.reqId),
      ...holding(io, m),
      modelCode: io.field(TEXT, m.modelCode),
    };
  }),
  positionMultiEnd: message(72, (io, m) => {
    io.constant("1");
    return { type: "positionMultiEnd", reqId: io.id(m.reqId) };
  }),
  accountSummary: message(63, accountSummary),
  accountSummaryEnd: message(64, (io, m) => {
    io.constant("1");
    return { type: "accountSummaryEnd", reqId: io.id(m.reqId) };
  }),
  accountUpdateMulti: message(73, accountUpdateMulti),
  accountUpdateMultiEnd: message(74, (io, m) => {
    io.constant("1");
    return { type: "accountUpdateMultiEnd", reqId: io.id(m.reqId) };
  }),
  pnl: message(94, pnl),
  pnlSingle: message(95, pnlSingle),
};

function updateAccountValue(io: Cursor, m: Partial<AccountValue>): AccountValue {
  io.constant("2");
  return {
    type: "updateAccountValue",
    key: io.field(TEXT, m.key),
    value: io.field(TEXT, m.value),
    currency: io.field(TEXT, m.currency),
    account: io.field(TEXT, m.account),
  };
}

function updatePortfolio(io: Cursor, m: Partial<PortfolioValue>): PortfolioValue {
  io.constant("8");
  return {
    type: "updatePortfolio",
    contract: portfolioContract(io, m.contract),
    position: io.field(QUANTITY, m.position),
    marketPrice: io.field(NUMBER, m.marketPrice),
    marketValue: io.field(MONEY, m.marketValue),
    averageCost: io.field(MONEY, m.averageCost),
    unrealizedPNL: io.field(MONEY, m.unrealizedPNL),
    realizedPNL: io.field(MONEY, m.realizedPNL),
    account: io.field(TEXT, m.account),
  };
}

function portfolioContract(io: Cursor, contract: Partial<WireContract> = {}): WireContract {
  return {
    conId: io.field(INT, contract.conId),
    symbol: io.field(TEXT, contract.symbol),
    secType: io.field(TEXT, contract.secType),
    lastTradeDateOrContractMonth: io.field(TEXT, contract.lastTradeDateOrContractMonth),
    strike: io.field(JAVA, contract.strike),
    right: io.field(TEXT, contract.right),
    multiplier: io.field(TEXT, contract.multiplier),
    exchange: "",
    primaryExchange: io.field(TEXT, contract.primaryExchange),
    currency: io.field(TEXT, contract.currency),
    localSymbol: io.field(TEXT, contract.localSymbol),
    tradingClass: io.field(TEXT, contract.tradingClass),
  };
}

type Holding = Pick<Position, "account" | "contract" | "position" | "avgCost">;

function holding(io: Cursor, m: Partial<Holding>): Holding {
  return {
    account: io.field(TEXT, m.account),
    contract: contract11(io, m.contract, JAVA),
    position: io.field(QUANTITY, m.position),
    avgCost: io.field(MONEY, m.avgCost),
  };
}

function accountSummary(io: Cursor, m: Partial<AccountSummary>): AccountSummary {
  io.constant("1");
  return {
    type: "accountSummary",
    reqId: io.id(m.reqId),
    account: io.field(TEXT, m.account),
    tag: io.field(TEXT, m.tag),
    value: io.field(TEXT, m.value),
    currency: io.field(TEXT, m.currency),
  };
}

function accountUpdateMulti(io: Cursor, m: Partial<AccountUpdateMulti>): AccountUpdateMulti {
  io.constant("1");
  return {
    type: "accountUpdateMulti",
    reqId: io.id(m.reqId),
    account: io.field(TEXT, m.account),
    modelCode: io.field(TEXT, m.modelCode),
    key: io.field(TEXT, m.key),
    value: io.field(TEXT, m.value),
    currency: io.field(TEXT, m.currency),
  };
}

function pnl(io: Cursor, m: Partial<PnL>): PnL {
  return {
    type: "pnl",
    reqId: io.id(m.reqId),
    dailyPnL: io.field(MONEY_MAX, m.dailyPnL),
    unrealizedPnL: io.since(SINCE.UNREALIZED_PNL, MONEY_MAX, m.unrealizedPnL),
    realizedPnL: io.since(SINCE.REALIZED_PNL, MONEY_MAX, m.realizedPnL),
  };
}

function pnlSingle(io: Cursor, m: Partial<PnLSingle>): PnLSingle {
  return {
    type: "pnlSingle",
    reqId: io.id(m.reqId),
    position: io.field(QUANTITY, m.position),
    dailyPnL: io.field(MONEY_MAX, m.dailyPnL),
    unrealizedPnL: io.since(SINCE.UNREALIZED_PNL, MONEY_MAX, m.unrealizedPnL),
    realizedPnL: io.since(SINCE.REALIZED_PNL, MONEY_MAX, m.realizedPnL),
    value: io.field(MONEY_MAX, m.value),
  };
}
