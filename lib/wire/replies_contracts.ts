import type { BondDetails, ContractDetails } from "./contract_details.ts";

/** Replies about instruments, server to client. */

/** 10 */
export interface ContractDetailsReply {
  readonly type: "contractDetails";
  readonly reqId: number;
  readonly details: ContractDetails;
}

/** 18 */
export interface BondContractDetailsReply {
  readonly type: "bondContractDetails";
  readonly reqId: number;
  readonly details: BondDetails;
}

/** 52 */
export interface ContractDetailsEnd {
  readonly type: "contractDetailsEnd";
  readonly reqId: number;
}

/** 79 */
export interface SymbolSamples {
  readonly type: "symbolSamples";
  readonly reqId: number;
  readonly samples: readonly SymbolSample[];
}

export interface SymbolSample {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  readonly primaryExchange: string;
  readonly currency: string;
  readonly derivativeSecTypes: readonly string[];
  /** Since 176. */
  readonly description: string;
  /** Since 176. */
  readonly issuerId: string;
}

/** 75: one per exchange and trading class. */
export interface SecDefOptParam {
  readonly type: "securityDefinitionOptionParameter";
  readonly reqId: number;
  readonly exchange: string;
  readonly underlyingConId: number;
  readonly tradingClass: string;
  readonly multiplier: string;
  /** `yyyymmdd` each. */
  readonly expirations: readonly string[];
  readonly strikes: readonly number[];
}

/** 76 */
export interface SecDefOptParamEnd {
  readonly type: "securityDefinitionOptionParameterEnd";
  readonly reqId: number;
}

/** 93 */
export interface MarketRule {
  readonly type: "marketRule";
  readonly marketRuleId: number;
  readonly priceIncrements: readonly PriceIncrement[];
}

/** From lowEdge on, prices move in this increment. */
export interface PriceIncrement {
  readonly lowEdge: number;
  readonly increment: number;
}

export interface ContractReplies {
  contractDetails: ContractDetailsReply;
  bondContractDetails: BondContractDetailsReply;
  contractDetailsEnd: ContractDetailsEnd;
  symbolSamples: SymbolSamples;
  securityDefinitionOptionParameter: SecDefOptParam;
  securityDefinitionOptionParameterEnd: SecDefOptParamEnd;
  marketRule: MarketRule;
}
