import { formatMicros, type Micros, multiply } from "../money.ts";
import type { Floor } from "./floor.ts";
import { fromE4, limitE4, type Ticket, traits } from "./ticket.ts";

/**
 * IB takes no limit order far through the market: it is cancelled when it should go to the exchange (202), with the
 * price that would have been too far. The distances agree with what users report and with the exchanges' rules for
 * clearly erroneous trades; below a dollar they are a quarter. Auctions have one price for all, and algorithms choose
 * their own, so neither is capped.
 */
const DISTANCES: readonly { readonly from: Micros; readonly part: Micros }[] = [
  { from: 50_000_000n, part: 30_000n },
  { from: 25_000_000n, part: 50_000n },
  { from: 1_000_000n, part: 100_000n },
];
const PENNY_DISTANCE: Micros = 250_000n;

/** Why IB cancels the order instead of sending it on; null when it does not. */
export function cappedReason(floor: Floor, ticket: Ticket): string | null {
  const { side, order, listing } = ticket;
  const limit = limitE4(ticket);
  if (limit === null || traits(ticket).atClose || order.algoStrategy !== "") return null;
  const market = floor.ticker(listing).mark(floor.now());
  const part = DISTANCES.find(({ from }) => market >= from)?.part;
  const distance = part === undefined ? PENNY_DISTANCE : multiply(market, part);
  const bound = side === "BUY" ? market + distance : market - distance;
  const price = fromE4(limit);
  if (side === "BUY" ? price < bound : price > bound) return null;
  return `We cannot accept an order at a limit price at or more aggressive than ${
    formatMicros(bound)
  }. Please submit your order using a limit price that is closer to the current market price of ` +
    `${formatMicros(market)}.`;
}
