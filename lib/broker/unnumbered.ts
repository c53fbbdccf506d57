import type { Clock } from "../clock.ts";
import type { BrokerOrder, BrokerPosition } from "./broker.ts";
import type { Encode } from "./codec.ts";
import { UnnumberedList } from "./lists.ts";
import { FRAME, type Message } from "./message.ts";
import type { Pacer } from "./pacer.ts";

/** The answers TWS sends without a request id. */
export class UnnumberedLists {
  readonly openOrders: UnnumberedList<BrokerOrder>;
  readonly completedOrders: UnnumberedList<BrokerOrder>;
  readonly positions: UnnumberedList<BrokerPosition>;
  /** A list of one row, which is its own End. */
  readonly time: UnnumberedList<number>;

  constructor(
    { encode, ...base }: {
      readonly clock: Clock;
      readonly pacer: Pacer;
      readonly timeoutMs: number;
      readonly encode: Encode;
    },
  ) {
    this.openOrders = new UnnumberedList<BrokerOrder>({
      ...base,
      endMarker: "openOrderEnd (53)",
      keyOf: orderKey,
      encode: () => encode.allOpenOrders(),
    });
    this.completedOrders = new UnnumberedList<BrokerOrder>({
      ...base,
      endMarker: "completedOrdersEnd (102)",
      keyOf: orderKey,
      encode: () => encode.completedOrders(),
    });
    this.positions = new UnnumberedList({
      ...base,
      endMarker: "positionEnd (62)",
      keyOf: ({ account, conId }) => `${account} ${conId}`,
      encode: () => encode.positions(),
      encodeStop: () => encode.cancelPositions(),
    });
    this.time = new UnnumberedList<number>({
      ...base,
      endMarker: "currentTime (49)",
      keyOf: () => "time",
      encode: () => encode.currentTime(),
      stale: true,
    });
  }

  take(message: Message): void {
    switch (message.type) {
      case "open-order":
        return this.openOrders.add(message.order);
      case "order-status":
        // openOrder does not say how much is filled; the status beside it does.
        return this.openOrders.update(
          orderKey(message),
          (order) => ({ ...order, status: message.status, filled: message.filled }),
        );
      case "open-order-end":
        return this.openOrders.end();
      case "completed-order":
        return this.completedOrders.add(message.order);
      case "completed-orders-end":
        return this.completedOrders.end();
      case "position":
        return this.positions.add(message.position);
      case "position-end":
        return this.positions.end();
      case "current-time":
        this.time.add(message.timeMs);
        return this.time.end();
    }
  }

  /** A frame of this type could not be read. */
  spoil(frame: number, detail: string): void {
    if (frame === FRAME.openOrder) this.openOrders.spoil(detail);
    if (frame === FRAME.completedOrder) this.completedOrders.spoil(detail);
    if (frame === FRAME.position) this.positions.spoil(detail);
  }

  /** TWS refused a request that has no id, and so does not say which: none of those open is answered for sure. */
  refuse(error: Error): void {
    this.#each((list) => list.refuse(error));
  }

  abandon(detail: string): void {
    this.#each((list) => list.abandon(detail));
  }

  #each(change: (list: Pick<UnnumberedList<unknown>, "refuse" | "abandon">) => void): void {
    for (const list of [this.openOrders, this.completedOrders, this.positions, this.time]) {
      change(list);
    }
  }
}

/** permId names an order for ever; until TWS has given it one, client and order id do. */
function orderKey(
  order: { readonly permId: number; readonly clientId: number; readonly orderId: number },
): string {
  return order.permId > 0 ? `perm ${order.permId}` : `${order.clientId}:${order.orderId}`;
}
