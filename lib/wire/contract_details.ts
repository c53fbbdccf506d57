import type { Micros } from "../money.ts";
import type { TagValue, WireContract } from "./contract.ts";

/** Everything contractDetails says of an instrument that is not a bond. */
export interface ContractDetails {
  /** lastTradeDateOrContractMonth may carry time and zone: `20250919 08:30 US/Central`. */
  readonly contract: WireContract;
  /** Since 182. */
  readonly lastTradeDate: string;
  readonly marketName: string;
  readonly minTick: number;
  /** Comma separated. */
  readonly orderTypes: string;
  /** Comma separated. */
  readonly validExchanges: string;
  readonly priceMagnifier: number;
  readonly underConId: number;
  readonly longName: string;
  readonly contractMonth: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  /** `US/Eastern`. */
  readonly timeZoneId: string;
  /** `20260402:0400-20260402:2000;20260403:CLOSED`, in timeZoneId. */
  readonly tradingHours: string;
  readonly liquidHours: string;
  readonly evRule: string;
  readonly evMultiplier: number;
  /** ISIN and the like. */
  readonly secIdList: readonly TagValue[];
  readonly aggGroup: number | null;
  readonly underSymbol: string;
  readonly underSecType: string;
  /** Comma separated, one per valid exchange. */
  readonly marketRuleIds: string;
  /** `yyyymmdd`. */
  readonly realExpirationDate: string;
  /** COMMON, ETF, ADR … */
  readonly stockType: string;
  /** Null before 164, here and below. */
  readonly minSize: Micros | null;
  readonly sizeIncrement: Micros | null;
  readonly suggestedSizeIncrement: Micros | null;
  /** Of secType FUND since 179, else null. */
  readonly fund: FundDetails | null;
  /** Since 186. */
  readonly ineligibilityReasons: readonly IneligibilityReason[];
}

export interface FundDetails {
  readonly name: string;
  readonly family: string;
  readonly type: string;
  readonly frontLoad: string;
  readonly backLoad: string;
  readonly backLoadTimeInterval: string;
  readonly managementFee: string;
  readonly closed: boolean;
  readonly closedForNewInvestors: boolean;
  readonly closedForNewMoney: boolean;
  readonly notifyAmount: string;
  readonly minimumInitialPurchase: string;
  readonly subsequentMinimumPurchase: string;
  readonly blueSkyStates: string;
  readonly blueSkyTerritories: string;
  readonly distributionPolicyIndicator: string;
  readonly assetType: string;
}

export interface IneligibilityReason {
  readonly id: string;
  readonly description: string;
}

/** Everything bondContractDetails says. */
export interface BondDetails {
  /** symbol, secType, exchange, currency, tradingClass and conId are set, the rest is empty. */
  readonly contract: WireContract;
  readonly cusip: string;
  readonly coupon: number;
  /** `yyyymmdd`, perhaps with time and zone. */
  readonly maturity: string;
  readonly issueDate: string;
  readonly ratings: string;
  readonly bondType: string;
  readonly couponType: string;
  readonly convertible: boolean;
  readonly callable: boolean;
  readonly putable: boolean;
  readonly descAppend: string;
  readonly marketName: string;
  readonly minTick: number;
  readonly orderTypes: string;
  readonly validExchanges: string;
  readonly nextOptionDate: string;
  readonly nextOptionType: string;
  readonly nextOptionPartial: boolean;
  readonly notes: string;
  readonly longName: string;
  /** Since 188, here and below. */
  readonly timeZoneId: string;
  readonly tradingHours: string;
  readonly liquidHours: string;
  readonly evRule: string;
  readonly evMultiplier: number;
  readonly secIdList: readonly TagValue[];
  readonly aggGroup: number | null;
  readonly marketRuleIds: string;
  /** Null before 164, here and below. */
  readonly minSize: Micros | null;
  readonly sizeIncrement: Micros | null;
  readonly suggestedSizeIncrement: Micros | null;
}
