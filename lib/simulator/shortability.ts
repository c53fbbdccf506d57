import type { Listing } from "./universe.ts";

/** Whether IB lends a stock to sellers: large ones at once, penny stocks after a search, the pink sheets never. */
export type Shortability = "easy" | "locate" | "none";

export function shortability({ primaryExchange, subPenny }: Listing): Shortability {
  if (primaryExchange === "PINK") return "none";
  return subPenny ? "locate" : "easy";
}
