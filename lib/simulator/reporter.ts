import { formatMicros } from "../money.ts";
import type { Client } from "./client.ts";
import type { ExchangeListener, OrderAddress, SimExecution } from "./floor.ts";
import type { JournalEntry } from "./journal.ts";
import { commissionReportOf, execDetailsOf, openOrderOf, orderStatusOf } from "./order_view.ts";
import { remaining, type Ticket } from "./ticket.ts";

export interface ReporterOptions {
  readonly clients: ReadonlyMap<number, Client>; // client id → Client
  /** Sees everybody's orders. */
  readonly masterClientId: number | undefined;
  journal(entry: JournalEntry): void;
}

/** Tells clients about orders: their own, and the master client about all. */
export class Reporter implements ExchangeListener {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  changed(ticket: Ticket): void {
    for (const client of this.#audience(ticket)) {
      client.send(openOrderOf(ticket));
      client.send(orderStatusOf(ticket));
    }
    this.#journalOrder(ticket);
  }

  statusChanged(ticket: Ticket): void {
    for (const client of this.#audience(ticket)) client.send(orderStatusOf(ticket));
    this.#journalOrder(ticket);
  }

  message(order: OrderAddress, code: number, text: string): void {
    for (const client of this.#audience(order)) client.sendError(order.orderId, code, text);
  }

  executed(execution: SimExecution): void {
    const { ticket } = execution;
    for (const client of this.#audience(ticket)) {
      client.send(execDetailsOf(execution, { reqId: -1, serverVersion: client.serverVersion }));
    }
    const { account, listing } = ticket;
    const position = account.positionOf(listing.conId);
    if (position !== undefined) {
      for (const client of this.#options.clients.values()) client.filled(account, position);
    }
    this.#options.journal({
      kind: "execution",
      execId: execution.execId,
      permId: ticket.permId,
      orderRef: ticket.order.orderRef,
      account: account.id,
      symbol: listing.symbol,
      side: execution.side,
      quantity: formatMicros(execution.quantity),
      price: formatMicros(execution.price),
      commission: formatMicros(execution.commission),
      cash: formatMicros(account.cash),
      position: formatMicros(account.quantityOf(listing.conId)),
    });
  }

  commissioned(execution: SimExecution): void {
    const { ticket } = execution;
    // The end of an order is told once more, now with what it cost.
    if (ticket.status === "Filled") this.changed(ticket);
    for (const client of this.#audience(ticket)) client.send(commissionReportOf(execution));
  }

  *#audience({ clientId, orderId }: OrderAddress): Generator<Client> {
    // An order entered by hand and not bound has no owner among the clients.
    const owner = orderId === 0 && clientId === 0 ? undefined : this.#options.clients.get(clientId);
    if (owner !== undefined) yield owner;
    const { masterClientId } = this.#options;
    if (masterClientId === undefined || masterClientId === clientId) return;
    const master = this.#options.clients.get(masterClientId);
    if (master !== undefined) yield master;
  }

  #journalOrder(ticket: Ticket): void {
    this.#options.journal({
      kind: "order",
      clientId: ticket.clientId,
      orderId: ticket.orderId,
      permId: ticket.permId,
      orderRef: ticket.order.orderRef,
      symbol: ticket.listing.symbol,
      status: ticket.status,
      filled: formatMicros(ticket.filled),
      remaining: formatMicros(remaining(ticket)),
    });
  }
}
