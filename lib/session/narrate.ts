import type { Entry, EntryBody, OrderMessage } from "../ledger/entry.ts";
import { formatMicros, formatMoney } from "../money.ts";
import { formatRefusal } from "../risk/refusals.ts";

/** Orders a narrator can name; a day has some thousands at most. */
const KNOWN_ORDERS_MAX = 10_000;
const ORDER_CANCELLED = 202;

/** Tells a session's entries to the person watching it. */
export class Narrator {
  /** intentId → `APLD stop` */
  readonly #orders = new Map<string, string>();
  /** intentId of every order we asked to have cancelled */
  readonly #takenBack = new Set<string>();

  /** What one wants to read of an entry; null when it is only for the books. Entries come in their order. */
  narrate({ body }: Entry): string | null {
    if (body.kind === "intent" && this.#orders.size < KNOWN_ORDERS_MAX) {
      this.#orders.set(body.intentId, `${body.symbol} ${body.role}`);
    }
    if (body.kind === "order-event" && body.source === "local" && body.intentId !== null) {
      if (this.#orders.has(body.intentId)) this.#takenBack.add(body.intentId);
    }
    if (body.kind === "execution") {
      return `${this.#nameOf(body) ?? body.symbol} filled: ${body.side} ${
        formatMicros(body.quantity)
      } at ${formatMicros(body.price)}`;
    }
    if (body.kind === "order-message") return this.#told(body);
    return sentence(body);
  }

  /** That TWS has done what we asked for is no message of an error. */
  #told(body: OrderMessage): string {
    const name = this.#nameOf(body);
    if (name === null) return `order ${body.orderId}: ${body.code} ${body.text}`;
    return body.code === ORDER_CANCELLED && this.#takenBack.has(body.intentId ?? "")
      ? `${name} cancelled`
      : `${name}: ${body.code} ${body.text}`;
  }

  #nameOf({ intentId }: { readonly intentId: string | null }): string | null {
    return intentId === null ? null : this.#orders.get(intentId) ?? null;
  }
}

/** How loud an entry is in a log. */
export function levelOf({ body }: Entry): "info" | "warning" | "error" {
  if (body.kind === "incident") return body.severity === "note" ? "info" : body.severity;
  if (body.kind === "halted" || body.kind === "intent-frozen") return "error";
  if (body.kind === "reconciled") return body.differences.length === 0 ? "info" : "error";
  if (body.kind === "session-closed") return body.outcome === "failed" ? "error" : "info";
  return "info";
}

function sentence(body: EntryBody): string | null {
  switch (body.kind) {
    case "state-changed":
      return `${body.to}: ${body.because}`;
    case "connection-changed":
      return `connection ${body.state}: ${body.detail}`;
    case "signal":
      return `${body.symbol} ${body.purpose} ${body.side}: ${body.reason.text}`;
    case "refused":
      return `${body.symbol} refused: ${formatRefusal(body)}`;
    case "refusal-repeated":
      return `${body.symbol} refused ${body.count === 1 ? "once" : `${body.count} times`} more: ${
        formatRefusal(body)
      }`;
    case "intent": {
      const price = body.auxPrice ?? body.lmtPrice;
      const at = price === null ? "" : ` at ${formatMicros(price)}`;
      return `${body.symbol} ${body.role}: ${body.side} ${
        formatMicros(body.quantity)
      } ${body.orderType}${at}`;
    }
    case "parent-order":
      return `${body.symbol} ${body.side} ${
        formatMicros(body.quantity)
      } by ${body.algorithm}: ${body.because}`;
    case "parent-ended":
      return `${body.symbol} ${body.outcome}: ${formatMicros(body.filled)} filled, ${
        formatMicros(body.remainder)
      } left; ${body.because}`;
    case "order-changed": {
      const at = body.auxPrice === null ? "" : ` at ${formatMicros(body.auxPrice)}`;
      return `${body.symbol} stop${at} (${body.rule}): ${body.because}`;
    }
    case "intent-frozen":
      return `${body.symbol} frozen: ${body.because}`;
    case "incident":
      return `${body.severity}: ${body.text}`;
    case "halted":
      return `halted by ${body.actor}: ${body.because}`;
    case "halt-lifted":
      return `halt lifted by ${body.actor}: ${body.because}`;
    case "entries-paused":
      return `entries paused by ${body.actor}: ${body.because}`;
    case "entries-resumed":
      return `entries resumed by ${body.actor}: ${body.because}`;
    case "flatten-requested":
      return `${body.actor} wants every position closed: ${body.because}`;
    case "reconciled":
      return body.differences.length === 0
        ? `reconciled: ${body.fills.ledger} of ${body.fills.broker} fills, cash ${
          formatMoney(body.cash.ledger)
        }`
        : `not reconciled: ${
          body.differences.map(({ what, key, ledger, broker }) =>
            `${what} ${key} ledger ${ledger || "none"} broker ${broker}`
          ).join("; ")
        }`;
    case "session-closed":
      return `${body.outcome}: ${body.because}`;
    default:
      return null;
  }
}

/** Counts for a progress line; `summarise()` says what a session came to. */
export class Tally {
  signals = 0;
  orders = 0;
  fills = 0;

  apply({ body }: Entry): void {
    if (body.kind === "signal") this.signals++;
    else if (body.kind === "intent") this.orders++;
    else if (body.kind === "execution") this.fills++;
  }
}
