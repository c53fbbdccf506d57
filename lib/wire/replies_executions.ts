import type { Micros } from "../money.ts";
import { contract11, type WireContract } from "./contract.ts";
import {
  BOOL,
  INT,
  JAVA,
  JAVA_BLANK,
  JAVA_MAX,
  LONG,
  MONEY,
  MONEY_MAX,
  QUANTITY,
  TEXT,
} from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

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

export const EXECUTION_REPLIES: Messages<ExecutionReplies> = {
  execDetails: message(11, (io, m) => {
    if (io.serverVersion < SINCE.LAST_LIQUIDITY) io.constant("10");
    return {
      type: "execDetails",
      reqId: io.id(m.reqId),
      orderId: io.field(INT, m.orderId),
      contract: contract11(io, m.contract, JAVA),
      execution: wireExecution(io, m.execution),
    };
  }),
  execDetailsEnd: message(55, (io, m) => {
    io.constant("1");
    return { type: "execDetailsEnd", reqId: io.id(m.reqId) };
  }),
  commissionReport: message(59, (io, m) => {
    io.constant("1");
    return {
      type: "commissionReport",
      execId: io.field(TEXT, m.execId),
      commission: io.field(MONEY, m.commission),
      currency: io.field(TEXT, m.currency),
      realizedPNL: io.field(MONEY_MAX, m.realizedPNL),
      yield: io.field(JAVA_MAX, m.yield),
      yieldRedemptionDate: io.field(INT, m.yieldRedemptionDate),
    };
  }),
};

function wireExecution(io: Cursor, e: Partial<WireExecution> = {}): WireExecution {
  return {
    execId: io.field(TEXT, e.execId),
    time: io.field(TEXT, e.time),
    acctNumber: io.field(TEXT, e.acctNumber),
    exchange: io.field(TEXT, e.exchange),
    side: io.field(TEXT, e.side),
    shares: io.field(QUANTITY, e.shares),
    price: io.field(MONEY, e.price),
    permId: io.field(LONG, e.permId),
    clientId: io.field(INT, e.clientId),
    liquidation: io.field(INT, e.liquidation),
    cumQty: io.field(QUANTITY, e.cumQty),
    avgPrice: io.field(MONEY, e.avgPrice),
    orderRef: io.field(TEXT, e.orderRef),
    evRule: io.field(TEXT, e.evRule),
    evMultiplier: io.field(JAVA_BLANK, e.evMultiplier),
    modelCode: io.since(SINCE.MODELS_SUPPORT, TEXT, e.modelCode),
    lastLiquidity: io.since(SINCE.LAST_LIQUIDITY, INT, e.lastLiquidity),
    pendingPriceRevision: io.since(SINCE.PENDING_PRICE_REVISION, BOOL, e.pendingPriceRevision),
    submitter: io.since(SINCE.SUBMITTER, TEXT, e.submitter),
  };
}
