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
