import type { Request } from "../wire/requests.ts";
import type { ReqMktDepth } from "../wire/requests_marketdata.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { withOwn } from "./display.ts";
import { bookLevels, type Side } from "./matching.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import { resolve } from "./resolve.ts";
import type { Ticket } from "./ticket.ts";
import type { Listing } from "./universe.ts";

/** The order book as the matching sees it. True when the request was one of these. */
export function answerDepth(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqMktDepth":
      subscribe(desk, client, request);
      return true;
    case "cancelMktDepth":
      if (!client.unsubscribe(`depth/${request.reqId}`)) {
        const text = `Can't find the subscribed market depth with tickerId:${request.reqId}`;
        client.sendError(request.reqId, 310, text);
      }
      return true;
    case "reqMktDepthExchanges":
      client.send({ type: "mktDepthExchanges", exchanges: EXCHANGES });
      return true;
    default:
      return false;
  }
}

const EXCHANGES = ["ISLAND", "ARCA", "NYSE"].map((exchange) => ({
  exchange,
  secType: "STK",
  listingExch: "",
  serviceDataType: "Deep",
  aggGroup: null,
}));

/** Depth subscriptions of an ordinary account. */
const SUBSCRIPTIONS_MAX = 3;
const INSERT = 0;
const UPDATE = 1;
const DELETE = 2;

function subscribe(desk: Desk, client: Client, request: ReqMktDepth): void {
  const { reqId } = request;
  const key = `depth/${reqId}`;
  if (client.has(key)) {
    return client.sendError(
      reqId,
      322,
      "Error processing request.-'bQ' : cause - Duplicate ticker id",
    );
  }
  if (client.count("depth/") >= SUBSCRIPTIONS_MAX) {
    return client.sendError(reqId, 309, "Max number (3) of market depth requests has been reached");
  }
  const listing = resolve(request.contract);
  if (listing === null) {
    return client.sendError(reqId, 200, "No security definition has been found for the request");
  }
  const sides = [
    sideSender(desk, client, { request, listing, side: "BUY" }),
    sideSender(desk, client, {
      request,
      listing,
      side: "SELL",
    }),
  ];
  const beat = (): void => sides.forEach((send) => send());
  beat();
  client.subscribe(key, { beat });
}

/** Sends what has changed in the levels that an order of `side` would take from. */
function sideSender(
  desk: Desk,
  client: Client,
  { request, listing, side }: {
    readonly request: ReqMktDepth;
    readonly listing: Listing;
    readonly side: Side;
  },
): () => void {
  const sent: string[] = [];
  return () => {
    const place = desk.exchange.present(listing);
    const levels = place === null || place.step < 0
      ? []
      : withOwn(bookLevels(place.day, place.step, side), ordersIn(desk, listing), side)
        .slice(0, Math.max(1, request.numRows));
    for (const [position, { priceE4, shares }] of levels.entries()) {
      const text = `${priceE4}/${shares}`;
      if (sent[position] === text) continue;
      const operation = sent[position] === undefined ? INSERT : UPDATE;
      sent[position] = text;
      sendLevel(client, request, { position, operation, side, priceE4, shares });
    }
    for (; sent.length > levels.length; sent.pop()) {
      const position = sent.length - 1;
      sendLevel(client, request, { position, operation: DELETE, side, priceE4: 0, shares: 0 });
    }
  };
}

function ordersIn({ exchange }: Desk, listing: Listing): Ticket[] {
  return exchange.book.live().filter((ticket) => ticket.listing === listing);
}

function sendLevel(
  client: Client,
  { reqId, isSmartDepth }: ReqMktDepth,
  level: {
    readonly position: number;
    readonly operation: number;
    readonly side: Side;
    readonly priceE4: number;
    readonly shares: number;
  },
): void {
  const { position, operation } = level;
  const row = {
    reqId,
    position,
    operation,
    // Buyers take from the asks.
    side: level.side === "BUY" ? 0 : 1,
    price: level.priceE4 / E4_PER_DOLLAR,
    size: BigInt(level.shares) * 1_000_000n,
  };
  if (isSmartDepth) {
    client.send({ type: "updateMktDepthL2", ...row, marketMaker: "ISLAND", isSmartDepth });
  } else client.send({ type: "updateMktDepth", ...row });
}
