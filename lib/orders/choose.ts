import type { AlgorithmName } from "./execution_style.ts";

/** Which algorithm a parent gets, from its size against the market's. The numbers are kept with the choice. */

export interface Liquidity {
  readonly shares: number;
  /** Shares at the price to pay, now. */
  readonly touchShares: number | null;
  /** Shares the market is expected to trade in the parent's time; null when nobody knows. */
  readonly expectedVolume: number | null;
  /** Whether the symbol's own volume curve is known. */
  readonly hasProfile: boolean;
}

export interface Choice {
  readonly algorithm: AlgorithmName;
  readonly because: string;
}

/** Up to this part of the expected volume an order goes unnoticed when it works the spread. */
const SMALL_PART = 0.01;
/** Beyond this part a fixed schedule would lead the market, and only following its volume is left. */
const LARGE_PART = 0.1;

export function chooseAlgorithm(liquidity: Liquidity): Choice {
  const { shares, touchShares, expectedVolume, hasProfile } = liquidity;
  if (touchShares !== null && shares <= touchShares) {
    return {
      algorithm: "LIMIT",
      because: `${shares} shares are no more than the ${touchShares} at the best price`,
    };
  }
  if (expectedVolume === null || expectedVolume <= 0) {
    return { algorithm: "TWAP", because: `${shares} shares, expected volume unknown` };
  }
  const part = shares / expectedVolume;
  const because = `${shares} shares are ${
    (part * 100).toFixed(2)
  } % of the expected ${expectedVolume}`;
  if (part <= SMALL_PART) return { algorithm: "ADAPTIVE", because };
  if (part > LARGE_PART) return { algorithm: "POV", because };
  return { algorithm: hasProfile ? "VWAP" : "TWAP", because };
}
