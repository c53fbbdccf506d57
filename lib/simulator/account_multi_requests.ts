import { ZERO } from "../money.ts";
import type { Request } from "../wire/requests.ts";
import type { ReqAccountUpdatesMulti, ReqPositionsMulti } from "../wire/requests_accounts.ts";
import { averageCost, type Position } from "./account.ts";
import { accountNamed, every, invalidAccount, REFRESH_MS } from "./account_requests.ts";
import { updateRows } from "./account_values.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { contractOf } from "./resolve.ts";

/** Positions and account values under a request id. True when the request was one of these. */
export function answerAccountMulti(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqPositionsMulti":
      subscribePositions(desk, client, request);
      return true;
    case "cancelPositionsMulti":
      client.unsubscribe(`positions-multi/${request.reqId}`);
      return true;
    case "reqAccountUpdatesMulti":
      subscribeUpdates(desk, client, request);
      return true;
    case "cancelAccountUpdatesMulti":
      client.unsubscribe(`updates-multi/${request.reqId}`);
      return true;
    default:
      return false;
  }
}

function subscribePositions(desk: Desk, client: Client, request: ReqPositionsMulti): void {
  const { reqId, modelCode } = request;
  const account = accountNamed(desk, request.account);
  if (account === undefined) return client.sendError(reqId, 321, invalidAccount(request.account));
  const send = (position: Position): void =>
    client.send({
      type: "positionMulti",
      reqId,
      account: account.id,
      contract: contractOf(position.listing, position.listing.primaryExchange),
      position: position.quantity,
      avgCost: averageCost(position),
      modelCode,
    });
  for (const position of account.positions) if (position.quantity !== ZERO) send(position);
  client.send({ type: "positionMultiEnd", reqId });
  client.subscribe(`positions-multi/${reqId}`, {
    filled: (filled, position) => {
      if (filled === account) send(position);
    },
  });
}

function subscribeUpdates(desk: Desk, client: Client, request: ReqAccountUpdatesMulti): void {
  const { reqId, modelCode, ledgerAndNLV } = request;
  const account = accountNamed(desk, request.account);
  if (account === undefined) return client.sendError(reqId, 321, invalidAccount(request.account));
  const send = (): void => {
    for (const row of updateRows(account, desk.exchange.figures(account))) {
      // The short form is the ledger by currency and the net liquidation, nothing else.
      if (ledgerAndNLV && row.currency !== "BASE" && row.tag !== "NetLiquidation") continue;
      const { tag: key, value, currency } = row;
      client.send({
        type: "accountUpdateMulti",
        reqId,
        account: account.id,
        modelCode,
        key,
        value,
        currency,
      });
    }
  };
  send();
  client.send({ type: "accountUpdateMultiEnd", reqId });
  client.unsubscribe(`updates-multi/${reqId}`);
  client.subscribe(`updates-multi/${reqId}`, { stop: every(desk, REFRESH_MS, send) });
}
