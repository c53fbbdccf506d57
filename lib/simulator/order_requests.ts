import type { Request } from "../wire/requests.ts";
import type { PlaceOrder, ReqExecutions } from "../wire/requests_orders.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import type { SimExecution } from "./floor.ts";
import {
  commissionReportOf,
  completedOrderOf,
  execDetailsOf,
  openOrderOf,
  orderStatusOf,
} from "./order_view.ts";
import { previewOf } from "./preview.ts";
import type { Ticket } from "./ticket.ts";
import { parseRequestTime } from "./request_time.ts";

/** Orders and executions. True when the request was one of these. */
export function answerOrders(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "placeOrder":
      place(desk, client, request);
      return true;
    case "cancelOrder":
      desk.exchange.cancel({ clientId: client.id, orderId: request.orderId });
      return true;
    case "reqGlobalCancel":
      desk.exchange.cancelAll();
      return true;
    case "reqOpenOrders":
      if (client.id === 0) bindManualOrders(desk, client);
      sendOpenOrders(client, visibleOrders(desk).filter(({ clientId }) => clientId === client.id));
      return true;
    case "reqAllOpenOrders":
      sendOpenOrders(client, visibleOrders(desk));
      return true;
    case "reqAutoOpenOrders":
      if (client.id !== 0) client.sendError(-1, 321, NO_AUTO_BIND);
      else desk.exchange.bindsManualOrders = request.autoBind;
      return true;
    case "reqCompletedOrders":
      for (const ticket of desk.exchange.book.completed()) {
        if (!request.apiOnly || ticket.orderId > 0) client.send(completedOrderOf(ticket));
      }
      client.send({ type: "completedOrdersEnd" });
      return true;
    case "reqExecutions":
      sendExecutions(desk, client, request);
      return true;
    default:
      return false;
  }
}

const NO_AUTO_BIND =
  "Error validating request.-'b5' : cause - Only API connections with clientId set to 0 can set the " +
  "auto bind orders property.";

function place(desk: Desk, client: Client, request: PlaceOrder): void {
  if (!request.order.whatIf) return desk.exchange.place(client.id, request);
  const checked = desk.exchange.preview(request);
  if ("code" in checked) return client.sendError(request.orderId, checked.code, checked.text);
  client.send(previewOf(desk.exchange, { clientId: client.id, request, ...checked }));
}

/** Orders not transmitted yet are nobody's business but their client's; TWS says nothing of them at all. */
function visibleOrders(desk: Desk): Ticket[] {
  return desk.exchange.book.live().filter(({ stage }) => stage !== "held");
}

/** Orders entered by hand get an API id as soon as client 0 asks for its orders. */
function bindManualOrders(desk: Desk, client: Client): void {
  for (const ticket of visibleOrders(desk)) {
    if (ticket.orderId > 0) continue;
    desk.exchange.book.bind(ticket);
    const { permId, clientId, orderId } = ticket;
    client.send({ type: "orderBound", permId, clientId, orderId });
  }
}

function sendOpenOrders(client: Client, tickets: readonly Ticket[]): void {
  for (const ticket of tickets) {
    client.send(openOrderOf(ticket));
    client.send(orderStatusOf(ticket));
  }
  client.send({ type: "openOrderEnd" });
}

function sendExecutions(desk: Desk, client: Client, { reqId, filter }: ReqExecutions): void {
  const fromMs = filter.time === ""
    ? Number.NEGATIVE_INFINITY
    : parseRequestTime(filter.time)?.epochMs;
  if (fromMs === undefined) {
    return client.sendError(
      reqId,
      321,
      "Error validating request.-'bY' : cause - Invalid time format",
    );
  }
  const matches = ({ ticket, side, exchange, timeMs }: SimExecution): boolean =>
    (filter.clientId === 0 || filter.clientId === ticket.clientId) &&
    (filter.acctCode === "" || filter.acctCode === ticket.account.id) &&
    (filter.symbol === "" || filter.symbol === ticket.listing.symbol) &&
    (filter.secType === "" || filter.secType === "STK") &&
    (filter.exchange === "" || filter.exchange === "SMART" || filter.exchange === exchange) &&
    (filter.side === "" || filter.side === side) && timeMs >= fromMs;
  for (const execution of desk.exchange.executions.filter(matches)) {
    client.send(execDetailsOf(execution, { reqId, serverVersion: client.serverVersion }));
    client.send(commissionReportOf(execution));
  }
  client.send({ type: "execDetailsEnd", reqId });
}
