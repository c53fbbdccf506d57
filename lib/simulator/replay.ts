import { decodeRequest } from "../wire/requests.ts";
import type { Agenda } from "./agenda.ts";
import { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import type { GatewayInput } from "./options.ts";
import { answerOrders } from "./order_requests.ts";
import type { Request } from "../wire/requests.ts";
import { listingOf } from "./universe.ts";

/** True of requests that leave a trace in the Gateway's truth; all others can be forgotten with their client. */
export function changesTruth(clientId: number, request: Request): boolean {
  switch (request.type) {
    case "placeOrder":
      return !request.order.whatIf;
    case "cancelOrder":
    case "reqGlobalCancel":
    case "reqAutoOpenOrders":
      return true;
    case "reqOpenOrders":
      // Client 0 binds orders entered by hand.
      return clientId === 0;
    default:
      return false;
  }
}

/** Does again what was done, each at its time; nobody listens. */
export function replay(desk: Desk, agenda: Agenda, inputs: readonly GatewayInput[]): void {
  for (const input of inputs) {
    agenda.advanceTo(input.at);
    if (input.kind === "hand") {
      const { symbol, side, quantity } = input.trade;
      const listing = listingOf(symbol);
      if (listing !== undefined) desk.exchange.placeByHand({ listing, side, shares: quantity });
      continue;
    }
    const { clientId, serverVersion, fields } = input;
    const ghost = new Client({ id: clientId, serverVersion, send: () => {} });
    answerOrders(desk, ghost, decodeRequest(fields, serverVersion));
  }
}
