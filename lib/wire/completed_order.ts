import {
  AMOUNT,
  BOOL,
  INT,
  INT_BLANK,
  INT_MAX,
  JAVA_BLANK,
  LONG,
  LONG_MAX,
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
} from "./order_blocks.ts";
import { UNSET_ORDER } from "./order_defaults.ts";
import type { CompletedOrder } from "./replies_orders.ts";
import { SINCE } from "./versions.ts";

/** Layout of completedOrder (101): 100 fields for a plain order at 178, which like openOrder says `None`. */
export function completedOrder(io: Cursor, message: Partial<CompletedOrder>): CompletedOrder {
  const contract = reportedContract(io, message.contract);
  const order: OrderDraft = { ...UNSET_ORDER, ...message.order };
  terms(io, order);
  restrictions(io, order);
  volatility(io, order);
  order.trailStopPrice = io.field(MONEY_BLANK, order.trailStopPrice);
  order.trailingPercent = io.field(JAVA_BLANK, order.trailingPercent);
  contract.comboLegsDescrip = io.field(TEXT, contract.comboLegsDescrip);
  comboLegs(io, contract, order);
  scaleSizes(io, order, INT_MAX);
  hedge(io, order);
  clearing(io, order);
  order.notHeld = io.field(BOOL, order.notHeld);
  deltaNeutral(io, contract);
  algo(io, order);
  order.solicited = io.field(BOOL, order.solicited);
  const status = io.field(TEXT, message.status);
  order.randomizeSize = io.field(BOOL, order.randomizeSize);
  order.randomizePrice = io.field(BOOL, order.randomizePrice);
  benchmarkAndConditions(io, order);
  outcome(io, order);
  const completedTime = io.field(TEXT, message.completedTime);
  const completedStatus = io.field(TEXT, message.completedStatus);
  reportedPegs(io, order);
  customer(io, order);
  order.submitter = io.since(SINCE.SUBMITTER, TEXT, order.submitter);
  return { type: "completedOrder", contract, order, status, completedTime, completedStatus };
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
  order.permId = io.field(LONG, order.permId);
  order.outsideRth = io.field(BOOL, order.outsideRth);
  order.hidden = io.field(BOOL, order.hidden);
  order.discretionaryAmt = io.field(AMOUNT, order.discretionaryAmt);
  order.goodAfterTime = io.field(TEXT, order.goodAfterTime);
  financialAdvisor(io, order);
  order.goodTillDate = io.field(TEXT, order.goodTillDate);
}

function restrictions(io: Cursor, order: OrderDraft): void {
  order.rule80A = io.field(TEXT, order.rule80A);
  order.percentOffset = io.field(JAVA_BLANK, order.percentOffset);
  order.settlingFirm = io.field(TEXT, order.settlingFirm);
  shortSale(io, order);
  pegToStock(io, order);
  order.displaySize = io.field(INT_MAX, order.displaySize);
  order.sweepToFill = io.field(BOOL, order.sweepToFill);
  order.allOrNone = io.field(BOOL, order.allOrNone);
  order.minQty = io.field(INT_BLANK, order.minQty);
  order.ocaType = io.field(INT, order.ocaType);
  order.triggerMethod = io.field(INT, order.triggerMethod);
}

/** Only four of the delta-neutral block's eight fields are here. */
function volatility(io: Cursor, order: OrderDraft): void {
  order.volatility = io.field(JAVA_BLANK, order.volatility);
  order.volatilityType = io.field(INT_BLANK, order.volatilityType);
  order.deltaNeutralOrderType = io.field(TEXT, order.deltaNeutralOrderType);
  order.deltaNeutralAuxPrice = io.field(JAVA_BLANK, order.deltaNeutralAuxPrice);
  if (order.deltaNeutralOrderType !== "") {
    const hedge = order.deltaNeutral;
    order.deltaNeutral = {
      ...hedge,
      conId: io.field(INT, hedge.conId),
      shortSale: io.field(BOOL, hedge.shortSale),
      shortSaleSlot: io.field(INT, hedge.shortSaleSlot),
      designatedLocation: io.field(TEXT, hedge.designatedLocation),
    };
  }
  order.continuousUpdate = io.field(INT, order.continuousUpdate);
  order.referencePriceType = io.field(INT_BLANK, order.referencePriceType);
}

/** Here, unlike in openOrder, autoCancelParent is always there. */
function outcome(io: Cursor, order: OrderDraft): void {
  order.trailStopPrice = io.field(MONEY_MAX, order.trailStopPrice);
  order.lmtPriceOffset = io.field(MONEY_MAX, order.lmtPriceOffset);
  order.cashQty = io.field(QUANTITY_BLANK, order.cashQty);
  order.dontUseAutoPriceForHedge = io.field(BOOL, order.dontUseAutoPriceForHedge);
  order.isOmsContainer = io.field(BOOL, order.isOmsContainer);
  order.autoCancelDate = io.field(TEXT, order.autoCancelDate);
  order.filledQuantity = io.field(QUANTITY, order.filledQuantity);
  order.refFuturesConId = io.field(INT_MAX, order.refFuturesConId);
  order.autoCancelParent = io.field(BOOL, order.autoCancelParent);
  order.shareholder = io.field(TEXT, order.shareholder);
  order.imbalanceOnly = io.field(BOOL, order.imbalanceOnly);
  order.routeMarketableToBbo = io.field(BOOL, order.routeMarketableToBbo);
  order.parentPermId = io.field(LONG_MAX, order.parentPermId);
}
