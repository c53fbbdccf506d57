import type { Entry, EquitySampled, QuoteSeen } from "../ledger/entry.ts";
import { midpoint } from "../market/market.ts";
import { ORDERS_PER_ENTRY } from "../risk/gates.ts";
import {
  formatMicros,
  fromNumber,
  greatest,
  type Micros,
  multiply,
  parseMicros,
  toNumber,
  ZERO,
} from "../money.ts";
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
  /** When the session last valued everything. */
  sampledAt: Stamp | null = null;
  /** symbol → what one share was worth when that was last seen: at a sample, or at a fill since */
  readonly marks = new Map<string, Dated>();
  /** Highest equity of the day, its beginning included, since a halt was last lifted. */
  high: Micros | null = null;
  equity: readonly EquityPoint[] = [];
  /** Notional of the entry fills, as risk adds it up: a corrected fill counts twice. */
  entryNotional: Dated | null = null;
  /** Notional of the largest entry ordered. */
  largestEntry: Micros = ZERO;
  /** The most of each that an entry ordered today had; null without an entry, or a quote for it. */
  widest: Readonly<Record<"spreadPct" | "fromMiddlePct" | "quoteAgeMs", number | null>> = {
    spreadPct: null,
    fromMiddlePct: null,
    quoteAgeMs: null,
  };
  /** Most orders within any minute. */
  busiestMinute = 0;
  /** symbol → orders of any kind sent; an entry worked in slices counts as one with its stop */
  readonly ordersBySymbol = new Map<string, number>();
  counts: Omit<DayCounts, "fills"> = { signals: 0, refused: 0, orders: 0, refusals: {} };
  /** When orders of the last minute were sent. */
  #sentAt: number[] = [];

  /** After `orders` has seen the same entry. */
  apply(entry: Entry, stamp: Stamp, orders: Orders): void {
    const { body, at } = entry;
    switch (body.kind) {
      case "account-snapshot":
        this.netLiquidation = { amount: body.netLiquidation, stamp };
        if (body.at !== "start") return;
        this.start ??= this.netLiquidation;
        this.#raise(body.netLiquidation);
        return;
      case "equity":
        this.#sample(body, { ...stamp, seq: entry.seq });
        return;
      case "signal":
        this.#count({ signals: this.counts.signals + 1 });
        return;
      case "refused":
        this.#refused(body.code, 1);
        return;
      case "refusal-repeated":
        this.#count({ signals: this.counts.signals + body.count });
        this.#refused(body.code, body.count);
        return;
      case "intent":
        this.#count({ orders: this.counts.orders + 1 });
        if (body.role === "entry" && body.lmtPrice !== null) {
          const notional = multiply(body.lmtPrice, body.quantity);
          this.largestEntry = greatest(this.largestEntry, notional);
          this.#widen(body.quote, toNumber(body.lmtPrice), at);
        }
        return;
      case "order-sent": {
        const intent = orders.byId(body.intentId)?.intent;
        this.#sent(at);
        // A slice was counted when its parent began.
        if ((intent?.parentOrderId ?? null) === null) this.#countIn(intent?.symbol ?? "", 1);
        return;
      }
      case "parent-order":
        this.#countIn(body.symbol, ORDERS_PER_ENTRY);
        this.largestEntry = greatest(this.largestEntry, body.reserved);
        return;
      case "halt-lifted":
        this.high = null;
        return;
      case "execution": {
        const order = body.intentId === null ? undefined : orders.byId(body.intentId);
        if (isEntry(order)) this.#entered(multiply(body.price, body.quantity), stamp);
        const middle = midpoint(body.quote);
        const amount = middle === null ? body.price : fromNumber(middle);
        this.marks.set(body.symbol, { amount, stamp });
        return;
      }
      default:
    }
  }

  #sample(body: EquitySampled, { at, seenAt, seq }: Stamp & { readonly seq: number }): void {
    this.sampledAt = { at, seenAt };
    for (const [symbol, mark] of Object.entries(body.marks)) {
      this.marks.set(symbol, { amount: parseMicros(mark), stamp: this.sampledAt });
    }
    const point = { key: String(seq), at, equity: formatMicros(body.equity) };
    this.equity = kept([...this.equity, point], STREAM_ROWS_MAX.equity);
    this.#raise(body.equity);
  }

  /** As risk measured them when it let the entry through. */
  #widen({ bid, ask, time }: QuoteSeen, price: number, at: number): void {
    const middle = midpoint({ bid, ask });
    if (middle === null || bid === null || ask === null) return;
    const { spreadPct, fromMiddlePct, quoteAgeMs } = this.widest;
    this.widest = {
      spreadPct: Math.max(spreadPct ?? 0, (ask - bid) / middle * 100),
      fromMiddlePct: Math.max(fromMiddlePct ?? 0, Math.abs(price - middle) / middle * 100),
      quoteAgeMs: Math.max(quoteAgeMs ?? 0, at - time),
    };
  }

  #raise(equity: Micros): void {
    this.high = this.high === null ? equity : greatest(this.high, equity);
  }

  #entered(notional: Micros, stamp: Stamp): void {
    this.entryNotional = { amount: (this.entryNotional?.amount ?? ZERO) + notional, stamp };
  }

  #sent(at: number): void {
    this.#sentAt = [...this.#sentAt.filter((sentAt) => sentAt > at - MINUTE_MS), at];
    this.busiestMinute = Math.max(this.busiestMinute, this.#sentAt.length);
  }

  #countIn(symbol: string, orders: number): void {
    this.ordersBySymbol.set(symbol, (this.ordersBySymbol.get(symbol) ?? 0) + orders);
  }

  #refused(code: string, times: number): void {
    const { refused, refusals } = this.counts;
    const all = (refusals[code] ?? 0) + times;
    this.#count({ refused: refused + times, refusals: { ...refusals, [code]: all } });
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
