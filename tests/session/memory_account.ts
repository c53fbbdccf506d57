import type { Commission, Execution } from "../../lib/broker/broker.ts";
import { type Micros, parseMicros } from "../../lib/money.ts";
import type { OrderFacts, OrderStatus } from "../../lib/orders/order.ts";

/** An order and what became of it. */
export interface Held {
  order: OrderFacts;
  readonly orderId: number;
  status: OrderStatus;
  filled: Micros;
}

/** Price of a symbol at an instant. */
export type Path = (symbol: string, at: number) => number;

/**
 * What a broker knows outlives a connection: several `MemoryBroker`s may share one. Entries and market orders
 * fill at the path's price; stops trigger on it; children wait for their parent.
 */
export class MemoryAccount {
  cash: Micros;
  /** symbol → shares */
  readonly shares = new Map<string, Micros>();
  /** intentId → order */
  readonly orders = new Map<string, Held>();
  readonly executions: Execution[] = [];
  readonly commissions: Commission[] = [];
  nextOrderId = 1;
  /** What the broker says is free for new positions; null is all the account is worth. */
  availableFunds: Micros | null = null;

  constructor(cash = "100000") {
    this.cash = parseMicros(cash);
  }
}
