import { type Micros, MICROS_PER_UNIT, multiply, ZERO } from "../money.ts";
import { executionCommission } from "./commission.ts";
import type { Floor, SimExecution } from "./floor.ts";
import { averageFillPrice, type Ticket } from "./ticket.ts";

const VENUES: readonly string[] = [
  "ISLAND",
  "ARCA",
  "NYSE",
  "IEX",
  "BATS",
  "EDGEA",
  "MEMX",
  "DRCTEDGE",
];

export interface Traded {
  readonly quantity: Micros;
  readonly price: Micros;
  /** 1 added, 2 removed, 0 auction. */
  readonly lastLiquidity: number;
}

/** Books a fill into the order and its account, commission included, and records the execution. */
export function bookFill(floor: Floor, ticket: Ticket, traded: Traded): SimExecution {
  const { side, listing } = ticket;
  const { quantity, price } = traded;
  const before = { side, quantity: ticket.filled, value: ticket.value };
  ticket.filled += quantity;
  ticket.value += multiply(price, quantity);
  ticket.lastFillPrice = price;
  const after = { side, quantity: ticket.filled, value: ticket.value };
  const commission = executionCommission(before, after, floor.commissions);
  ticket.commission = (ticket.commission ?? ZERO) + commission;
  const number = floor.executions.length;
  const execution: SimExecution = {
    ...traded,
    execId: floor.execId(number),
    ticket,
    side,
    timeMs: floor.now(),
    exchange: VENUES[number % VENUES.length] ?? listing.primaryExchange,
    cumQty: ticket.filled,
    avgPrice: averageFillPrice(ticket),
    commission,
    realizedPnl: ticket.account.book({ listing, side, quantity, price, commission }),
  };
  floor.executions.push(execution);
  return execution;
}

export function sharesToMicros(shares: number): Micros {
  return BigInt(shares) * MICROS_PER_UNIT;
}

/**
 * The execution as it should have been: the same stem, the next revision, booked into the account in the place of the
 * first. The commission stays.
 */
export function bookCorrection(floor: Floor, wrong: SimExecution, price: Micros): SimExecution {
  const { ticket, side, quantity } = wrong;
  const perShare = price - wrong.price;
  ticket.account.adjust({ listing: ticket.listing, side, quantity }, perShare);
  ticket.value += multiply(perShare, quantity);
  const corrected = {
    ...wrong,
    execId: nextRevision(wrong.execId),
    price,
    avgPrice: averageFillPrice(ticket),
  };
  floor.executions.push(corrected);
  return corrected;
}

/** The execution never was: no shares, and their price and commission come back. */
export function bookBust(floor: Floor, wrong: SimExecution): SimExecution {
  const { ticket, side, quantity, price, commission } = wrong;
  const { account, listing } = ticket;
  account.book({
    listing,
    side: side === "BUY" ? "SELL" : "BUY",
    quantity,
    price,
    commission: -commission,
  });
  const busted = {
    ...wrong,
    execId: nextRevision(wrong.execId),
    quantity: ZERO,
    cumQty: wrong.cumQty - quantity,
    commission: ZERO,
  };
  floor.executions.push(busted);
  return busted;
}

/** `….01` → `….02` */
function nextRevision(execId: string): string {
  const revision = Number(execId.slice(-2)) + 1;
  return execId.slice(0, -2) + String(revision).padStart(2, "0");
}
