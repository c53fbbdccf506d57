import type { Micros } from "../money.ts";
import { stepsDone } from "./bars.ts";
import type { MarketSource } from "./market.ts";
import type { MarketDay } from "./market_day.ts";
import { addDays, exchangeDate, exchangeInstant, SEGMENT_KINDS } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

/** One stock as the screen shows it now. Prices in E4; null is "not quoted" or "not traded yet today". */
export interface Snapshot {
  readonly bidE4: number | null;
  readonly askE4: number | null;
  readonly bidSize: number;
  readonly askSize: number;
  readonly lastE4: number;
  readonly lastSize: number;
  /** End of the step of the newest trade, epoch ms. */
  readonly lastTimeMs: number;
  /** Of the regular session, here and below. */
  readonly openE4: number | null;
  readonly highE4: number | null;
  readonly lowE4: number | null;
  /** Of the session before. */
  readonly previousCloseE4: number;
  /** Shares of the date, early and late trading included. */
  readonly volume: number;
}

type Quote = Pick<Snapshot, "bidE4" | "askE4" | "bidSize" | "askSize">;

const NO_QUOTE: Quote = { bidE4: null, askE4: null, bidSize: 0, askSize: 0 };

/** Where the market is in a segment of its day. */
export interface Present {
  readonly day: MarketDay;
  /** The newest finished step; -1 before the first is over. */
  readonly step: number;
}

/** Walks one stock along the clock, keeping the totals of the day. Asked later, it looks at what came between. */
export class Ticker {
  readonly listing: Listing;
  readonly #market: MarketSource;
  #date = "";
  /** End of the date; a ticker is never asked about an earlier time than before. */
  #midnightMs = Number.NEGATIVE_INFINITY;
  /** Segments of the date that have begun, the newest last. */
  #segments: MarketDay[] = [];
  /** How many of the date's segments have been looked at. */
  #looked = 0;
  /** Steps of the newest segment folded into the totals. */
  #done = 0;
  /** The segment that comes after those. */
  #next: MarketDay | null = null;
  #previousCloseE4 = 0;
  #volume = 0;
  #openE4: number | null = null;
  #highE4 = 0;
  #lowE4 = 0;
  #lastE4 = 0;
  #lastSize = 0;
  #lastTimeMs = 0;

  constructor(listing: Listing, market: MarketSource) {
    this.listing = listing;
    this.#market = market;
  }

  /** The segment in progress, its end included; null between segments and on other days. */
  at(nowMs: number): Present | null {
    this.#advance(nowMs);
    const day = this.#segments.at(-1);
    return day === undefined || nowMs > day.session.closesAt ? null : { day, step: this.#done - 1 };
  }

  /** The newest segment that has begun today, over or not. */
  newest(nowMs: number): MarketDay | null {
    this.#advance(nowMs);
    return this.#segments.at(-1) ?? null;
  }

  snapshot(nowMs: number): Snapshot {
    const present = this.at(nowMs);
    const traded = this.#openE4 !== null;
    return {
      ...(present === null ? NO_QUOTE : quoteOf(present.day, present.step)),
      lastE4: this.#lastE4,
      lastSize: this.#lastSize,
      lastTimeMs: this.#lastTimeMs,
      openE4: this.#openE4,
      highE4: traded ? this.#highE4 : null,
      lowE4: traded ? this.#lowE4 : null,
      previousCloseE4: this.#previousCloseE4,
      volume: this.#volume,
    };
  }

  /** The quote at the end of the last session: what "frozen" data shows when nobody quotes. */
  lastQuote(nowMs: number): Quote {
    this.#advance(nowMs);
    const today = this.#segments.find(({ kind }) => kind === "regular");
    const isOver = today !== undefined && today.session.closesAt <= nowMs;
    const before = isOver ? null : this.#market.days.before(this.#date);
    const earlier = before === null ? null : this.#market.day(this.listing, before.date);
    const day = isOver ? today : earlier;
    return day === null ? NO_QUOTE : quoteOf(day, day.steps - 1);
  }

  /** Price that accounts are valued at: the last trade. */
  mark(nowMs: number): Micros {
    this.#advance(nowMs);
    return BigInt(this.#lastE4) * 100n;
  }

  #closeBefore(): number {
    const today = this.#market.plan(this.listing, this.#date);
    if (today !== null) return today.previousCloseE4;
    const before = this.#market.days.before(this.#date);
    const plan = before === null ? null : this.#market.plan(this.listing, before.date);
    return plan?.closeE4 ?? Math.round(this.listing.referencePrice * 1e4);
  }

  #advance(nowMs: number): void {
    // Time zones cost microseconds: the date is asked for once a day, not once a tick.
    if (nowMs >= this.#midnightMs) this.#enter(exchangeDate(nowMs));
    this.#walk(nowMs);
    // At the very instant of a change the segment before it is still the present one.
    while (this.#next !== null && this.#next.session.opensAt < nowMs) {
      this.#segments.push(this.#next);
      this.#done = 0;
      this.#walk(nowMs);
      this.#next = this.#lookAhead();
    }
  }

  /** The next segment of the date; null after the last. */
  #lookAhead(): MarketDay | null {
    while (this.#looked < SEGMENT_KINDS.length) {
      const kind = SEGMENT_KINDS[this.#looked++];
      const segment = kind && this.#market.segment(this.listing, this.#date, kind);
      if (segment) return segment;
    }
    return null;
  }

  #walk(nowMs: number): void {
    const day = this.#segments.at(-1);
    if (day === undefined) return;
    const end = stepsDone(day, nowMs);
    for (; this.#done < end; this.#done++) this.#fold(day, this.#done);
  }

  #enter(date: string): void {
    this.#date = date;
    this.#midnightMs = exchangeInstant(addDays(date, 1), "00:00");
    this.#segments = [];
    this.#looked = 0;
    this.#done = 0;
    this.#volume = 0;
    this.#openE4 = null;
    this.#lastSize = 0;
    this.#previousCloseE4 = this.#closeBefore();
    this.#lastE4 = this.#previousCloseE4;
    this.#next = this.#lookAhead();
  }

  #fold(day: MarketDay, step: number): void {
    const count = day.count[step] ?? 0;
    if (count === 0) return;
    if (day.kind === "regular") this.#foldRange(day, step);
    const volume = day.volume[step] ?? 0;
    this.#volume += volume;
    this.#lastE4 = day.lastE4[step] ?? this.#lastE4;
    this.#lastSize = Math.max(1, Math.round(volume / count));
    this.#lastTimeMs = day.session.opensAt + (step + 1) * day.stepMs;
  }

  #foldRange(day: MarketDay, step: number): void {
    const high = day.highE4[step] ?? 0;
    const low = day.lowE4[step] ?? 0;
    const isFirst = this.#openE4 === null;
    this.#openE4 ??= day.plan.openE4;
    this.#highE4 = isFirst ? high : Math.max(this.#highE4, high);
    this.#lowE4 = isFirst ? low : Math.min(this.#lowE4, low);
  }
}

function quoteOf(day: MarketDay, step: number): Quote {
  if (step < 0) return NO_QUOTE;
  return {
    bidE4: day.bidE4[step] ?? null,
    askE4: day.askE4[step] ?? null,
    bidSize: day.bidSize[step] ?? 0,
    askSize: day.askSize[step] ?? 0,
  };
}
