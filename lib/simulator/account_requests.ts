import { toNumber, ZERO } from "../money.ts";
import type { Request } from "../wire/requests.ts";
import type { ReqAccountSummary, ReqAccountUpdates } from "../wire/requests_accounts.ts";
import { type Account, averageCost, type Position } from "./account.ts";
import { summaryRows, updateRows } from "./account_values.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { marketValue } from "./margin.ts";
import { contractOf } from "./resolve.ts";
import { localMinute } from "./texts.ts";

/** Account updates, summary and positions. True when the request was one of these. */
export function answerAccount(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqAccountUpdates":
      subscribeUpdates(desk, client, request);
      return true;
    case "reqPositions":
      subscribePositions(desk, client);
      return true;
    case "cancelPositions":
      client.unsubscribe("positions");
      return true;
    case "reqAccountSummary":
      subscribeSummary(desk, client, request);
      return true;
    case "cancelAccountSummary":
      client.unsubscribe(`summary/${request.reqId}`);
      return true;
    default:
      return false;
  }
}

/** TWS refreshes account values and the summary at this pace, whatever happens. */
export const REFRESH_MS = 180_000;
/** Live account summaries a client may have. */
const SUMMARIES_MAX = 2;

/** One subscription per client: another account takes its place. */
function subscribeUpdates(desk: Desk, client: Client, request: ReqAccountUpdates): void {
  client.unsubscribe("account-updates");
  if (!request.subscribe) return;
  const account = accountNamed(desk, request.acctCode);
  if (account === undefined) {
    return client.sendError(-1, 321, invalidAccount(request.acctCode));
  }
  sendUpdates(desk, client, account);
  client.send({ type: "accountDownloadEnd", account: account.id });
  const stop = every(desk, REFRESH_MS, () => sendUpdates(desk, client, account));
  client.subscribe("account-updates", {
    filled: (filledAccount, position) => {
      if (filledAccount !== account) return;
      sendPortfolio(desk, client, { account, position });
      sendTime(desk, client);
    },
    stop,
  });
}

function sendUpdates(desk: Desk, client: Client, account: Account): void {
  for (const { tag, value, currency } of updateRows(account, desk.exchange.figures(account))) {
    client.send({ type: "updateAccountValue", key: tag, value, currency, account: account.id });
  }
  for (const position of account.positions) {
    if (position.quantity === ZERO) continue;
    sendPortfolio(desk, client, { account, position });
    sendTime(desk, client);
  }
  sendTime(desk, client);
}

function sendPortfolio(
  desk: Desk,
  client: Client,
  { account, position }: { readonly account: Account; readonly position: Position },
): void {
  const value = marketValue(position, desk.exchange.marks);
  client.send({
    type: "updatePortfolio",
    contract: contractOf(position.listing, ""),
    position: position.quantity,
    marketPrice: toNumber(desk.exchange.marks(position.listing)),
    marketValue: value,
    averageCost: averageCost(position),
    unrealizedPNL: value - position.cost,
    realizedPNL: position.realizedPnl,
    account: account.id,
  });
}

function sendTime(desk: Desk, client: Client): void {
  client.send({ type: "updateAccountTime", time: localMinute(desk.now()) });
}

function subscribePositions(desk: Desk, client: Client): void {
  client.unsubscribe("positions");
  for (const account of desk.accounts.values()) {
    for (const position of account.positions) {
      if (position.quantity !== ZERO) sendPosition(client, account, position);
    }
  }
  client.send({ type: "positionEnd" });
  client.subscribe("positions", {
    filled: (account, position) => sendPosition(client, account, position),
  });
}

function sendPosition(client: Client, account: Account, position: Position): void {
  client.send({
    type: "position",
    account: account.id,
    contract: contractOf(position.listing, position.listing.primaryExchange),
    position: position.quantity,
    avgCost: averageCost(position),
  });
}

function subscribeSummary(desk: Desk, client: Client, request: ReqAccountSummary): void {
  const { reqId, tags } = request;
  const key = `summary/${reqId}`;
  if (client.has(key)) return client.sendError(reqId, 322, duplicate("Q"));
  if (client.count("summary/") >= SUMMARIES_MAX) {
    return client.sendError(
      reqId,
      322,
      "Error processing request.-'Q' : cause - Maximum number of account summary requests exceeded; " +
        "desubscribe to previous request first",
    );
  }
  const sent = new Map<string, string>(); // account/tag/currency → value
  const sendChanged = (): void => {
    for (const account of desk.accounts.values()) {
      for (const row of summaryRows(account, desk.exchange.figures(account), tags)) {
        const rowKey = `${account.id}/${row.tag}/${row.currency}`;
        if (sent.get(rowKey) === row.value) continue;
        sent.set(rowKey, row.value);
        client.send({ type: "accountSummary", reqId, account: account.id, ...row });
      }
    }
  };
  sendChanged();
  client.send({ type: "accountSummaryEnd", reqId });
  client.subscribe(key, { stop: every(desk, REFRESH_MS, sendChanged) });
}

/** Calls back again and again until stopped. */
export function every(desk: Desk, intervalMs: number, callback: () => void): () => void {
  let stop = (): void => {};
  const arm = (): void => {
    stop = desk.later(intervalMs, () => {
      callback();
      arm();
    });
  };
  arm();
  return () => stop();
}

/** The only account may go unnamed. */
export function accountNamed(desk: Desk, name: string): Account | undefined {
  if (name !== "") return desk.accounts.get(name);
  return desk.accounts.values().next().value;
}

export function invalidAccount(name: string): string {
  return `Error validating request.-'bK' : cause - Invalid account code '${name}'.`;
}

function duplicate(className: string): string {
  return `Error processing request.-'${className}' : cause - Duplicate ticker id`;
}
