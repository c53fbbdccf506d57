import type { MarketDay } from "./market_day.ts";
import type { Side } from "./matching.ts";

/** Where a fill's shares come from: the standing quote, the flow that met a resting order, or an auction. */
export type FillSource = "depth" | "flow" | "auction";

/**
 * What our orders have taken of one stock, so that no share is had twice. The depth of a quote comes back only
 * when the quote is renewed, which in a thin stock takes minutes.
 */
export class Consumption {
  #step = -1;
  #session = 0;
  readonly #depth: Record<Side, number> = { BUY: 0, SELL: 0 };
  /** Shares of this step's volume. */
  #flow = 0;
  #auction = 0;

  /** Call before looking at a step. */
  enter(day: MarketDay, step: number): void {
    if (day.session.opensAt !== this.#session) {
      this.#session = day.session.opensAt;
      this.#renew();
    } else if (step !== this.#step && !sameQuote(day, this.#step, step)) this.#renew();
    if (step !== this.#step) {
      this.#flow = 0;
      this.#auction = 0;
    }
    this.#step = step;
  }

  taken(source: FillSource, side: Side): number {
    if (source === "depth") return this.#depth[side];
    return source === "flow" ? this.#flow : this.#auction;
  }

  take(source: FillSource, side: Side, shares: number): void {
    if (source === "depth") this.#depth[side] += shares;
    else if (source === "flow") this.#flow += shares;
    else this.#auction += shares;
  }

  #renew(): void {
    this.#depth.BUY = 0;
    this.#depth.SELL = 0;
  }
}

function sameQuote(day: MarketDay, before: number, after: number): boolean {
  return [day.bidE4, day.askE4, day.bidSize, day.askSize].every((column) =>
    column[before] === column[after]
  );
}
