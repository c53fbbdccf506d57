import type { GridBar } from "../../lib/simulator/bars.ts";
import type { DayPlan } from "../../lib/simulator/daily_plan.ts";
import type { MarketSource } from "../../lib/simulator/market.ts";
import type { MarketDay } from "../../lib/simulator/market_day.ts";
import { newYorkDays } from "../../lib/simulator/trading_days.ts";
import type { Listing } from "../../lib/simulator/universe.ts";

/** One step written by hand, in dollars. What is left out repeats the step before; without trades, volume is 0. */
export interface Step {
  readonly bid?: number;
  readonly ask?: number;
  readonly size?: number;
  readonly first?: number;
  readonly high?: number;
  readonly low?: number;
  readonly last?: number;
  readonly volume?: number;
}

const e4 = (dollars: number): number => Math.round(dollars * 1e4);

/**
 * A market in which every stock does what the script says, a step every 5 seconds from the open on, and stands still
 * after it. The opening auction is at `open`, with 100,000 shares in a day that expects `volume`.
 */
export function handMarket(
  steps: readonly Step[],
  { open = 100, volume = 10_000_000 }: { readonly open?: number; readonly volume?: number } = {},
): MarketSource {
  const days = newYorkDays();
  const plan = (_listing: Listing, date: string): DayPlan => ({
    date,
    previousCloseE4: e4(open),
    openE4: e4(open),
    closeE4: e4(open),
    volume,
    volatility: 0,
  });
  const day = (listing: Listing, date: string): MarketDay | null => {
    const session = days.on(date);
    if (session === null) return null;
    return handDay({ listing, plan: plan(listing, date), session, stepMs: 5000 }, steps);
  };
  return {
    days,
    stepMs: 5000,
    plan,
    day,
    segment: (listing, date, kind) => kind === "regular" ? day(listing, date) : null,
    intradayBars: (): GridBar[] => [],
    dailyBars: (): GridBar[] => [],
    isHalted: () => false,
  };
}

function handDay(
  head: Pick<MarketDay, "listing" | "plan" | "session" | "stepMs">,
  script: readonly Step[],
): MarketDay {
  const steps = (head.session.closesAt - head.session.opensAt) / head.stepMs;
  const column = (): Int32Array => new Int32Array(steps);
  const day: MarketDay = {
    ...head,
    kind: "regular",
    openingTimeOfDayMs: 9.5 * 3_600_000,
    steps,
    bidE4: column(),
    askE4: column(),
    bidSize: column(),
    askSize: column(),
    firstE4: column(),
    highE4: column(),
    lowE4: column(),
    lastE4: column(),
    volume: column(),
    count: column(),
    wapE4: new Float64Array(steps),
  };
  let before: Required<Step> = {
    bid: 99.99,
    ask: 100.01,
    size: 100,
    first: 100,
    high: 100,
    low: 100,
    last: 100,
    volume: 0,
  };
  for (let index = 0; index < steps; index++) {
    const given: Step = script[index] ?? {};
    const last = given.last ?? before.last;
    const first = given.first ?? last;
    before = {
      ...before,
      ...given,
      last,
      first,
      high: given.high ?? Math.max(first, last),
      low: given.low ?? Math.min(first, last),
      volume: given.volume ?? 0,
    };
    day.bidE4[index] = e4(before.bid);
    day.askE4[index] = e4(before.ask);
    day.bidSize[index] = before.size;
    day.askSize[index] = before.size;
    day.firstE4[index] = e4(before.first);
    day.highE4[index] = e4(before.high);
    day.lowE4[index] = e4(before.low);
    day.lastE4[index] = e4(before.last);
    day.volume[index] = before.volume;
    day.count[index] = before.volume > 0 ? 1 : 0;
    day.wapE4[index] = e4(before.last);
  }
  return day;
}
