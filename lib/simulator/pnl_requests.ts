import { type Micros, ZERO } from "../money.ts";
import type { PnL, PnLSingle } from "../wire/replies_accounts.ts";
import type { Request } from "../wire/requests.ts";
import type { ReqPnL, ReqPnLSingle } from "../wire/requests_accounts.ts";
import type { Account } from "./account.ts";
import { accountNamed, invalidAccount } from "./account_requests.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { marketValue } from "./margin.ts";

/** Profit and loss of the day, kept up to date. True when the request was one of these. */
export function answerPnl(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqPnL":
      subscribePnl(desk, client, request);
      return true;
    case "reqPnLSingle":
      subscribeSingle(desk, client, request);
      return true;
    case "cancelPnL":
      if (!client.unsubscribe(`pnl/${request.reqId}`)) notFound(client, request.reqId);
      return true;
    case "cancelPnLSingle":
      if (!client.unsubscribe(`pnl-single/${request.reqId}`)) notFound(client, request.reqId);
      return true;
    default:
      return false;
  }
}

function subscribePnl(desk: Desk, client: Client, { reqId, account: name }: ReqPnL): void {
  const account = accountNamed(desk, name);
  if (account === undefined) return client.sendError(reqId, 321, invalidAccount(name));
  const reply = (): PnL => {
    const { netLiquidation, unrealizedPnl } = desk.exchange.figures(account);
    return {
      type: "pnl",
      reqId,
      dailyPnL: netLiquidation - account.dayStartEquity,
      unrealizedPnL: unrealizedPnl,
      realizedPnL: account.realizedPnl - account.dayStartRealizedPnl,
    };
  };
  sendOnChange(client, `pnl/${reqId}`, reply);
}

function subscribeSingle(desk: Desk, client: Client, request: ReqPnLSingle): void {
  const { reqId, conId } = request;
  const account = accountNamed(desk, request.account);
  if (account === undefined) return client.sendError(reqId, 321, invalidAccount(request.account));
  if (account.positionOf(conId) === undefined) {
    client.sendError(reqId, 2150, "Invalid position trade derived value");
  }
  sendOnChange(client, `pnl-single/${reqId}`, () => single(desk, account, { reqId, conId }));
}

function single(
  desk: Desk,
  account: Account,
  { reqId, conId }: { readonly reqId: number; readonly conId: number },
): PnLSingle {
  const position = account.positionOf(conId);
  if (position === undefined) {
    const unknown = { dailyPnL: null, unrealizedPnL: null, realizedPnL: null, value: null };
    return { type: "pnlSingle", reqId, position: ZERO, ...unknown };
  }
  const value = marketValue(position, desk.exchange.marks);
  const day = account.dayOf(conId);
  return {
    type: "pnlSingle",
    reqId,
    position: position.quantity,
    dailyPnL: value - day.startValue - day.outlay,
    unrealizedPnL: value - position.cost,
    realizedPnL: position.realizedPnl - day.startRealizedPnl,
    value,
  };
}

/** Once at once, then after each step in which a number has moved. */
function sendOnChange(client: Client, key: string, reply: () => PnL | PnLSingle): void {
  client.unsubscribe(key);
  let last = "";
  const send = (): void => {
    const current = reply();
    const text = Object.values(current).map((value: Micros | number | string | null) =>
      String(value)
    ).join();
    if (text === last) return;
    last = text;
    client.send(current);
  };
  send();
  client.subscribe(key, { beat: send });
}

function notFound(client: Client, reqId: number): void {
  client.sendError(reqId, 300, `Can't find EId with tickerId:${reqId}`);
}
