import { contract12, type WireContract } from "./contract.ts";
import { BOOL, INT, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

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

export const CONTRACT_REQUESTS: Messages<ContractRequests> = {
  reqContractData: message(9, reqContractData),
  reqMatchingSymbols: message(81, (io, m) => ({
    type: "reqMatchingSymbols",
    reqId: io.id(m.reqId),
    pattern: io.field(TEXT, m.pattern),
  })),
  reqSecDefOptParams: message(78, reqSecDefOptParams),
  reqMarketRule: message(91, (io, m) => ({
    type: "reqMarketRule",
    marketRuleId: io.field(INT, m.marketRuleId),
  })),
};

function reqContractData(io: Cursor, m: Partial<ReqContractData>): ReqContractData {
  io.constant("8");
  return {
    type: "reqContractData",
    reqId: io.id(m.reqId),
    contract: contract12(io, m.contract),
    includeExpired: io.field(BOOL, m.includeExpired),
    secIdType: io.field(TEXT, m.secIdType),
    secId: io.field(TEXT, m.secId),
    issuerId: io.since(SINCE.BOND_ISSUERID, TEXT, m.issuerId),
  };
}

function reqSecDefOptParams(io: Cursor, m: Partial<ReqSecDefOptParams>): ReqSecDefOptParams {
  return {
    type: "reqSecDefOptParams",
    reqId: io.id(m.reqId),
    underlyingSymbol: io.field(TEXT, m.underlyingSymbol),
    futFopExchange: io.field(TEXT, m.futFopExchange),
    underlyingSecType: io.field(TEXT, m.underlyingSecType),
    underlyingConId: io.field(INT, m.underlyingConId),
  };
}
