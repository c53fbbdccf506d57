import type { Micros } from "../money.ts";
import type { Condition } from "./condition.ts";
import type { TagValue } from "./contract.ts";

/**
 * An order as placeOrder, openOrder and completedOrder carry it, under IB's names. No message carries all of it;
 * what a message lacks reads as in UNSET_ORDER. Null is IB's "unset", whichever of its spellings was on the wire.
 *
 * Quantities, cash and the prices an exchange compares are exact (Micros); ratios and model inputs are numbers.
 */
export interface WireOrder {
  /** BUY, SELL or SSHORT. */
  readonly action: string;
  /** 0 when only cashQty is given. */
  readonly totalQuantity: Micros;
  /** MKT, LMT, STP, STP LMT, TRAIL … */
  readonly orderType: string;
  readonly lmtPrice: Micros | null;
  /** Trigger of a stop, offset of a trail. */
  readonly auxPrice: Micros | null;
  /** DAY, GTC, IOC, GTD …; empty is DAY. */
  readonly tif: string;
  readonly ocaGroup: string;
  readonly account: string;
  /** O, C or empty. */
  readonly openClose: string;
  /** 0 customer, 1 firm. */
  readonly origin: number;
  readonly orderRef: string;
  /** openOrder only. */
  readonly clientId: number;
  /** Server's id for good; openOrder and completedOrder. 0 in placeOrder. */
  readonly permId: number;
  /** False holds it at TWS until a later order of its group is transmitted; placeOrder only. */
  readonly transmit: boolean;
  /** orderId of the parent, 0 for none. */
  readonly parentId: number;
  readonly blockOrder: boolean;
  readonly sweepToFill: boolean;
  /** Shares shown of an iceberg. */
  readonly displaySize: number | null;
  /** 0 default, 1 double bid/ask, 2 last, 3 double last, 4 bid/ask, 7 last or bid/ask, 8 midpoint. */
  readonly triggerMethod: number;
  readonly outsideRth: boolean;
  readonly hidden: boolean;
  readonly discretionaryAmt: number;
  /** `yyyymmdd hh:mm:ss zone`. */
  readonly goodAfterTime: string;
  readonly goodTillDate: string;
  /** Deprecated in placeOrder; in openOrder real TWS writes `permId.0/account/quantity`. */
  readonly sharesAllocation: string;
  readonly faGroup: string;
  readonly faMethod: string;
  readonly faPercentage: string;
  /** Until 176. */
  readonly faProfile: string;
  readonly modelCode: string;
  readonly shortSaleSlot: number;
  readonly designatedLocation: string;
  /** -1 when not applicable. */
  readonly exemptCode: number;
  /** 1 cancel with block, 2 reduce with block, 3 reduce without block; 0 unset. */
  readonly ocaType: number;
  readonly rule80A: string;
  readonly settlingFirm: string;
  readonly allOrNone: boolean;
  readonly minQty: number | null;
  readonly percentOffset: number | null;
  readonly eTradeOnly: boolean;
  readonly firmQuoteOnly: boolean;
  readonly nbboPriceCap: number | null;
  readonly auctionStrategy: number;
  readonly startingPrice: number | null;
  readonly stockRefPrice: number | null;
  readonly delta: number | null;
  readonly stockRangeLower: number | null;
  readonly stockRangeUpper: number | null;
  readonly overridePercentageConstraints: boolean;
  readonly volatility: number | null;
  /** 1 daily, 2 annual. */
  readonly volatilityType: number | null;
  /** Real TWS writes the word `None` in openOrder, so that the block below is always there. */
  readonly deltaNeutralOrderType: string;
  readonly deltaNeutralAuxPrice: number | null;
  /** Only on the wire when deltaNeutralOrderType is not empty. */
  readonly deltaNeutral: DeltaNeutralHedge;
  readonly continuousUpdate: number;
  readonly referencePriceType: number | null;
  /** Real TWS also writes it for LMT orders in openOrder: lmtPrice + 1. */
  readonly trailStopPrice: Micros | null;
  readonly trailingPercent: number | null;
  readonly basisPoints: number | null;
  readonly basisPointsType: number | null;
  /** One per combo leg, null where the leg has no price of its own; empty without. */
  readonly orderComboLegPrices: readonly (number | null)[];
  readonly smartComboRoutingParams: readonly TagValue[];
  readonly scaleInitLevelSize: number | null;
  readonly scaleSubsLevelSize: number | null;
  readonly scalePriceIncrement: number | null;
  /** Only on the wire when scalePriceIncrement is above 0. */
  readonly scale: Scale;
  readonly scaleTable: string;
  readonly activeStartTime: string;
  readonly activeStopTime: string;
  /** D delta, B beta, F FX, P pair; empty for none. */
  readonly hedgeType: string;
  readonly hedgeParam: string;
  readonly optOutSmartRouting: boolean;
  readonly clearingAccount: string;
  /** IB, Away or PTA. */
  readonly clearingIntent: string;
  readonly notHeld: boolean;
  readonly algoStrategy: string;
  readonly algoParams: readonly TagValue[];
  readonly algoId: string;
  /** Margin preview: nothing is placed. */
  readonly whatIf: boolean;
  readonly orderMiscOptions: readonly TagValue[];
  readonly solicited: boolean;
  readonly randomizeSize: boolean;
  readonly randomizePrice: boolean;
  /** Only on the wire when orderType is PEG BENCH. */
  readonly peggedToBenchmark: PeggedToBenchmark;
  readonly conditions: readonly Condition[];
  readonly conditionsIgnoreRth: boolean;
  /** True: the conditions cancel the order; false: they activate it. */
  readonly conditionsCancelOrder: boolean;
  /** Real TWS writes the word `None` in openOrder. */
  readonly adjustedOrderType: string;
  readonly triggerPrice: Micros | null;
  readonly lmtPriceOffset: Micros | null;
  readonly adjustedStopPrice: Micros | null;
  readonly adjustedStopLimitPrice: Micros | null;
  readonly adjustedTrailingAmount: number | null;
  readonly adjustableTrailingUnit: number | null;
  readonly extOperator: string;
  readonly softDollarTier: SoftDollarTier;
  /** Amount of money to trade instead of a quantity. */
  readonly cashQty: Micros | null;
  readonly mifid2DecisionMaker: string;
  readonly mifid2DecisionAlgo: string;
  readonly mifid2ExecutionTrader: string;
  readonly mifid2ExecutionAlgo: string;
  readonly dontUseAutoPriceForHedge: boolean;
  readonly isOmsContainer: boolean;
  readonly discretionaryUpToLimitPrice: boolean;
  readonly usePriceMgmtAlgo: boolean | null;
  /** Seconds. */
  readonly duration: number | null;
  readonly postToAts: number | null;
  readonly autoCancelParent: boolean;
  readonly advancedErrorOverride: string;
  readonly manualOrderTime: string;
  readonly minTradeQty: number | null;
  readonly minCompeteSize: number | null;
  /** Infinity is "up to the midpoint". */
  readonly competeAgainstBestOffset: number | null;
  readonly midOffsetAtWhole: number | null;
  readonly midOffsetAtHalf: number | null;
  readonly customerAccount: string;
  readonly professionalCustomer: boolean;
  readonly bondAccruedInterest: string;
  readonly externalUserId: string;
  readonly includeOvernight: boolean;
  readonly manualOrderIndicator: number | null;
  readonly submitter: string;
  readonly imbalanceOnly: boolean;
  /** The rest: completedOrder only. */
  readonly autoCancelDate: string;
  readonly filledQuantity: Micros;
  readonly refFuturesConId: number | null;
  readonly shareholder: string;
  readonly routeMarketableToBbo: boolean;
  readonly parentPermId: number | null;
}

export interface DeltaNeutralHedge {
  readonly conId: number;
  readonly settlingFirm: string;
  readonly clearingAccount: string;
  readonly clearingIntent: string;
  readonly openClose: string;
  readonly shortSale: boolean;
  readonly shortSaleSlot: number;
  readonly designatedLocation: string;
}

export interface Scale {
  readonly priceAdjustValue: number | null;
  /** Seconds. */
  readonly priceAdjustInterval: number | null;
  readonly profitOffset: number | null;
  readonly autoReset: boolean;
  readonly initPosition: number | null;
  readonly initFillQty: number | null;
  readonly randomPercent: boolean;
}

export interface PeggedToBenchmark {
  readonly referenceContractId: number;
  readonly isPeggedChangeAmountDecrease: boolean;
  readonly peggedChangeAmount: number;
  readonly referenceChangeAmount: number;
  readonly referenceExchangeId: string;
}

export interface SoftDollarTier {
  readonly name: string;
  readonly value: string;
  /** openOrder only. */
  readonly displayName: string;
}
