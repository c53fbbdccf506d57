import { formatMicros, type Micros } from "../money.ts";
import type { Reply } from "../wire/replies.ts";
import { EVERY_EXECUTION } from "../wire/requests_orders.ts";
import type { Request } from "../wire/requests.ts";
import type { Question } from "./conversation.ts";
import type { OpenStateEvidence } from "./evidence.ts";

const EXECUTIONS_ID = 9_003;
const LISTS = ["positions", "open orders", "completed orders", "executions"] as const;
type ListName = (typeof LISTS)[number];

/** A position as our ledger has it. */
export interface KnownPosition {
  readonly symbol: string;
  readonly quantity: Micros;
}

/** The four lists a session starts from. A list is complete when its End marker came, and not before. */
export class OpenStateQuestion implements Question {
  readonly asks: readonly Request[] = [
    { type: "reqPositions" },
    { type: "reqAllOpenOrders" },
    { type: "reqCompletedOrders", apiOnly: false },
    { type: "reqExecutions", reqId: EXECUTIONS_ID, filter: EVERY_EXECUTION },
  ];
  readonly withdraws: readonly Request[] = [{ type: "cancelPositions" }];
  readonly #open = new Set<ListName>(LISTS);
  /** symbol → shares, over all accounts */
  readonly #positions = new Map<string, Micros>();
  readonly #orders = new Set<number>();
  readonly #executions = new Set<string>();

  get answered(): boolean {
    return this.#open.size === 0;
  }

  hear(reply: Reply): void {
    if (reply.type === "position") {
      const { symbol } = reply.contract;
      this.#positions.set(symbol, (this.#positions.get(symbol) ?? 0n) + reply.position);
    } else if (reply.type === "openOrder") this.#orders.add(reply.order.permId);
    else if (reply.type === "execDetails") this.#executions.add(reply.execution.execId);
    else if (reply.type === "positionEnd") this.#open.delete("positions");
    else if (reply.type === "openOrderEnd") this.#open.delete("open orders");
    else if (reply.type === "completedOrdersEnd") this.#open.delete("completed orders");
    else if (reply.type === "execDetailsEnd") this.#open.delete("executions");
  }

  /** What came, against what the ledger has; null there is no ledger. */
  evidence(known: readonly KnownPosition[] | null): OpenStateEvidence {
    const held = [...this.#positions].filter(([, quantity]) => quantity !== 0n);
    const complete = !this.#open.has("positions");
    return {
      incomplete: LISTS.filter((name) => this.#open.has(name)),
      positions: held.length,
      workingOrders: this.#orders.size,
      executions: this.#executions.size,
      differences: known === null || !complete ? null : differences(new Map(held), known),
    };
  }
}

function differences(
  broker: ReadonlyMap<string, Micros>,
  known: readonly KnownPosition[],
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
