import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import type { OrderContract } from "../../lib/wire/contract.ts";
import type { WireOrder } from "../../lib/wire/order.ts";
import type { OrderState } from "../../lib/wire/order_state.ts";
import { encodeReply } from "../../lib/wire/replies.ts";
import { encodeRequest } from "../../lib/wire/requests.ts";
import { fieldsOf } from "./fields_of.ts";
import {
  finishedOrder,
  placedOrder,
  PLAIN_CONTRACT,
  reportedOrder,
  reportedState,
} from "./sample_orders.ts";

/**
 * The order messages field by field: changing one property changes the text at that property's documented position
 * and nowhere else. Two fields that swapped places would survive a round trip; they do not survive this.
 *
 * A word with `#` is a count or a constant, no property.
 */

const PLACE_ORDER_AT_178 = words(`
  #3 orderId conId symbol secType lastTradeDateOrContractMonth strike right multiplier exchange
  primaryExchange currency localSymbol tradingClass secIdType secId action totalQuantity orderType
  lmtPrice auxPrice tif ocaGroup account openClose origin orderRef transmit parentId blockOrder
  sweepToFill displaySize triggerMethod outsideRth hidden
  sharesAllocation
  discretionaryAmt goodAfterTime goodTillDate faGroup faMethod faPercentage modelCode shortSaleSlot
  designatedLocation exemptCode ocaType rule80A settlingFirm allOrNone minQty percentOffset eTradeOnly
  firmQuoteOnly nbboPriceCap auctionStrategy startingPrice stockRefPrice delta stockRangeLower stockRangeUpper
  overridePercentageConstraints volatility volatilityType deltaNeutralOrderType
  deltaNeutralAuxPrice
  continuousUpdate referencePriceType trailStopPrice trailingPercent scaleInitLevelSize scaleSubsLevelSize
  scalePriceIncrement
  scaleTable activeStartTime activeStopTime hedgeType optOutSmartRouting clearingAccount
  clearingIntent notHeld #deltaNeutralContract algoStrategy algoId
  whatIf orderMiscOptions solicited randomizeSize randomizePrice
  #conditions
  adjustedOrderType triggerPrice lmtPriceOffset adjustedStopPrice adjustedStopLimitPrice adjustedTrailingAmount
  adjustableTrailingUnit extOperator softDollarTier.name softDollarTier.value cashQty mifid2DecisionMaker
  mifid2DecisionAlgo mifid2ExecutionTrader mifid2ExecutionAlgo dontUseAutoPriceForHedge isOmsContainer
  discretionaryUpToLimitPrice usePriceMgmtAlgo duration postToAts autoCancelParent
  advancedErrorOverride manualOrderTime`);

const OPEN_ORDER_AT_178 = words(`
  #5 orderId conId symbol secType lastTradeDateOrContractMonth strike right multiplier exchange currency
  localSymbol tradingClass action totalQuantity orderType lmtPrice auxPrice tif ocaGroup account
  openClose origin orderRef clientId permId outsideRth hidden discretionaryAmt goodAfterTime
  sharesAllocation faGroup faMethod faPercentage modelCode goodTillDate rule80A percentOffset
  settlingFirm shortSaleSlot designatedLocation exemptCode auctionStrategy startingPrice stockRefPrice delta
  stockRangeLower stockRangeUpper displaySize blockOrder sweepToFill allOrNone minQty ocaType eTradeOnly
  firmQuoteOnly nbboPriceCap parentId triggerMethod volatility volatilityType deltaNeutralOrderType
  deltaNeutralAuxPrice deltaNeutral.conId deltaNeutral.settlingFirm deltaNeutral.clearingAccount
  deltaNeutral.clearingIntent deltaNeutral.openClose deltaNeutral.shortSale deltaNeutral.shortSaleSlot
  deltaNeutral.designatedLocation continuousUpdate referencePriceType trailStopPrice trailingPercent basisPoints
  basisPointsType comboLegsDescrip #legs
  #prices #smart scaleInitLevelSize scaleSubsLevelSize
  scalePriceIncrement
  hedgeType optOutSmartRouting clearingAccount clearingIntent notHeld
  #deltaNeutralContract algoStrategy solicited whatIf
  status margins.initMarginBefore margins.maintMarginBefore margins.equityWithLoanBefore
  margins.initMarginChange margins.maintMarginChange margins.equityWithLoanChange margins.initMarginAfter
  margins.maintMarginAfter margins.equityWithLoanAfter commission minCommission
  maxCommission commissionCurrency warningText randomizeSize randomizePrice
  #conditions
  adjustedOrderType triggerPrice trailStopPrice lmtPriceOffset adjustedStopPrice adjustedStopLimitPrice
  adjustedTrailingAmount adjustableTrailingUnit softDollarTier.name softDollarTier.value softDollarTier.displayName
  cashQty dontUseAutoPriceForHedge isOmsContainer discretionaryUpToLimitPrice
  usePriceMgmtAlgo duration postToAts autoCancelParent minTradeQty
  minCompeteSize competeAgainstBestOffset midOffsetAtWhole midOffsetAtHalf`);

