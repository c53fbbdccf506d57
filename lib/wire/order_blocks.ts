import { condition } from "./condition.ts";
import {
  contract11,
  deltaNeutralContract,
  EMPTY_ORDER_CONTRACT,
  orderComboLeg,
  type OrderContract,
  tagValue,
} from "./contract.ts";
import { AMOUNT, BOOL, INT, INT_BLANK, JAVA_BLANK, OFFSET, type Scalar, TEXT } from "./fields.ts";
import type { Cursor } from "./layout.ts";
import type { DeltaNeutralHedge, WireOrder } from "./order.ts";
import { SINCE } from "./versions.ts";

/**
 * Blocks that the three order messages share. The messages are too long for one expression, so their layouts pass
 * through an order in the making: each step writes or reads a field of it, in wire order.
 */

export type Draft<T> = { -readonly [K in keyof T]: T[K] };
export type OrderDraft = Draft<WireOrder>;
export type OrderContractDraft = Draft<OrderContract>;

/** The contract as the server repeats it. */
export function reportedContract(
  io: Cursor,
  contract: Partial<OrderContract> = {},
): OrderContractDraft {
  return { ...EMPTY_ORDER_CONTRACT, ...contract, ...contract11(io, contract) };
}

export function comboLegs(io: Cursor, contract: OrderContractDraft, order: OrderDraft): void {
  contract.comboLegs = io.list(orderComboLeg, contract.comboLegs);
  order.orderComboLegPrices = io.values(JAVA_BLANK, order.orderComboLegPrices);
  order.smartComboRoutingParams = io.list(tagValue, order.smartComboRoutingParams);
}

/** `sizes` is how the message writes an unset number of shares. */
export function scaleSizes(io: Cursor, order: OrderDraft, sizes: Scalar<number | null>): void {
  order.scaleInitLevelSize = io.field(sizes, order.scaleInitLevelSize);
  order.scaleSubsLevelSize = io.field(sizes, order.scaleSubsLevelSize);
  order.scalePriceIncrement = io.field(JAVA_BLANK, order.scalePriceIncrement);
  if (order.scalePriceIncrement === null || order.scalePriceIncrement <= 0) return;
  const scale = order.scale;
  order.scale = {
    priceAdjustValue: io.field(JAVA_BLANK, scale.priceAdjustValue),
    priceAdjustInterval: io.field(INT_BLANK, scale.priceAdjustInterval),
    profitOffset: io.field(JAVA_BLANK, scale.profitOffset),
    autoReset: io.field(BOOL, scale.autoReset),
    initPosition: io.field(INT_BLANK, scale.initPosition),
    initFillQty: io.field(INT_BLANK, scale.initFillQty),
    randomPercent: io.field(BOOL, scale.randomPercent),
  };
}

export function hedge(io: Cursor, order: OrderDraft): void {
  order.hedgeType = io.field(TEXT, order.hedgeType);
  if (order.hedgeType !== "") order.hedgeParam = io.field(TEXT, order.hedgeParam);
}

/** The eight fields behind a deltaNeutralOrderType. */
function hedgeDetails(io: Cursor, hedge: DeltaNeutralHedge): DeltaNeutralHedge {
  return {
    conId: io.field(INT, hedge.conId),
    settlingFirm: io.field(TEXT, hedge.settlingFirm),
    clearingAccount: io.field(TEXT, hedge.clearingAccount),
    clearingIntent: io.field(TEXT, hedge.clearingIntent),
    openClose: io.field(TEXT, hedge.openClose),
    shortSale: io.field(BOOL, hedge.shortSale),
    shortSaleSlot: io.field(INT, hedge.shortSaleSlot),
    designatedLocation: io.field(TEXT, hedge.designatedLocation),
  };
}

/** The same in placeOrder and openOrder. */
export function volatility(io: Cursor, order: OrderDraft): void {
  order.volatility = io.field(JAVA_BLANK, order.volatility);
  order.volatilityType = io.field(INT_BLANK, order.volatilityType);
  order.deltaNeutralOrderType = io.field(TEXT, order.deltaNeutralOrderType);
  order.deltaNeutralAuxPrice = io.field(JAVA_BLANK, order.deltaNeutralAuxPrice);
  if (order.deltaNeutralOrderType !== "") order.deltaNeutral = hedgeDetails(io, order.deltaNeutral);
  order.continuousUpdate = io.field(INT, order.continuousUpdate);
  order.referencePriceType = io.field(INT_BLANK, order.referencePriceType);
}

