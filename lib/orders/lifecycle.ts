import { splitExecId } from "../exec_id.ts";
import { divide, greatest, type Micros, multiply, ZERO } from "../money.ts";
import type { OrderStatus } from "./order.ts";

/**
 * What became of an order, from whatever the broker said about it.
 *
 * TWS repeats messages, sends them out of order, and leaves some out. So the state is what has been seen, not what
 * came last: each fact only ever adds to it, and the same facts in any order give the same state.
 */

/** A fact about one order. The broker port's events have these shapes and can be passed as they are. */
export type OrderFact =
  | { readonly type: "sent"; readonly orderId: number }
  | {
    readonly type: "order-status";
    readonly permId: number;
    readonly status: OrderStatus;
    readonly filled: Micros;
  }
  | {
    readonly type: "open-order";
    readonly order: {
      readonly permId: number;
      readonly status: OrderStatus;
      readonly filled: Micros | null;
    };
  }
  | {
    readonly type: "execution";
    readonly execution: {
      readonly execId: string;
      readonly permId: number;
      readonly quantity: Micros;
      readonly price: Micros;
    };
  }
  | { readonly type: "order-message"; readonly code: number; readonly text: string };

/** One execution in force; a correction has taken the place of what it corrects. */
export interface Fill {
  /** Its execId without the revision. */
  readonly stem: string;
  readonly revision: number;
  readonly quantity: Micros;
  readonly price: Micros;
  /** The most shares any revision of it was told with: what a bust takes back was told, and is owed no more. */
  readonly told: Micros;
}

/** Everything seen of one order. */
export interface OrderState {
  readonly quantity: Micros;
  readonly sent: boolean;
  /** IB's lasting id; 0 until it named one. */
  readonly permId: number;
  /** The furthest status seen; null when none ever came. */
  readonly status: OrderStatus | null;
  /** The most shares a status said were filled. */
  readonly reportedFilled: Micros;
  /** What the status Filled itself said; 0 until it did. Less than was ordered when the broker made the order smaller. */
  readonly toldAtEnd: Micros;
  /** One of each stem, in the order of their stems: the same executions in any order give the same list. */
  readonly fills: readonly Fill[];
  /** The message that ended the order, or would have if the broker had not known it. */
  readonly rejection: { readonly code: number; readonly text: string } | null;
}

/** `working` includes everything between sent and over that is not being cancelled. */
export type OrderPhase =
  | "planned"
  | "sent"
  | "working"
  | "cancelling"
  | "filled"
  | "cancelled"
  | "rejected";

/** Further is later in an order's life. A fill outranks a cancel, as the cancel may have come too late. */
const RANK: Readonly<Record<OrderStatus, number>> = {
  PendingSubmit: 0,
  PreSubmitted: 1,
  Submitted: 2,
  PendingCancel: 3,
  Inactive: 4,
  ApiCancelled: 5,
  Cancelled: 6,
  Filled: 7,
};

/** The order was cancelled. */
const CANCELLED_CODE = 202;
/** The order was rejected by the exchange or by IB, whatever was said of it before. */
export const REJECTED_CODE = 201;
/**
 * The order was never accepted: 103 duplicate id, 109 price out of range, 110 price off the grid, 111 time in force
 * and type do not fit, 135 its parent is not known, 145 a field not valid, 200 no such contract, 203 not allowed for
 * this account, 320 and 321 not readable or not valid, 387 and 388 type or size not supported, 434 size of zero, 439
 * to 443 no such algorithm or not with these values, 10314 a time not valid.
 * About an order the broker knows, the same codes mean only that a change to it was not accepted.
 */
const NOT_ACCEPTED_CODES: ReadonlySet<number> = new Set([
  103,
  109,
  110,
  111,
  135,
  145,
  200,
  203,
  320,
  321,
  387,
  388,
  434,
  439,
  441,
  442,
  443,
  10314,
]);

const NO_FILLS: OrderState["fills"] = [];

export function newOrder(quantity: Micros): OrderState {
  return {
    quantity,
    sent: false,
    permId: 0,
    status: null,
    reportedFilled: ZERO,
    toldAtEnd: ZERO,
    fills: NO_FILLS,
    rejection: null,
  };
}

/** The state with one more fact; the same state when the fact is not new. */
export function withFact(state: OrderState, fact: OrderFact): OrderState {
  switch (fact.type) {
    case "sent":
      return { ...state, sent: true };
    case "order-status":
      return withStatus(state, fact);
    case "open-order":
      return withStatus(state, fact.order);
    case "execution":
      return withExecution(state, fact.execution);
    case "order-message":
      return withMessage(state, fact);
  }
}

