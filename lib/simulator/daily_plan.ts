import { E4_PER_DOLLAR, roundToTick } from "./microstructure.ts";
import type { Random } from "./random.ts";
import type { TradingDays } from "./trading_days.ts";
import type { Listing } from "./universe.ts";

/**
 * What a day of one stock comes to before anybody looks inside: open, close, volume, volatility. Days chain: each
 * starts from the close before it. The log price returns slowly to the listing's reference, so that a price of
 * years later is still one the stock really trades at.
 */
export interface DayPlan {
  readonly date: string;
  readonly previousCloseE4: number;
  readonly openE4: number;
  readonly closeE4: number;
  /** Shares expected in the day. */
  readonly volume: number;
  /** Standard deviation of the log price over the session. */
  readonly volatility: number;
}

/** The first session with prices; older history does not exist here. */
export const FIRST_DATE = "2023-01-03";
/** Pull to the reference a day: half of a deviation is gone after 35 sessions. */
const MEMORY = 0.98;
/** Share of a day's variance that happens overnight, as the gap. */
const OVERNIGHT_VARIANCE = 0.25;
const VOLUME_NOISE = 0.3;
const VOLATILITY_NOISE = 0.25;

export class DailyPlans {
  readonly #random: Random;
  readonly #days: TradingDays;
  readonly #chains = new Map<string, Chain>(); // symbol → days planned so far

  constructor(random: Random, days: TradingDays) {
    this.#random = random;
    this.#days = days;
  }

  /** Null when the date is no session, or before the first. */
  plan(listing: Listing, date: string): DayPlan | null {
    if (date < FIRST_DATE || this.#days.on(date) === null) return null;
    let chain = this.#chains.get(listing.symbol);
    if (chain === undefined) {
      chain = { plans: new Map(), deviation: 0, closeE4: startE4(listing), next: FIRST_DATE };
      this.#chains.set(listing.symbol, chain);
    }
    for (; chain.next <= date; chain.next = this.#days.dayAfter(chain.next)) {
      if (this.#days.on(chain.next) !== null) this.#extend(chain, listing);
    }
    return chain.plans.get(date) ?? null;
  }

  #extend(chain: Chain, listing: Listing): void {
    const date = chain.next;
    const common = this.#random.split(`market/${date}`);
    const own = this.#random.split(`${listing.symbol}/${date}`);
    const shock = (): number =>
      listing.correlation * common.normal() +
      Math.sqrt(1 - listing.correlation ** 2) * own.normal();
    const gap = shock() * listing.dailyVolatility * Math.sqrt(OVERNIGHT_VARIANCE);
    const volatilityFactor = Math.exp(VOLATILITY_NOISE * own.normal());
    const volatility = listing.dailyVolatility * Math.sqrt(1 - OVERNIGHT_VARIANCE) *
      volatilityFactor;
    const move = shock() * volatility;
    const openDeviation = MEMORY * chain.deviation + gap;
    const openE4 = atDeviation(listing, openDeviation);
    chain.deviation = openDeviation + move;
    const closeE4 = atDeviation(listing, chain.deviation);
    // Busy days move more, and days that move more are busier.
    const surprise = Math.abs(gap + move) / listing.dailyVolatility;
    const volume = listing.dailyVolume * Math.exp(VOLUME_NOISE * own.normal()) *
      (0.75 + 0.3 * surprise);
    const previousCloseE4 = chain.closeE4;
    chain.plans.set(date, { date, previousCloseE4, openE4, closeE4, volume, volatility });
    chain.closeE4 = closeE4;
  }
}

interface Chain {
  readonly plans: Map<string, DayPlan>; // date → plan
  /** Log distance of the newest close from the reference price. */
  deviation: number;
  closeE4: number;
  /** First date not looked at yet. */
  next: string;
}

function startE4(listing: Listing): number {
  return roundToTick(listing, listing.referencePrice * E4_PER_DOLLAR);
}

function atDeviation(listing: Listing, deviation: number): number {
  return roundToTick(listing, listing.referencePrice * E4_PER_DOLLAR * Math.exp(deviation));
}

/** Shares of a day's volume that trade before and after the session, and of its volatility that moves them. */
const EARLY = { volume: 0.012, volatility: 0.35 } as const;
const LATE = { volume: 0.008, volatility: 0.15 } as const;

/** Early trading leads from the last close to the opening price, late trading a little on from the close. */
export function offHoursPlan(
  listing: Listing,
  day: DayPlan,
  { kind, random }: { readonly kind: "early" | "late"; readonly random: Random },
): DayPlan {
  const { volume, volatility } = kind === "early" ? EARLY : LATE;
  const deviation = listing.dailyVolatility * volatility;
  const drift = Math.exp(deviation * random.split("drift").normal());
  return {
    date: day.date,
    previousCloseE4: day.previousCloseE4,
    openE4: kind === "early" ? day.previousCloseE4 : day.closeE4,
    closeE4: kind === "early" ? day.openE4 : roundToTick(listing, day.closeE4 * drift),
    volume: day.volume * volume,
    volatility: deviation,
  };
}