export function clearing(io: Cursor, order: OrderDraft): void {
  order.clearingAccount = io.field(TEXT, order.clearingAccount);
  order.clearingIntent = io.field(TEXT, order.clearingIntent);
}

export function deltaNeutral(io: Cursor, contract: OrderContractDraft): void {
  contract.deltaNeutralContract = deltaNeutralContract(io, contract.deltaNeutralContract);
}

export function algo(io: Cursor, order: OrderDraft): void {
  order.algoStrategy = io.field(TEXT, order.algoStrategy);
  if (order.algoStrategy !== "") order.algoParams = io.list(tagValue, order.algoParams);
}

export function financialAdvisor(io: Cursor, order: OrderDraft): void {
  order.faGroup = io.field(TEXT, order.faGroup);
  order.faMethod = io.field(TEXT, order.faMethod);
  order.faPercentage = io.field(TEXT, order.faPercentage);
  order.faProfile = io.until(SINCE.FA_PROFILE_DESUPPORT, TEXT, order.faProfile);
  order.modelCode = io.since(SINCE.MODELS_SUPPORT, TEXT, order.modelCode);
}

export function shortSale(io: Cursor, order: OrderDraft): void {
  order.shortSaleSlot = io.field(INT, order.shortSaleSlot);
  order.designatedLocation = io.field(TEXT, order.designatedLocation);
  order.exemptCode = io.field(INT, order.exemptCode);
}

/** Prices of the box and of orders pegged to a stock. */
export function pegToStock(io: Cursor, order: OrderDraft): void {
  order.startingPrice = io.field(JAVA_BLANK, order.startingPrice);
  order.stockRefPrice = io.field(JAVA_BLANK, order.stockRefPrice);
  order.delta = io.field(JAVA_BLANK, order.delta);
  order.stockRangeLower = io.field(JAVA_BLANK, order.stockRangeLower);
  order.stockRangeUpper = io.field(JAVA_BLANK, order.stockRangeUpper);
}

/** The benchmark's fields, and the conditions, which came with the same version. */
export function benchmarkAndConditions(io: Cursor, order: OrderDraft): void {
  if (io.serverVersion < SINCE.PEGGED_TO_BENCHMARK) return;
  if (isPeggedToBenchmark(order.orderType)) {
    const pegged = order.peggedToBenchmark;
    order.peggedToBenchmark = {
      referenceContractId: io.field(INT, pegged.referenceContractId),
      isPeggedChangeAmountDecrease: io.field(BOOL, pegged.isPeggedChangeAmountDecrease),
      peggedChangeAmount: io.field(AMOUNT, pegged.peggedChangeAmount),
      referenceChangeAmount: io.field(AMOUNT, pegged.referenceChangeAmount),
      referenceExchangeId: io.field(TEXT, pegged.referenceExchangeId),
    };
  }
  order.conditions = io.list(condition, order.conditions);
  if (order.conditions.length === 0) return;
  order.conditionsIgnoreRth = io.field(BOOL, order.conditionsIgnoreRth);
  order.conditionsCancelOrder = io.field(BOOL, order.conditionsCancelOrder);
}

/** As the server writes them: always there since 170. */
export function reportedPegs(io: Cursor, order: OrderDraft): void {
  const since = SINCE.PEGBEST_PEGMID_OFFSETS;
  order.minTradeQty = io.since(since, INT_BLANK, order.minTradeQty);
  order.minCompeteSize = io.since(since, INT_BLANK, order.minCompeteSize);
  order.competeAgainstBestOffset = io.since(since, OFFSET, order.competeAgainstBestOffset);
  order.midOffsetAtWhole = io.since(since, JAVA_BLANK, order.midOffsetAtWhole);
  order.midOffsetAtHalf = io.since(since, JAVA_BLANK, order.midOffsetAtHalf);
}

export function customer(io: Cursor, order: OrderDraft): void {
  order.customerAccount = io.since(SINCE.CUSTOMER_ACCOUNT, TEXT, order.customerAccount);
  order.professionalCustomer = io.since(
    SINCE.PROFESSIONAL_CUSTOMER,
    BOOL,
    order.professionalCustomer,
  );
}

function isPeggedToBenchmark(orderType: string): boolean {
  return orderType === "PEG BENCH" || orderType === "PEGBENCH";
}
