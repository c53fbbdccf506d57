import { EXCHANGE_TIME_ZONE, type TradingSession } from "./trading_days.ts";
import type { Ticket } from "./ticket.ts";

/** Times as TWS writes them, and texts that contain them. */

/** How TWS names the zone of New York. */
export const ZONE_NAME = "US/Eastern";

/** `20261120 09:30:00`, New York time; `blanks` between date and time. */
export function localTime(epochMs: number, blanks = 1): string {
  const local = zoned(epochMs);
  const date = local.toPlainDate().toString().replaceAll("-", "");
  return `${date}${" ".repeat(blanks)}${clockText(local)}`;
}

/** `20261120 09:30:00 US/Eastern`. */
export function localTimeWithZone(epochMs: number): string {
  return `${localTime(epochMs)} ${ZONE_NAME}`;
}

/** `09:30`, New York time. */
export function localMinute(epochMs: number): string {
  return clockText(zoned(epochMs)).slice(0, 5);
}

export function waitingForOpenText(ticket: Ticket, next: TradingSession | null): string {
  const { order, listing } = ticket;
  const until = next === null
    ? "the next session"
    : `${zoned(next.opensAt).toPlainDate()} ${clockText(zoned(next.opensAt))} ${ZONE_NAME}`;
  return `Order Message:\n${order.action} ${order.totalQuantity / 1_000_000n} ${listing.symbol} ` +
    `${marketOf(listing.primaryExchange)}\n` +
    `Warning: your order will not be placed at the exchange until ${until}`;
}

/** NASDAQ's national market is named with it; other exchanges stand alone. */
function marketOf(primaryExchange: string): string {
  return primaryExchange === "NASDAQ" ? "NASDAQ.NMS" : primaryExchange;
}

function zoned(epochMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(EXCHANGE_TIME_ZONE);
}

function clockText(local: Temporal.ZonedDateTime): string {
  return local.toPlainTime().toString({ smallestUnit: "second" });
}
