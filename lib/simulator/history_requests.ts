import type { HistoricalBar } from "../wire/replies_history.ts";
import type { Request } from "../wire/requests.ts";
import type { ReqHeadTimestamp, ReqHistoricalData } from "../wire/requests_history.ts";
import { SINCE } from "../wire/versions.ts";
import type { GridBar } from "./bars.ts";
import type { Client } from "./client.ts";
import { FIRST_DATE } from "./daily_plan.ts";
import type { Desk } from "./desk.ts";
import { BarUpdates } from "./history_updates.ts";
import { historyBars, type HistoryQuery, windowStartMs } from "./history.ts";
import { LEGAL_BAR_SIZES, parseBarSize, parseDuration, parseWhatToShow } from "./history_query.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import { parseRequestTime } from "./request_time.ts";
import { invalidTime } from "./refusal.ts";
import { resolve } from "./resolve.ts";
import { scheduleOf } from "./schedule_reply.ts";
import { localTime, localTimeWithZone } from "./texts.ts";

/** The past. True when the request was one of these. */
export function answerHistory(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqHistoricalData":
      answerBars(desk, client, request);
      return true;
    case "cancelHistoricalData":
      cancelBars(client, request.reqId);
      return true;
    case "reqHeadTimestamp":
      sendHead(desk, client, request);
      return true;
    case "cancelHeadTimestamp":
      return true;
    default:
      return false;
  }
}

/** The historical data farm takes its time. */
const ANSWER_MS = 120;
const SERVICE = "Historical Market Data Service error message:";
const BAD_TIME = invalidTime(10314, "End Date/Time").text;
const IMPLIED_ZONE =
  "Warning: You submitted request with date-time attributes without explicit time zone. Please switch " +
  "to use yyyymmdd-hh:mm:ss in UTC or use instrument time zone, like US/Eastern. Implied time zone " +
  "functionality will be removed in the next API release";

function answerBars(desk: Desk, client: Client, request: ReqHistoricalData): void {
  const { reqId } = request;
  const key = `history/${reqId}`;
  if (client.has(key)) {
    const text =
      "Error processing request.-'bQ' : cause - Duplicate ticker ID for API historical data query";
    return client.sendError(reqId, 322, text);
  }
  const isSchedule = request.whatToShow === "SCHEDULE";
  const query = queryOf(desk, client, isSchedule ? { ...request, whatToShow: "TRADES" } : request);
  if (query === null) return;
  if (isSchedule) return sendSchedule(desk, client, { reqId, query });
  if (isPaced(query) && client.historyPacing.isViolated(pacingKeys(request), desk.now())) {
    const text = `${SERVICE}Historical data request pacing violation`;
    return client.sendError(reqId, 162, text);
  }
  const stop = desk.later(ANSWER_MS, () => {
    client.forget(key);
    sendBars(desk, client, { request, query });
  });
  client.subscribe(key, { stop });
}

function sendSchedule(
  desk: Desk,
  client: Client,
  { reqId, query }: { readonly reqId: number; readonly query: HistoryQuery },
): void {
  if (query.size.unit !== "day") {
    const text =
      "Error validating request.-'bQ' : cause - Only daily resolution supported for Schedule requests";
    return client.sendError(reqId, 321, text);
  }
  if (client.serverVersion < SINCE.HISTORICAL_SCHEDULE) return;
  client.send(scheduleOf(desk.market, reqId, query));
}

/** IB paces small bars alone; larger ones it merely slows down. */
const PACED_BAR_MS = 30_000;

function isPaced({ size }: HistoryQuery): boolean {
  return size.ms !== null && size.ms <= PACED_BAR_MS;
}

function pacingKeys(request: ReqHistoricalData): { contract: string; whole: string } {
  const { contract, whatToShow, endDateTime, durationStr, barSizeSetting } = request;
  const { conId, symbol, exchange } = contract;
  const named = [conId, symbol, exchange, whatToShow].join();
  return { contract: named, whole: [named, endDateTime, durationStr, barSizeSetting].join() };
}

