import type { WireContract } from "./contract.ts";

/** Requests about instruments, client to server. */

/** 9 */
export interface ReqContractData {
  readonly type: "reqContractData";
  readonly reqId: number;
  readonly contract: WireContract;
  readonly includeExpired: boolean;
  readonly secIdType: string;
  readonly secId: string;
  /** Since 176. */
  readonly issuerId: string;
}

/** 81 */
export interface ReqMatchingSymbols {
  readonly type: "reqMatchingSymbols";
  readonly reqId: number;
  readonly pattern: string;
}

/** 78 */
export interface ReqSecDefOptParams {
  readonly type: "reqSecDefOptParams";
  readonly reqId: number;
  readonly underlyingSymbol: string;
  readonly futFopExchange: string;
  readonly underlyingSecType: string;
  readonly underlyingConId: number;
}

/** 91 */
export interface ReqMarketRule {
  readonly type: "reqMarketRule";
  readonly marketRuleId: number;
}

export interface ContractRequests {
  reqContractData: ReqContractData;
  reqMatchingSymbols: ReqMatchingSymbols;
  reqSecDefOptParams: ReqSecDefOptParams;
  reqMarketRule: ReqMarketRule;
}
