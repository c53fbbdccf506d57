import type { Reply } from "../wire/replies.ts";
import type { Account, Position } from "./account.ts";
import { HistoryPacing } from "./pacing.ts";

/** Something a client asked to be kept up to date about. */
export interface Subscription {
  /** Called after each step of the market, and at open and close. */
  beat?(): void;
  /** Called after a fill. */
  filled?(account: Account, position: Position): void;
  /** Called once, when it is cancelled or the client leaves. */
  stop?(): void;
}

const MARKET_DATA: readonly string[] = ["quotes/", "bars/", "ticks/", "depth/"];

/** A client after its startApi, and all it subscribed to. */
export class Client {
  readonly id: number;
  readonly serverVersion: number;
  readonly send: (reply: Reply) => void;
  /** 1 live, 2 frozen, 3 delayed, 4 delayed-frozen: what reqMarketDataType asked for. */
  marketDataType = 1;
  readonly historyPacing = new HistoryPacing();
  /** kind/request id → subscription, in the order asked for */
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(
    { id, serverVersion, send }: {
      readonly id: number;
      readonly serverVersion: number;
      readonly send: (reply: Reply) => void;
    },
  ) {
    this.id = id;
    this.serverVersion = serverVersion;
    this.send = send;
  }

  /** `id` is a request's or order's; -1 for the connection. */
  sendError(id: number, code: number, text: string): void {
    this.send({ type: "error", id, code, text, advancedOrderRejectJson: "", timeMs: 0 });
  }

  subscribe(key: string, subscription: Subscription): void {
    this.#subscriptions.set(key, subscription);
  }

  has(key: string): boolean {
    return this.#subscriptions.has(key);
  }

  /** How many there are of a kind, `summary/`. */
  count(prefix: string): number {
    let count = 0;
    for (const key of this.#subscriptions.keys()) if (key.startsWith(prefix)) count++;
    return count;
  }

  /** False when there was none. */
  unsubscribe(key: string): boolean {
    this.#subscriptions.get(key)?.stop?.();
    return this.#subscriptions.delete(key);
  }

  /** Takes out what has ended by itself. */
  forget(key: string): void {
    this.#subscriptions.delete(key);
  }

  unsubscribeAll(): void {
    for (const key of [...this.#subscriptions.keys()]) this.unsubscribe(key);
  }

  /** What a lost connection to IB takes with it (1101). */
  dropMarketData(): void {
    for (const key of [...this.#subscriptions.keys()]) {
      if (MARKET_DATA.some((kind) => key.startsWith(kind))) this.unsubscribe(key);
    }
  }

  beat(): void {
    for (const subscription of this.#subscriptions.values()) subscription.beat?.();
  }

  filled(account: Account, position: Position): void {
    for (const subscription of this.#subscriptions.values()) {
      subscription.filled?.(account, position);
    }
  }
}
