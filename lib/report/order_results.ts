import type { ExecutionBooked, IntentRecorded, OrderEvent } from "../ledger/entry.ts";
import { divide, formatMicros, type Micros, multiply, ZERO } from "../money.ts";
import type { Day } from "./day.ts";
import type { OrderRecord } from "./facts.ts";
import type { Mark } from "./figure.ts";

/** What became of an order, read from all that was said about it. */
export interface OrderResult {
  readonly record: OrderRecord;
  readonly at: number;
  readonly symbol: string;
  /** Executions in force, corrected ones as corrected. */
  readonly fills: readonly ExecutionBooked[];
  readonly filled: Micros;
  readonly avgPrice: Micros | null;
  readonly commissions: Micros;
  readonly status: string;
  readonly tone: Mark["tone"];
}

/** Orders in the order they were decided; those entered by hand among them. */
export function orderResults({ facts }: Day): readonly OrderResult[] {
  const { books } = facts;
  const inForce = new Map(books.executions().map((execution) => [execution.execId, execution]));
  return [...facts.orders.values()].flatMap((record): OrderResult[] => {
    const first = record.intent ?? record.events[0] ?? record.executions[0];
    // Messages that name no order we know are told with the incidents.
    if (first === undefined) return [];
    const fills = record.executions.flatMap(({ body }) => inForce.get(body.execId) ?? []);
    const filled = fills.reduce((sum, { quantity }) => sum + quantity, ZERO);
    const notional = fills.reduce((sum, fill) => sum + multiply(fill.quantity, fill.price), ZERO);
    const commissions = fills.reduce(
      (sum, { execId }) => sum + (books.commissionOf(execId)?.amount ?? ZERO),
      ZERO,
    );
    return [{
      record,
      at: first.at,
      symbol: first.body.symbol,
      fills,
      filled,
      avgPrice: filled === 0n ? null : divide(notional, filled),
      commissions,
      ...outcome(record, filled),
    }];
  });
}

function outcome(
  { intent, events, frozen, sent }: OrderRecord,
  filled: Micros,
): Pick<OrderResult, "status" | "tone"> {
  if (frozen !== null) return { status: "Frozen", tone: "bad" };
  const last = events.at(-1)?.body;
  if (intent !== null && filled > 0n && filled >= intent.body.quantity) {
    return { status: "Filled", tone: "good" };
  }
  if (last?.source === "not-sent") return { status: "Never sent", tone: "warning" };
  const status = last?.status ?? (sent.length > 0 ? "Sent" : "Recorded, not sent");
  const partly = filled > 0n && status !== "Filled" ? `${status}, partly filled` : status;
  return { status: partly, tone: toneOf(last?.status) };
}

function toneOf(status: OrderEvent["status"] | undefined): Mark["tone"] {
  if (status === "Filled") return "good";
  return status === "Inactive" || status === undefined ? "warning" : "neutral";
}

/** `BUY 100 LMT 182.94` */
export function orderText(intent: IntentRecorded): string {
  const { side, quantity, orderType, lmtPrice, auxPrice } = intent;
  const prices = [auxPrice, lmtPrice].flatMap((price) =>
    price === null ? [] : [formatMicros(price)]
  );
  return [side, formatMicros(quantity), orderType, prices.join(" limit ")].filter((part) =>
    part !== ""
  ).join(" ");
}
