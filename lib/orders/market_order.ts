import { ZERO } from "../money.ts";
import { type Algorithm, cut, isActive, leftOf, type Slice } from "./parent.ts";

/** A market order that the broker has taken needs no second look before this. */
const REST_MS = 5_000;

/** Everything at once, across the spread: what the other algorithms are measured against. */
export const marketOrder: Algorithm = {
  name: "MARKET",
  next(parent, progress): Slice | null {
    if (!isActive(parent, progress)) return null;
    const quantity = cut(parent, progress, leftOf(parent, progress));
    return quantity === ZERO ? null : { quantity, limitPrice: null, restMs: REST_MS };
  },
};
