import { contract12, EMPTY_ORDER_CONTRACT, isCombination } from "./contract.ts";
import {
  AMOUNT,
  BOOL,
  BOOL_BLANK,
  INT,
  INT_BLANK,
  INT_MAX,
  JAVA_BLANK,
  JAVA_MAX,
  MONEY_BLANK,
  MONEY_MAX,
  OFFSET,
  QUANTITY,
  TEXT,
} from "./fields.ts";
import type { Cursor } from "./layout.ts";
import {
  algo,
  benchmarkAndConditions,
  clearing,
  comboLegs,
  customer,
  deltaNeutral,
  financialAdvisor,
  hedge,
  type OrderContractDraft,
  type OrderDraft,
  pegToStock,
  scaleSizes,
  shortSale,
  volatility,
} from "./order_blocks.ts";
import { UNSET_ORDER } from "./order_defaults.ts";
import type { PlaceOrder } from "./requests_orders.ts";
import { TAG_VALUES } from "./tag_values.ts";
import { SINCE } from "./versions.ts";

/** Layout of placeOrder (3): 114 fields for a plain order at 178. */
export function placeOrder(io: Cursor, message: Partial<PlaceOrder>): PlaceOrder {
  if (io.serverVersion < SINCE.ORDER_CONTAINER) io.constant("45");
  const orderId = io.id(message.orderId);
  const contract: OrderContractDraft = {
    ...EMPTY_ORDER_CONTRACT,
    ...message.contract,
    ...contract12(io, message.contract),
  };
  contract.secIdType = io.field(TEXT, contract.secIdType);
  contract.secId = io.field(TEXT, contract.secId);
  const order: OrderDraft = { ...UNSET_ORDER, ...message.order };
  terms(io, order);
  if (isCombination(contract)) comboLegs(io, contract, order);
  allocation(io, order);
  restrictions(io, order);
  volatility(io, order);
  trailAndScale(io, order);
  hedge(io, order);
  order.optOutSmartRouting = io.field(BOOL, order.optOutSmartRouting);
  clearing(io, order);
  order.notHeld = io.field(BOOL, order.notHeld);
  deltaNeutral(io, contract);
  algo(io, order);
  flags(io, order);
  benchmarkAndConditions(io, order);
  adjustment(io, order);
  regulation(io, order);
  attributes(io, order);
  pegs(io, contract, order);
  tail(io, order);
  return { type: "placeOrder", orderId, contract, order };
}

function terms(io: Cursor, order: OrderDraft): void {
  order.action = io.field(TEXT, order.action);
  order.totalQuantity = io.field(QUANTITY, order.totalQuantity);
  order.orderType = io.field(TEXT, order.orderType);
  order.lmtPrice = io.field(MONEY_BLANK, order.lmtPrice);
  order.auxPrice = io.field(MONEY_BLANK, order.auxPrice);
  order.tif = io.field(TEXT, order.tif);
  order.ocaGroup = io.field(TEXT, order.ocaGroup);
  order.account = io.field(TEXT, order.account);
  order.openClose = io.field(TEXT, order.openClose);
  order.origin = io.field(INT, order.origin);
  order.orderRef = io.field(TEXT, order.orderRef);
  order.transmit = io.field(BOOL, order.transmit);
  order.parentId = io.field(INT, order.parentId);
  order.blockOrder = io.field(BOOL, order.blockOrder);
  order.sweepToFill = io.field(BOOL, order.sweepToFill);
  order.displaySize = io.field(INT_BLANK, order.displaySize);
  order.triggerMethod = io.field(INT, order.triggerMethod);
  order.outsideRth = io.field(BOOL, order.outsideRth);
  order.hidden = io.field(BOOL, order.hidden);
}

function allocation(io: Cursor, order: OrderDraft): void {
  order.sharesAllocation = io.field(TEXT, order.sharesAllocation);
  order.discretionaryAmt = io.field(AMOUNT, order.discretionaryAmt);
  order.goodAfterTime = io.field(TEXT, order.goodAfterTime);
  order.goodTillDate = io.field(TEXT, order.goodTillDate);
  financialAdvisor(io, order);
  shortSale(io, order);
}

function restrictions(io: Cursor, order: OrderDraft): void {
  order.ocaType = io.field(INT, order.ocaType);
  order.rule80A = io.field(TEXT, order.rule80A);
  order.settlingFirm = io.field(TEXT, order.settlingFirm);
  order.allOrNone = io.field(BOOL, order.allOrNone);
  order.minQty = io.field(INT_BLANK, order.minQty);
  order.percentOffset = io.field(JAVA_BLANK, order.percentOffset);
  order.eTradeOnly = io.field(BOOL, order.eTradeOnly);
  order.firmQuoteOnly = io.field(BOOL, order.firmQuoteOnly);
  order.nbboPriceCap = io.field(JAVA_BLANK, order.nbboPriceCap);
  order.auctionStrategy = io.field(INT, order.auctionStrategy);
  pegToStock(io, order);
  order.overridePercentageConstraints = io.field(BOOL, order.overridePercentageConstraints);
}

function trailAndScale(io: Cursor, order: OrderDraft): void {
  order.trailStopPrice = io.field(MONEY_BLANK, order.trailStopPrice);
  order.trailingPercent = io.field(JAVA_BLANK, order.trailingPercent);
  scaleSizes(io, order, INT_BLANK);
  order.scaleTable = io.field(TEXT, order.scaleTable);
  order.activeStartTime = io.field(TEXT, order.activeStartTime);
  order.activeStopTime = io.field(TEXT, order.activeStopTime);
}

