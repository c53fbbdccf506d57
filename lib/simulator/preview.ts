import { least, type Micros, MICROS_PER_UNIT, multiply, ZERO } from "../money.ts";
import { EMPTY_ORDER_CONTRACT } from "../wire/contract.ts";
import { UNSET_ORDER_STATE } from "../wire/order_state.ts";
import type { OpenOrder } from "../wire/replies_orders.ts";
import type { PlaceOrder } from "../wire/requests_orders.ts";
import type { Account } from "./account.ts";
import { orderCommission } from "./commission.ts";
import type { Exchange } from "./exchange.ts";
import { figuresOf, marginOf } from "./margin.ts";
import { contractOf } from "./resolve.ts";
import type { Listing } from "./universe.ts";

/** The answer to a what-if order: what it would cost and tie up. Nothing is placed. */
export function previewOf(
  exchange: Exchange,
  { clientId, request, listing, account }: {
    readonly clientId: number;
    readonly request: PlaceOrder;
    readonly listing: Listing;
    readonly account: Account;
  },
): OpenOrder {
  const { order } = request;
  const side = order.action === "BUY" ? "BUY" : "SELL";
  const price = order.lmtPrice ?? order.auxPrice ?? exchange.marks(listing);
  const value = multiply(price, order.totalQuantity);
  const commission = orderCommission(
    { side, quantity: order.totalQuantity, value },
    exchange.floor.commissions,
  );
  const { initMargin, netLiquidation } = figuresOf(account, exchange.marks);
  const held = account.quantityOf(listing.conId);
  const change = marginAt(held + signed(side, order.totalQuantity), price) - marginAt(held, price);
  return {
    type: "openOrder",
    orderId: request.orderId,
    contract: {
      ...EMPTY_ORDER_CONTRACT,
      ...contractOf(listing, request.contract.exchange),
      right: "?",
    },
    order: { ...order, account: account.id, clientId, tif: order.tif || "DAY" },
    state: {
      ...UNSET_ORDER_STATE,
      status: "PreSubmitted",
      margins: {
        initMarginBefore: initMargin,
        maintMarginBefore: initMargin,
        equityWithLoanBefore: netLiquidation,
        initMarginChange: change,
        maintMarginChange: change,
        equityWithLoanChange: -commission,
        initMarginAfter: initMargin + change,
        maintMarginAfter: initMargin + change,
        equityWithLoanAfter: netLiquidation - commission,
      },
      commission,
      minCommission: least(commission, MICROS_PER_UNIT),
      maxCommission: commission,
      commissionCurrency: "USD",
    },
  };
}

function signed(side: "BUY" | "SELL", quantity: Micros): Micros {
  return side === "BUY" ? quantity : -quantity;
}

function marginAt(quantity: Micros, price: Micros): Micros {
  return quantity === ZERO ? ZERO : marginOf(multiply(quantity, price));
}
