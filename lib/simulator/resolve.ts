import type { WireContract } from "../wire/contract.ts";
import { EMPTY_CONTRACT } from "../wire/contract.ts";
import { type Listing, listingByConId, listingOf } from "./universe.ts";

/** Contracts as clients name them, and as the server writes them. */

/** Where a US stock can be sent, as contractDetails lists it. */
export const VALID_EXCHANGES =
  "SMART,AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,ISLAND,DRCTEDGE,BEX,BATS,EDGEA,BYX,IEX,EDGX,FOXRIVER," +
  "PEARL,NYSENAT,LTSE,MEMX,IBEOS,OVERNIGHT,TPLUS0,PSX";

const EXCHANGES: ReadonlySet<string> = new Set([
  ...VALID_EXCHANGES.split(","),
  "NASDAQ",
  "PINK",
  "BEST",
  "",
]);

/** The stock a contract means; null when there is none, or more than its symbol contradicts it. */
export function resolve(contract: WireContract): Listing | null {
  const listing = contract.conId > 0
    ? listingByConId(contract.conId)
    : contract.secType === "STK"
    ? listingOf(contract.symbol || contract.localSymbol)
    : undefined;
  return listing !== undefined && agrees(contract, listing) ? listing : null;
}

function agrees(contract: WireContract, listing: Listing): boolean {
  const same = (given: string, actual: string): boolean => given === "" || given === actual;
  return same(contract.secType, "STK") && same(contract.symbol, listing.symbol) &&
    same(contract.currency, "USD") && same(contract.localSymbol, listing.symbol) &&
    same(contract.tradingClass, tradingClass(listing)) && EXCHANGES.has(contract.exchange) &&
    samePrimary(contract.primaryExchange, listing.primaryExchange);
}

/** ISLAND was the name of NASDAQ at IB until 2023, and both are accepted. */
function samePrimary(given: string, actual: string): boolean {
  return given === "" || given === actual || (given === "ISLAND" && actual === "NASDAQ");
}

/** `NMS` for the NASDAQ national market, else the symbol. */
export function tradingClass(listing: Listing): string {
  return listing.primaryExchange === "NASDAQ" ? "NMS" : listing.symbol;
}

/** The contract in full, for this destination. */
export function contractOf(listing: Listing, exchange = "SMART"): WireContract {
  return {
    ...EMPTY_CONTRACT,
    conId: listing.conId,
    symbol: listing.symbol,
    secType: "STK",
    exchange,
    primaryExchange: listing.primaryExchange,
    currency: "USD",
    localSymbol: listing.symbol,
    tradingClass: tradingClass(listing),
  };
}
