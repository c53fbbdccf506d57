/** Every indicator a strategy author may use: each takes one value or bar at a time and answers null until it is warm. */
export { Adx, type AdxValue } from "./adx.ts";
export { Atr, type Range, trueRange } from "./atr.ts";
export { type Bands, Bollinger } from "./bollinger.ts";
export { Deviation, type Moments } from "./deviation.ts";
export { type Channel, Donchian } from "./donchian.ts";
export { Ema } from "./ema.ts";
export { Highest } from "./extreme.ts";
export { Macd, type MacdValue } from "./macd.ts";
export { Rsi } from "./rsi.ts";
export { Sma } from "./sma.ts";
export { Vwap } from "./vwap.ts";
export { Wilder } from "./wilder.ts";
export { ZScore } from "./zscore.ts";
