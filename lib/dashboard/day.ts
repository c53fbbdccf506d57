import type { Entry, EquitySampled } from "../ledger/entry.ts";
import { formatMicros, greatest, type Micros, multiply, ZERO } from "../money.ts";
import { type DayCounts, type EquityPoint, type Stamp, STREAM_ROWS_MAX } from "./feed.ts";
import type { Orders, TrackedOrder } from "./orders.ts";

const MINUTE_MS = 60_000;

/** An amount and when it was so. */
export interface Dated {
  readonly amount: Micros;
  readonly stamp: Stamp;
}

/** The fold of one exchange day: samples, counts and the highest of what the limits limit. */
export class DayFold {
  /** The broker's net liquidation when the day began; null before its first word. */
  start: Dated | null = null;
  /** The broker's newest word on it. */
  netLiquidation: Dated | null = null;
  sample: { readonly body: EquitySampled; readonly stamp: Stamp } | null = null;
  /** Highest equity of the day, its beginning included. */
  high: Micros | null = null;
  equity: readonly EquityPoint[] = [];
  /** Notional of the entry fills, as risk adds it up: a corrected fill counts twice. */
  entryNotional: Dated | null = null;
  /** Notional of the largest entry ordered. */
  largestEntry: Dated | null = null;
  /** Most orders within any minute. */
  busiestMinute: { readonly orders: number; readonly stamp: Stamp } | null = null;
  counts: Omit<DayCounts, "fills"> = { signals: 0, refused: 0, orders: 0, refusals: {} };
  /** When orders of the last minute were sent. */
  #sentAt: number[] = [];

  /** After `orders` has seen the same entry. */
  apply(entry: Entry, stamp: Stamp, orders: Orders): void {
    const { body, at } = entry;
    switch (body.kind) {
      case "account-snapshot":
        this.netLiquidation = { amount: body.netLiquidation, stamp };
        if (body.at === "start") this.start ??= this.netLiquidation;
        this.#raise(body.netLiquidation);
        return;
      case "equity":
        this.#sample(body, { ...stamp, seq: entry.seq });
        return;
      case "signal":
        this.#count({ signals: this.counts.signals + 1 });
        return;
      case "refused": {
        const { refused, refusals } = this.counts;
        const times = (refusals[body.code] ?? 0) + 1;
        this.#count({ refused: refused + 1, refusals: { ...refusals, [body.code]: times } });
        return;
      }
      case "intent":
        this.#count({ orders: this.counts.orders + 1 });
        if (body.role === "entry" && body.lmtPrice !== null) {
          this.#enlarge(multiply(body.lmtPrice, body.quantity), stamp);
        }
        return;
      case "order-sent":
        this.#sent(at, stamp);
        return;
      case "execution": {
        const order = body.intentId === null ? undefined : orders.byId(body.intentId);
        if (isEntry(order)) this.#entered(multiply(body.price, body.quantity), stamp);
        return;
      }
      default:
    }
  }

  #sample(body: EquitySampled, { at, seenAt, seq }: Stamp & { readonly seq: number }): void {
    this.sample = { body, stamp: { at, seenAt } };
    const point = { key: String(seq), at, equity: formatMicros(body.equity) };
    this.equity = kept([...this.equity, point], STREAM_ROWS_MAX.equity);
    this.#raise(body.equity);
  }

  #raise(equity: Micros): void {
    this.high = this.high === null ? equity : greatest(this.high, equity);
  }

  #enlarge(amount: Micros, stamp: Stamp): void {
    if (this.largestEntry !== null && this.largestEntry.amount >= amount) return;
    this.largestEntry = { amount, stamp };
  }

  #entered(notional: Micros, stamp: Stamp): void {
    this.entryNotional = { amount: (this.entryNotional?.amount ?? ZERO) + notional, stamp };
  }

  #sent(at: number, stamp: Stamp): void {
    this.#sentAt = [...this.#sentAt.filter((sentAt) => sentAt > at - MINUTE_MS), at];
    const orders = this.#sentAt.length;
    if (orders > (this.busiestMinute?.orders ?? 0)) this.busiestMinute = { orders, stamp };
  }

  #count(counts: Partial<DayFold["counts"]>): void {
    this.counts = { ...this.counts, ...counts };
  }
}

function isEntry(order: TrackedOrder | undefined): boolean {
  return order?.intent.role === "entry";
}

/** The newest `max` of these. */
export function kept<T>(rows: readonly T[], max: number): readonly T[] {
  return rows.length > max ? rows.slice(rows.length - max) : rows;
}
