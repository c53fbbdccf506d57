import { formatMicros, type Micros } from "../money.ts";
import type { Reply } from "../wire/replies.ts";
import type { Position } from "../wire/replies_accounts.ts";
import { EVERY_EXECUTION } from "../wire/requests_orders.ts";
import type { Request } from "../wire/requests.ts";
import type { Question } from "./conversation.ts";
import type { OpenStateEvidence } from "./evidence.ts";
import { saysReadOnly } from "./question_read_only.ts";

const EXECUTIONS_ID = 9_003;
const SUMMARY_ID = 9_004;
const LISTS = [
  "positions",
  "open orders",
  "completed orders",
  "executions",
  "account values",
] as const;
type ListName = (typeof LISTS)[number];

/** reply that ends a list → the list */
const ENDS: ReadonlyMap<Reply["type"], ListName> = new Map([
  ["positionEnd", "positions"],
  ["openOrderEnd", "open orders"],
  ["completedOrdersEnd", "completed orders"],
  ["execDetailsEnd", "executions"],
  ["accountSummaryEnd", "account values"],
]);
/** A read-only API does not even show orders. */
const ORDER_LISTS: readonly ListName[] = ["open orders", "completed orders"];

/** What our ledger says is held, and in which account; null before its first session. */
export interface Holdings {
  readonly account: string | null;
  readonly positions: readonly { readonly symbol: string; readonly quantity: Micros }[];
}

/**
 * The lists a session starts from. A list is complete when its End marker came, and not before. The account's values
 * come by summary: asking for account updates would take them away from another client.
 */
export class OpenStateQuestion implements Question {
  readonly asks: readonly Request[] = [
    { type: "reqPositions" },
    { type: "reqAllOpenOrders" },
    { type: "reqCompletedOrders", apiOnly: false },
    { type: "reqExecutions", reqId: EXECUTIONS_ID, filter: EVERY_EXECUTION },
    { type: "reqAccountSummary", reqId: SUMMARY_ID, group: "All", tags: "NetLiquidation" },
  ];
  readonly withdraws: readonly Request[] = [
    { type: "cancelPositions" },
    { type: "cancelAccountSummary", reqId: SUMMARY_ID },
  ];
  readonly #open = new Set<ListName>(LISTS);
  readonly #refused = new Set<ListName>();
  /** account → symbol → shares */
  readonly #positions = new Map<string, Map<string, Micros>>();
  readonly #orders = new Set<number>();
  readonly #executions = new Set<string>();

  get answered(): boolean {
    return this.#open.size === 0;
  }

  hear(reply: Reply): void {
    const ended = ENDS.get(reply.type);
    if (ended !== undefined) this.#open.delete(ended);
    else if (reply.type === "position") {
      this.#hold(reply);
    } else if (reply.type === "openOrder" && !reply.order.whatIf) {
      this.#orders.add(reply.order.permId);
    } else if (reply.type === "execDetails") this.#executions.add(reply.execution.execId);
    else if (reply.type === "error" && saysReadOnly(reply)) {
      ORDER_LISTS.forEach((name) => this.#refuse(name));
    } // Others hold both of the subscriptions there may be: that says nothing about the list.
    else if (reply.type === "error" && reply.id === SUMMARY_ID) this.#open.delete("account values");
  }

  #hold({ account, contract, position }: Position): void {
    const held = this.#positions.get(account) ?? new Map<string, Micros>();
    this.#positions.set(account, held);
    if (position === 0n) held.delete(contract.symbol);
    else held.set(contract.symbol, position);
  }

  #refuse(name: ListName): void {
    if (this.#open.delete(name)) this.#refused.add(name);
  }

  /** What came, and how the ledger differs: only where it is about one of this login's accounts. */
  evidence(accounts: readonly string[], ledger: Holdings | null): OpenStateEvidence {
    const comparable = ledger !== null && ledger.account !== null &&
      accounts.includes(ledger.account) &&
      !this.#open.has("positions");
    const positions = [...this.#positions.values()].reduce((sum, held) => sum + held.size, 0);
    return {
      refused: [...this.#refused],
      incomplete: LISTS.filter((name) => this.#open.has(name)),
      positions,
      workingOrders: this.#orders.size,
      executions: this.#executions.size,
      differences: comparable
        ? differences(this.#positions.get(ledger.account) ?? new Map(), ledger.positions)
        : null,
    };
  }
}

function differences(
  broker: ReadonlyMap<string, Micros>,
  known: Holdings["positions"],
): string[] {
  const ledger = new Map(known.map(({ symbol, quantity }) => [symbol, quantity]));
  const symbols = [...new Set([...broker.keys(), ...ledger.keys()])].sort();
  return symbols.flatMap((symbol) => {
    const held = broker.get(symbol) ?? 0n;
    const booked = ledger.get(symbol) ?? 0n;
    if (held === booked) return [];
    return [`${symbol}: broker ${formatMicros(held)}, ledger ${formatMicros(booked)}`];
  });
}
