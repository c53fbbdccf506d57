import {
  AMOUNT,
  BOOL,
  BOOL_BLANK,
  INT,
  INT_BLANK,
  INT_MAX,
  JAVA_BLANK,
  JAVA_MAX,
  LONG,
  MONEY_BLANK,
  MONEY_MAX,
  QUANTITY,
  QUANTITY_BLANK,
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
  type OrderDraft,
  pegToStock,
  reportedContract,
  reportedPegs,
  scaleSizes,
  shortSale,
  volatility,
} from "./order_blocks.ts";
import { UNSET_ORDER } from "./order_defaults.ts";
import { orderState } from "./order_state.ts";
import type { OpenOrder } from "./replies_orders.ts";
import { SINCE } from "./versions.ts";

/** Layout of openOrder (5): 135 fields for a plain order at 178, whose deltaNeutralOrderType is the word `None`. */
export function openOrder(io: Cursor, message: Partial<OpenOrder>): OpenOrder {
  if (io.serverVersion < SINCE.ORDER_CONTAINER) io.constant("34");
  const orderId = io.id(message.orderId);
  const contract = reportedContract(io, message.contract);
  const order: OrderDraft = { ...UNSET_ORDER, ...message.order };
  terms(io, order);
  restrictions(io, order);
  volatility(io, order);
  order.trailStopPrice = io.field(MONEY_BLANK, order.trailStopPrice);
  order.trailingPercent = io.field(JAVA_BLANK, order.trailingPercent);
  order.basisPoints = io.field(JAVA_BLANK, order.basisPoints);
  order.basisPointsType = io.field(INT_BLANK, order.basisPointsType);
  contract.comboLegsDescrip = io.field(TEXT, contract.comboLegsDescrip);
  comboLegs(io, contract, order);
  scaleSizes(io, order, INT_MAX);
  hedge(io, order);
  order.optOutSmartRouting = io.field(BOOL, order.optOutSmartRouting);
  clearing(io, order);
  order.notHeld = io.field(BOOL, order.notHeld);
  deltaNeutral(io, contract);
  algo(io, order);
  order.solicited = io.field(BOOL, order.solicited);
  order.whatIf = io.field(BOOL, order.whatIf);
  const state = orderState(io, message.state);
  order.randomizeSize = io.field(BOOL, order.randomizeSize);
  order.randomizePrice = io.field(BOOL, order.randomizePrice);
  benchmarkAndConditions(io, order);
  adjustment(io, order);
  attributes(io, order);
  tail(io, order);
  return { type: "openOrder", orderId, contract, order, state };
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
  order.clientId = io.field(INT, order.clientId);
  order.permId = io.field(LONG, order.permId);
  order.outsideRth = io.field(BOOL, order.outsideRth);
  order.hidden = io.field(BOOL, order.hidden);
  order.discretionaryAmt = io.field(AMOUNT, order.discretionaryAmt);
  order.goodAfterTime = io.field(TEXT, order.goodAfterTime);
  order.sharesAllocation = io.field(TEXT, order.sharesAllocation);
  financialAdvisor(io, order);
  order.goodTillDate = io.field(TEXT, order.goodTillDate);
}

function restrictions(io: Cursor, order: OrderDraft): void {
  order.rule80A = io.field(TEXT, order.rule80A);
  order.percentOffset = io.field(JAVA_BLANK, order.percentOffset);
  order.settlingFirm = io.field(TEXT, order.settlingFirm);
  shortSale(io, order);
  order.auctionStrategy = io.field(INT, order.auctionStrategy);
  pegToStock(io, order);
  order.displaySize = io.field(INT_MAX, order.displaySize);
  order.blockOrder = io.field(BOOL, order.blockOrder);
  order.sweepToFill = io.field(BOOL, order.sweepToFill);
  order.allOrNone = io.field(BOOL, order.allOrNone);
  order.minQty = io.field(INT_BLANK, order.minQty);
  order.ocaType = io.field(INT, order.ocaType);
  order.eTradeOnly = io.field(BOOL, order.eTradeOnly);
  order.firmQuoteOnly = io.field(BOOL, order.firmQuoteOnly);
  order.nbboPriceCap = io.field(JAVA_BLANK, order.nbboPriceCap);
  order.parentId = io.field(INT, order.parentId);
  order.triggerMethod = io.field(INT, order.triggerMethod);
}

/** trailStopPrice comes a second time here, and spells unset another way. */
function adjustment(io: Cursor, order: OrderDraft): void {
  if (io.serverVersion >= SINCE.PEGGED_TO_BENCHMARK) {
    order.adjustedOrderType = io.field(TEXT, order.adjustedOrderType);
    order.triggerPrice = io.field(MONEY_MAX, order.triggerPrice);
    order.trailStopPrice = io.field(MONEY_MAX, order.trailStopPrice);
    order.lmtPriceOffset = io.field(MONEY_MAX, order.lmtPriceOffset);
    order.adjustedStopPrice = io.field(MONEY_MAX, order.adjustedStopPrice);
    order.adjustedStopLimitPrice = io.field(MONEY_MAX, order.adjustedStopLimitPrice);
    order.adjustedTrailingAmount = io.field(JAVA_MAX, order.adjustedTrailingAmount);
    order.adjustableTrailingUnit = io.field(INT_BLANK, order.adjustableTrailingUnit);
  }
  order.softDollarTier = {
    name: io.since(SINCE.SOFT_DOLLAR_TIER, TEXT, order.softDollarTier.name),
    value: io.since(SINCE.SOFT_DOLLAR_TIER, TEXT, order.softDollarTier.value),
    displayName: io.since(SINCE.SOFT_DOLLAR_TIER, TEXT, order.softDollarTier.displayName),
  };
  order.cashQty = io.since(SINCE.CASH_QTY, QUANTITY_BLANK, order.cashQty);
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
  order.duration = io.since(SINCE.DURATION, INT_BLANK, order.duration);
  order.postToAts = io.since(SINCE.POST_TO_ATS, INT_BLANK, order.postToAts);
  order.autoCancelParent = io.since(SINCE.AUTO_CANCEL_PARENT, BOOL, order.autoCancelParent);
}

function tail(io: Cursor, order: OrderDraft): void {
  reportedPegs(io, order);
  customer(io, order);
  order.bondAccruedInterest = io.since(
    SINCE.BOND_ACCRUED_INTEREST,
    TEXT,
    order.bondAccruedInterest,
  );
  order.includeOvernight = io.since(SINCE.INCLUDE_OVERNIGHT, BOOL, order.includeOvernight);
  const tagging = SINCE.CME_TAGGING_FIELDS_IN_OPEN_ORDER;
  order.extOperator = io.since(tagging, TEXT, order.extOperator);
  order.manualOrderIndicator = io.since(tagging, INT_BLANK, order.manualOrderIndicator);
  order.submitter = io.since(SINCE.SUBMITTER, TEXT, order.submitter);
  order.imbalanceOnly = io.since(SINCE.IMBALANCE_ONLY, BOOL, order.imbalanceOnly);
}