/** Null after the refusal has been sent. */
function queryOf(desk: Desk, client: Client, request: ReqHistoricalData): HistoryQuery | null {
  const refuse = (code: number, text: string): null => {
    client.sendError(request.reqId, code, text);
    return null;
  };
  const listing = resolve(request.contract);
  if (listing === null) return refuse(200, "No security definition has been found for the request");
  const size = parseBarSize(request.barSizeSetting);
  if (size === undefined) {
    const text =
      "Error validating request.-'bQ' : cause - Historical data bar size setting is invalid. " +
      `Legal ones are: ${LEGAL_BAR_SIZES}`;
    return refuse(321, text);
  }
  const duration = parseDuration(request.durationStr);
  if (duration === undefined) {
    const text =
      "Error validating request.-'bQ' : cause - Historical data query duration is invalid: " +
      "expected <integer>{SPACE}<unit>, where unit is S, D, W, M or Y";
    return refuse(321, text);
  }
  const what = parseWhatToShow(request.whatToShow);
  if (what === undefined) {
    const text =
      "Error validating request.-'bQ' : cause - Historical data query 'whatToShow' is invalid";
    return refuse(321, text);
  }
  if (request.keepUpToDate && request.endDateTime !== "") {
    const text =
      "Error validating request.-'bQ' : cause - End date not supported with live updates";
    return refuse(321, text);
  }
  const end = request.endDateTime === "" ? null : parseRequestTime(request.endDateTime);
  if (end === undefined) return refuse(10314, BAD_TIME);
  if (end?.isZoneImplied) client.sendError(request.reqId, 2174, IMPLIED_ZONE);
  const endMs = Math.min(end?.epochMs ?? desk.now(), desk.now());
  return { listing, size, duration, what, endMs, allHours: !request.useRTH };
}

function sendBars(
  desk: Desk,
  client: Client,
  { request, query }: { readonly request: ReqHistoricalData; readonly query: HistoryQuery },
): void {
  const { reqId } = request;
  const bars = historyBars(desk.market, query);
  if (bars.length === 0) {
    const show = request.whatToShow[0] + request.whatToShow.slice(1).toLowerCase();
    const text = `${SERVICE}HMDS query returned no data: ${query.listing.symbol}@` +
      `${request.contract.exchange || "SMART"} ${show}`;
    return client.sendError(reqId, 162, text);
  }
  const isDaily = query.size.ms === null;
  const startMs = windowStartMs(query);
  const endsApart = client.serverVersion >= SINCE.HISTORICAL_DATA_END;
  client.send({
    type: "historicalData",
    reqId,
    start: localTime(startMs, 2),
    end: localTime(query.endMs, 2),
    bars: bars.map((bar) => barReply(bar, { isDaily, formatDate: request.formatDate, client })),
  });
  if (endsApart) {
    const [start, end] = [localTimeWithZone(startMs), localTimeWithZone(query.endMs)];
    client.send({ type: "historicalDataEnd", reqId, start, end });
  }
  if (!request.keepUpToDate) return;
  const updates = new BarUpdates({
    desk,
    query,
    lastStartMs: bars.at(-1)?.startMs ?? 0,
    send: (bar) =>
      client.send({
        type: "historicalDataUpdate",
        reqId,
        bar: barReply(bar, { isDaily, formatDate: request.formatDate, client }),
      }),
  });
  client.subscribe(`history/${reqId}`, { beat: () => updates.beat() });
}

function barReply(
  bar: GridBar,
  { isDaily, formatDate, client }: {
    readonly isDaily: boolean;
    readonly formatDate: number;
    readonly client: Client;
  },
): HistoricalBar {
  const dollars = (e4: number): number => e4 / E4_PER_DOLLAR;
  return {
    date: barDate(bar, { isDaily, formatDate, client }),
    open: dollars(bar.openE4),
    high: dollars(bar.highE4),
    low: dollars(bar.lowE4),
    close: dollars(bar.closeE4),
    volume: BigInt(bar.volume) * 1_000_000n,
    // Three decimals more than the price's four would be noise.
    wap: bar.wapE4 < 0 ? -1 : Math.round(bar.wapE4) / E4_PER_DOLLAR,
    count: bar.count,
  };
}

function barDate(
  bar: GridBar,
  { isDaily, formatDate, client }: {
    readonly isDaily: boolean;
    readonly formatDate: number;
    readonly client: Client;
  },
): string {
  if (isDaily) return bar.date.replaceAll("-", "");
  if (formatDate === 2) return String(bar.startMs / 1000);
  return client.serverVersion >= SINCE.INSTRUMENT_TIMEZONE
    ? localTimeWithZone(bar.startMs)
    : localTime(bar.startMs, 2);
}

function cancelBars(client: Client, reqId: number): void {
  if (client.unsubscribe(`history/${reqId}`)) {
    return client.sendError(reqId, 162, `${SERVICE}API historical data query cancelled: ${reqId}`);
  }
  client.sendError(reqId, 366, `No historical data query found for ticker id:${reqId}`);
}

/** Prices here begin with the first session. */
function sendHead(desk: Desk, client: Client, request: ReqHeadTimestamp): void {
  const { reqId, contract, formatDate } = request;
  const opensAt = desk.market.days.on(FIRST_DATE)?.opensAt;
  if (resolve(contract) === null || opensAt === undefined) {
    return client.sendError(reqId, 162, `${SERVICE}No head time stamp`);
  }
  const utc = Temporal.Instant.fromEpochMilliseconds(opensAt).toString().slice(0, 19);
  const headTimestamp = formatDate === 2
    ? String(opensAt / 1000)
    : utc.replaceAll("-", "").replace("T", "-");
  client.send({ type: "headTimestamp", reqId, headTimestamp });
}
