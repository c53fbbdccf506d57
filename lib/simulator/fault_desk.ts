import type { Reply } from "../wire/replies.ts";
import type { Request } from "../wire/requests.ts";
import type { Client } from "./client.ts";
import type { Connection, ConnectionLimits } from "./connection.ts";
import type { Faults } from "./faults.ts";

/** Where the named faults take hold of the Gateway. In health each of these does the ordinary thing. */

export interface FaultDeskOptions {
  readonly faults: Faults;
  /** Waits of faults are what a person at the wall sees, whatever the speed of the clock. */
  laterOnWall(delayMs: number, callback: () => void): void;
}

/** `missing-end=of:` → the reply that is left out */
const END_MARKERS: ReadonlyMap<string, Reply["type"]> = new Map<string, Reply["type"]>([
  ["positions", "positionEnd"],
  ["open-orders", "openOrderEnd"],
  ["completed-orders", "completedOrdersEnd"],
  ["executions", "execDetailsEnd"],
  ["account", "accountDownloadEnd"],
  ["summary", "accountSummaryEnd"],
  ["contracts", "contractDetailsEnd"],
  ["history", "historicalData"],
]);

const READ_ONLY =
  "Error validating request.-'cp' : cause - The API interface is currently in Read-Only mode.";
/** What a read-only API refuses; even to look at orders, as recorded. */
const NEEDS_WRITING: ReadonlySet<Request["type"]> = new Set<Request["type"]>([
  "placeOrder",
  "cancelOrder",
  "reqGlobalCancel",
  "reqIds",
  "reqOpenOrders",
  "reqAllOpenOrders",
  "reqAutoOpenOrders",
  "reqCompletedOrders",
]);
const LIVE_DATA: ReadonlySet<Request["type"]> = new Set<Request["type"]>([
  "reqMktData",
  "reqRealTimeBars",
  "reqTickByTickData",
]);

export class FaultDesk {
  readonly #faults: Faults;
  readonly #later: FaultDeskOptions["laterOnWall"];
  #ordersSeen = 0;
  readonly #missing: Reply["type"] | undefined;

  constructor({ faults, laterOnWall }: FaultDeskOptions) {
    this.#faults = faults;
    this.#later = laterOnWall;
    this.#missing = END_MARKERS.get(faults.text("missing-end", "of"));
    if (faults.has("missing-end") && this.#missing === undefined) {
      const known = [...END_MARKERS.keys()].join(", ");
      throw new RangeError(
        `Cannot leave out the end of "${faults.text("missing-end", "of")}": use ${known}`,
      );
    }
  }

  limits(): ConnectionLimits {
    const bytes = this.#faults.number("cut-at-byte", "bytes");
    const isCut = this.#faults.has("cut-at-byte");
    const direction = this.#faults.text("cut-at-byte", "direction");
    return {
      readMax: isCut && direction === "in" ? bytes : Infinity,
      writeMax: isCut && direction !== "in" ? bytes : Infinity,
      listens: !this.#faults.has("silent") && !this.#faults.has("close-later"),
    };
  }

  /** A new connection; `listen` begins to read it. */
  accepted(connection: Connection, listen: () => void): void {
    if (this.#faults.has("close-at-once")) return connection.close("A fault: close-at-once");
    listen();
    if (!this.#faults.has("close-later")) return;
    this.#later(this.#faults.number("close-later", "ms"), () => {
      connection.close("A fault: close-later");
    });
  }

  /** Null in health: connections are accepted and read. */
  get deafness(): "never-accept" | "never-read" | null {
    if (this.#faults.has("never-accept")) return "never-accept";
    return this.#faults.has("never-read") ? "never-read" : null;
  }

  serverVersionMax(healthy: number): number {
    return this.#faults.has("old-server") ? this.#faults.number("old-server", "version") : healthy;
  }

  beforeAnswer(connection: Connection, answer: () => void): void {
    if (!this.#faults.has("late-answer")) return answer();
    this.#later(this.#faults.number("late-answer", "ms"), () => {
      if (!connection.isClosed) answer();
    });
  }

  refusesClientId(): boolean {
    return this.#faults.has("client-id-in-use");
  }

  saysClientIdInUse(): boolean {
    return this.#faults.number("client-id-in-use", "message") !== 0;
  }

  /** After startApi; `greet` sends what a healthy Gateway says first. */
  beforeStart(connection: Connection, client: Client, greet: () => void): void {
    if (this.#faults.has("close-after-start")) {
      const delayMs = this.#faults.number("close-after-start", "ms");
      return this.#later(delayMs, () => connection.close("A fault: close-after-start"));
    }
    if (this.#faults.has("paper-disclaimer")) {
      const text = "Paper trading disclaimer must first be accepted for API connection.";
      return client.sendError(-1, 10141, text);
    }
    if (this.#faults.has("start-unanswered")) return;
    if (this.#faults.has("upstream-lost")) return this.#withoutUpstream(connection, client, greet);
    greet();
  }

  #withoutUpstream(connection: Connection, client: Client, greet: () => void): void {
    const text = "Connectivity between IBKR and Trader Workstation has been lost.";
    client.sendError(-1, 1100, text);
    const delayMs = this.#faults.number("upstream-lost", "ms");
    if (delayMs <= 0) return;
    const restored = this.#faults.number("upstream-lost", "restored");
    this.#later(delayMs, () => {
      if (connection.isClosed) return;
      const data = restored === 1101 ? "data lost" : "data maintained";
      client.sendError(
        -1,
        restored,
        `Connectivity between IBKR and Trader Workstation has been restored - ${data}.`,
      );
      greet();
    });
  }

  /** True when a fault has answered, or kept still, in the Gateway's place. */
  intercepts(client: Client, request: Request): boolean {
    if (this.#faults.has("read-only") && NEEDS_WRITING.has(request.type)) {
      client.sendError(orderIdOf(request), 321, READ_ONLY);
      return true;
    }
    if (!LIVE_DATA.has(request.type) || !("reqId" in request)) return false;
    if (this.#faults.has("competing-session")) {
      client.sendError(request.reqId, 10197, "No market data during competing live session");
      return true;
    }
    if (
      this.#faults.has("not-subscribed") && this.#faults.number("not-subscribed", "delayed") === 0
    ) {
      client.sendError(request.reqId, 354, "Requested market data is not subscribed.");
      return true;
    }
    return false;
  }

  /** The request has been carried out; what it said has not left yet. */
  afterRequest(connection: Connection, request: Request): void {
    if (request.type !== "placeOrder" || !this.#faults.has("lost-ack")) return;
    this.#ordersSeen++;
    if (this.#ordersSeen === this.#faults.number("lost-ack", "order")) {
      connection.abort("A fault: lost-ack");
    }
  }

  /** The reply as it leaves; null when it never does. */
  shown(reply: Reply): Reply | null {
    if (reply.type === this.#missing) return null;
    if (reply.type === "nextValidId" && this.#faults.has("no-valid-id")) return null;
    if (reply.type !== "managedAccounts" || !this.#faults.has("no-accounts")) return reply;
    return this.#faults.number("no-accounts", "empty") === 0 ? null : { ...reply, accounts: "" };
  }
}

function orderIdOf(request: Request): number {
  return request.type === "placeOrder" || request.type === "cancelOrder" ? request.orderId : -1;
}
