import { floorToStep, type Micros } from "../money.ts";

/** The price on the grid of `tick` at or below `price`. */
export function priceDown(price: Micros, tick: Micros): Micros {
  return floorToStep(price, tick);
}

/** The price on the grid of `tick` at or above `price`. */
export function priceUp(price: Micros, tick: Micros): Micros {
  return -floorToStep(-price, tick);
}
