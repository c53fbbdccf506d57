import { BOOL, INT, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";

/** Requests about accounts and positions, client to server. */

/** 6 */
export interface ReqAccountUpdates {
  readonly type: "reqAccountUpdates";
  readonly subscribe: boolean;
  /** Empty with a single account. */
  readonly acctCode: string;
}

/** 61 */
export interface ReqPositions {
  readonly type: "reqPositions";
}

/** 64 */
export interface CancelPositions {
  readonly type: "cancelPositions";
}

/** 74 */
export interface ReqPositionsMulti {
  readonly type: "reqPositionsMulti";
  readonly reqId: number;
  readonly account: string;
  readonly modelCode: string;
}

/** 75 */
export interface CancelPositionsMulti {
  readonly type: "cancelPositionsMulti";
  readonly reqId: number;
}

/** 76 */
export interface ReqAccountUpdatesMulti {
  readonly type: "reqAccountUpdatesMulti";
  readonly reqId: number;
  readonly account: string;
  readonly modelCode: string;
  readonly ledgerAndNLV: boolean;
}

/** 77 */
export interface CancelAccountUpdatesMulti {
  readonly type: "cancelAccountUpdatesMulti";
  readonly reqId: number;
}

/** 62 */
export interface ReqAccountSummary {
  readonly type: "reqAccountSummary";
  readonly reqId: number;
  /** `All`, or a group's name. */
  readonly group: string;
  /** `NetLiquidation,BuyingPower,$LEDGER:USD`. */
  readonly tags: string;
}

/** 63 */
export interface CancelAccountSummary {
  readonly type: "cancelAccountSummary";
  readonly reqId: number;
}

/** 92 */
export interface ReqPnL {
  readonly type: "reqPnL";
  readonly reqId: number;
  readonly account: string;
  readonly modelCode: string;
}

/** 93 */
export interface CancelPnL {
  readonly type: "cancelPnL";
  readonly reqId: number;
}

/** 94 */
export interface ReqPnLSingle {
  readonly type: "reqPnLSingle";
  readonly reqId: number;
  readonly account: string;
  readonly modelCode: string;
  readonly conId: number;
}

/** 95 */
export interface CancelPnLSingle {
  readonly type: "cancelPnLSingle";
  readonly reqId: number;
}

export interface AccountRequests {
  reqAccountUpdates: ReqAccountUpdates;
  reqPositions: ReqPositions;
  cancelPositions: CancelPositions;
  reqPositionsMulti: ReqPositionsMulti;
  cancelPositionsMulti: CancelPositionsMulti;
  reqAccountUpdatesMulti: ReqAccountUpdatesMulti;
  cancelAccountUpdatesMulti: CancelAccountUpdatesMulti;
  reqAccountSummary: ReqAccountSummary;
  cancelAccountSummary: CancelAccountSummary;
  reqPnL: ReqPnL;
  cancelPnL: CancelPnL;
  reqPnLSingle: ReqPnLSingle;
  cancelPnLSingle: CancelPnLSingle;
}

export const ACCOUNT_REQUESTS: Messages<AccountRequests> = {
  reqAccountUpdates: message(6, (io, m) => {
    io.constant("2");
    return {
      type: "reqAccountUpdates",
      subscribe: io.field(BOOL, m.subscribe),
      acctCode: io.field(TEXT, m.acctCode),
    };
  }),
  reqPositions: message(61, (io) => {
    io.constant("1");
    return { type: "reqPositions" };
  }),
  cancelPositions: message(64, (io) => {
    io.constant("1");
    return { type: "cancelPositions" };
  }),
  reqPositionsMulti: message(74, (io, m) => {
    io.constant("1");
    return { type: "reqPositionsMulti", ...accountModel(io, m) };
  }),
  cancelPositionsMulti: message(75, (io, m) => {
    io.constant("1");
    return { type: "cancelPositionsMulti", reqId: io.id(m.reqId) };
  }),
  reqAccountUpdatesMulti: message(76, (io, m) => {
    io.constant("1");
    return {
      type: "reqAccountUpdatesMulti",
      ...accountModel(io, m),
      ledgerAndNLV: io.field(BOOL, m.ledgerAndNLV),
    };
  }),
  cancelAccountUpdatesMulti: message(77, (io, m) => {
    io.constant("1");
    return { type: "cancelAccountUpdatesMulti", reqId: io.id(m.reqId) };
  }),
  reqAccountSummary: message(62, (io, m) => {
    io.constant("1");
    return {
      type: "reqAccountSummary",
      reqId: io.id(m.reqId),
      group: io.field(TEXT, m.group),
      tags: io.field(TEXT, m.tags),
    };
  }),
  cancelAccountSummary: message(63, (io, m) => {
    io.constant("1");
    return { type: "cancelAccountSummary", reqId: io.id(m.reqId) };
  }),
  reqPnL: message(92, (io, m) => ({ type: "reqPnL", ...accountModel(io, m) })),
  cancelPnL: message(93, (io, m) => ({ type: "cancelPnL", reqId: io.id(m.reqId) })),
  reqPnLSingle: message(94, (io, m) => ({
    type: "reqPnLSingle",
    ...accountModel(io, m),
    conId: io.field(INT, m.conId),
  })),
  cancelPnLSingle: message(95, (io, m) => ({ type: "cancelPnLSingle", reqId: io.id(m.reqId) })),
};

interface AccountModel {
  readonly reqId: number;
  readonly account: string;
  readonly modelCode: string;
}

function accountModel(io: Cursor, m: Partial<AccountModel>): AccountModel {
  return {
    reqId: io.id(m.reqId),
    account: io.field(TEXT, m.account),
    modelCode: io.field(TEXT, m.modelCode),
  };
}
