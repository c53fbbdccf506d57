import { type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import type { WireOrder } from "../wire/order.ts";
import { UNSET_ORDER_STATE } from "../wire/order_state.ts";
import type { CommissionReport, ExecDetails } from "../wire/replies_executions.ts";
import type { CompletedOrder, OpenOrder, OrderStatusReply } from "../wire/replies_orders.ts";
import { SINCE } from "../wire/versions.ts";
import type { SimExecution } from "./floor.ts";
import { contractOf } from "./resolve.ts";
import { localTime, localTimeWithZone } from "./texts.ts";
import { averageFillPrice, remaining, type Ticket } from "./ticket.ts";

/** Orders and executions as TWS writes them, oddities included. */

export function openOrderOf(ticket: Ticket): OpenOrder {
  const { commissionShown } = ticket;
  return {
    type: "openOrder",
    orderId: ticket.orderId,
    contract: { ...ticket.contract, right: "?" },
    order: orderAsShown(ticket),
    state: {
      ...UNSET_ORDER_STATE,
      status: ticket.status,
      commission: commissionShown,
      commissionCurrency: commissionShown === null ? "" : "USD",
    },
  };
}

export function orderStatusOf(ticket: Ticket): OrderStatusReply {
  return {
    type: "orderStatus",
    orderId: ticket.orderId,
    status: ticket.status,
    filled: ticket.filled,
    remaining: remaining(ticket),
    avgFillPrice: averageFillPrice(ticket),
    permId: ticket.permId,
    parentId: ticket.order.parentId,
    lastFillPrice: ticket.lastFillPrice,
    clientId: ticket.clientId,
    whyHeld: ticket.whyHeld,
    mktCapPrice: ZERO,
  };
}

export function completedOrderOf(ticket: Ticket): CompletedOrder {
  const { order, completedAtMs } = ticket;
  const isCancelled = ticket.status !== "Filled";
  return {
    type: "completedOrder",
    contract: { ...ticket.contract, right: "?" },
    order: {
      ...orderAsShown(ticket),
      filledQuantity: ticket.filled,
      rule80A: "0",
      parentPermId: ticket.parent?.permId ?? (isCancelled ? null : 0),
      shareholder: "Not an insider or substantial shareholder",
      autoCancelDate: order.autoCancelDate,
    },
    status: ticket.status,
    completedTime: completedAtMs === null ? "" : localTimeWithZone(completedAtMs),
    completedStatus: ticket.completedStatus,
  };
}

/** What the server adds to, or shows differently from, the order as it was placed. */
function orderAsShown(ticket: Ticket): WireOrder {
  const { order } = ticket;
  const isLimit = order.orderType === "LMT";
  return {
    ...order,
    lmtPrice: order.lmtPrice ?? ZERO,
    auxPrice: order.auxPrice ?? ZERO,
    openClose: "",
    sharesAllocation: `${ticket.permId}.0/${order.account}/${
      order.totalQuantity / MICROS_PER_UNIT
    }`,
    ocaType: order.ocaType || DEFAULT_OCA_TYPE,
    deltaNeutralOrderType: "None",
    deltaNeutral: { ...order.deltaNeutral, openClose: "?" },
    clearingIntent: order.clearingIntent || "IB",
    adjustedOrderType: order.adjustedOrderType || "None",
    dontUseAutoPriceForHedge: true,
    usePriceMgmtAlgo: order.usePriceMgmtAlgo ?? isLimit,
    trailStopPrice: trailStopShown(order),
  };
}

/** Quirks of TWS, recorded more than once: a dollar above the limit of limit orders, and the trigger of stops. */
function trailStopShown(
  { orderType, lmtPrice, auxPrice, trailStopPrice }: WireOrder,
): Micros | null {
  if (orderType === "LMT" && lmtPrice !== null) return lmtPrice + MICROS_PER_UNIT;
  return orderType === "STP" || orderType === "STP LMT" ? auxPrice : trailStopPrice;
}

/** Reduce without block: what TWS shows for an order without a group, too. */
const DEFAULT_OCA_TYPE = 3;

export interface ExecutionAddress {
  /** -1 when pushed. */
  readonly reqId: number;
  readonly serverVersion: number;
}

export function execDetailsOf(
  execution: SimExecution,
  { reqId, serverVersion }: ExecutionAddress,
): ExecDetails {
  const { ticket } = execution;
  const hasZone = serverVersion >= SINCE.INSTRUMENT_TIMEZONE;
  return {
    type: "execDetails",
    reqId,
    orderId: ticket.orderId,
    contract: { ...contractOf(ticket.listing, execution.exchange), primaryExchange: "" },
    execution: {
      execId: execution.execId,
      time: hasZone ? localTimeWithZone(execution.timeMs) : localTime(execution.timeMs, 2),
      acctNumber: ticket.account.id,
      exchange: execution.exchange,
      side: execution.side === "BUY" ? "BOT" : "SLD",
      shares: execution.quantity,
      price: execution.price,
      permId: ticket.permId,
      clientId: ticket.clientId,
      liquidation: 0,
      cumQty: execution.cumQty,
      avgPrice: execution.avgPrice,
      orderRef: ticket.order.orderRef,
      evRule: "",
      evMultiplier: null,
      modelCode: ticket.order.modelCode,
      lastLiquidity: execution.lastLiquidity,
      pendingPriceRevision: false,
      submitter: "",
    },
  };
}

export function commissionReportOf(execution: SimExecution): CommissionReport {
  return {
    type: "commissionReport",
    execId: execution.execId,
    commission: execution.commission,
    currency: "USD",
    realizedPNL: execution.realizedPnl,
    yield: null,
    yieldRedemptionDate: 0,
  };
}
