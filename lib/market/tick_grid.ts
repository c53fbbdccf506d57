import { floorToStep, type Micros } from "../money.ts";
import type { Instrument } from "./market.ts";

/** What the grid of a stock's prices depends on. */
type Grid = Pick<Instrument, "minTick" | "currency">;

const DOLLAR: Micros = 1_000_000n;
const CENT: Micros = 10_000n;

/** The price on the stock's grid at or below `price`. */
export function priceDown(price: Micros, grid: Grid): Micros {
  return floorToStep(price, tickAt(price, grid));
}

/** The price on the stock's grid at or above `price`. */
export function priceUp(price: Micros, grid: Grid): Micros {
  return -floorToStep(-price, tickAt(price, grid));
}

/**
 * `minTick` is the finest a stock has anywhere. From one dollar up US stocks are ordered in whole cents (SEC rule
 * 612), also those that have hundredths of a cent below; the exchange refuses the rest (110).
 */
function tickAt(price: Micros, { minTick, currency }: Grid): Micros {
  return currency === "USD" && price >= DOLLAR && minTick < CENT ? CENT : minTick;
}
