import { TICK } from "../wire/tick_type.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { genericTicks } from "./generic_ticks.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import { type Snapshot, Ticker } from "./ticker.ts";
import type { Listing } from "./universe.ts";

/** As long as exchanges keep their prices from those who do not pay. */
const DELAY_MS = 15 * 60_000;
const LIVE = 1;
const FROZEN = 2;
const DELAYED = 3;

/** live tick → its delayed twin */
const DELAYED_TICKS: ReadonlyMap<number, number> = new Map<number, number>([
  [TICK.BID, TICK.DELAYED_BID],
  [TICK.ASK, TICK.DELAYED_ASK],
  [TICK.LAST, TICK.DELAYED_LAST],
  [TICK.BID_SIZE, TICK.DELAYED_BID_SIZE],
  [TICK.ASK_SIZE, TICK.DELAYED_ASK_SIZE],
  [TICK.LAST_SIZE, TICK.DELAYED_LAST_SIZE],
  [TICK.HIGH, TICK.DELAYED_HIGH],
  [TICK.LOW, TICK.DELAYED_LOW],
  [TICK.VOLUME, TICK.DELAYED_VOLUME],
  [TICK.CLOSE, TICK.DELAYED_CLOSE],
  [TICK.OPEN, TICK.DELAYED_OPEN],
  [TICK.LAST_TIMESTAMP, TICK.DELAYED_LAST_TIMESTAMP],
]);

/** One market data line: all ticks once, then those that change. */
export class QuoteFeed {
  readonly #desk: Desk;
  readonly #client: Client;
  readonly #reqId: number;
  readonly #listing: Listing;
  readonly #generic: ReadonlySet<string>;
  readonly #isDelayed: boolean;
  /** Looks at the past when the data is delayed, and must not move the ticker that others look through. */
  readonly #ticker: Ticker;
  #last: Snapshot | null = null;
  #isHalted = false;

  constructor(
    desk: Desk,
    client: Client,
    { reqId, listing, generic }: {
      readonly reqId: number;
      readonly listing: Listing;
      readonly generic: string;
    },
  ) {
    this.#desk = desk;
    this.#client = client;
    this.#reqId = reqId;
    this.#listing = listing;
    this.#generic = new Set(generic.split(",").map((id) => id.trim()));
    this.#isDelayed = desk.isDataDelayed();
    this.#ticker = this.#isDelayed
      ? new Ticker(listing, desk.market)
      : desk.exchange.ticker(listing);
  }

