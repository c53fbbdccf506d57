import {
  type BondDetails,
  bondDetails,
  type ContractDetails,
  contractDetails,
} from "./contract_details.ts";
import { INT, NUMBER, TEXT } from "./fields.ts";
import { type Cursor, message, type Messages } from "./layout.ts";
import { SINCE } from "./versions.ts";

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

export const CONTRACT_REPLIES: Messages<ContractReplies> = {
  contractDetails: message(10, (io, m) => {
    if (io.serverVersion < SINCE.SIZE_RULES) io.constant("8");
    return {
      type: "contractDetails",
      reqId: io.id(m.reqId),
      details: contractDetails(io, m.details),
    };
  }),
  bondContractDetails: message(18, (io, m) => {
    if (io.serverVersion < SINCE.SIZE_RULES) io.constant("6");
    return {
      type: "bondContractDetails",
      reqId: io.id(m.reqId),
      details: bondDetails(io, m.details),
    };
  }),
  contractDetailsEnd: message(52, (io, m) => {
    io.constant("1");
    return { type: "contractDetailsEnd", reqId: io.id(m.reqId) };
  }),
  symbolSamples: message(79, (io, m) => ({
    type: "symbolSamples",
    reqId: io.id(m.reqId),
    samples: io.list(symbolSample, m.samples),
  })),
  securityDefinitionOptionParameter: message(75, secDefOptParam),
  securityDefinitionOptionParameterEnd: message(76, (io, m) => ({
    type: "securityDefinitionOptionParameterEnd",
    reqId: io.id(m.reqId),
  })),
  marketRule: message(93, (io, m) => ({
    type: "marketRule",
    marketRuleId: io.field(INT, m.marketRuleId),
    priceIncrements: io.list(priceIncrement, m.priceIncrements),
  })),
};

function symbolSample(io: Cursor, sample: Partial<SymbolSample>): SymbolSample {
  return {
    conId: io.field(INT, sample.conId),
    symbol: io.field(TEXT, sample.symbol),
    secType: io.field(TEXT, sample.secType),
    primaryExchange: io.field(TEXT, sample.primaryExchange),
    currency: io.field(TEXT, sample.currency),
    derivativeSecTypes: io.values(TEXT, sample.derivativeSecTypes),
    description: io.since(SINCE.BOND_ISSUERID, TEXT, sample.description),
    issuerId: io.since(SINCE.BOND_ISSUERID, TEXT, sample.issuerId),
  };
}

function secDefOptParam(io: Cursor, m: Partial<SecDefOptParam>): SecDefOptParam {
  return {
    type: "securityDefinitionOptionParameter",
    reqId: io.id(m.reqId),
    exchange: io.field(TEXT, m.exchange),
    underlyingConId: io.field(INT, m.underlyingConId),
    tradingClass: io.field(TEXT, m.tradingClass),
    multiplier: io.field(TEXT, m.multiplier),
    expirations: io.values(TEXT, m.expirations),
    strikes: io.values(NUMBER, m.strikes),
  };
}

function priceIncrement(io: Cursor, increment: Partial<PriceIncrement>): PriceIncrement {
  return {
    lowEdge: io.field(NUMBER, increment.lowEdge),
    increment: io.field(NUMBER, increment.increment),
  };
}
