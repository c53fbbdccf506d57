import type { FeedEvent, Quote } from "../market/market.ts";

/** Merges the ticks of one market data line into whole quotes. */

type QuoteValue = "bid" | "ask" | "last" | "bidSize" | "askSize" | "lastSize" | "volume";
type QuoteKind = Quote["kind"];

interface TickMeaning {
  readonly value: QuoteValue;
  readonly delayed: boolean;
}

// tick type → which value of the quote it is
const TICK_TYPES: ReadonlyMap<number, TickMeaning> = new Map([
  [0, { value: "bidSize", delayed: false }],
  [1, { value: "bid", delayed: false }],
  [2, { value: "ask", delayed: false }],
  [3, { value: "askSize", delayed: false }],
  [4, { value: "last", delayed: false }],
  [5, { value: "lastSize", delayed: false }],
  [8, { value: "volume", delayed: false }],
  [66, { value: "bid", delayed: true }],
  [67, { value: "ask", delayed: true }],
  [68, { value: "last", delayed: true }],
  [69, { value: "bidSize", delayed: true }],
  [70, { value: "askSize", delayed: true }],
  [71, { value: "lastSize", delayed: true }],
  [74, { value: "volume", delayed: true }],
]);

const HALTED_TICK = 49;
const DELAYED_HALTED_TICK = 90;

// reqMarketDataType's number → kind
const KINDS: ReadonlyMap<number, QuoteKind> = new Map([
  [1, "live"],
  [2, "frozen"],
  [3, "delayed"],
  [4, "delayed-frozen"],
]);

/** Nobody offers zero shares at a price; a day's volume may well be zero. */
const ZERO_IS_NONE: ReadonlySet<QuoteValue> = new Set(["bidSize", "askSize", "lastSize"]);

export class QuoteLine {
  readonly #symbol: string;
  #values: Record<QuoteValue, number | null> = nothing();
  #kind: QuoteKind = "live";
  #halted = false;
  #changed = false;
  #haltChanged = false;

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  get symbol(): string {
    return this.#symbol;
  }

  tick(tickType: number, value: number | null): void {
    if (tickType === HALTED_TICK || tickType === DELAYED_HALTED_TICK) {
      this.#setHalted(value);
      return;
    }
    const meaning = TICK_TYPES.get(tickType);
    if (meaning === undefined) return;
    if (meaning.delayed !== isDelayed(this.#kind)) {
      this.#setKind(meaning.delayed ? "delayed" : "live");
    }
    const seen = value === 0 && ZERO_IS_NONE.has(meaning.value) ? null : value;
    if (this.#values[meaning.value] === seen) return;
    this.#values[meaning.value] = seen;
    this.#changed = true;
  }

  marketDataType(type: number): void {
    const kind = KINDS.get(type);
    if (kind !== undefined) this.#setKind(kind);
  }

  /** What changed since the last call, as of `time`; nothing when nothing did. */
  take(time: number): readonly FeedEvent[] {
    const events: FeedEvent[] = [];
    if (this.#haltChanged) {
      events.push({ type: "trading-halt", symbol: this.#symbol, halted: this.#halted });
    }
    if (this.#changed) {
      const quote: Quote = { symbol: this.#symbol, ...this.#values, time, kind: this.#kind };
      events.push({ type: "quote", quote });
    }
    this.#changed = false;
    this.#haltChanged = false;
    return events;
  }

  /** 0 trades, 1 and 2 are halts, anything else says TWS does not know. */
  #setHalted(value: number | null): void {
    if (value !== 0 && value !== 1 && value !== 2) return;
    const halted = value !== 0;
    this.#haltChanged ||= halted !== this.#halted;
    this.#halted = halted;
  }

  /** Delayed values are a quarter of an hour old: they never stand beside live ones in one quote. */
  #setKind(kind: QuoteKind): void {
    if (kind === this.#kind) return;
    const hadValues = Object.values(this.#values).some((value) => value !== null);
    if (isDelayed(kind) !== isDelayed(this.#kind)) this.#values = nothing();
    this.#kind = kind;
    this.#changed ||= hadValues;
  }
}

function isDelayed(kind: QuoteKind): boolean {
  return kind === "delayed" || kind === "delayed-frozen";
}

function nothing(): Record<QuoteValue, number | null> {
  return {
    bid: null,
    ask: null,
    last: null,
    bidSize: null,
    askSize: null,
    lastSize: null,
    volume: null,
  };
}
