import type {
  Entry,
  OrderChanged,
  OrderEvent,
  ParentOrderEnded,
  QuoteSeen,
} from "../ledger/entry.ts";
import { formatMicros } from "../money.ts";
import { isOf } from "./facts.ts";
import type { Mark, StoryEvent } from "./figure.ts";
import { orderText } from "./order_results.ts";

/** One entry as a line of a story. */

/** That an order was cancelled: told of every stop that was not needed any more. */
export const CANCELLED = 202;

/** `names`: intentId or execId → what the order is called among the others of its story. */
export function eventOf(entry: Entry, names: ReadonlyMap<string, string>): StoryEvent {
  const { body } = entry;
  const key = "intentId" in body ? body.intentId : "execId" in body ? body.execId : null;
  const told = tell(entry);
  return {
    at: entry.at,
    exchangeTime: body.kind === "execution" ? body.time : null,
    order: key === null ? "" : names.get(key) ?? "",
    what: told.what,
    detail: told.detail,
    quote: "quote" in body ? quoteText(body.quote) : null,
    tone: told.tone ?? "neutral",
    seq: entry.seq,
  };
}

interface Told {
  readonly what: string;
  readonly detail: string;
  readonly tone?: Mark["tone"];
}

function tell(entry: Entry): Told {
  const { body } = entry;
  switch (body.kind) {
    case "signal":
      return { what: `Signal to ${body.purpose}`, detail: body.side };
    case "intent":
      return { what: "Written down", detail: `${orderText(body)}, ${body.tif}` };
    case "order-sent":
      return { what: "Sent", detail: `as order ${body.orderId}` };
    case "order-changed":
      return { what: "Moved", detail: changeText(body) };
    case "parent-order": {
      const { algorithm, side, quantity } = body;
      return { what: `Given to ${algorithm}`, detail: `${side} ${formatMicros(quantity)}` };
    }
    case "parent-ended":
      return {
        what: `Algorithm ended ${body.outcome.replace("-", " ")}`,
        detail: parentEnd(body),
        tone: body.outcome === "filled" ? "neutral" : "warning",
      };
    case "execution":
      return {
        what: `${body.side === "BUY" ? "Bought" : "Sold"} ${formatMicros(body.quantity)}`,
        detail: `at ${formatMicros(body.price)} on ${body.exchange}, ${body.execId}`,
        tone: body.side === "BUY" ? "buy" : "sell",
      };
    case "commission":
      return {
        what: "Commission",
        detail: `${formatMicros(body.amount)} ${body.currency}${
          body.realizedPnl === null
            ? ""
            : `, realised by the broker's count ${formatMicros(body.realizedPnl)}`
        }`,
      };
    case "order-message":
      return {
        what: `Broker says ${body.code}`,
        detail: body.text,
        tone: body.code === CANCELLED ? "neutral" : "warning",
      };
    case "intent-frozen":
      return { what: "Frozen", detail: body.because, tone: "bad" };
    default:
      return isOf(entry, "order-event") ? tellStatus(entry.body) : { what: body.kind, detail: "" };
  }
}

function tellStatus(body: OrderEvent): Told {
  const filled = body.filled === 0n || body.status === "Filled"
    ? ""
    : `${formatMicros(body.filled)} filled, ${formatMicros(body.remaining)} left`;
  const sources = {
    status: "",
    "open-orders": "from the list of open orders",
    "completed-orders": "from the list of completed orders",
    local: "asked for by us",
    "not-sent": "proven never to have left",
  };
  const held = body.whyHeld === "" ? "" : `held: ${body.whyHeld}`;
  const detail = [filled, held, sources[body.source]].filter((part) => part !== "").join("; ");
  return { what: body.status, detail };
}

/** `stop 9.95, limit 10.02: trailing, …` */
function changeText({ auxPrice, lmtPrice, rule, because }: OrderChanged): string {
  const prices = [
    ...(auxPrice === null ? [] : [`to ${formatMicros(auxPrice)}`]),
    ...(lmtPrice === null ? [] : [`limit ${formatMicros(lmtPrice)}`]),
  ];
  return `${prices.join(", ")}: ${rule}, ${because}`;
}

function parentEnd({ filled, remainder, because }: ParentOrderEnded): string {
  const left = remainder > 0n ? `, ${formatMicros(remainder)} given up` : "";
  return `${formatMicros(filled)} filled${left}: ${because}`;
}

function quoteText({ bid, ask }: QuoteSeen): string | null {
  if (bid === null && ask === null) return null;
  return `${bid ?? "none"} / ${ask ?? "none"}`;
}
