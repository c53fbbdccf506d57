import type { Request } from "../wire/requests.ts";
import type { ReqMktData, ReqRealTimeBars } from "../wire/requests_marketdata.ts";
import { barOf, stepsDone } from "./bars.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { genericTickRefusal } from "./generic_ticks.ts";
import { parseWhatToShow } from "./history_query.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import { QuoteFeed } from "./quote_feed.ts";
import { resolve } from "./resolve.ts";
import type { Listing } from "./universe.ts";

/** Live data. True when the request was one of these. */
export function answerMarketData(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqMktData":
      subscribeQuotes(desk, client, request);
      return true;
    case "cancelMktData":
      if (!client.unsubscribe(`quotes/${request.reqId}`)) notFound(client, request.reqId);
      return true;
    case "reqMarketDataType":
      client.marketDataType = request.marketDataType;
      return true;
    case "reqRealTimeBars":
      subscribeBars(desk, client, request);
      return true;
    case "cancelRealTimeBars":
      if (!client.unsubscribe(`bars/${request.reqId}`)) notFound(client, request.reqId);
      return true;
    default:
      return false;
  }
}

/** Market data lines of an ordinary account. */
const LINES_MAX = 100;
const DUPLICATE = "Error processing request.-'bQ' : cause - Duplicate ticker id";
const NO_SECURITY = "No security definition has been found for the request";
/** TWS gathers what it has for a snapshot before it says the end. */
const SNAPSHOT_END_MS = 1000;

function subscribeQuotes(desk: Desk, client: Client, request: ReqMktData): void {
  const { reqId, snapshot, genericTickList } = request;
  const key = `quotes/${reqId}`;
  if (client.has(key)) return client.sendError(reqId, 322, DUPLICATE);
  if (client.count("quotes/") >= LINES_MAX) {
    return client.sendError(reqId, 101, "Max number of tickers has been reached");
  }
  const listing = resolve(request.contract);
  if (listing === null) return client.sendError(reqId, 200, NO_SECURITY);
  if (snapshot && genericTickList !== "") {
    const text =
      "Error validating request.-'bQ' : cause - Snapshot market data subscription is not " +
      "applicable to generic ticks";
    return client.sendError(reqId, 321, text);
  }
  const refusal = genericTickRefusal(genericTickList);
  if (refusal !== null) return client.sendError(reqId, 321, refusal);
  const feed = new QuoteFeed(desk, client, { reqId, listing, generic: genericTickList });
  feed.begin();
  if (!snapshot) return client.subscribe(key, { beat: () => feed.update() });
  const stop = desk.later(SNAPSHOT_END_MS, () => {
    client.forget(key);
    client.send({ type: "tickSnapshotEnd", reqId });
  });
  client.subscribe(key, { stop });
}

/** The only size TWS takes. */
const BAR_SECONDS = 5;

function subscribeBars(desk: Desk, client: Client, request: ReqRealTimeBars): void {
  const { reqId, barSize } = request;
  const key = `bars/${reqId}`;
  if (client.has(key)) return client.sendError(reqId, 322, DUPLICATE);
  const listing = resolve(request.contract);
  if (listing === null) return client.sendError(reqId, 200, NO_SECURITY);
  const what = parseWhatToShow(request.whatToShow);
  if (barSize !== BAR_SECONDS || what === undefined) {
    const text = "Error validating request.-'bQ' : cause - Invalid Real-time Query:Bar Size:" +
      `${barSize} secs, What to show:${request.whatToShow}`;
    return client.sendError(reqId, 321, text);
  }
  const { useRTH } = request;
  client.subscribe(key, { beat: barSender(desk, client, { reqId, listing, what, useRTH }) });
}

/** Sends each bar that has been completed since the last time. */
function barSender(
  desk: Desk,
  client: Client,
  { reqId, listing, what, useRTH }: {
    readonly reqId: number;
    readonly useRTH: boolean;
    readonly listing: Listing;
    readonly what: NonNullable<ReturnType<typeof parseWhatToShow>>;
  },
): () => void {
  const ticker = desk.exchange.ticker(listing);
  let day = ticker.newest(desk.now());
  let sent = day === null ? 0 : wholeBars(stepsDone(day, desk.now()), day.stepMs);
  return () => {
    const current = ticker.newest(desk.now());
    if (current === null || (useRTH && current.kind !== "regular")) return;
    if (current !== day) [day, sent] = [current, 0];
    const perBar = BAR_SECONDS * 1000 / current.stepMs;
    const whole = wholeBars(stepsDone(current, desk.now()), current.stepMs);
    for (; sent < whole; sent++) {
      const range = { fromStep: sent * perBar, toStep: (sent + 1) * perBar };
      const bar = barOf(current, range, what);
      client.send({
        type: "realtimeBar",
        reqId,
        time: bar.startMs / 1000,
        open: bar.openE4 / E4_PER_DOLLAR,
        high: bar.highE4 / E4_PER_DOLLAR,
        low: bar.lowE4 / E4_PER_DOLLAR,
        close: bar.closeE4 / E4_PER_DOLLAR,
        volume: BigInt(bar.volume) * 1_000_000n,
        wap: bar.wapE4 < 0 ? -1 : Math.round(bar.wapE4) / E4_PER_DOLLAR,
        count: bar.count,
      });
    }
  };
}

function wholeBars(steps: number, stepMs: number): number {
  return Math.floor(steps * stepMs / (BAR_SECONDS * 1000));
}

function notFound(client: Client, reqId: number): void {
  client.sendError(reqId, 300, `Can't find EId with tickerId:${reqId}`);
}
