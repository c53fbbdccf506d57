import type { Broker, BrokerEvent, Placed } from "../../lib/broker/broker.ts";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import type { Change, Order } from "../../lib/orders/order.ts";

/**
 * Where a session can die. The counts are of that kind of event in one life: the n-th append, the n-th order …
 * A process that died this way has done everything before the point and nothing after it.
 */
export const KILL_POINTS = [
  "before-journal",
  "after-journal",
  "before-write",
  "after-write",
  "before-commit-of-event",
  "after-commit-of-event",
  "cancel-before-write",
  "cancel-after-write",
  "during-recovery",
  "link-cut",
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

export interface Kill {
  readonly point: KillPoint;
  readonly count: number;
}

/** Thrown at the point of death; nothing in the session knows it, so it passes through every handler. */
export class KilledError extends Error {
  override readonly name = "KilledError";
}

/** Wraps the session's two ports and kills at the point. A link that is cut is no death: the session goes on. */
export class Killer {
  dead = false;
  readonly #kill: Kill | null;
  readonly #onDeath: () => void;
  readonly #onCut: () => void;
  /** point → events so far */
  readonly #counts = new Map<KillPoint, number>();

  constructor(kill: Kill | null, on: { death: () => void; cut: () => void }) {
    this.#kill = kill;
    this.#onDeath = on.death;
    this.#onCut = on.cut;
  }

  ledger(inner: Ledger): Ledger {
    return {
      read: (query) => inner.read(query),
      sessions: () => inner.sessions(),
      span: (sessionId) => inner.span(sessionId),
      sessionIds: () => inner.sessionIds(),
      head: () => inner.head(),
      firstBreak: () => inner.firstBreak(),
      close: () => inner.close(),
      append: (sessionId, atMs, bodies) => this.#append(inner, { sessionId, atMs, bodies }),
    };
  }

  broker(inner: Broker): Broker {
    return new Proxy(inner, {
      get: (target, name) => {
        if (name === "place") return (order: Order): Placed => this.#place(target, order);
        if (name === "change") return (change: Change): void => this.#change(target, change);
        if (name === "cancel") return (orderId: number): void => this.#cancel(target, orderId);
        if (name === "listen") {
          return (listener: (event: BrokerEvent) => void): void =>
            target.listen((event) => this.#deliver(event, listener));
        }
        if (name === "openOrders") this.#reach("during-recovery");
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }

  #append(
    inner: Ledger,
    { sessionId, atMs, bodies }: { sessionId: string; atMs: number; bodies: readonly EntryBody[] },
  ): readonly Entry[] {
    const fromBroker = bodies.some(({ kind }) =>
      kind === "order-event" || kind === "execution" || kind === "commission"
    );
    this.#reach("before-journal");
    if (fromBroker) this.#reach("before-commit-of-event");
    const entries = inner.append(sessionId, atMs, bodies);
    this.#reach("after-journal");
    if (fromBroker) this.#reach("after-commit-of-event");
    return entries;
  }

  #place(inner: Broker, order: Order): Placed {
    this.#reach("before-write");
    const placed = inner.place(order);
    this.#reach("after-write");
    this.#reach("link-cut");
    return placed;
  }

  #change(inner: Broker, change: Change): void {
    this.#reach("before-write");
    inner.change(change);
    this.#reach("after-write");
  }

  #cancel(inner: Broker, orderId: number): void {
    this.#reach("cancel-before-write");
    inner.cancel(orderId);
    this.#reach("cancel-after-write");
  }

  #deliver(event: BrokerEvent, listener: (event: BrokerEvent) => void): void {
    if (!this.dead) listener(event);
  }

  #reach(point: KillPoint): void {
    if (this.dead) throw new KilledError(`Dead since ${this.#kill?.point}`);
    const count = (this.#counts.get(point) ?? 0) + 1;
    this.#counts.set(point, count);
    if (this.#kill?.point !== point || this.#kill.count !== count) return;
    if (point === "link-cut") {
      this.#onCut();
      return;
    }
    this.dead = true;
    this.#onDeath();
    throw new KilledError(`Killed at ${point} ${count}`);
  }
}
