import type { Micros } from "../money.ts";
import type { WireContract } from "./contract.ts";

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