  begin(): void {
    const reqId = this.#reqId;
    if (this.#isDelayed) {
      const text = "Requested market data is not subscribed. Displaying delayed market data.";
      this.#client.sendError(reqId, 10167, text);
    }
    this.#client.send({ type: "marketDataType", reqId, marketDataType: this.#kind() });
    const minTick = this.#listing.subPenny ? 0.0001 : 0.01;
    this.#client.send({
      type: "tickReqParams",
      reqId,
      minTick,
      bboExchange: "9c0001",
      snapshotPermissions: 3,
    });
    const snapshot = this.#snapshot();
    this.#trades(snapshot, null);
    this.#dayTicks(snapshot, null);
    this.#quotes(snapshot, null);
    this.#halted(null);
    this.#generics(snapshot);
    this.#last = snapshot;
  }

  update(): void {
    this.#halted(this.#isHalted);
    const snapshot = this.#snapshot();
    this.#trades(snapshot, this.#last);
    this.#dayTicks(snapshot, this.#last);
    this.#quotes(snapshot, this.#last);
    this.#last = snapshot;
  }

  #snapshot(): Snapshot {
    const nowMs = this.#desk.now() - (this.#isDelayed ? DELAY_MS : 0);
    const snapshot = this.#ticker.snapshot(nowMs);
    const isFrozen = snapshot.bidE4 === null && this.#kind() === FROZEN;
    return isFrozen ? { ...snapshot, ...this.#ticker.lastQuote(nowMs) } : snapshot;
  }

  /** What the client gets of what it asked for. */
  #kind(): number {
    if (this.#isDelayed) return DELAYED;
    const isFrozen = this.#client.marketDataType === FROZEN ||
      this.#client.marketDataType === DELAYED + 1;
    return isFrozen && this.#ticker.at(this.#desk.now()) === null ? FROZEN : LIVE;
  }

  #halted(before: boolean | null): void {
    const { market, now } = this.#desk;
    this.#isHalted = market.isHalted(this.#listing, now());
    if (this.#isHalted === before) return;
    const value = this.#isHalted ? 1 : 0;
    this.#client.send({ type: "tickGeneric", reqId: this.#reqId, tickType: TICK.HALTED, value });
  }

  #generics(snapshot: Snapshot): void {
    for (const { tickType, kind, value } of genericTicks(this.#generic, this.#listing, snapshot)) {
      if (kind === "price") this.#price(tickType, value, 0);
      else if (kind === "size") this.#size(tickType, value);
      else this.#client.send({ type: "tickGeneric", reqId: this.#reqId, tickType, value });
    }
  }

  #trades(now: Snapshot, before: Snapshot | null): void {
    if (before !== null && now.volume === before.volume) return;
    if (now.volume > 0) {
      const time = String(Math.floor(now.lastTimeMs / 1000));
      this.#string(TICK.LAST_TIMESTAMP, time);
    }
    if (before?.lastE4 !== now.lastE4) this.#price(TICK.LAST, now.lastE4, now.lastSize);
    this.#size(TICK.LAST_SIZE, now.lastSize);
    this.#size(TICK.VOLUME, now.volume);
    if (this.#generic.has("233") && now.volume > 0) this.#string(TICK.RT_VOLUME, rtVolume(now));
  }

  #dayTicks(now: Snapshot, before: Snapshot | null): void {
    if (now.highE4 !== null && now.highE4 !== before?.highE4) this.#price(TICK.HIGH, now.highE4, 0);
    if (now.lowE4 !== null && now.lowE4 !== before?.lowE4) this.#price(TICK.LOW, now.lowE4, 0);
    if (now.previousCloseE4 !== before?.previousCloseE4) {
      this.#price(TICK.CLOSE, now.previousCloseE4, 0);
    }
    if (now.openE4 !== null && now.openE4 !== before?.openE4) this.#price(TICK.OPEN, now.openE4, 0);
  }

  /** Live TWS sends the size within the price tick and once more alone. */
  #quotes(now: Snapshot, before: Snapshot | null): void {
    if (now.bidE4 !== before?.bidE4) this.#price(TICK.BID, now.bidE4, now.bidSize);
    if (now.bidSize !== before?.bidSize || now.bidE4 !== before.bidE4) {
      this.#size(TICK.BID_SIZE, now.bidSize);
    }
    if (now.askE4 !== before?.askE4) this.#price(TICK.ASK, now.askE4, now.askSize);
    if (now.askSize !== before?.askSize || now.askE4 !== before.askE4) {
      this.#size(TICK.ASK_SIZE, now.askSize);
    }
  }

  #price(tickType: number, priceE4: number | null, shares: number): void {
    const isQuote = tickType === TICK.BID || tickType === TICK.ASK;
    this.#client.send({
      type: "tickPrice",
      reqId: this.#reqId,
      tickType: this.#shown(tickType),
      price: priceE4 === null ? -1 : priceE4 / E4_PER_DOLLAR,
      size: BigInt(shares) * 1_000_000n,
      attribMask: isQuote && priceE4 !== null ? 1 : 0,
    });
  }

  #size(tickType: number, shares: number): void {
    const size = BigInt(shares) * 1_000_000n;
    this.#client.send({
      type: "tickSize",
      reqId: this.#reqId,
      tickType: this.#shown(tickType),
      size,
    });
  }

  #string(tickType: number, value: string): void {
    this.#client.send({
      type: "tickString",
      reqId: this.#reqId,
      tickType: this.#shown(tickType),
      value,
    });
  }

  #shown(tickType: number): number {
    return this.#isDelayed ? DELAYED_TICKS.get(tickType) ?? tickType : tickType;
  }
}

/** Price; size; time in ms; day volume; average price; single trade. */
function rtVolume(now: Snapshot): string {
  const price = now.lastE4 / E4_PER_DOLLAR;
  return [price, now.lastSize, now.lastTimeMs, now.volume, price, "true"].join(";");
}
