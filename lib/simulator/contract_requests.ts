import type { ContractDetails } from "../wire/contract_details.ts";
import type { Request } from "../wire/requests.ts";
import type { ReqContractData } from "../wire/requests_contracts.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { contractOf, resolve, tradingClass, VALID_EXCHANGES } from "./resolve.ts";
import { ZONE_NAME } from "./texts.ts";
import { addDays, exchangeDate, type TradingDays } from "./trading_days.ts";
import { type Listing, UNIVERSE } from "./universe.ts";

/** What instruments there are. True when the request was one of these. */
export function answerContracts(desk: Desk, client: Client, request: Request): boolean {
  switch (request.type) {
    case "reqContractData":
      sendDetails(desk, client, request);
      return true;
    case "reqMatchingSymbols":
      sendSamples(client, request.reqId, request.pattern);
      return true;
    case "reqMarketRule":
      sendMarketRule(client, request.marketRuleId);
      return true;
    case "reqSecDefOptParams":
      // This exchange lists no options.
      client.send({ type: "securityDefinitionOptionParameterEnd", reqId: request.reqId });
      return true;
    default:
      return false;
  }
}

function sendDetails(desk: Desk, client: Client, { reqId, contract }: ReqContractData): void {
  const listing = resolve(contract);
  if (listing === null) {
    return client.sendError(reqId, 200, "No security definition has been found for the request");
  }
  const details = detailsOf(listing, contract.exchange || "SMART", hoursAhead(desk));
  client.send({ type: "contractDetails", reqId, details });
  client.send({ type: "contractDetailsEnd", reqId });
}

interface Hours {
  readonly trading: string;
  readonly liquid: string;
}

/** Of the list TWS sends for a US stock, what is simulated here. */
const ORDER_TYPES =
  "ACTIVETIM,ADJUST,ALERT,ALGO,ALLOC,AVGCOST,BASKET,CASHQTY,COND,CONDORDER,DAY,DEACT,GAT,GTC,GTD,GTT," +
  "HID,ICE,IOC,LIT,LMT,LOC,MIT,MKT,MOC,NONALGO,OCA,OPG,SMARTSTG,STP,STPLMT,TRAIL,TRAILLMT,WHATIF";

/** Prices in cents; and in hundredths of a cent below a dollar. */
const RULE_CENTS = 26;
const RULE_SUB_PENNY = 557;

function detailsOf(listing: Listing, exchange: string, hours: Hours): ContractDetails {
  const rule = listing.subPenny ? RULE_SUB_PENNY : RULE_CENTS;
  return {
    contract: contractOf(listing, exchange),
    lastTradeDate: "",
    marketName: tradingClass(listing),
    minTick: listing.subPenny ? 0.0001 : 0.01,
    orderTypes: ORDER_TYPES,
    validExchanges: VALID_EXCHANGES,
    priceMagnifier: 1,
    underConId: 0,
    longName: listing.longName,
    contractMonth: "",
    industry: listing.industry,
    category: listing.category,
    subcategory: listing.subcategory,
    timeZoneId: ZONE_NAME,
    tradingHours: hours.trading,
    liquidHours: hours.liquid,
    evRule: "",
    evMultiplier: 0,
    secIdList: [],
    aggGroup: 1,
    underSymbol: "",
    underSecType: "",
    marketRuleIds: VALID_EXCHANGES.split(",").map(() => rule).join(","),
    realExpirationDate: "",
    stockType: listing.kind,
    minSize: 1_000_000n,
    sizeIncrement: 1_000_000n,
    suggestedSizeIncrement: 100_000_000n,
    fund: null,
    ineligibilityReasons: [],
  };
}

/** Days of hours that TWS sends with every contract. */
const HOURS_DAYS = 6;

function hoursAhead(desk: Desk): Hours {
  const today = exchangeDate(desk.now());
  const dates = Array.from({ length: HOURS_DAYS }, (_, days) => addDays(today, days));
  return {
    trading: dates.map((date) => hoursText(desk.market.days, date, "trading")).join(";"),
    liquid: dates.map((date) => hoursText(desk.market.days, date, "liquid")).join(";"),
  };
}

/** `20260402:0930-20260402:1600`, or `20260403:CLOSED`. Late trading of a half day ends at 17:00. */
function hoursText(days: TradingDays, date: string, kind: "trading" | "liquid"): string {
  const digits = date.replaceAll("-", "");
  const session = days.on(date);
  if (session === null) return `${digits}:CLOSED`;
  const isHalf = session.closesAt - session.opensAt < FULL_SESSION_MS;
  const [from, to] = kind === "liquid"
    ? ["0930", isHalf ? "1300" : "1600"]
    : ["0400", isHalf ? "1700" : "2000"];
  return `${digits}:${from}-${digits}:${to}`;
}

const FULL_SESSION_MS = 6.5 * 3_600_000;

const SAMPLES_MAX = 16;

/** Symbols that begin with the pattern first, then names that contain it. */
function sendSamples(client: Client, reqId: number, pattern: string): void {
  const wanted = pattern.trim().toUpperCase();
  const bySymbol = UNIVERSE.filter(({ symbol }) => symbol.startsWith(wanted));
  const byName = UNIVERSE.filter((listing) =>
    !bySymbol.includes(listing) && listing.longName.includes(wanted)
  );
  const found = wanted === "" ? [] : [...bySymbol, ...byName].slice(0, SAMPLES_MAX);
  client.send({
    type: "symbolSamples",
    reqId,
    samples: found.map((listing) => ({
      conId: listing.conId,
      symbol: listing.symbol,
      secType: "STK",
      primaryExchange: listing.primaryExchange,
      currency: "USD",
      derivativeSecTypes: listing.primaryExchange === "PINK" ? [] : ["CFD", "OPT", "WAR"],
      description: listing.longName,
      issuerId: "",
    })),
  });
}

function sendMarketRule(client: Client, marketRuleId: number): void {
  const cents = { lowEdge: 0, increment: 0.01 };
  if (marketRuleId === RULE_CENTS) {
    client.send({ type: "marketRule", marketRuleId, priceIncrements: [cents] });
  } else if (marketRuleId === RULE_SUB_PENNY) {
    const priceIncrements = [{ lowEdge: 0, increment: 0.0001 }, { lowEdge: 1, increment: 0.01 }];
    client.send({ type: "marketRule", marketRuleId, priceIncrements });
  } else {
    client.sendError(-1, 321, "Error validating request.-'cf' : cause - Invalid market rule id");
  }
}
