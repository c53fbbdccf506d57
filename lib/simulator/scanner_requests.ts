import type { Request } from "../wire/requests.ts";
import type { ReqScannerSubscription } from "../wire/requests_marketdata.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { contractOf, tradingClass } from "./resolve.ts";
import type { Snapshot } from "./ticker.ts";
import { type Listing, UNIVERSE } from "./universe.ts";

/** The market scanner over all listed stocks. True when the request was one of these. */
export function answerScanner(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqScannerSubscription":
      scan(desk, client, request);
      return true;
    case "cancelScannerSubscription":
      client.unsubscribe(`scanner/${request.reqId}`);
      return true;
    case "reqScannerParameters":
      client.send({ type: "scannerParameters", xml: PARAMETERS });
      return true;
    default:
      return false;
  }
}

/** A higher score comes first. */
type Score = (snapshot: Snapshot, listing: Listing) => number;

const gain: Score = ({ lastE4, previousCloseE4 }) => lastE4 / previousCloseE4 - 1;

const SCANS: ReadonlyMap<string, Score> = new Map<string, Score>([
  ["TOP_PERC_GAIN", gain],
  ["TOP_PERC_LOSE", (snapshot, listing) => -gain(snapshot, listing)],
  ["MOST_ACTIVE", ({ volume }) => volume],
  ["MOST_ACTIVE_USD", ({ volume, lastE4 }) => volume * lastE4],
  ["HOT_BY_VOLUME", ({ volume }, { dailyVolume }) => volume / dailyVolume],
]);

const PARAMETERS = `<?xml version="1.0" encoding="UTF-8"?>\n<ScanParameterResponse>\n` +
  `<InstrumentList><Instrument><name>US Stocks</name><type>STK</type></Instrument></InstrumentList>\n` +
  `<LocationTree><Location><locationCode>STK.US.MAJOR</locationCode></Location></LocationTree>\n` +
  `<ScanTypeList>${
    [...SCANS.keys()].map((code) => `<ScanType><scanCode>${code}</scanCode></ScanType>`).join("")
  }</ScanTypeList>\n</ScanParameterResponse>\n`;

const ROWS_MAX = 50;

function scan(desk: Desk, client: Client, request: ReqScannerSubscription): void {
  const { reqId, scanCode, numberOfRows } = request;
  const score = SCANS.get(scanCode);
  if (score === undefined) {
    const text =
      `Historical Market Data Service error message:Scanner type with code ${scanCode} is disabled.`;
    return client.sendError(reqId, 162, text);
  }
  const rows = UNIVERSE
    .map((listing) => ({ listing, snapshot: desk.exchange.ticker(listing).snapshot(desk.now()) }))
    .filter(({ snapshot }) => withinLimits(snapshot, request))
    .map(({ listing, snapshot }) => ({ listing, score: score(snapshot, listing) }))
    .sort((a, b) => b.score - a.score)
    // -1 is "as many as there are".
    .slice(
      0,
      numberOfRows === null || numberOfRows < 1 ? ROWS_MAX : Math.min(ROWS_MAX, numberOfRows),
    );
  client.send({
    type: "scannerData",
    reqId,
    rows: rows.map(({ listing }, rank) => ({
      rank,
      contract: contractOf(listing),
      marketName: tradingClass(listing),
      distance: "",
      benchmark: "",
      projection: "",
      legsStr: "",
    })),
  });
  client.subscribe(`scanner/${reqId}`, {});
}

function withinLimits(
  { lastE4, volume }: Snapshot,
  { abovePrice, belowPrice, aboveVolume }: ReqScannerSubscription,
): boolean {
  const price = lastE4 / 1e4;
  return (abovePrice === null || price >= abovePrice) &&
    (belowPrice === null || price <= belowPrice) &&
    (aboveVolume === null || volume >= aboveVolume);
}
