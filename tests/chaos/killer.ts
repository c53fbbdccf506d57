import type { Broker, BrokerEvent, Placed } from "../../lib/broker/broker.ts";
import type { Entry, EntryBody } from "../../lib/ledger/entry.ts";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import type { Change, Order } from "../../lib/orders/order.ts";
import type { OrderFrame } from "./trapdoors.ts";

/**
 * Where a session process can die. The counts are of that kind of event in one life: the n-th append, the n-th
 * order … Everything before the point was done, nothing after it.
 */
export const KILL_POINTS = [
  "before-journal",
  "before-commit",
  "after-journal",
  "after-intent",
  "before-write",
  "mid-frame",
  "after-write",
  "on-ack",
  "after-ack",
  "on-fill",
  "after-fill",
  "on-commission",
  "after-commission",
  "change-before-write",
  "change-after-write",
  "cancel-before-write",
  "cancel-after-write",
  "after-parent",
  "between-slices",
  "during-recovery",
  "at-time",
  "link-cut",
  "disk-full",
  "power-cut",
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

export interface Kill {
  readonly point: KillPoint;
  /** Which one; of `at-time` the second of the rig's day. */
  readonly count: number;
}

/** @throws {RangeError} for a point that does not exist */
export function parseKill(
  kill: { readonly point: string; readonly count: number } | null,
): Kill | null {
  if (kill === null) return null;
  const point = KILL_POINTS.find((name) => name === kill.point);
  if (point === undefined) throw new RangeError(`Cannot die at "${kill.point}": no such point`);
  return { point, count: kill.count };
}

/** What these events of the broker are called when they arrive, and once they are in the ledger. */
const NEWS = {
  "order-status": "on-ack",
  execution: "on-fill",
  commission: "on-commission",
} as const;
const BOOKED = {
  "order-event": "after-ack",
  execution: "after-fill",
  commission: "after-commission",
} as const;

const ASKING: ReadonlySet<string | symbol> = new Set([
  "openOrders",
  "completedOrders",
  "executions",
  "positions",
  "accountValues",
]);

/** What becomes of the process and its machine. */
interface Means {
  readonly death: () => void;
  /** Of the link to the Gateway. */
  readonly cut: () => void;
  /** Called as an append begins; what it answers makes of the ledger's files what a power cut within it leaves. */
  readonly powerCut: () => () => void;
}

/** Wraps the session's ports and kills at the point. A link that is cut and a disk that is full are no death. */
export class Killer {
  readonly #kill: Kill | null;
  readonly #die: () => void;
  readonly #cut: () => void;
  readonly #powerCut: () => () => void;
  /** point → events so far */
  readonly #counts = new Map<KillPoint, number>();
  /** Ids of the algorithms at work. */
  readonly #parents = new Set<string>();

  constructor(kill: Kill | null, { death, cut, powerCut }: Means) {
    this.#kill = kill;
    this.#die = death;
    this.#cut = cut;
    this.#powerCut = powerCut;
  }

  ledger(inner: Ledger): Ledger {
    return {
      read: (query) => inner.read(query),
      sessions: () => inner.sessions(),
      grounds: (range) => inner.grounds(range),
      intents: (intentIds) => inner.intents(intentIds),
      span: (sessionId) => inner.span(sessionId),
      sessionIds: () => inner.sessionIds(),
      head: () => inner.head(),
      firstBreak: () => inner.firstBreak(),
      close: () => inner.close(),
      append: (sessionId, atMs, bodies) => {
        this.#reach("before-journal");
        const entries: readonly Entry[] = inner.append(sessionId, atMs, bodies);
        this.#booked(bodies);
        return entries;
      },
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
        if (ASKING.has(name)) this.#reach("during-recovery");
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }

  /** An append is about to become durable. @throws {Error} as SQLite does when the disk is full */
  commit(): () => void {
    this.#reach("before-commit");
    if (this.#isDue("disk-full")) throw new Error("database or disk is full");
    if (!this.#isDue("power-cut")) return () => {};
    const spoil = this.#powerCut();
    return () => {
      spoil();
      this.#die();
    };
  }

  /** The frame of an order is about to leave. */
  orderFrame(bytes: Uint8Array): OrderFrame {
    const isDue = this.#isDue("mid-frame");
    // Another byte each time, from the first of the length to the last but one.
    const cutAt = 1 + (this.#kill?.count ?? 0) * 37 % (bytes.length - 1);
    return {
      part: isDue ? bytes.subarray(0, cutAt) : bytes,
      then: () => isDue ? this.#die() : undefined,
    };
  }

  #booked(bodies: readonly EntryBody[]): void {
    this.#reach("after-journal");
    // The minute's sample of equity falls between two slices of an algorithm, and not into the work on one.
    if (bodies.some(({ kind }) => kind === "equity") && this.#parents.size > 0) {
      this.#reach("between-slices");
    }
    if (bodies.some(({ kind }) => kind === "intent")) this.#reach("after-intent");
    for (const body of bodies) {
      if (body.kind === "parent-ended") this.#parents.delete(body.parentOrderId);
      if (body.kind !== "parent-order") continue;
      this.#parents.add(body.parentOrderId);
      this.#reach("after-parent");
    }
    for (const { kind } of bodies) {
      if (kind === "order-event" || kind === "execution" || kind === "commission") {
        this.#reach(BOOKED[kind]);
      }
    }
  }

  #place(inner: Broker, order: Order): Placed {
    this.#reach("before-write");
    const placed = inner.place(order);
    this.#reach("after-write");
    if (this.#isDue("link-cut")) this.#cut();
    return placed;
  }

  #change(inner: Broker, change: Change): void {
    this.#reach("change-before-write");
    inner.change(change);
    this.#reach("change-after-write");
  }

  #cancel(inner: Broker, orderId: number): void {
    this.#reach("cancel-before-write");
    inner.cancel(orderId);
    this.#reach("cancel-after-write");
  }

  #deliver(event: BrokerEvent, listener: (event: BrokerEvent) => void): void {
    const { type } = event;
    if (type === "order-status" || type === "execution" || type === "commission") {
      this.#reach(NEWS[type]);
    }
    listener(event);
  }

  #reach(point: KillPoint): void {
    if (this.#isDue(point)) this.#die();
  }

  #isDue(point: KillPoint): boolean {
    const count = (this.#counts.get(point) ?? 0) + 1;
    this.#counts.set(point, count);
    return this.#kill?.point === point && this.#kill.count === count;
  }
}
