import type { Bar } from "../market/market.ts";
import {
  barOf,
  type GridBar,
  intradayBars,
  type IntradayQuery,
  joined,
  stepsDone,
  type WhatToShow,
} from "./bars.ts";
import { DailyPlans, type DayPlan, FIRST_DATE, offHoursPlan } from "./daily_plan.ts";
import { type Halt, isHalted, silence } from "./halts.ts";
import { commonShocks, generateDay, type MarketDay, stepsOf } from "./market_day.ts";
import {
  E4_PER_DOLLAR,
  offHoursProfiles,
  type Profiles,
  profilesOf,
  roundToTick,
} from "./microstructure.ts";
import { recordedDay, recordedPlan } from "./recorded_day.ts";
import { Random } from "./random.ts";
import {
  exchangeDate,
  newYorkDays,
  OPENING_TIME_OF_DAY_MS,
  SEGMENT_KINDS,
  segmentHours,
  type SegmentKind,
  type TradingDays,
  type TradingSession,
} from "./trading_days.ts";
import type { Listing } from "./universe.ts";

export interface MarketOptions {
  readonly seed: number;
  /** Length of a step of the grid. It divides 5000, so that 5-second bars are whole steps. */
  readonly stepMs?: number;
  readonly days?: TradingDays;
  /**
   * Sessions before this date have a grid of a minute whatever `stepMs` says. A year of daily bars is then a
   * matter of milliseconds; the highs and lows of such days are a trifle tamer than on the fine grid.
   */
  readonly fineFrom?: string;
  readonly halts?: readonly Halt[];
  /** Bars of the past to trade against instead of made-up ones; empty for stocks and days without. */
  readonly recorded?: (symbol: string, date: string) => readonly Bar[];
}

const COARSE_STEP_MS = 60_000;
/** Early and late trading moves slowly; a bar of five seconds is its smallest. */
const OFF_HOURS_STEP_MS = 5_000;
const REGULAR_ONLY: readonly SegmentKind[] = ["regular"];

interface Wanted {
  readonly listing: Listing;
  readonly plan: DayPlan;
  readonly session: TradingSession;
  readonly key: string;
}

/** Days kept generated. One takes about a megabyte on the one-second grid; a session needs 24 and some history. */
const CACHED_DAYS_MAX = 64;
const REAL_TIME_BAR_MS = 5000;

/** Where the exchange has its market from. It knows no present: whoever asks says what time it is. */
export interface MarketSource {
  readonly days: TradingDays;
  /** Length of a step of today's grid. */
  readonly stepMs: number;
  /** Null when there is no session on this date. */
  plan(listing: Listing, date: string): DayPlan | null;
  day(listing: Listing, date: string): MarketDay | null;
  /** The same for early and late trading; null where there is none, as in stocks of the pink sheets. */
  segment(listing: Listing, date: string, kind: SegmentKind): MarketDay | null;
  /** Bars within a day, oldest first, of all sessions the window touches. */
  intradayBars(listing: Listing, query: IntradayQuery): GridBar[];
  /** One bar per session from `from` on, today's as far as it is at `nowMs`. */
  dailyBars(listing: Listing, query: DailyQuery): GridBar[];
  /** True while the stock is not traded. */
  isHalted(listing: Listing, nowMs: number): boolean;
}

export interface DailyQuery {
  readonly from: string;
  readonly nowMs: number;
  readonly what: WhatToShow;
}

/** The seeded market: a pure function of seed, symbol and date. */
export class Market implements MarketSource {
  readonly days: TradingDays;
  readonly stepMs: number;
  readonly #fineFrom: string;
  readonly #halts: readonly Halt[];
  readonly #recorded: NonNullable<MarketOptions["recorded"]>;
  readonly #random: Random;
  readonly #plans: DailyPlans;
  readonly #generated = new Map<string, MarketDay>(); // symbol/date → day, least recently used first
  readonly #common = new Map<string, Float64Array>(); // date → shocks, oldest use first
  readonly #profiles = new Map<number, Profiles>(); // steps → shapes; full and half days, fine and coarse
  readonly #dayBars = new Map<string, GridBar>(); // symbol/date/what → bar of a whole session

  constructor(
    { seed, stepMs = 1000, days = newYorkDays(), fineFrom, halts = [], recorded = () => [] }:
      MarketOptions,
  ) {
    if (!Number.isInteger(stepMs) || stepMs <= 0 || REAL_TIME_BAR_MS % stepMs !== 0) {
      throw new RangeError(`Cannot step the market by ${stepMs} ms: it must divide 5000`);
    }
    this.stepMs = stepMs;
    this.days = days;
    this.#fineFrom = fineFrom ?? FIRST_DATE;
    this.#halts = halts;
    this.#recorded = recorded;
    this.#random = Random.seeded(seed);
    this.#plans = new DailyPlans(this.#random.split("daily"), days);
  }

  plan(listing: Listing, date: string): DayPlan | null {
    const invented = this.#plans.plan(listing, date);
    const bars = this.#recorded(listing.symbol, date);
    if (bars.length === 0 || invented === null) return invented;
    // Only recordings know what came before recordings; else the invented close is as good as any.
    const before = this.days.before(date);
    const earlier = before === null ? [] : this.#recorded(listing.symbol, before.date);
    const close = earlier.at(-1)?.close;
    const previousCloseE4 = close === undefined
      ? invented.previousCloseE4
      : roundToTick(listing, close * E4_PER_DOLLAR);
    return recordedPlan(listing, date, { bars, previousCloseE4 });
  }

