import { TICK } from "../wire/tick_type.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";
import { E4_PER_DOLLAR } from "./microstructure.ts";
import type { Snapshot } from "./ticker.ts";
import type { Listing } from "./universe.ts";

/** One market data line: all ticks once, then those that change. */
export class QuoteFeed {
  readonly #desk: Desk;
  readonly #client: Client;
  readonly #reqId: number;
  readonly #listing: Listing;
  readonly #generic: ReadonlySet<string>;
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
  }

  begin(): void {
    const reqId = this.#reqId;
    this.#client.send({ type: "marketDataType", reqId, marketDataType: 1 });
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
    return this.#desk.exchange.ticker(this.#listing).snapshot(this.#desk.now());
  }

  #halted(before: boolean | null): void {
    const { market, now } = this.#desk;
    this.#isHalted = market.isHalted(this.#listing, now());
    if (this.#isHalted === before) return;
    const value = this.#isHalted ? 1 : 0;
    this.#client.send({ type: "tickGeneric", reqId: this.#reqId, tickType: TICK.HALTED, value });
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
      tickType,
      price: priceE4 === null ? -1 : priceE4 / E4_PER_DOLLAR,
      size: BigInt(shares) * 1_000_000n,
      attribMask: isQuote && priceE4 !== null ? 1 : 0,
    });
  }

  #size(tickType: number, shares: number): void {
    const size = BigInt(shares) * 1_000_000n;
    this.#client.send({ type: "tickSize", reqId: this.#reqId, tickType, size });
  }

  #string(tickType: number, value: string): void {
    this.#client.send({ type: "tickString", reqId: this.#reqId, tickType, value });
  }
}

/** Price; size; time in ms; day volume; average price; single trade. */
function rtVolume(now: Snapshot): string {
  const price = now.lastE4 / E4_PER_DOLLAR;
  return [price, now.lastSize, now.lastTimeMs, now.volume, price, "true"].join(";");
}
