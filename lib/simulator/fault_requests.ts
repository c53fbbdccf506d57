import type { Reply } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import type { Client } from "./client.ts";
import type { Connection } from "./connection.ts";
import { farmKind } from "./fault_events.ts";
import type { Faults } from "./faults.ts";
import { NO_SECURITY } from "./order_rules.ts";

/** Faults in what the Gateway makes of requests. */

type RequestType = Request["type"];

const READ_ONLY =
  "Error validating request.-'cp' : cause - The API interface is currently in Read-Only mode.";
/** What a read-only API refuses; even to look at orders, as recorded. */
const NEEDS_WRITING: ReadonlySet<RequestType> = new Set<RequestType>([
  "placeOrder",
  "cancelOrder",
  "reqGlobalCancel",
  "reqIds",
  "reqOpenOrders",
  "reqAllOpenOrders",
  "reqAutoOpenOrders",
  "reqCompletedOrders",
]);
const LIVE_DATA: ReadonlySet<RequestType> = new Set<RequestType>([
  "reqMktData",
  "reqRealTimeBars",
  "reqTickByTickData",
]);
/** `empty-answer=of:` → the request, and the rows of its answer */
const LISTS: ReadonlyMap<string, readonly [RequestType, ...Reply["type"][]]> = new Map<
  string,
  readonly [RequestType, ...Reply["type"][]]
>([
  ["positions", ["reqPositions", "position"]],
  ["open-orders", ["reqOpenOrders", "openOrder", "orderStatus"]],
  ["completed-orders", ["reqCompletedOrders", "completedOrder"]],
  ["executions", ["reqExecutions", "execDetails", "commissionReport"]],
]);

export interface RequestFaultsOptions {
  readonly faults: Faults;
  later(delayMs: number, callback: () => void): void;
  now(): number;
}

export class RequestFaults {
  readonly #options: RequestFaultsOptions;
  #ordersSeen = 0;
  #emptied = 0;

  constructor(options: RequestFaultsOptions) {
    this.#options = options;
  }

  /** Lets `carryOut` happen: now, later, or not at all, when a fault has answered in its place. */
  receive(
    { client, connection, request }: {
      readonly client: Client;
      readonly connection: Connection;
      readonly request: Request;
    },
    carryOut: () => void,
  ): void {
    const { faults, later } = this.#options;
    if (isOrder(request)) this.#ordersSeen++;
    if (this.#isLost(request)) return connection.abort("A fault: lost-order");
    if (this.#isRefused(client, request)) return;
    const delayMs = this.#delayMs(request);
    if (delayMs === Infinity) return;
    if (delayMs > 0) {
      return later(delayMs, () => {
        if (!connection.isClosed) carryOut();
      });
    }
    carryOut();
    const isUnanswered = isOrder(request) && faults.has("lost-ack") &&
      this.#ordersSeen === faults.number("lost-ack", "order");
    if (isUnanswered) connection.abort("A fault: lost-ack");
  }

  /** Why IB rejects this order; asked once for each order that is transmitted. */
  rejection(): string | null {
    const { faults } = this.#options;
    if (!faults.has("reject-order")) return null;
    const nth = faults.number("reject-order", "order");
    return nth === 0 || nth === this.#ordersSeen ? faults.text("reject-order", "reason") : null;
  }

  /** Rows that are left out while this request is answered. */
  emptiedRows(request: Request): ReadonlySet<Reply["type"]> {
    const { faults } = this.#options;
    const [type, ...rows] = LISTS.get(faults.text("empty-answer", "of")) ?? [];
    if (type !== request.type || this.#emptied >= faults.number("empty-answer", "times")) {
      return NONE;
    }
    this.#emptied++;
    return new Set(rows);
  }

  #isLost(request: Request): boolean {
    const { faults } = this.#options;
    return isOrder(request) && faults.has("lost-order") &&
      this.#ordersSeen === faults.number("lost-order", "order");
  }

  #isRefused(client: Client, request: Request): boolean {
    const { faults } = this.#options;
    const refuse = (id: number, code: number, text: string): true => {
      client.sendError(id, code, text);
      return true;
    };
    if (faults.has("read-only") && NEEDS_WRITING.has(request.type)) {
      return refuse("orderId" in request ? request.orderId : -1, 321, READ_ONLY);
    }
    if (request.type === "reqContractData" && this.#isFarmDown("definitions")) {
      // A lie that live Gateways tell.
      return refuse(request.reqId, 200, NO_SECURITY.text);
    }
    if (request.type === "reqHistoricalData" && faults.has("pacing")) {
      return refuse(request.reqId, 162, PACING);
    }
    if (!LIVE_DATA.has(request.type) || !("reqId" in request)) return false;
    if (faults.has("competing-session")) {
      return refuse(request.reqId, 10197, "No market data during competing live session");
    }
    const isDelayed = faults.number("not-subscribed", "delayed") !== 0 &&
      request.type === "reqMktData" && client.marketDataType >= 3;
    if (!faults.has("not-subscribed") || isDelayed) return false;
    return refuse(request.reqId, 354, "Requested market data is not subscribed.");
  }

  #delayMs(request: Request): number {
    const { faults, now } = this.#options;
    const lost = faults.events("connection-lost")
      .find(({ fromMs, toMs }) => fromMs <= now() && now() < toMs);
    if (lost !== undefined) return request.type === "reqCurrentTime" ? 0 : lost.toMs - now();
    if (request.type === "reqHistoricalData" && this.#isHistorySilent()) return Infinity;
    return faults.has("slow-answers") ? faults.number("slow-answers", "ms") : 0;
  }

  #isFarmDown(kind: ReturnType<typeof farmKind>): boolean {
    const { faults } = this.#options;
    return faults.has("farm-down") && farmKind(faults.text("farm-down", "farm")) === kind;
  }

  #isHistorySilent(): boolean {
    const { faults } = this.#options;
    return faults.has("history-silent") || this.#isFarmDown("history");
  }
}

const NONE: ReadonlySet<Reply["type"]> = new Set();
const PACING =
  "Historical Market Data Service error message:Historical data request pacing violation";

/** A what-if is none, so it is not counted as one. */
function isOrder(request: Request): boolean {
  return request.type === "placeOrder" && !request.order.whatIf;
}
