import type { Entry } from "../ledger/entry.ts";
import { type Micros, multiply, ZERO } from "../money.ts";
import { tradeKey } from "../risk/book.ts";
import { ORDERS_PER_ENTRY } from "../risk/gates.ts";
import type { Intents } from "./intents.ts";
import { Peaks } from "./peaks.ts";
import { Trips } from "./trips.ts";

const MINUTE_MS = 60_000;

/** What risk counts by the day, folded from the ledger so that a restart forgets none of it. */
export class Day {
  readonly peaks = new Peaks();
  readonly trips = new Trips();
  #date = "";
  #account = "";
  #startEquity: Micros | null = null;
  #entryNotional: Micros = ZERO;
  /** `tradeKey` → when an order was last sent or filled, epoch ms */
  readonly #lastTrade = new Map<string, number>();
  /** symbol → orders of any kind sent today; an entry worked in slices counts as one with its stop */
  readonly #ordersToday = new Map<string, number>();
  /**
   * intentId → when its order was sent, epoch ms; the last minute's at least. A process that dies while it sends
   * leaves only the intent, and the order may be at the broker: it counts from then.
   */
  readonly #sentAt = new Map<string, number>();
  readonly #intents: Intents;

  constructor(intents: Intents) {
    this.#intents = intents;
  }

  /** Net liquidation when the first session of the day began; null before that. */
  get startEquity(): Micros | null {
    return this.#startEquity;
  }

  /** Notional of today's entry fills. */
  get entryNotional(): Micros {
    return this.#entryNotional;
  }

  get lastTrade(): ReadonlyMap<string, number> {
    return this.#lastTrade;
  }

  get ordersToday(): ReadonlyMap<string, number> {
    return this.#ordersToday;
  }

  ordersInLastMinute(now: number): number {
    for (const [intentId, at] of this.#sentAt) {
      if (at <= now - MINUTE_MS) this.#sentAt.delete(intentId);
    }
    return this.#sentAt.size;
  }

  /** After `Intents` has seen the same entry. */
  apply(entry: Entry): void {
    const { body, at } = entry;
    if (body.kind === "session-opened") {
      if (body.account !== this.#account) this.#startAccount(body.account);
      if (body.date !== this.#date) this.#startDay(body.date);
    } else if (body.kind === "account-snapshot" && body.at === "start") {
      this.#startEquity ??= body.netLiquidation;
      this.peaks.add(body.netLiquidation);
    } else if (body.kind === "equity") {
      this.peaks.add(body.equity);
    } else if (body.kind === "halt-lifted") {
      this.peaks.startAgain();
      this.trips.startStreak();
    } else if (body.kind === "commission") {
      this.trips.addCommission(body);
    } else if (body.kind === "order-sent") {
      const intent = this.#intents.byId(body.intentId)?.intent;
      this.#sentAt.set(body.intentId, at);
      // An entry worked in slices is one entry: it was counted when it began.
      if ((intent?.parentOrderId ?? null) === null) this.#countOrders(intent?.symbol ?? "", 1);
      // A protective stop that is merely placed is no trade.
      if (intent !== undefined && (intent.role === "entry" || intent.role === "exit")) {
        this.#lastTrade.set(tradeKey(intent.symbol, intent.side), at);
      }
    } else if (body.kind === "intent") {
      this.#sentAt.set(body.intentId, at);
    } else if (body.kind === "parent-order") {
      this.#countOrders(body.symbol, ORDERS_PER_ENTRY);
    } else if (body.kind === "execution") {
      this.trips.addExecution(body);
      this.#lastTrade.set(tradeKey(body.symbol, body.side), at);
      const role = body.intentId === null ? null : this.#intents.byId(body.intentId)?.intent.role;
      if (role === "entry") this.#entryNotional += multiply(body.price, body.quantity);
    }
  }

  #countOrders(symbol: string, orders: number): void {
    this.#ordersToday.set(symbol, (this.#ordersToday.get(symbol) ?? 0) + orders);
  }

  #startDay(date: string): void {
    this.#date = date;
    this.#startEquity = null;
    this.#entryNotional = ZERO;
    this.#ordersToday.clear();
    this.peaks.startDay();
    this.trips.startStreak();
  }

  /** Another account: neither its equity nor its record is ours. */
  #startAccount(account: string): void {
    if (this.#account !== "") {
      this.peaks.startAgain();
      this.trips.forget();
    }
    this.#account = account;
  }
}
