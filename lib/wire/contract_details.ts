import type { Micros } from "../money.ts";
import { EMPTY_CONTRACT, type TagValue, tagValue, type WireContract } from "./contract.ts";
import { BOOL, INT, INT_MAX, NUMBER, PROSE, QUANTITY_BLANK, TEXT } from "./fields.ts";
import type { Cursor } from "./layout.ts";
import { SINCE } from "./versions.ts";

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

/** Layout of contractDetails (10) behind its reqId. */
export function contractDetails(io: Cursor, d: Partial<ContractDetails> = {}): ContractDetails {
  const c: Partial<WireContract> = d.contract ?? {};
  const symbol = io.field(TEXT, c.symbol);
  const secType = io.field(TEXT, c.secType);
  const lastTradeDateOrContractMonth = io.field(TEXT, c.lastTradeDateOrContractMonth);
  const lastTradeDate = io.since(SINCE.LAST_TRADE_DATE, TEXT, d.lastTradeDate);
  const strike = io.field(NUMBER, c.strike);
  const right = io.field(TEXT, c.right);
  const exchange = io.field(TEXT, c.exchange);
  const currency = io.field(TEXT, c.currency);
  const localSymbol = io.field(TEXT, c.localSymbol);
  const marketName = io.field(TEXT, d.marketName);
  const tradingClass = io.field(TEXT, c.tradingClass);
  const conId = io.field(INT, c.conId);
  const minTick = io.field(NUMBER, d.minTick);
  sizeMultiplier(io);
  const multiplier = io.field(TEXT, c.multiplier);
  const orderTypes = io.field(TEXT, d.orderTypes);
  const validExchanges = io.field(TEXT, d.validExchanges);
  const priceMagnifier = io.field(INT, d.priceMagnifier);
  const underConId = io.field(INT, d.underConId);
  const longName = io.field(PROSE, d.longName);
  const primaryExchange = io.field(TEXT, c.primaryExchange);
  return {
    contract: {
      conId,
      symbol,
      secType,
      lastTradeDateOrContractMonth,
      strike,
      right,
      multiplier,
      exchange,
      primaryExchange,
      currency,
      localSymbol,
      tradingClass,
    },
    lastTradeDate,
    marketName,
    minTick,
    orderTypes,
    validExchanges,
    priceMagnifier,
    underConId,
    longName,
    ...classification(io, d),
    ...secondaryIds(io, d),
    ...underlyingAndRules(io, d),
    fund: io.serverVersion >= SINCE.FUND_DATA_FIELDS && secType === "FUND"
      ? fundDetails(io, d.fund ?? {})
      : null,
    ineligibilityReasons: io.serverVersion < SINCE.INELIGIBILITY_REASONS
      ? []
      : io.list(ineligibilityReason, d.ineligibilityReasons),
  };
}

/** A field that was there for a while and never meant anything to a client. */
function sizeMultiplier(io: Cursor): void {
  const { serverVersion } = io;
  if (serverVersion >= SINCE.MD_SIZE_MULTIPLIER && serverVersion < SINCE.SIZE_RULES) {
    io.constant("1");
  }
}

type Classification = Pick<
  ContractDetails,
  | "contractMonth"
  | "industry"
  | "category"
  | "subcategory"
  | "timeZoneId"
  | "tradingHours"
  | "liquidHours"
>;

function classification(io: Cursor, d: Partial<ContractDetails>): Classification {
  return {
    contractMonth: io.field(TEXT, d.contractMonth),
    industry: io.field(TEXT, d.industry),
    category: io.field(TEXT, d.category),
    subcategory: io.field(TEXT, d.subcategory),
    timeZoneId: io.field(TEXT, d.timeZoneId),
    tradingHours: io.field(TEXT, d.tradingHours),
    liquidHours: io.field(TEXT, d.liquidHours),
  };
}

type SecondaryIds = Pick<BondDetails, "evRule" | "evMultiplier" | "secIdList" | "aggGroup">;

/** The same for bonds. */
function secondaryIds(io: Cursor, d: Partial<SecondaryIds>): SecondaryIds {
  return {
    evRule: io.field(TEXT, d.evRule),
    evMultiplier: io.field(NUMBER, d.evMultiplier),
    secIdList: io.list(tagValue, d.secIdList),
    aggGroup: io.since(SINCE.AGG_GROUP, INT_MAX, d.aggGroup),
  };
}

type SizeRules = Pick<BondDetails, "minSize" | "sizeIncrement" | "suggestedSizeIncrement">;

/** The same for bonds. */
function sizeRules(io: Cursor, d: Partial<SizeRules>): SizeRules {
  return {
    minSize: io.since(SINCE.SIZE_RULES, QUANTITY_BLANK, d.minSize),
    sizeIncrement: io.since(SINCE.SIZE_RULES, QUANTITY_BLANK, d.sizeIncrement),
    suggestedSizeIncrement: io.since(SINCE.SIZE_RULES, QUANTITY_BLANK, d.suggestedSizeIncrement),
  };
}

type UnderlyingAndRules =
  & SizeRules
  & Pick<
    ContractDetails,
    "underSymbol" | "underSecType" | "marketRuleIds" | "realExpirationDate" | "stockType"
  >;

