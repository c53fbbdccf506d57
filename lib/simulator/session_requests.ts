import type { Request } from "../wire/requests.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";

/** The session itself. True when the request was one of these. */
export function answerSession(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqIds":
      sendNextValidId(desk, client);
      return true;
    case "reqManagedAccts":
      sendManagedAccounts(desk, client);
      return true;
    case "reqCurrentTime":
      client.send({ type: "currentTime", time: Math.floor(desk.now() / 1000) });
      return true;
    case "reqCurrentTimeInMillis":
      client.send({ type: "currentTimeInMillis", timeMs: desk.now() });
      return true;
    case "reqUserInfo":
      client.send({ type: "userInfo", reqId: request.reqId, whiteBrandingId: "" });
      return true;
    case "reqFamilyCodes": {
      const codes = [...desk.accounts.keys()].map((accountId) => ({ accountId, familyCode: "" }));
      client.send({ type: "familyCodes", codes });
      return true;
    }
    case "reqNewsProviders":
      client.send({ type: "newsProviders", providers: [] });
      return true;
    case "setServerLogLevel":
    case "startApi":
      // A second startApi is ignored.
      return true;
    default:
      return false;
  }
}

/** What a Gateway says first, in this order, always. */
export function greet(desk: Desk, client: Client): void {
  sendManagedAccounts(desk, client);
  sendNextValidId(desk, client);
  client.sendError(-1, 2104, "Market data farm connection is OK:usfarm");
  client.sendError(-1, 2106, "HMDS data farm connection is OK:ushmds");
  client.sendError(-1, 2158, "Sec-def data farm connection is OK:secdefil");
}

function sendManagedAccounts(desk: Desk, client: Client): void {
  const ids = [...desk.accounts.keys()];
  // Several end with a comma, as seen live.
  client.send({ type: "managedAccounts", accounts: ids.join(",") + (ids.length > 1 ? "," : "") });
}

function sendNextValidId(desk: Desk, client: Client): void {
  client.send({ type: "nextValidId", orderId: desk.exchange.book.nextOrderId(client.id) });
}
