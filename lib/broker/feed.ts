import type { Clock } from "../clock.ts";
import type { FeedEvent, Instrument } from "../market/market.ts";
import type { Encode, MarketDataType, StockContract } from "./codec.ts";
import type { Message, WireBar } from "./message.ts";
import type { Pacer } from "./pacer.ts";
import { QuoteLine } from "./quotes.ts";

/** Market data lines: one line of ticks and one of 5-second bars for each instrument. */

interface FeedOptions {
  readonly clock: Clock;
  readonly pacer: Pacer;
  readonly encode: Encode;
  readonly marketDataType: MarketDataType;
  readonly newRequestId: () => number;
  readonly emit: (event: FeedEvent) => void;
}

const BAR_MS = 5_000;
/** IB grants 100 lines; a subscription beyond is a mistake, and the next one would be refused with 101 anyway. */
const INSTRUMENTS_MAX = 200;

export class Feed {
  readonly #options: FeedOptions;
  // conId → instrument
  readonly #instruments = new Map<number, Instrument>();
  // request id of the ticks → line
  readonly #quoteLines = new Map<number, QuoteLine>();
  // request id of the bars → symbol
  readonly #barLines = new Map<number, string>();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Subscribes to those not subscribed yet. */
  subscribe(instruments: readonly Instrument[]): void {
    const fresh = instruments.filter(({ conId }) => !this.#instruments.has(conId));
    if (this.#instruments.size + fresh.length > INSTRUMENTS_MAX) {
      throw new RangeError(`Cannot subscribe to more than ${INSTRUMENTS_MAX} instruments`);
    }
    if (fresh.length === 0) return;
    const { pacer, encode, marketDataType } = this.#options;
    if (this.#instruments.size === 0) {
      pacer.submit({ lane: "rest", bytes: encode.marketDataType(marketDataType) });
    }
    for (const instrument of fresh) {
      this.#instruments.set(instrument.conId, instrument);
      this.#request(instrument);
    }
  }

  /** TWS has forgotten every line: asks for all of them again, under new ids, so that nothing old gets mixed in. */
  renew(): void {
    this.#quoteLines.clear();
    this.#barLines.clear();
    for (const instrument of this.#instruments.values()) this.#request(instrument);
  }

  /** The symbol a request id belongs to; undefined when it is none of these lines. */
  symbolOf(reqId: number): string | undefined {
    return this.#quoteLines.get(reqId)?.symbol ?? this.#barLines.get(reqId);
  }

  /** Takes the messages of one frame, of which each line says at most one quote. */
  take(messages: readonly Message[]): void {
    let line: QuoteLine | undefined;
    for (const message of messages) {
      if (message.type === "real-time-bar") this.#emitBar(message.reqId, message.bar);
      if (message.type !== "tick" && message.type !== "market-data-type") continue;
      line = this.#quoteLines.get(message.reqId);
      if (message.type === "tick") line?.tick(message.tickType, message.value);
      else line?.marketDataType(message.marketDataType);
    }
    for (const event of line?.take(this.#options.clock.now()) ?? []) this.#options.emit(event);
  }

  #request(instrument: Instrument): void {
    const { pacer, encode, newRequestId } = this.#options;
    const contract = contractOf(instrument);
    const quoteId = newRequestId();
    const barId = newRequestId();
    this.#quoteLines.set(quoteId, new QuoteLine(instrument.symbol));
    this.#barLines.set(barId, instrument.symbol);
    pacer.submit({ lane: "rest", bytes: encode.marketData(quoteId, contract) });
    pacer.submit({ lane: "rest", bytes: encode.realTimeBars(barId, contract) });
  }

  #emitBar(reqId: number, bar: WireBar): void {
    const symbol = this.#barLines.get(reqId);
    if (symbol === undefined) return;
    const time = Number(bar.time) * 1000;
    this.#options.emit({ type: "bar", bar: { ...bar, symbol, time, durationMs: BAR_MS } });
  }
}

export function contractOf(instrument: Instrument): StockContract {
  const { conId, symbol, exchange, primaryExchange, currency } = instrument;
  return { conId, symbol, exchange, primaryExchange, currency };
}