function underlyingAndRules(io: Cursor, d: Partial<ContractDetails>): UnderlyingAndRules {
  const underSymbol = io.since(SINCE.UNDERLYING_INFO, TEXT, d.underSymbol);
  const underSecType = io.since(SINCE.UNDERLYING_INFO, TEXT, d.underSecType);
  const marketRuleIds = io.since(SINCE.MARKET_RULES, TEXT, d.marketRuleIds);
  const realExpirationDate = io.since(SINCE.REAL_EXPIRATION_DATE, TEXT, d.realExpirationDate);
  const stockType = io.since(SINCE.STOCK_TYPE, TEXT, d.stockType);
  // sizeMinTick, which lived for one version.
  if (io.serverVersion === SINCE.FRACTIONAL_SIZE_SUPPORT) io.constant("1");
  const rules = sizeRules(io, d);
  return { underSymbol, underSecType, marketRuleIds, realExpirationDate, stockType, ...rules };
}

function fundDetails(io: Cursor, fund: Partial<FundDetails>): FundDetails {
  return {
    name: io.field(TEXT, fund.name),
    family: io.field(TEXT, fund.family),
    type: io.field(TEXT, fund.type),
    frontLoad: io.field(TEXT, fund.frontLoad),
    backLoad: io.field(TEXT, fund.backLoad),
    backLoadTimeInterval: io.field(TEXT, fund.backLoadTimeInterval),
    managementFee: io.field(TEXT, fund.managementFee),
    closed: io.field(BOOL, fund.closed),
    closedForNewInvestors: io.field(BOOL, fund.closedForNewInvestors),
    closedForNewMoney: io.field(BOOL, fund.closedForNewMoney),
    notifyAmount: io.field(TEXT, fund.notifyAmount),
    minimumInitialPurchase: io.field(TEXT, fund.minimumInitialPurchase),
    subsequentMinimumPurchase: io.field(TEXT, fund.subsequentMinimumPurchase),
    blueSkyStates: io.field(TEXT, fund.blueSkyStates),
    blueSkyTerritories: io.field(TEXT, fund.blueSkyTerritories),
    distributionPolicyIndicator: io.field(TEXT, fund.distributionPolicyIndicator),
    assetType: io.field(TEXT, fund.assetType),
  };
}

function ineligibilityReason(
  io: Cursor,
  reason: Partial<IneligibilityReason>,
): IneligibilityReason {
  return { id: io.field(TEXT, reason.id), description: io.field(TEXT, reason.description) };
}

/** Layout of bondContractDetails (18) behind its reqId. */
export function bondDetails(io: Cursor, d: Partial<BondDetails> = {}): BondDetails {
  const symbol = io.field(TEXT, d.contract?.symbol);
  const secType = io.field(TEXT, d.contract?.secType);
  const cusip = io.field(TEXT, d.cusip);
  const coupon = io.field(NUMBER, d.coupon);
  const maturity = io.field(TEXT, d.maturity);
  const issueDate = io.field(TEXT, d.issueDate);
  const ratings = io.field(TEXT, d.ratings);
  const bondType = io.field(TEXT, d.bondType);
  const couponType = io.field(TEXT, d.couponType);
  const convertible = io.field(BOOL, d.convertible);
  const callable = io.field(BOOL, d.callable);
  const putable = io.field(BOOL, d.putable);
  const descAppend = io.field(TEXT, d.descAppend);
  const exchange = io.field(TEXT, d.contract?.exchange);
  const currency = io.field(TEXT, d.contract?.currency);
  const marketName = io.field(TEXT, d.marketName);
  const tradingClass = io.field(TEXT, d.contract?.tradingClass);
  const conId = io.field(INT, d.contract?.conId);
  const minTick = io.field(NUMBER, d.minTick);
  sizeMultiplier(io);
  return {
    contract: { ...EMPTY_CONTRACT, symbol, secType, exchange, currency, tradingClass, conId },
    cusip,
    coupon,
    maturity,
    issueDate,
    ratings,
    bondType,
    couponType,
    convertible,
    callable,
    putable,
    descAppend,
    marketName,
    minTick,
    orderTypes: io.field(TEXT, d.orderTypes),
    validExchanges: io.field(TEXT, d.validExchanges),
    nextOptionDate: io.field(TEXT, d.nextOptionDate),
    nextOptionType: io.field(TEXT, d.nextOptionType),
    nextOptionPartial: io.field(BOOL, d.nextOptionPartial),
    notes: io.field(TEXT, d.notes),
    longName: io.field(TEXT, d.longName),
    timeZoneId: io.since(SINCE.BOND_TRADING_HOURS, TEXT, d.timeZoneId),
    tradingHours: io.since(SINCE.BOND_TRADING_HOURS, TEXT, d.tradingHours),
    liquidHours: io.since(SINCE.BOND_TRADING_HOURS, TEXT, d.liquidHours),
    ...secondaryIds(io, d),
    marketRuleIds: io.since(SINCE.MARKET_RULES, TEXT, d.marketRuleIds),
    ...sizeRules(io, d),
  };
}
