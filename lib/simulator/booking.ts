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
  const commission = executionCommission(before, after);
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