const COMPLETED_ORDER_AT_178 = words(`
  #101 conId symbol secType lastTradeDateOrContractMonth strike right multiplier exchange currency
  localSymbol tradingClass action totalQuantity orderType lmtPrice auxPrice tif ocaGroup account openClose origin
  orderRef permId outsideRth hidden discretionaryAmt goodAfterTime faGroup faMethod faPercentage modelCode
  goodTillDate rule80A percentOffset settlingFirm
  shortSaleSlot designatedLocation exemptCode startingPrice stockRefPrice delta stockRangeLower stockRangeUpper
  displaySize sweepToFill allOrNone minQty ocaType triggerMethod
  volatility volatilityType deltaNeutralOrderType deltaNeutralAuxPrice deltaNeutral.conId deltaNeutral.shortSale
  deltaNeutral.shortSaleSlot deltaNeutral.designatedLocation continuousUpdate
  referencePriceType trailStopPrice trailingPercent comboLegsDescrip #legs #prices #smart scaleInitLevelSize
  scaleSubsLevelSize scalePriceIncrement hedgeType clearingAccount
  clearingIntent notHeld #deltaNeutralContract algoStrategy solicited status randomizeSize randomizePrice
  #conditions trailStopPrice lmtPriceOffset
  cashQty dontUseAutoPriceForHedge isOmsContainer autoCancelDate filledQuantity refFuturesConId autoCancelParent
  shareholder imbalanceOnly routeMarketableToBbo parentPermId
  completedTime completedStatus minTradeQty minCompeteSize competeAgainstBestOffset midOffsetAtWhole
  midOffsetAtHalf`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** Nothing in the order that would bring conditional blocks. */
const WITHOUT_BLOCKS: Partial<WireOrder> = {
  orderType: "LMT",
  conditions: [],
  scalePriceIncrement: null,
  hedgeType: "",
  algoStrategy: "",
  orderComboLegPrices: [],
  smartComboRoutingParams: [],
  competeAgainstBestOffset: 0.5,
};

interface Message {
  readonly orderId: number;
  readonly contract: OrderContract;
  readonly order: WireOrder;
  readonly state: OrderState;
  readonly completed: { readonly completedTime: string; readonly completedStatus: string };
}

function messageOf(order: WireOrder): Message {
  return {
    orderId: 42,
    contract: { ...PLAIN_CONTRACT, strike: 5, multiplier: "100" },
    order: { ...order, ...WITHOUT_BLOCKS },
    state: reportedState(178),
    completed: { completedTime: "then", completedStatus: "so" },
  };
}

function placed({ orderId, contract, order }: Message): string[] {
  return fieldsOf(encodeRequest({ type: "placeOrder", orderId, contract, order }, 178));
}

function opened({ orderId, contract, order, state }: Message): string[] {
  return fieldsOf(encodeReply({ type: "openOrder", orderId, contract, order, state }, 178));
}

function completed({ contract, order, state: { status }, completed }: Message): string[] {
  return fieldsOf(
    encodeReply({ type: "completedOrder", contract, order, status, ...completed }, 178),
  );
}

/** The message with this property changed, wherever it lives. */
function changed(message: Message, name: string): Message {
  const [part = "", inner] = name.split(".");
  const { order, state, contract } = message;
  switch (part) {
    case "orderId":
      return { ...message, orderId: 43 };
    case "softDollarTier":
      return {
        ...message,
        order: { ...order, softDollarTier: touch(order.softDollarTier, inner) },
      };
    case "deltaNeutral":
      return { ...message, order: { ...order, deltaNeutral: touch(order.deltaNeutral, inner) } };
    case "margins":
      return { ...message, state: { ...state, margins: touch(state.margins, inner) } };
    case "orderMiscOptions":
      return { ...message, order: { ...order, orderMiscOptions: [{ tag: "q", value: "9" }] } };
    default:
      if (part in order) return { ...message, order: touch(order, part) };
      if (part in contract) return { ...message, contract: touch(contract, part) };
      if (part in state) return { ...message, state: touch(state, part) };
      return { ...message, completed: touch(message.completed, part) };
  }
}

/** The object with another value of the same kind under this name. */
function touch<T extends object>(object: T, name: string | undefined): T {
  const entry = Object.entries(object).find(([key]) => key === name);
  ok(entry !== undefined, `There is no ${name}`);
  return { ...object, [entry[0]]: another(entry[1]) };
}

function another(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return `${value}~`;
    case "number":
      return value + 1;
    case "bigint":
      return value + 1_000000n;
    case "boolean":
      return !value;
    default:
      return 7;
  }
}

type Encode = (message: Message) => string[];

function checkPositions(names: readonly string[], message: Message, encode: Encode): void {
  const before = encode(message);
  equal(before.length, names.length);
  for (const name of names.filter((name) => !name.startsWith("#"))) {
    const after = encode(changed(message, name));
    const touched = after.flatMap((text, index) => text === before[index] ? [] : [index]);
    const documented = names.flatMap((other, index) => other === name ? [index] : []);
    // A property that brings a block moves what follows; what comes first is its own place.
    if (after.length === before.length) deepEqual(touched, documented, name);
    else equal(touched[0], documented[0], name);
  }
}

Deno.test("every field of placeOrder stands at its documented position", () => {
  checkPositions(
    PLACE_ORDER_AT_178,
    messageOf({ ...placedOrder(178), deltaNeutralOrderType: "" }),
    placed,
  );
});

Deno.test("every field of openOrder stands at its documented position", () => {
  checkPositions(OPEN_ORDER_AT_178, messageOf(reportedOrder(178)), opened);
});

Deno.test("every field of completedOrder stands at its documented position", () => {
  checkPositions(COMPLETED_ORDER_AT_178, messageOf(finishedOrder(178)), completed);
});
