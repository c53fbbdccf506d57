import type { Broker, BrokerEvent } from "../../lib/broker/broker.ts";
import { connectIb, type IbOptions } from "../../lib/broker/ib.ts";
import { VirtualClock } from "../../lib/clock.ts";
import type { Instrument } from "../../lib/market/market.ts";
import { parseMicros } from "../../lib/money.ts";
import type { Order } from "../../lib/orders/order.ts";
import { Traffic } from "../../lib/traffic.ts";
import { driveVirtualTime } from "../../lib/virtual_time.ts";
import { type Answer, HostileTws, type TwsScript } from "./hostile_tws.ts";

/** A hostile TWS and the broker under test in one process, over loopback, in virtual time. */
export interface Rig {
  readonly clock: VirtualClock;
  readonly tws: HostileTws;
  /** Everything the broker said, oldest first. */
  readonly events: BrokerEvent[];
  options(changes?: Partial<IbOptions>): IbOptions;
  connect(changes?: Partial<IbOptions>): Promise<Broker>;
}

export const CLIENT_ID = 7;
/** 2026-04-02 13:30:00 UTC, 09:30 in New York. */
export const START_MS = Date.UTC(2026, 3, 2, 13, 30);
/** Answers reqCurrentTime. */
export const tellTime: Answer = (fields, peer) => {
  if (fields[0] === "49") peer.send(49, 1, START_MS / 1000);
};

/** So late that only the tests of the heartbeat see one. */
const NO_HEARTBEAT_MS = 1e12;

/** A test body: runs `test` against a TWS that behaves as `script` says. */
export function rig(script: TwsScript, test: (rig: Rig) => Promise<void>): () => Promise<void> {
  return async () => {
    const clock = new VirtualClock(START_MS);
    const traffic = new Traffic();
    const tws = await HostileTws.listen({ ...script, traffic });
    const events: BrokerEvent[] = [];
    const options = (changes: Partial<IbOptions> = {}): IbOptions => ({
      host: "127.0.0.1",
      port: tws.port,
      clientId: CLIENT_ID,
      clock,
      traffic,
      connectTimeoutMs: 5_000,
      handshakeTimeoutMs: 5_000,
      answerTimeoutMs: 4_000,
      heartbeatMs: NO_HEARTBEAT_MS,
      onEvent: (event) => void events.push(event),
      ...changes,
    });
    const brokers: Broker[] = [];
    const connect = async (changes?: Partial<IbOptions>): Promise<Broker> => {
      const broker = await connectIb(options(changes));
      brokers.push(broker);
      return broker;
    };
    const work = async (): Promise<void> => {
      await test({ clock, tws, events, options, connect });
      for (const broker of brokers) await broker.close();
    };
    try {
      await driveVirtualTime(work(), { clock, traffic });
    } finally {
      await tws[Symbol.asyncDispose]();
    }
  };
}

export const AAPL: Instrument = {
  symbol: "AAPL",
  conId: 265598,
  exchange: "SMART",
  primaryExchange: "NASDAQ",
  currency: "USD",
  minTick: parseMicros("0.01"),
  longName: "APPLE INC",
  industry: "Technology",
  timeZoneId: "US/Eastern",
  liquidHours: "20260402:0930-20260402:1600",
};

type OrderFacts = { -readonly [K in keyof Order]: Order[K] };

/**
 * An order as plan() makes them. Only plan() can make one by the types, and the border must also refuse what got
 * past the types, so this fixture asserts its way in.
 */
export function order(changes: Partial<Record<keyof OrderFacts, unknown>> = {}): Order {
  const facts = {
    intentId: "01JABCDEFGHJKMNPQRSTVWXYZ0",
    orderRef: "rt-01JABCDEFGHJKMNPQRSTVWXYZ0",
    symbol: "AAPL",
    conId: 265598,
    side: "BUY",
    role: "entry",
    orderType: "LMT",
    tif: "DAY",
    quantity: parseMicros("100"),
    lmtPrice: parseMicros("182.94"),
    auxPrice: null,
    outsideRth: false,
    parentIntentId: null,
    ocaGroup: null,
    parentOrderId: null,
    displaySize: null,
    algo: null,
    transmit: true,
    deadlineMs: START_MS + 30_000,
    ...changes,
  };
  return facts as unknown as Order;
}

/** The texts of events of one type, for short assertions. */
export function notices(events: readonly BrokerEvent[]): string[] {
  return events.flatMap((event) => event.type === "notice" ? [`${event.code} ${event.text}`] : []);
}

export function states(events: readonly BrokerEvent[]): string[] {
  return events.flatMap((event) => event.type === "connection" ? [event.state] : []);
}

export function ofType<T extends BrokerEvent["type"]>(
  events: readonly BrokerEvent[],
  type: T,
): Extract<BrokerEvent, { type: T }>[] {
  return events.filter((event): event is Extract<BrokerEvent, { type: T }> => event.type === type);
}
