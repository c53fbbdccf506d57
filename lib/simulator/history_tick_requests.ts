import type { Request } from "../wire/requests.ts";
import type { ReqHistogramData, ReqHistoricalTicks } from "../wire/requests_history.ts";
import { stepsDone } from "./bars.ts";
import type { Client } from "./client.ts";
import { FIRST_DATE } from "./daily_plan.ts";
import type { Desk } from "./desk.ts";
import type { MarketDay } from "./market_day.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import { printsOf } from "./prints.ts";
import { parseRequestTime } from "./request_time.ts";
import { resolve } from "./resolve.ts";
import { isNewQuote, secondsAt } from "./tick_requests.ts";
import { exchangeDate, type TradingSession } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

/** Ticks and histograms of the past. True when the request was one of these. */
export function answerHistoryTicks(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqHistoricalTicks":
      sendTicks(desk, client, request);
      return true;
    case "reqHistogramData":
      sendHistogram(desk, client, request);
      return true;
    case "cancelHistogramData":
      return true;
    default:
      return false;
  }
}

/** TWS sends at most this many at a time. */
const TICKS_MAX = 1000;
/** Sessions looked through for as many ticks as were asked for; the thinnest stock has some dozens in each. */
const SESSIONS_MAX = 10;
const NO_SECURITY = "No security definition has been found for the request";

interface Moment {
  readonly day: MarketDay;
  readonly step: number;
}

function sendTicks(desk: Desk, client: Client, request: ReqHistoricalTicks): void {
  const { reqId, startDateTime, endDateTime, whatToShow } = request;
  const listing = resolve(request.contract);
  if (listing === null) return client.sendError(reqId, 200, NO_SECURITY);
  if ((startDateTime === "") === (endDateTime === "")) {
    const text =
      "Error validating request.-'bZ' : cause - Historical ticks need either a start or an end time";
    return client.sendError(reqId, 321, text);
  }
  const isForward = startDateTime !== "";
  const time = parseRequestTime(isForward ? startDateTime : endDateTime);
  if (time === undefined) {
    const text = "Error validating request.-'bZ' : cause - Invalid time format";
    return client.sendError(reqId, 321, text);
  }
  const wanted = Math.max(1, Math.min(TICKS_MAX, request.numberOfTicks));
  const counts = whatToShow === "TRADES"
    ? (moment: Moment) => printsOf(moment.day, moment.step).length
    : (moment: Moment) => isNewQuote(moment.day, moment.step) ? 1 : 0;
  const moments = momentsAround(desk, listing, {
    epochMs: time.epochMs,
    isForward,
    wanted,
    counts,
  });
  sendMoments(client, request, { moments, wanted, isForward });
}

/** Steps with ticks, oldest first, enough of them from the time on, or up to it. */
function momentsAround(
  desk: Desk,
  listing: Listing,
  { epochMs, isForward, wanted, counts }: {
    readonly epochMs: number;
    readonly isForward: boolean;
    readonly wanted: number;
    counts(moment: Moment): number;
  },
): Moment[] {
  const found: Moment[] = [];
  let ticks = 0;
  let date: string | null = exchangeDate(epochMs);
  for (let session = 0; session < SESSIONS_MAX && date !== null; session++) {
    const day = desk.market.day(listing, date);
    const done = day === null ? 0 : stepsDone(day, desk.now());
    for (let index = 0; day !== null && index < done && ticks < wanted; index++) {
      const step = isForward ? index : done - 1 - index;
      const atMs = secondsAt(day, step) * 1000;
      if (isForward ? atMs < epochMs : atMs > epochMs) continue;
      const count = counts({ day, step });
      if (count > 0) found.push({ day, step });
      ticks += count;
    }
    if (ticks >= wanted) break;
    const next: TradingSession | null = isForward
      ? desk.market.days.after(date)
      : desk.market.days.before(date);
    date = next === null || next.opensAt > desk.now() || next.date < FIRST_DATE ? null : next.date;
  }
  return isForward ? found : found.reverse();
}

