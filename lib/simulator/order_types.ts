/** What each order type means for its way through the exchange. */
export interface OrderTypeTraits {
  /**
   * What IB waits for before it sends the order on: `stop`: the price goes against the order; `touch`: it comes to the
   * order; `trail`: a stop that follows the price.
   */
  readonly watch: "stop" | "touch" | "trail" | null;
  /** Then it is a limit order, else a market order. */
  readonly hasLimit: boolean;
  /** Takes part in the closing auction and in nothing else. */
  readonly atClose: boolean;
}

const TRAITS: ReadonlyMap<string, OrderTypeTraits> = new Map([
  ["MKT", { watch: null, hasLimit: false, atClose: false }],
  ["LMT", { watch: null, hasLimit: true, atClose: false }],
  ["STP", { watch: "stop", hasLimit: false, atClose: false }],
  ["STP LMT", { watch: "stop", hasLimit: true, atClose: false }],
  ["TRAIL", { watch: "trail", hasLimit: false, atClose: false }],
  ["TRAIL LIMIT", { watch: "trail", hasLimit: true, atClose: false }],
  ["MIT", { watch: "touch", hasLimit: false, atClose: false }],
  ["LIT", { watch: "touch", hasLimit: true, atClose: false }],
  ["MOC", { watch: null, hasLimit: false, atClose: true }],
  ["LOC", { watch: null, hasLimit: true, atClose: true }],
]);

/** Undefined when this exchange does not know the type. */
export function traitsOf(orderType: string): OrderTypeTraits | undefined {
  return TRAITS.get(orderType);
}

/** `OPG`: the opening auction and nothing else. With MKT and LMT these are IB's MOO and LOO. */
export const TIMES_IN_FORCE: ReadonlySet<string> = new Set([
  "",
  "DAY",
  "GTC",
  "GTD",
  "IOC",
  "FOK",
  "OPG",
]);

/** True of orders that live on after the close. */
export function outlivesDay(tif: string): boolean {
  return tif === "GTC" || tif === "GTD";
}
