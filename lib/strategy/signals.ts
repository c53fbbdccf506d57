import type { Bar } from "../market/market.ts";
import type { Side, Signal } from "./strategy.ts";

/** An entry whose stop lies `distance` on the losing side of the bar's close. */
export function entrySignal(
  side: Side,
  bar: Bar,
  rest: { readonly distance: number; readonly reason: Signal["reason"] },
): Signal {
  const stopPrice = side === "BUY" ? bar.close - rest.distance : bar.close + rest.distance;
  return { symbol: bar.symbol, side, purpose: "enter", stopPrice, reason: rest.reason };
}

/** Closes what is held: a long position by selling, a short one by buying. */
export function exitSignal(symbol: string, held: number, reason: Signal["reason"]): Signal {
  return { symbol, side: held < 0 ? "BUY" : "SELL", purpose: "exit", stopPrice: null, reason };
}
