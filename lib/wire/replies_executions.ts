import type { Micros } from "../money.ts";
import type { WireContract } from "./contract.ts";

/** Replies about executions, server to client. */

/** 11 */
export interface ExecDetails {
  readonly type: "execDetails";
  /** -1 when pushed, the request's id when asked for. */
  readonly reqId: number;
  readonly orderId: number;
  /** Its exchange is the venue (ISLAND, IEX …), not SMART. */
  readonly contract: WireContract;
  readonly execution: WireExecution;
}

export interface WireExecution {
  /** `0000e0d5.6ab9ea82.01.01`; a correction has the same stem and a higher last segment. */
  readonly execId: string;
  /** Since 174 `20260413 15:27:04 US/Eastern`, before `20230224  12:04:56` in the login zone. */
  readonly time: string;
  readonly acctNumber: string;
  readonly exchange: string;
  /** BOT or SLD. */
  readonly side: string;
  readonly shares: Micros;
  readonly price: Micros;
  readonly permId: number;
  readonly clientId: number;
  readonly liquidation: number;
  /** Of the order so far. */
  readonly cumQty: Micros;
  /** Of the order so far. */
  readonly avgPrice: Micros;
  readonly orderRef: string;
  readonly evRule: string;
  readonly evMultiplier: number | null;
  readonly modelCode: string;
  /** 1 added, 2 removed, 3 routed, 0 unknown; since 136. */
  readonly lastLiquidity: number;
  /** Since 178. */
  readonly pendingPriceRevision: boolean;
  /** Since 198. */
  readonly submitter: string;
}

/** 55 */
export interface ExecDetailsEnd {
  readonly type: "execDetailsEnd";
  readonly reqId: number;
}

/** 59: follows its execution, up to seconds later. */
export interface CommissionReport {
  readonly type: "commissionReport";
  readonly execId: string;
  readonly commission: Micros;
  readonly currency: string;
  /** Null of an opening fill. */
  readonly realizedPNL: Micros | null;
  readonly yield: number | null;
  /** `yyyymmdd` as a number; 0 for none. */
  readonly yieldRedemptionDate: number;
}

export interface ExecutionReplies {
  execDetails: ExecDetails;
  execDetailsEnd: ExecDetailsEnd;
  commissionReport: CommissionReport;
}