function flags(io: Cursor, order: OrderDraft): void {
  order.algoId = io.field(TEXT, order.algoId);
  order.whatIf = io.field(BOOL, order.whatIf);
  order.orderMiscOptions = io.field(TAG_VALUES, order.orderMiscOptions);
  order.solicited = io.field(BOOL, order.solicited);
  order.randomizeSize = io.field(BOOL, order.randomizeSize);
  order.randomizePrice = io.field(BOOL, order.randomizePrice);
}

function adjustment(io: Cursor, order: OrderDraft): void {
  if (io.serverVersion < SINCE.PEGGED_TO_BENCHMARK) return;
  order.adjustedOrderType = io.field(TEXT, order.adjustedOrderType);
  order.triggerPrice = io.field(MONEY_MAX, order.triggerPrice);
  order.lmtPriceOffset = io.field(MONEY_MAX, order.lmtPriceOffset);
  order.adjustedStopPrice = io.field(MONEY_MAX, order.adjustedStopPrice);
  order.adjustedStopLimitPrice = io.field(MONEY_MAX, order.adjustedStopLimitPrice);
  order.adjustedTrailingAmount = io.field(JAVA_MAX, order.adjustedTrailingAmount);
  order.adjustableTrailingUnit = io.field(INT_BLANK, order.adjustableTrailingUnit);
}

function regulation(io: Cursor, order: OrderDraft): void {
  order.extOperator = io.since(SINCE.EXT_OPERATOR, TEXT, order.extOperator);
  order.softDollarTier = {
    name: io.since(SINCE.SOFT_DOLLAR_TIER, TEXT, order.softDollarTier.name),
    value: io.since(SINCE.SOFT_DOLLAR_TIER, TEXT, order.softDollarTier.value),
    displayName: order.softDollarTier.displayName,
  };
  order.cashQty = io.since(SINCE.CASH_QTY, MONEY_MAX, order.cashQty);
  order.mifid2DecisionMaker = io.since(SINCE.DECISION_MAKER, TEXT, order.mifid2DecisionMaker);
  order.mifid2DecisionAlgo = io.since(SINCE.DECISION_MAKER, TEXT, order.mifid2DecisionAlgo);
  order.mifid2ExecutionTrader = io.since(SINCE.MIFID_EXECUTION, TEXT, order.mifid2ExecutionTrader);
  order.mifid2ExecutionAlgo = io.since(SINCE.MIFID_EXECUTION, TEXT, order.mifid2ExecutionAlgo);
}

function attributes(io: Cursor, order: OrderDraft): void {
  order.dontUseAutoPriceForHedge = io.since(
    SINCE.AUTO_PRICE_FOR_HEDGE,
    BOOL,
    order.dontUseAutoPriceForHedge,
  );
  order.isOmsContainer = io.since(SINCE.ORDER_CONTAINER, BOOL, order.isOmsContainer);
  order.discretionaryUpToLimitPrice = io.since(
    SINCE.D_PEG_ORDERS,
    BOOL,
    order.discretionaryUpToLimitPrice,
  );
  order.usePriceMgmtAlgo = io.since(SINCE.PRICE_MGMT_ALGO, BOOL_BLANK, order.usePriceMgmtAlgo);
  order.duration = io.since(SINCE.DURATION, INT_MAX, order.duration);
  order.postToAts = io.since(SINCE.POST_TO_ATS, INT_MAX, order.postToAts);
  order.autoCancelParent = io.since(SINCE.AUTO_CANCEL_PARENT, BOOL, order.autoCancelParent);
  order.advancedErrorOverride = io.since(
    SINCE.ADVANCED_ORDER_REJECT,
    TEXT,
    order.advancedErrorOverride,
  );
  order.manualOrderTime = io.since(SINCE.MANUAL_ORDER_TIME, TEXT, order.manualOrderTime);
}

/** Which of these a client sends depends on the destination and the order type. */
function pegs(io: Cursor, contract: OrderContractDraft, order: OrderDraft): void {
  if (io.serverVersion < SINCE.PEGBEST_PEGMID_OFFSETS) return;
  if (contract.exchange === "IBKRATS") order.minTradeQty = io.field(INT_BLANK, order.minTradeQty);
  const best = order.orderType === "PEG BEST" || order.orderType === "PEGBEST";
  const mid = order.orderType === "PEG MID" || order.orderType === "PEGMID";
  if (best) {
    order.minCompeteSize = io.field(INT_BLANK, order.minCompeteSize);
    order.competeAgainstBestOffset = io.field(OFFSET, order.competeAgainstBestOffset);
  }
  if (!mid && !(best && order.competeAgainstBestOffset === Infinity)) return;
  order.midOffsetAtWhole = io.field(JAVA_BLANK, order.midOffsetAtWhole);
  order.midOffsetAtHalf = io.field(JAVA_BLANK, order.midOffsetAtHalf);
}

function tail(io: Cursor, order: OrderDraft): void {
  customer(io, order);
  if (io.serverVersion >= SINCE.RFQ_FIELDS && io.serverVersion < SINCE.UNDO_RFQ_FIELDS) {
    order.externalUserId = io.field(TEXT, order.externalUserId);
    order.manualOrderIndicator = io.field(INT_MAX, order.manualOrderIndicator);
  }
  order.includeOvernight = io.since(SINCE.INCLUDE_OVERNIGHT, BOOL, order.includeOvernight);
  if (io.serverVersion >= SINCE.CME_TAGGING_FIELDS) {
    order.manualOrderIndicator = io.field(INT_MAX, order.manualOrderIndicator);
  }
  order.imbalanceOnly = io.since(SINCE.IMBALANCE_ONLY, BOOL, order.imbalanceOnly);
}
