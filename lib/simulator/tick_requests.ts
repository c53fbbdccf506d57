import type { Request } from "../wire/requests.ts";
import type { ReqTickByTickData } from "../wire/requests_marketdata.ts";
import type { TickByTick } from "../wire/replies_marketdata.ts";
import { stepsDone } from "./bars.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import type { MarketDay } from "./market_day.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import { printsOf } from "./prints.ts";
import { resolve } from "./resolve.ts";
import type { Listing } from "./universe.ts";

/** Tick by tick. True when the request was one of these. */
export function answerTickByTick(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqTickByTickData":
      subscribe(desk, client, request);
      return true;
    case "cancelTickByTickData":
      if (!client.unsubscribe(`ticks/${request.reqId}`)) {
        const text = `Can't find EId with tickerId:${request.reqId}`;
        client.sendError(request.reqId, 300, text);
      }
      return true;
    default:
      return false;
  }
}

type Tick = TickByTick["tick"];
/** The ticks of one step. */
type TickMaker = (day: MarketDay, step: number) => Tick[];

function subscribe(desk: Desk, client: Client, request: ReqTickByTickData): void {
  const { reqId, tickType } = request;
  const key = `ticks/${reqId}`;
  if (client.has(key)) {
    return client.sendError(
      reqId,
      322,
      "Error processing request.-'bQ' : cause - Duplicate ticker id",
    );
  }
  const listing = resolve(request.contract);
  if (listing === null) {
    return client.sendError(reqId, 200, "No security definition has been found for the request");
  }
  const make = makerOf(tickType);
  if (make === undefined) {
    const text = `Error validating request.-'bQ' : cause - Invalid tick-by-tick type '${tickType}'`;
    return client.sendError(reqId, 321, text);
  }
  const send = (tick: Tick): void => client.send({ type: "tickByTick", reqId, tick });
  client.subscribe(key, { beat: tickSender(desk, { listing, make, send }) });
}

/** Sends the ticks of each step that has been completed since the last time. */
function tickSender(
  desk: Desk,
  { listing, make, send }: {
    readonly listing: Listing;
    readonly make: TickMaker;
    send(tick: Tick): void;
  },
): () => void {
  const ticker = desk.exchange.ticker(listing);
  let day = ticker.newest(desk.now());
  let sent = day === null ? 0 : stepsDone(day, desk.now());
  return () => {
    const current = ticker.newest(desk.now());
    if (current === null) return;
    if (current !== day) [day, sent] = [current, 0];
    for (const done = stepsDone(current, desk.now()); sent < done; sent++) {
      for (const tick of make(current, sent)) send(tick);
    }
  };
}

function makerOf(tickType: string): TickMaker | undefined {
  switch (tickType) {
    case "Last":
      return (day, step) => trades(day, step, 1);
    case "AllLast":
      return (day, step) => trades(day, step, 2);
    case "BidAsk":
      return (day, step) => isNewQuote(day, step) ? [bidAsk(day, step)] : [];
    case "MidPoint":
      return (day, step) => isNewQuote(day, step) ? [midPoint(day, step)] : [];
    default:
      return undefined;
  }
}

function trades(day: MarketDay, step: number, kind: 1 | 2): Tick[] {
  return printsOf(day, step).map(({ priceE4, shares }) => ({
    kind,
    time: secondsAt(day, step),
    price: priceE4 / E4_PER_DOLLAR,
    size: BigInt(shares) * 1_000_000n,
    attribMask: 0,
    exchange: day.listing.primaryExchange,
    specialConditions: "",
  }));
}

/** True of the first step, and of those whose quote differs from the one before. */
export function isNewQuote(day: MarketDay, step: number): boolean {
  return step === 0 || day.bidE4[step] !== day.bidE4[step - 1] ||
    day.askE4[step] !== day.askE4[step - 1] || day.bidSize[step] !== day.bidSize[step - 1] ||
    day.askSize[step] !== day.askSize[step - 1];
}

function bidAsk(day: MarketDay, step: number): Tick {
  return {
    kind: 3,
    time: secondsAt(day, step),
    bidPrice: (day.bidE4[step] ?? 0) / E4_PER_DOLLAR,
    askPrice: (day.askE4[step] ?? 0) / E4_PER_DOLLAR,
    bidSize: BigInt(day.bidSize[step] ?? 0) * 1_000_000n,
    askSize: BigInt(day.askSize[step] ?? 0) * 1_000_000n,
    attribMask: 0,
  };
}

function midPoint(day: MarketDay, step: number): Tick {
  const twice = (day.bidE4[step] ?? 0) + (day.askE4[step] ?? 0);
  return { kind: 4, time: secondsAt(day, step), midPoint: twice / 2 / E4_PER_DOLLAR };
}

/** Epoch seconds at the end of a step. */
export function secondsAt(day: MarketDay, step: number): number {
  return Math.floor((day.session.opensAt + (step + 1) * day.stepMs) / 1000);
}
