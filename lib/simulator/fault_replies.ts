import { formatMicros } from "../money.ts";
import type { Reply } from "../wire/replies.ts";
import type { CommissionReport } from "../wire/replies_executions.ts";
import { TICK } from "../wire/tick_type.ts";
import { farmKind } from "./fault_events.ts";
import type { Faults } from "./faults.ts";

/** Faults in what leaves the Gateway. */

type ReplyType = Reply["type"];

/** `missing-end=of:` → the reply that is left out */
const END_MARKERS: ReadonlyMap<string, ReplyType> = new Map<string, ReplyType>([
  ["positions", "positionEnd"],
  ["open-orders", "openOrderEnd"],
  ["completed-orders", "completedOrdersEnd"],
  ["executions", "execDetailsEnd"],
  ["account", "accountDownloadEnd"],
  ["summary", "accountSummaryEnd"],
  ["contracts", "contractDetailsEnd"],
  ["history", "historicalData"],
]);

const ABOUT_ORDERS: ReadonlySet<ReplyType> = new Set<ReplyType>([
  "openOrder",
  "orderStatus",
  "execDetails",
  "commissionReport",
]);

const FEED: ReadonlySet<ReplyType> = new Set<ReplyType>([
  "tickPrice",
  "tickSize",
  "tickString",
  "tickGeneric",
  "tickByTick",
  "realtimeBar",
  "historicalDataUpdate",
  "updateMktDepth",
  "updateMktDepthL2",
]);

const QUOTE_TICKS: ReadonlySet<number> = new Set([
  TICK.BID,
  TICK.ASK,
  TICK.BID_SIZE,
  TICK.ASK_SIZE,
]);

export interface ReplyFaultsOptions {
  readonly faults: Faults;
  later(delayMs: number, callback: () => void): void;
}

export class ReplyFaults {
  readonly #options: ReplyFaultsOptions;
  /** Of the type that `half-frame` waits for. */
  #seen = 0;
  #emptied: ReadonlySet<ReplyType> = new Set();

  /** @throws {RangeError} when an end marker is named that does not exist */
  constructor(options: ReplyFaultsOptions) {
    this.#options = options;
    for (const { args } of options.faults.events("missing-end")) {
      if (END_MARKERS.has(String(args["of"]))) continue;
      const known = [...END_MARKERS.keys()].join(", ");
      throw new RangeError(`Cannot leave out the end of "${args["of"]}": use ${known}`);
    }
  }

  /** While `work` runs, replies of these types do not leave. */
  without(types: ReadonlySet<ReplyType>, work: () => void): void {
    this.#emptied = types;
    work();
    this.#emptied = new Set();
  }

  /** Calls `send` with what leaves: now, later, twice, or never. */
  pass(reply: Reply, send: (reply: Reply) => void): void {
    const { later } = this.#options;
    const shown = this.#isWithheld(reply) ? null : this.#altered(reply);
    if (shown === null) return;
    const delayMs = this.#delayMs(reply);
    if (delayMs > 0) return later(delayMs, () => send(shown));
    send(shown);
    if (this.#options.faults.has("duplicate-messages") && ABOUT_ORDERS.has(reply.type)) send(shown);
  }

  /** True for a reply that overtakes those before it. */
  overtakes(reply: Reply): boolean {
    return this.#options.faults.has("reordered-messages") && ABOUT_ORDERS.has(reply.type);
  }

  /** True for the reply of which half is sent before the end. */
  halves(reply: Reply): boolean {
    const { faults } = this.#options;
    if (reply.type !== faults.text("half-frame", "of")) return false;
    this.#seen++;
    return this.#seen === faults.number("half-frame", "n");
  }

  #isWithheld(reply: Reply): boolean {
    const { faults } = this.#options;
    const { type } = reply;
    if (this.#emptied.has(type)) return true;
    if (type === END_MARKERS.get(faults.text("missing-end", "of"))) return true;
    if (type === "nextValidId") return faults.has("no-valid-id");
    if (type === "managedAccounts") {
      return faults.has("no-accounts") && faults.number("no-accounts", "empty") === 0;
    }
    if (type === "orderStatus") return faults.has("no-status");
    if ((type === "tickPrice" || type === "tickSize") && QUOTE_TICKS.has(reply.tickType)) {
      if (faults.has("stale-quotes")) return true;
    }
    return FEED.has(type) && this.#isFeedSilent();
  }

  #isFeedSilent(): boolean {
    const { faults } = this.#options;
    const isFarmDown = faults.has("farm-down") &&
      farmKind(faults.text("farm-down", "farm")) === "market";
    return isFarmDown || faults.has("feed-silence") || faults.has("connection-lost");
  }

  #altered(reply: Reply): Reply {
    const { faults } = this.#options;
    switch (reply.type) {
      case "managedAccounts":
        return faults.has("no-accounts") ? { ...reply, accounts: "" } : reply;
      case "commissionReport":
        return faults.has("odd-commission")
          ? withCommission(reply, faults.text("odd-commission", "text"))
          : reply;
      case "tickPrice":
        return { ...reply, price: this.#tickPrice(reply.tickType, reply.price) };
      case "realtimeBar": {
        const factor = this.#spikeFactor();
        const { open, high, low, close } = reply;
        return {
          ...reply,
          open: open * factor,
          high: high * factor,
          low: low * factor,
          close: close * factor,
        };
      }
      default:
        return reply;
    }
  }

  #tickPrice(tickType: number, price: number): number {
    const { faults } = this.#options;
    const isQuote = tickType === TICK.BID || tickType === TICK.ASK;
    if (faults.has("zero-prices") && isQuote) return 0;
    if (faults.has("crossed-quotes") && tickType === TICK.BID) return price * CROSSING;
    return price < 0 ? price : price * this.#spikeFactor();
  }

  #spikeFactor(): number {
    const { faults } = this.#options;
    return faults.has("price-spike") ? faults.number("price-spike", "factor") : 1;
  }

  #delayMs(reply: Reply): number {
    const { faults } = this.#options;
    const { type } = reply;
    // A row of an answer comes before its End, however late: they are one stream.
    if (type === "execDetails" && reply.reqId >= 0) return 0;
    if (type === "commissionReport" && faults.has("late-commission")) {
      return faults.number("late-commission", "ms");
    }
    return type === faults.text("delayed-messages", "of")
      ? faults.number("delayed-messages", "ms")
      : 0;
  }
}

/** Bids go this far above where they belong, over any ask. */
const CROSSING = 1.02;

/** The message with any text in the commission's place. */
function withCommission(report: CommissionReport, text: string): Reply {
  const { execId, currency, realizedPNL } = report;
  const realized = realizedPNL === null ? "1.7976931348623157E308" : formatMicros(realizedPNL);
  const fields = ["1", execId, text, currency, realized, "1.7976931348623157E308", ""];
  return { type: "unknown", id: 59, fields };
}
