import { type Micros, MICROS_PER_UNIT, ZERO } from "../money.ts";
import type { PlaceOrder } from "../wire/requests_orders.ts";
import { checkAlgo } from "./algo_rules.ts";
import { E4_PER_DOLLAR, tickE4 } from "./microstructure.ts";
import type { WireOrder } from "../wire/order.ts";
import { TIMES_IN_FORCE, traitsOf } from "./order_types.ts";
import { invalid, invalidTime, type Refusal } from "./refusal.ts";
import { parseRequestTime } from "./request_time.ts";
import type { Ticket } from "./ticket.ts";
import type { Listing } from "./universe.ts";

const SIDES: ReadonlySet<string> = new Set(["BUY", "SELL"]);
/** Order ids are int32 on the wire; this one is the clients' "unset". */
const UNSET_INTEGER = 2147483647;

const QUANTITY_MAX: Micros = 999_999_999_000_000n;

/** Checks of the message itself: what TWS calls reading and validating. */
export function validate({ contract, order }: PlaceOrder): Refusal | null {
  if (contract.exchange === "") return invalid("Missing order exchange");
  if (!SIDES.has(order.action)) return invalid("Invalid order action was entered");
  if (order.orderType === "") return invalid("Invalid order type was entered");
  if (order.totalQuantity <= ZERO) return invalid("The size value cannot be zero:");
  if (order.totalQuantity > QUANTITY_MAX) {
    return invalid("Order size does not conform to market rule.");
  }
  if (!TIMES_IN_FORCE.has(order.tif)) return invalid("Invalid time in force was entered");
  const unreadable = unreadableValue(order);
  if (unreadable !== null) return unreadable;
  const missing = missingValue(order);
  if (missing !== null) return invalid(missing);
  if (order.whatIf && !order.transmit) {
    return invalid("What-If order should have transmit flag set to TRUE.", "v");
  }
  return null;
}

/** What TWS cannot read at all. */
function unreadableValue(order: WireOrder): Refusal | null {
  const { auxPrice, trailingPercent, goodTillDate, goodAfterTime } = order;
  if (traitsOf(order.orderType)?.watch === "trail" && auxPrice && trailingPercent !== null) {
    const text = "Cannot specify Trailing Amount and Trailing Percent at the same time";
    return { code: 320, text: `Error reading request:${text}` };
  }
  if (goodAfterTime !== "" && parseRequestTime(goodAfterTime) === undefined) {
    return invalidTime(337, "Good After Time");
  }
  if (order.tif === "GTD" && goodTillDate !== "" && parseRequestTime(goodTillDate) === undefined) {
    return invalidTime(343, "Good Till Date");
  }
  return null;
}

/** What an order of this type needs and does not have, or has and must not, in words. */
function missingValue(order: WireOrder): string | null {
  const traits = traitsOf(order.orderType);
  const { lmtPrice, auxPrice } = order;
  if (traits?.watch === "trail") return wrongTrail(order, traits.hasLimit);
  if (traits?.hasLimit && lmtPrice === null) return "Please enter a limit price";
  if (traits?.watch && auxPrice === null) return "Please enter a stop price";
  if (traits?.watch && auxPrice !== null && auxPrice <= ZERO) {
    return traits.watch === "touch" ? "Invalid Trigger Price" : "Invalid Stop Price";
  }
  if (order.tif !== "GTD" || order.goodTillDate !== "" || order.duration !== null) return null;
  return "The time entered is invalid.\n\nThe correct format is hh:mm:ss\nE.g.: 15:59:00\n\nTime zone " +
    "associated with the financial instrument is assumed.";
}

function wrongTrail(order: WireOrder, hasLimit: boolean): string | null {
  const { lmtPrice, lmtPriceOffset, auxPrice, trailingPercent, trailStopPrice } = order;
  const isUnset = (amount: Micros | null): boolean => amount === null || amount === ZERO;
  if (trailingPercent === null && (isUnset(auxPrice) || (auxPrice ?? ZERO) < ZERO)) {
    return `You must enter a Trailing Amount for ${order.orderType}.`;
  }
  if (trailingPercent !== null && (trailingPercent <= 0 || trailingPercent >= 100)) {
    return "Invalid Trailing Percent value. Valid values are greater than 0 and less than 100.";
  }
  if (!hasLimit) return null;
  if (trailStopPrice === null) return "Please enter a stop price";
  // An open order comes back to its client with a limit of 0 in the place of none.
  return isUnset(lmtPrice) === (lmtPriceOffset === null)
    ? "You must specify one value: limit price or limit price offset value."
    : null;
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
  const unfit = unfitAttribute(order) ?? checkAlgo(order);
  if (unfit !== null) return unfit;
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

/** Attributes that the contract's list of order types does not have: nothing is taken and then not done. */
function unfitAttribute(order: WireOrder): Refusal | null {
  const { displaySize, minQty, postToAts, orderType, tif } = order;
  const not = (code: number, name: string, rest = ""): Refusal => ({
    code,
    text: `The '${name}' order attribute may not be specified for this order${rest}.`,
  });
  if ((minQty ?? 0) > 0) return not(10256, "Minimum Quantity");
  if (order.allOrNone) return not(10257, "All or None");
  if (order.blockOrder) return not(10266, "BlockOrder");
  if (order.sweepToFill) return not(10267, "SweepToFill");
  if (postToAts !== null) return not(10274, "PostToATS", " or is invalid");
  const clip = displaySize ?? 0;
  if (clip < 0 || BigInt(clip) * MICROS_PER_UNIT > order.totalQuantity) {
    const text = "Display Size should be positive and not greater than the order size.";
    return { code: 10020, text };
  }
  if (order.conditions.length === 0) return null;
  const allowed = order.conditionsCancelOrder ? ["LMT"] : ["LMT", "MKT"];
  return allowed.includes(orderType) && tif !== "OPG" ? null : { code: 148, text: CONDITIONAL };
}

const CONDITIONAL =
  "Conditional submission of orders is supported for Limit, Market, MidPrice, Relative and Snap order " +
  "types only.\n\nConditional cancellation of orders is supported for Limit, MidPrice, IBAlgo - Limit " +
  "order types only.";

function isOnTick(listing: Listing, price: Micros): boolean {
  if (price <= ZERO) return false;
  const isBelowDollar = price < BigInt(E4_PER_DOLLAR) * 100n;
  const tick = BigInt(tickE4(listing, isBelowDollar ? 1 : E4_PER_DOLLAR)) * 100n;
  return price % tick === ZERO;
}

/** `parent` is null of an order without one, undefined when it is not known. */
export function checkParent(order: WireOrder, parent: Ticket | null | undefined): Refusal | null {
  if (parent === undefined) return invalid(`Can't find order with id =${order.parentId}`);
  const trails = traitsOf(order.orderType)?.watch === "trail";
  if (parent === null || !trails || ["LMT", "STP LMT"].includes(parent.order.orderType)) {
    return null;
  }
  const text = "Trailing stop orders can be attached to limit or stop-limit orders only.";
  return { code: 328, text };
}

export const NO_SECURITY: Refusal = {
  code: 200,
  text: "No security definition has been found for the request",
};

export const DUPLICATE_ID: Refusal = { code: 103, text: "Duplicate order id" };

/** The names of several accounts cannot be guessed. */
export function unknownAccount(account: string): Refusal {
  return account === ""
    ? { code: 435, text: "You must specify an account." }
    : invalid(`Invalid account code '${account}'.`);
}
