import { ZERO } from "../money.ts";
import type { OrderContract } from "../wire/contract.ts";
import type { WireOrder } from "../wire/order.ts";
import type { Account } from "./account.ts";
import type { Side } from "./matching.ts";
import { isLive, type Ticket } from "./ticket.ts";
import type { Listing } from "./universe.ts";

export interface NewTicket {
  readonly clientId: number;
  readonly orderId: number;
  readonly listing: Listing;
  readonly account: Account;
  readonly side: Side;
  readonly parent: Ticket | null;
  readonly contract: OrderContract;
  readonly order: WireOrder;
  readonly nowMs: number;
}

/** Every order of the Gateway's life, by who placed it. */
export class OrderBook {
  readonly #byKey = new Map<string, Ticket>(); // clientId/orderId → its newest ticket
  readonly #live = new Set<Ticket>();
  readonly #done: Ticket[] = [];
  readonly #highestIds = new Map<number, number>(); // clientId → highest order id used
  #nextPermId: number;
  #sequence = 0;

  constructor(firstPermId: number) {
    this.#nextPermId = firstPermId;
  }

  /** Ids are per client: highest ever used plus one, 1 for a client never seen. */
  nextOrderId(clientId: number): number {
    return (this.#highestIds.get(clientId) ?? 0) + 1;
  }

  /** Orders ever accepted. */
  get count(): number {
    return this.#live.size + this.#done.length;
  }

  get(clientId: number, orderId: number): Ticket | undefined {
    return this.#byKey.get(`${clientId}/${orderId}`);
  }

  byPermId(permId: number): Ticket | undefined {
    return this.all().find((ticket) => ticket.permId === permId);
  }

  add(fresh: NewTicket): Ticket {
    const { clientId, orderId, order, nowMs } = fresh;
    const permId = this.#nextPermId++;
    const ticket: Ticket = {
      ...fresh,
      permId,
      sequence: this.#sequence++,
      order: { ...order, clientId, permId },
      placed: order,
      stage: "held",
      status: "PreSubmitted",
      whyHeld: "",
      triggered: false,
      trailE4: null,
      cancelling: false,
      conditionsMet: false,
      acceptedMs: nowMs,
      sinceMs: nowMs,
      filled: ZERO,
      value: ZERO,
      lastFillPrice: ZERO,
      commission: null,
      commissionShown: null,
      completedAtMs: null,
      completedStatus: "",
    };
    if (orderId > 0) this.#register(ticket);
    this.#live.add(ticket);
    return ticket;
  }

  /** Gives an order entered by hand an id of client 0. */
  bind(ticket: Ticket): void {
    ticket.orderId = this.nextOrderId(ticket.clientId);
    this.#register(ticket);
  }

  /** As after a restart that has lost them: ids begin anew, and only live orders are still known by theirs. */
  forgetIds(): void {
    this.#byKey.clear();
    this.#highestIds.clear();
    for (const ticket of this.#live) if (ticket.orderId > 0) this.#register(ticket);
  }

  #register(ticket: Ticket): void {
    const { clientId, orderId } = ticket;
    this.#byKey.set(`${clientId}/${orderId}`, ticket);
    this.#highestIds.set(clientId, Math.max(orderId, this.#highestIds.get(clientId) ?? 0));
  }

  /** Marks an order as over; from now on it is among the completed ones. */
  close(ticket: Ticket, nowMs: number): void {
    ticket.stage = "done";
    ticket.cancelling = false;
    ticket.whyHeld = "";
    ticket.completedAtMs = nowMs;
    this.#live.delete(ticket);
    this.#done.push(ticket);
  }

  /** In the order of acceptance. */
  live(): Ticket[] {
    return [...this.#live];
  }

  /** Oldest end first. */
  completed(): readonly Ticket[] {
    return this.#done;
  }

  all(): Ticket[] {
    return [...this.#live, ...this.#done].sort((a, b) => a.sequence - b.sequence);
  }

  childrenOf(parent: Ticket): Ticket[] {
    return this.live().filter((ticket) => ticket.parent === parent);
  }

  /** Live orders of the same account that cancel each other with this one. */
  ocaSiblings(ticket: Ticket): Ticket[] {
    const { ocaGroup } = ticket.order;
    if (ocaGroup === "") return [];
    return this.live().filter((other) =>
      other !== ticket && other.order.ocaGroup === ocaGroup && other.account === ticket.account &&
      isLive(other)
    );
  }
}