function sendMoments(
  client: Client,
  { reqId, whatToShow }: ReqHistoricalTicks,
  { moments, wanted, isForward }: {
    readonly moments: readonly Moment[];
    readonly wanted: number;
    readonly isForward: boolean;
  },
): void {
  const cut = <T>(ticks: readonly T[]): T[] =>
    isForward ? ticks.slice(0, wanted) : ticks.slice(-wanted);
  if (whatToShow === "TRADES") {
    const ticks = cut(
      moments.flatMap(({ day, step }) =>
        printsOf(day, step).map(({ priceE4, shares }) => ({
          time: secondsAt(day, step),
          attribMask: 0,
          price: priceE4 / E4_PER_DOLLAR,
          size: BigInt(shares) * 1_000_000n,
          exchange: day.listing.primaryExchange,
          specialConditions: "",
        }))
      ),
    );
    return client.send({ type: "historicalTicksLast", reqId, ticks, done: true });
  }
  const quotes = cut(moments).map(({ day, step }) => ({
    time: secondsAt(day, step),
    bid: (day.bidE4[step] ?? 0) / E4_PER_DOLLAR,
    ask: (day.askE4[step] ?? 0) / E4_PER_DOLLAR,
    bidSize: BigInt(day.bidSize[step] ?? 0) * 1_000_000n,
    askSize: BigInt(day.askSize[step] ?? 0) * 1_000_000n,
  }));
  if (whatToShow === "BID_ASK") {
    const ticks = quotes.map(({ time, bid, ask, bidSize, askSize }) => ({
      time,
      attribMask: 0,
      priceBid: bid,
      priceAsk: ask,
      sizeBid: bidSize,
      sizeAsk: askSize,
    }));
    return client.send({ type: "historicalTicksBidAsk", reqId, ticks, done: true });
  }
  const ticks = quotes.map(({ time, bid, ask }) => ({
    time,
    // Halves of a tick, and no dust of the division.
    price: Math.round((bid + ask) * E4_PER_DOLLAR / 2 * 10) / 10 / E4_PER_DOLLAR,
    size: 0n,
  }));
  client.send({ type: "historicalTicks", reqId, ticks, done: true });
}

/** `3 days`, `1 week`: how far back the histogram looks. */
const PERIOD = /^(\d{1,3}) (day|days|week|weeks)$/;
const WEEK_SESSIONS = 5;

function sendHistogram(desk: Desk, client: Client, request: ReqHistogramData): void {
  const { reqId, timePeriod } = request;
  const listing = resolve(request.contract);
  if (listing === null) return client.sendError(reqId, 200, NO_SECURITY);
  const [, count, unit] = PERIOD.exec(timePeriod.trim()) ?? [];
  if (count === undefined || unit === undefined) {
    const text = "Error validating request.-'ca' : cause - Invalid time period";
    return client.sendError(reqId, 321, text);
  }
  const sessions = Math.min(
    SESSIONS_MAX,
    Number(count) * (unit.startsWith("week") ? WEEK_SESSIONS : 1),
  );
  const shares = new Map<number, number>(); // price in E4 → shares
  let date: string | null = exchangeDate(desk.now());
  for (let session = 0; session < sessions && date !== null; session++) {
    const day = desk.market.day(listing, date);
    const done = day === null ? 0 : stepsDone(day, desk.now());
    for (let step = 0; day !== null && step < done; step++) {
      for (const print of printsOf(day, step)) {
        shares.set(print.priceE4, (shares.get(print.priceE4) ?? 0) + print.shares);
      }
    }
    date = desk.market.days.before(date)?.date ?? null;
  }
  const entries = [...shares].sort(([a], [b]) => a - b).map(([priceE4, size]) => ({
    price: priceE4 / E4_PER_DOLLAR,
    size: BigInt(size) * 1_000_000n,
  }));
  client.send({ type: "histogramData", reqId, entries });
}
