import { ZERO } from "../money.ts";
import { type Account, averageCost } from "./account.ts";
import type { Exchange } from "./exchange.ts";
import type { SimExecution } from "./floor.ts";
import type { AccountTruth } from "./options.ts";

export function truthOf(exchange: Exchange, account: Account): AccountTruth {
  return {
    account: account.id,
    cash: account.cash,
    startingCash: account.startingCash,
    realizedPnl: account.realizedPnl,
    commissions: account.commissions,
    positions: account.positions.filter(({ quantity }) => quantity !== ZERO).map((position) => ({
      symbol: position.listing.symbol,
      conId: position.listing.conId,
      quantity: position.quantity,
      avgCost: averageCost(position),
    })),
    orders: exchange.book.all().filter((ticket) => ticket.account === account).map((ticket) => ({
      clientId: ticket.clientId,
      orderId: ticket.orderId,
      permId: ticket.permId,
      orderRef: ticket.order.orderRef,
      symbol: ticket.listing.symbol,
      side: ticket.side,
      orderType: ticket.order.orderType,
      quantity: ticket.order.totalQuantity,
      filled: ticket.filled,
      status: ticket.status,
    })),
    executions: inForce(exchange.executions).filter(({ ticket }) => ticket.account === account)
      .map(({ ticket, ...execution }) => ({
        execId: execution.execId,
        clientId: ticket.clientId,
        orderId: ticket.orderId,
        permId: ticket.permId,
        orderRef: ticket.order.orderRef,
        symbol: ticket.listing.symbol,
        side: execution.side,
        quantity: execution.quantity,
        price: execution.price,
        timeMs: execution.timeMs,
        commission: execution.commission,
        realizedPnl: execution.realizedPnl,
      })),
  };
}

/** Each in its newest revision. */
function inForce(executions: readonly SimExecution[]): SimExecution[] {
  const byStem = new Map<string, SimExecution>(); // execId without its revision → newest
  for (const execution of executions) byStem.set(execution.execId.slice(0, -2), execution);
  return [...byStem.values()];
}
