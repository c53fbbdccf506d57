import { type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import type { PlaceOrder } from "../wire/requests_orders.ts";
import { E4_PER_DOLLAR, tickE4 } from "./microstructure.ts";
import type { WireOrder } from "../wire/order.ts";
import { TIMES_IN_FORCE, traitsOf } from "./order_types.ts";
import { parseRequestTime } from "./request_time.ts";
import type { Ticket } from "./ticket.ts";
import type { Listing } from "./universe.ts";

/** Why TWS sends an order back before it becomes one. Texts as recorded where a recording exists. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

const SIDES: ReadonlySet<string> = new Set(["BUY", "SELL"]);
/** Order ids are int32 on the wire; this one is the clients' "unset". */
const UNSET_INTEGER = 2147483647;

/** Checks of the message itself: what TWS calls validating. */
export function validate({ contract, order }: PlaceOrder): Refusal | null {
  if (contract.exchange === "") return invalid("Missing order exchange");
  if (!SIDES.has(order.action)) return invalid("Invalid order action was entered");
  if (order.orderType === "") return invalid("Invalid order type was entered");
  if (order.totalQuantity <= ZERO) return invalid("The size value cannot be zero:");
  if (!TIMES_IN_FORCE.has(order.tif)) return invalid("Invalid time in force was entered");
  const missing = missingValue(order);
  if (missing !== null) return invalid(missing);
  if (order.whatIf && !order.transmit) {
    return invalid("What-If order should have transmit flag set to TRUE.", "v");
  }
  return null;
}

/** What an order of this type needs and does not have, in words. */
function missingValue(order: WireOrder): string | null {
  const traits = traitsOf(order.orderType);
  const { lmtPrice, lmtPriceOffset, auxPrice, trailingPercent } = order;
  if (traits?.watch === "trail") {
    if (auxPrice === null && trailingPercent === null) return "Please enter a trailing amount";
    if (traits.hasLimit && lmtPrice === null && lmtPriceOffset === null) {
      return "Please enter a limit price";
    }
    return null;
  }
  if (traits?.hasLimit && lmtPrice === null) return "Please enter a limit price";
  if (traits?.watch && auxPrice === null) return "Please enter a stop price";
  if (order.tif === "GTD" && order.goodTillDate === "") return "Please enter a good till date";
  const times = [order.goodTillDate, order.goodAfterTime].filter((text) => text !== "");
  return times.every((text) => parseRequestTime(text) !== undefined)
    ? null
    : "Invalid time or time-zone was entered";
}

export function checkOrderId(orderId: number): Refusal | null {
  if (orderId > 0 && orderId < UNSET_INTEGER) return null;
  return { code: 10149, text: `Invalid order id: ${orderId}` };
}

/** Checks against the contract. */
export function checkAgainst(listing: Listing, { order }: PlaceOrder): Refusal | null {
  const traits = traitsOf(order.orderType);
  if (traits === undefined) {
    return { code: 387, text: "Unsupported order type for this exchange and security type." };
  }
  if (order.totalQuantity % MICROS_PER_UNIT !== ZERO) {
    return {
      code: 10243,
      text:
        "Fractional-sized order cannot be placed via API. Please use desktop version to place this order.",
    };
  }
  const clip = order.displaySize ?? 0;
  if (clip < 0 || BigInt(clip) * MICROS_PER_UNIT > order.totalQuantity) {
    const text = "Display Size should be positive and not greater than the order size.";
    return { code: 10020, text };
  }
  const prices = [
    traits.hasLimit ? order.lmtPrice : null,
    // A trailing amount is no price; the stop it starts from is.
    traits.watch === "trail" ? order.trailStopPrice : traits.watch !== null ? order.auxPrice : null,
  ];
  return prices.every((price) => price === null || isOnTick(listing, price)) ? null : {
    code: 110,
    text: "The price does not conform to the minimum price variation for this contract.",
  };
}

function isOnTick(listing: Listing, price: Micros): boolean {
  if (price <= ZERO) return false;
  const isBelowDollar = price < BigInt(E4_PER_DOLLAR) * 100n;
  const tick = BigInt(tickE4(listing, isBelowDollar ? 1 : E4_PER_DOLLAR)) * 100n;
  return price % tick === ZERO;
}

/** The two letters are an obfuscated class name in TWS, different in every build. */
function invalid(cause: string, className = "bH"): Refusal {
  return { code: 321, text: `Error validating request.-'${className}' : cause - ${cause}` };
}

export const NO_SECURITY: Refusal = {
  code: 200,
  text: "No security definition has been found for the request",
};

export const DUPLICATE_ID: Refusal = { code: 103, text: "Duplicate order id" };

export const CANNOT_MODIFY_FILLED: Refusal = { code: 104, text: "Cannot modify a filled order." };

const DOES_NOT_MATCH: Refusal = {
  code: 105,
  text: "Order being modified does not match original order",
};

/** The names of several accounts cannot be guessed. */
export function unknownAccount(account: string): Refusal {
  return account === ""
    ? { code: 435, text: "You must specify an account." }
    : invalid(`Invalid account code '${account}'.`);
}

/** Order types that TWS changes into each other; the stops keep their trigger. */
const KINDS: readonly ReadonlySet<string>[] = [
  new Set(["MKT", "LMT"]),
  new Set(["STP", "STP LMT"]),
  new Set(["TRAIL", "TRAIL LIMIT"]),
  new Set(["MIT", "LIT"]),
];

/** What does not let a live order take these values; `order` null is one for another contract. */
export function checkModification(ticket: Ticket, order: WireOrder | null): Refusal | null {
  const { order: old } = ticket;
  if (order === null || order.action !== old.action) return DOES_NOT_MATCH;
  if (order.account !== "" && order.account !== old.account) return DOES_NOT_MATCH;
  if (order.totalQuantity < ticket.filled) return DOES_NOT_MATCH;
  const isKin = KINDS.some((kind) => kind.has(old.orderType) && kind.has(order.orderType));
  if (order.orderType !== old.orderType && !isKin) {
    return { code: 329, text: "Order modify failed. Cannot change to the new order type." };
  }
  if ((order.tif || "DAY") !== old.tif) {
    const text = `Order modify failed. Cannot change to the new Time in Force.${order.tif}`;
    return { code: 462, text };
  }
  return null;
}
