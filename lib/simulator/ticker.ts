import { stepsDone } from "./bars.ts";
import type { MarketSource } from "./market.ts";
import type { MarketDay } from "./market_day.ts";
import type { Micros } from "../money.ts";
import { addDays, exchangeDate, exchangeInstant } from "./trading_days.ts";
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
  readonly openE4: number | null;
  readonly highE4: number | null;
  readonly lowE4: number | null;
  readonly previousCloseE4: number;
  /** Shares of this session. */
  readonly volume: number;
  readonly inSession: boolean;
}

type Quote = Pick<Snapshot, "bidE4" | "askE4" | "bidSize" | "askSize">;

const NO_QUOTE: Quote = { bidE4: null, askE4: null, bidSize: 0, askSize: 0 };

/** Quotes stand from the start of early to the end of late trading, without trades outside the session. */
const QUOTED_FROM = "04:00";
const QUOTED_UNTIL = "20:00";
/** Spread outside the session, as a share of the price. */
const OFF_HOURS_SPREAD = 0.004;

/** Walks one stock along the clock, keeping the totals of the day. Asked later, it looks at what came between. */
export class Ticker {
  readonly listing: Listing;
  readonly #market: MarketSource;
  #day: MarketDay | null = null;
  #date = "";
  /** End of the date; a ticker is never asked about an earlier time than before. */
  #midnightMs = Number.NEGATIVE_INFINITY;
  #quotedFromMs = 0;
  #quotedUntilMs = 0;
  /** Steps folded into the totals. */
  #done = 0;
  #volume = 0;
  #highE4 = 0;
  #lowE4 = 0;
  #lastSize = 0;
  #lastTimeMs = 0;

  constructor(listing: Listing, market: MarketSource) {
    this.listing = listing;
    this.#market = market;
  }

  /** The session of the date, once it has begun or is to come today; null on other days. */
  dayAt(nowMs: number): MarketDay | null {
    this.#advance(nowMs);
    return this.#day;
  }

  /** The newest finished step at `nowMs`, closing included; -1 before the first is over, null outside. */
  stepAt(nowMs: number): number | null {
    this.#advance(nowMs);
    const session = this.#day?.session;
    if (session === undefined || nowMs < session.opensAt || nowMs > session.closesAt) return null;
    return this.#done - 1;
  }

  snapshot(nowMs: number): Snapshot {
    this.#advance(nowMs);
    const day = this.#day;
    const step = this.#done - 1;
    const inSession = this.stepAt(nowMs) !== null;
    const previousCloseE4 = this.#previousCloseE4();
    const quoted = day !== null && inSession && step >= 0
      ? {
        bidE4: day.bidE4[step] ?? null,
        askE4: day.askE4[step] ?? null,
        bidSize: day.bidSize[step] ?? 0,
        askSize: day.askSize[step] ?? 0,
      }
      : this.#offHours(nowMs);
    const traded = day !== null && step >= 0;
    return {
      ...quoted,
      lastE4: this.#lastE4(),
      lastSize: this.#lastSize,
      lastTimeMs: this.#lastTimeMs,
      openE4: traded ? day.plan.openE4 : null,
      highE4: traded ? this.#highE4 : null,
      lowE4: traded ? this.#lowE4 : null,
      previousCloseE4,
      volume: this.#volume,
      inSession,
    };
  }

  /** The quote at the end of the last session: what "frozen" data shows when nobody quotes. */
  lastQuote(nowMs: number): Quote {
    this.#advance(nowMs);
    const before = this.#market.days.before(this.#date);
    const isOver = this.#day !== null && this.#done === this.#day.steps;
    const day = isOver
      ? this.#day
      : before === null
      ? null
      : this.#market.day(this.listing, before.date);
    if (day === null) return NO_QUOTE;
    const step = day.steps - 1;
    return {
      bidE4: day.bidE4[step] ?? null,
      askE4: day.askE4[step] ?? null,
      bidSize: day.bidSize[step] ?? 0,
      askSize: day.askSize[step] ?? 0,
    };
  }

  /** Price that accounts are valued at: the last trade. */
  mark(nowMs: number): Micros {
    this.#advance(nowMs);
    return BigInt(this.#lastE4()) * 100n;
  }

  #lastE4(): number {
    const step = this.#done - 1;
    return (step >= 0 ? this.#day?.lastE4[step] : undefined) ?? this.#previousCloseE4();
  }

  #previousCloseE4(): number {
    if (this.#day !== null) return this.#day.plan.previousCloseE4;
    const before = this.#market.days.before(this.#date);
    const plan = before === null ? null : this.#market.plan(this.listing, before.date);
    return plan?.closeE4 ?? Math.round(this.listing.referencePrice * 1e4);
  }

  #offHours(nowMs: number): Quote {
    const isQuoted = this.#day !== null &&
      nowMs >= this.#quotedFromMs && nowMs < this.#quotedUntilMs;
    if (!isQuoted) return NO_QUOTE;
    const last = this.#lastE4();
    const half = Math.max(100, Math.round(last * OFF_HOURS_SPREAD / 2 / 100) * 100);
    if (last <= 2 * half) return { bidE4: last - 1, askE4: last + 1, bidSize: 100, askSize: 100 };
    return { bidE4: last - half, askE4: last + half, bidSize: 100, askSize: 100 };
  }

  #advance(nowMs: number): void {
    // Time zones cost microseconds: the date is asked for once a day, not once a tick.
    if (nowMs >= this.#midnightMs) {
      const date = exchangeDate(nowMs);
      this.#midnightMs = exchangeInstant(addDays(date, 1), "00:00");
      this.#enter(date);
    }
    const day = this.#day;
    if (day === null) return;
    const end = stepsDone(day, nowMs);
    for (; this.#done < end; this.#done++) this.#fold(day, this.#done);
  }

  #enter(date: string): void {
    this.#date = date;
    this.#quotedFromMs = exchangeInstant(date, QUOTED_FROM);
    this.#quotedUntilMs = exchangeInstant(date, QUOTED_UNTIL);
    this.#day = this.#market.day(this.listing, date);
    this.#done = 0;
    this.#volume = 0;
    this.#lastSize = 0;
  }

  #fold(day: MarketDay, step: number): void {
    const count = day.count[step] ?? 0;
    if (count === 0) return;
    const high = day.highE4[step] ?? 0;
    const low = day.lowE4[step] ?? 0;
    this.#highE4 = this.#volume === 0 ? high : Math.max(this.#highE4, high);
    this.#lowE4 = this.#volume === 0 ? low : Math.min(this.#lowE4, low);
    const volume = day.volume[step] ?? 0;
    this.#volume += volume;
    this.#lastSize = Math.max(1, Math.round(volume / count));
    this.#lastTimeMs = day.session.opensAt + (step + 1) * day.stepMs;
  }
}