  day(listing: Listing, date: string): MarketDay | null {
    return this.segment(listing, date, "regular");
  }

  segment(listing: Listing, date: string, kind: SegmentKind): MarketDay | null {
    const key = `${listing.symbol}/${date}${kind === "regular" ? "" : `/${kind}`}`;
    const known = this.#generated.get(key);
    if (known !== undefined) {
      this.#generated.delete(key);
      this.#generated.set(key, known);
      return known;
    }
    const plan = this.plan(listing, date);
    const session = this.days.on(date);
    if (plan === null || session === null) return null;
    const day = kind === "regular"
      ? this.#regular({ listing, plan, session, key })
      : this.#offHours({ listing, plan, session, key }, kind);
    if (day === null) return null;
    for (const halt of this.#halts) if (halt.symbol === listing.symbol) silence(day, halt);
    remember(this.#generated, key, day);
    return day;
  }

  intradayBars(listing: Listing, query: IntradayQuery): GridBar[] {
    const from = greater(exchangeDate(query.fromMs), FIRST_DATE);
    const kinds = query.allHours ? SEGMENT_KINDS : REGULAR_ONLY;
    return this.days.between(from, exchangeDate(query.toMs)).flatMap(({ date }) => {
      const bars = kinds.flatMap((kind) => {
        const day = this.segment(listing, date, kind);
        return day === null ? [] : intradayBars(day, query);
      });
      return query.allHours ? joined(bars, query.barMs) : bars;
    });
  }

  dailyBars(listing: Listing, { from, nowMs, what }: DailyQuery): GridBar[] {
    return this.days.between(greater(from, FIRST_DATE), exchangeDate(nowMs)).flatMap(({ date }) => {
      const bar = this.#dayBar(listing, date, { nowMs, what });
      return bar === null ? [] : [bar];
    });
  }

  isHalted(listing: Listing, nowMs: number): boolean {
    return isHalted(this.#halts, listing.symbol, nowMs);
  }

  #dayBar(
    listing: Listing,
    date: string,
    { nowMs, what }: Pick<DailyQuery, "nowMs" | "what">,
  ): GridBar | null {
    const key = `${listing.symbol}/${date}/${what}`;
    const known = this.#dayBars.get(key);
    if (known !== undefined) return known;
    const session = this.days.on(date);
    if (session === null || session.opensAt + this.#stepMsOn(date) > nowMs) return null;
    const day = this.day(listing, date);
    if (day === null) return null;
    const toStep = stepsDone(day, nowMs);
    const bar = barOf(day, { fromStep: 0, toStep }, what);
    if (toStep === day.steps) this.#dayBars.set(key, bar);
    return bar;
  }

  #regular({ listing, plan, session, key }: Wanted): MarketDay {
    const { date } = session;
    const stepMs = this.#stepMsOn(date);
    const bars = this.#recorded(listing.symbol, date);
    if (bars.length > 0) return recordedDay({ listing, plan, session, stepMs }, bars);
    const steps = stepsOf(session, stepMs);
    return generateDay({
      kind: "regular",
      openingTimeOfDayMs: OPENING_TIME_OF_DAY_MS,
      listing,
      plan,
      session,
      stepMs,
      random: this.#random.split(`day/${key}`),
      common: this.#shocks(date, steps),
      profiles: this.#profilesOf(steps),
    });
  }

  /** Thin trading that leads from the last close to the opening, and a little on from the close. */
  #offHours({ listing, plan, session, key }: Wanted, kind: "early" | "late"): MarketDay | null {
    const isRecorded = this.#recorded(listing.symbol, session.date).length > 0;
    if (listing.primaryExchange === "PINK" || isRecorded) return null;
    const hours = segmentHours(session, kind);
    const stepMs = Math.max(this.#stepMsOn(session.date), OFF_HOURS_STEP_MS);
    const steps = stepsOf(hours, stepMs);
    const random = this.#random.split(`day/${key}`);
    return generateDay({
      kind,
      openingTimeOfDayMs: OPENING_TIME_OF_DAY_MS + hours.opensAt - session.opensAt,
      listing,
      plan: offHoursPlan(listing, plan, { kind, random }),
      session: hours,
      stepMs,
      random,
      common: this.#shocks(`${session.date}/${kind}`, steps),
      profiles: offHoursProfiles(steps),
    });
  }

  #stepMsOn(date: string): number {
    return date < this.#fineFrom ? Math.max(COARSE_STEP_MS, this.stepMs) : this.stepMs;
  }

  #profilesOf(steps: number): Profiles {
    let profiles = this.#profiles.get(steps);
    if (profiles === undefined) {
      profiles = profilesOf(steps);
      this.#profiles.set(steps, profiles);
    }
    return profiles;
  }

  #shocks(date: string, steps: number): Float64Array {
    let shocks = this.#common.get(date);
    if (shocks === undefined) {
      shocks = commonShocks(this.#random.split(`common/${date}`), steps);
      remember(this.#common, date, shocks);
    }
    return shocks;
  }
}

function remember<T>(cache: Map<string, T>, key: string, value: T): void {
  cache.set(key, value);
  if (cache.size <= CACHED_DAYS_MAX) return;
  for (const oldest of cache.keys()) {
    cache.delete(oldest);
    break;
  }
}

function greater(a: string, b: string): string {
  return a > b ? a : b;
}