/** Shares filled by the executions seen, corrections applied: what the ledger books. */
export function filledOf(state: OrderState): Micros {
  let filled = ZERO;
  for (const { quantity } of state.fills) filled += quantity;
  return filled;
}

/** Average price of the executions seen; null without any. */
export function averagePriceOf(state: OrderState): Micros | null {
  const filled = filledOf(state);
  if (filled === ZERO) return null;
  let turnover = ZERO;
  for (const { quantity, price } of state.fills) turnover += multiply(quantity, price);
  return divide(turnover, filled);
}

/** Shares that a status said were filled and of which no execution came: ask for executions. */
export function missingExecutions(state: OrderState): Micros {
  const { status, quantity, reportedFilled, toldAtEnd } = state;
  // A Filled that names no number is taken for all that was ordered.
  const all = toldAtEnd > ZERO ? greatest(toldAtEnd, reportedFilled) : quantity;
  let missing = status === "Filled" ? all : reportedFilled;
  for (const { told } of state.fills) missing -= told;
  return greatest(missing, ZERO);
}

/** Shares filled beyond the order's quantity; anything but 0 is a reason to halt. */
export function overfilled(state: OrderState): Micros {
  return greatest(filledOf(state) - state.quantity, ZERO);
}

export function phaseOf(state: OrderState): OrderPhase {
  const { status, rejection } = state;
  // Executions alone complete an order: the status of a market order may never come.
  if (status === "Filled" || filledOf(state) >= state.quantity) return "filled";
  if (rejection?.code === REJECTED_CODE || status === "Inactive") return "rejected";
  if (status === "Cancelled" || status === "ApiCancelled") return "cancelled";
  if (rejection?.code === CANCELLED_CODE) return "cancelled";
  if (status === "PendingCancel") return "cancelling";
  if (isAcknowledged(state)) return "working";
  if (rejection !== null) return "rejected";
  return state.sent ? "sent" : "planned";
}

/** Nothing but a late fill or a correction can change the order any more. */
export function isFinal(state: OrderState): boolean {
  const phase = phaseOf(state);
  return phase === "filled" || phase === "cancelled" || phase === "rejected";
}

/** True once the broker has shown that it has the order. */
function isAcknowledged(state: OrderState): boolean {
  return state.permId !== 0 || state.status !== null || state.fills.length > 0;
}

function withStatus(
  state: OrderState,
  said: { readonly permId: number; readonly status: OrderStatus; readonly filled: Micros | null },
): OrderState {
  const further = state.status === null || RANK[said.status] > RANK[state.status];
  const status = further ? said.status : state.status;
  const permId = Math.max(state.permId, said.permId);
  const reportedFilled = greatest(state.reportedFilled, said.filled ?? ZERO);
  const toldAtEnd = said.status === "Filled" && said.filled !== null
    ? greatest(state.toldAtEnd, said.filled)
    : state.toldAtEnd;
  const same = !further && permId === state.permId && reportedFilled === state.reportedFilled &&
    toldAtEnd === state.toldAtEnd;
  return same ? state : { ...state, permId, status, reportedFilled, toldAtEnd };
}

function withExecution(
  state: OrderState,
  execution: Extract<OrderFact, { type: "execution" }>["execution"],
): OrderState {
  const { stem, revision } = splitExecId(execution.execId);
  const at = state.fills.findIndex((fill) => fill.stem >= stem);
  const found = state.fills[at];
  const known = found?.stem === stem ? found : undefined;
  const told = greatest(known?.told ?? ZERO, execution.quantity);
  const isNewer = known === undefined || revision > known.revision;
  if (!isNewer && told === known.told) return state;
  const { quantity, price } = isNewer ? execution : known;
  const fill = { stem, revision: isNewer ? revision : known.revision, quantity, price, told };
  const fills = at < 0
    ? [...state.fills, fill]
    : state.fills.toSpliced(at, known === undefined ? 0 : 1, fill);
  return { ...state, permId: Math.max(state.permId, execution.permId), fills };
}

/** Only messages that can end an order are kept, of several the weightiest; warnings are for the ledger alone. */
function withMessage(
  state: OrderState,
  message: { readonly code: number; readonly text: string },
): OrderState {
  const { code, text } = message;
  if (weightOf(code) === 0) return state;
  const known = state.rejection;
  const heavier = known === null || weightOf(code) > weightOf(known.code) ||
    (weightOf(code) === weightOf(known.code) && `${code} ${text}` > `${known.code} ${known.text}`);
  return heavier ? { ...state, rejection: { code, text } } : state;
}

function weightOf(code: number): number {
  if (code === REJECTED_CODE) return 3;
  if (code === CANCELLED_CODE) return 2;
  return NOT_ACCEPTED_CODES.has(code) ? 1 : 0;
}
