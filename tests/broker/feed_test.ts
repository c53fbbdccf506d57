import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import type { Broker } from "../../lib/broker/broker.ts";
import type { FeedEvent, Quote } from "../../lib/market/market.ts";
import type { Field } from "../../lib/wire/frame.ts";
import type { Peer } from "./hostile_tws.ts";
import { AAPL, notices, ofType, type Rig, rig, START_MS, tellTime } from "./rig.ts";

/** Ticks into quotes, bars and halts. */

interface Feed {
  readonly broker: Broker;
  readonly peer: Peer;
  readonly quoteId: string;
  readonly barsId: string;
  /** Sends the messages and says what they made. */
  hear(...messages: readonly (readonly Field[])[]): Promise<FeedEvent[]>;
}

const MSFT = { ...AAPL, symbol: "MSFT", conId: 272093 };

function feed(test: (feed: Feed, rig: Rig) => Promise<void>): () => Promise<void> {
  return rig({ onRequest: tellTime }, async (given) => {
    const broker = await given.connect();
    broker.subscribe([AAPL]);
    await broker.currentTime();
    const { peer } = given.tws;
    const hear = async (...messages: readonly (readonly Field[])[]): Promise<FeedEvent[]> => {
      given.events.length = 0;
      for (const message of messages) peer.send(...message);
      await broker.currentTime();
      return ofType(given.events, "feed").map(({ event }) => event);
    };
    const quoteId = peer.requestsOf(1)[0]?.[2] ?? "";
    const barsId = peer.requestsOf(50)[0]?.[2] ?? "";
    await test({ broker, peer, quoteId, barsId, hear }, given);
  });
}

const EMPTY: Quote = {
  symbol: "AAPL",
  bid: null,
  ask: null,
  bidSize: null,
  askSize: null,
  last: null,
  lastSize: null,
  volume: null,
  time: START_MS,
  kind: "live",
};

const quotes = (events: readonly FeedEvent[]): Quote[] =>
  events.flatMap((event) => event.type === "quote" ? [event.quote] : []);

Deno.test(
  "subscribe() asks once for the ticks and 5-second bars of each instrument",
  feed(async ({ broker, peer }) => {
    broker.subscribe([AAPL, MSFT]);
    broker.subscribe([MSFT]);
    await broker.currentTime();
    deepStrictEqual(peer.requestsOf(59), [["59", "1", "3"]]);
    deepStrictEqual(peer.requestsOf(1).map((fields) => fields[4]), ["AAPL", "MSFT"]);
    deepStrictEqual(
      peer.requestsOf(50).map((fields) => fields.slice(4, 5).concat(fields.slice(15))),
      [
        ["AAPL", "5", "TRADES", "1", ""],
        ["MSFT", "5", "TRADES", "1", ""],
      ],
    );
    throws(
      () => broker.subscribe(Array.from({ length: 200 }, (_, i) => ({ ...AAPL, conId: i + 1 }))),
      /more than 200 instruments/,
    );
  }),
);

Deno.test(
  "the opening ticks of a line, as TWS sends them, make one quote each",
  feed(async ({ quoteId, hear }) => {
    const events = await hear(
      [58, 1, quoteId, 1],
      [81, quoteId, "0.01", "9c0001", 3],
      [46, 6, quoteId, 45, "1775136600"],
      [1, 6, quoteId, 4, "182.94", 100, 0],
      [2, 6, quoteId, 5, 100],
      [2, 6, quoteId, 8, 948837],
      [1, 6, quoteId, 1, "182.93", 300, 1],
      [2, 6, quoteId, 0, 300],
      [1, 6, quoteId, 2, "182.95", 200, 1],
      [2, 6, quoteId, 3, 200],
    );
    const last = { ...EMPTY, last: 182.94, lastSize: 100 };
    const volume = { ...last, volume: 948837 };
    const bid = { ...volume, bid: 182.93, bidSize: 300 };
    // The sizes come twice, and the second time say nothing new.
    deepStrictEqual(quotes(events), [last, volume, bid, { ...bid, ask: 182.95, askSize: 200 }]);
  }),
);

Deno.test(
  "the size of a bid comes with its price, and by its own tick",
  feed(async ({ quoteId, hear }) => {
    const events = await hear([1, 6, quoteId, 1, "10", 300, 0], [2, 6, quoteId, 0, 500]);
    deepStrictEqual(quotes(events).map(({ bid, bidSize }) => [bid, bidSize]), [[10, 300], [
      10,
      500,
    ]]);
  }),
);

Deno.test("what TWS sends for none is null, never a number", async (t) => {
  const none: Record<string, readonly Field[]> = {
    "-1 without size": ["-1", "0"],
    "zero": ["0", "0"],
    "empty": ["", ""],
    "NaN": ["NaN", "NaN"],
    "infinite": ["Infinity", "Infinity"],
    "the largest double": ["1.7976931348623157E308", "1.7976931348623157E308"],
    "beyond the largest double": [
      "1.79769313486232E+308",
      "170141183460469231731687303715884105727",
    ],
    "the largest long": ["2147483648", "9223372036854775807"],
    "the largest int": ["-1", "2147483647"],
  };
  for (const [name, [price, size]] of Object.entries(none)) {
    await t.step(
      name,
      feed(async ({ quoteId, hear }) => {
        await hear([1, 6, quoteId, 1, "10", 300, 0], [1, 6, quoteId, 2, "11", 200, 0]);
        const events = await hear([1, 6, quoteId, 1, price, size, 0], [
          1,
          6,
          quoteId,
          2,
          price,
          size,
          0,
        ]);
        deepStrictEqual(quotes(events), [{ ...EMPTY, ask: 11, askSize: 200 }, EMPTY]);
      }),
    );
  }
});

Deno.test(
  "a quote is told only when something changed",
  feed(async ({ quoteId, hear }) => {
    strictEqual((await hear([1, 6, quoteId, 1, "10", 300, 0])).length, 1);
    const again = await hear(
      [1, 6, quoteId, 1, "10", 300, 0],
      [1, 6, quoteId, 1, "10.0", 300, 1],
      [2, 6, quoteId, 0, 300],
      [1, 6, quoteId, 6, "11", 0, 0],
      [2, 6, quoteId, 21, 5000],
    );
    deepStrictEqual(again, []);
  }),
);

Deno.test(
  "delayed ticks make a quote marked delayed, without a live value in it",
  feed(async ({ quoteId, hear }) => {
    await hear([1, 6, quoteId, 1, "10", 300, 0]);
    const events = await hear(
      [1, 6, quoteId, 67, "11.5", 200, 0],
      [1, 6, quoteId, 66, "11.4", 100, 0],
      [1, 6, quoteId, 68, "11.45", 50, 0],
      [2, 6, quoteId, 74, 1000],
    );
    const ask = { ...EMPTY, kind: "delayed" as const, ask: 11.5, askSize: 200 };
    const bid = { ...ask, bid: 11.4, bidSize: 100 };
    const last = { ...bid, last: 11.45, lastSize: 50 };
    deepStrictEqual(quotes(events), [ask, bid, last, { ...last, volume: 1000 }]);
  }),
);

Deno.test(
  "the market data type TWS names is the quote's kind",
  feed(async ({ quoteId, hear }) => {
    await hear([1, 6, quoteId, 1, "10", 300, 0]);
    deepStrictEqual(quotes(await hear([58, 1, quoteId, 2])).map(({ kind, bid }) => [kind, bid]), [
      ["frozen", 10],
    ]);
    deepStrictEqual(quotes(await hear([58, 1, quoteId, 4])).map(({ kind, bid }) => [kind, bid]), [
      ["delayed-frozen", null],
    ]);
    const [quote] = quotes(await hear([1, 6, quoteId, 66, "9", 1, 0]));
    deepStrictEqual([quote?.kind, quote?.bid], ["delayed-frozen", 9]);
  }),
);

Deno.test(
  "a halt is told when it begins and when it ends",
  feed(async ({ quoteId, hear }) => {
    const halted = { type: "trading-halt", symbol: "AAPL", halted: true };
    deepStrictEqual(await hear([45, 6, quoteId, 49, 0]), []);
    deepStrictEqual(await hear([45, 6, quoteId, 49, "1.0"], [45, 6, quoteId, 49, 2]), [halted]);
    deepStrictEqual(await hear([45, 6, quoteId, 49, -1]), []);
    deepStrictEqual(await hear([45, 6, quoteId, 49, 0]), [{ ...halted, halted: false }]);
  }),
);

Deno.test(
  "a 5-second bar is told with its start, and one with a price of zero is not",
  feed(async ({ barsId, hear }, { events }) => {
    const bars = await hear(
      [50, 3, barsId, 1_775_136_600, "182.9400", "183", "182.5", "182.75", 1200, "182.81", 14],
      [50, 3, barsId, 1_775_136_605, "182.75", "182.75", "182.75", "182.75", 0, "182.75", 0],
      [50, 3, barsId, 1_775_136_610, "0", "183", "182.5", "182.75", 1200, "182.81", 14],
    );
    const bar = {
      symbol: "AAPL",
      time: 1_775_136_600_000,
      durationMs: 5_000,
      open: 182.94,
      high: 183,
      low: 182.5,
      close: 182.75,
      volume: 1200,
      wap: 182.81,
      count: 14,
    };
    const still = { open: 182.75, high: 182.75, low: 182.75, close: 182.75 };
    const quiet = { ...bar, ...still, time: 1_775_136_605_000, volume: 0, wap: null, count: 0 };
    deepStrictEqual(bars, [{ type: "bar", bar }, { type: "bar", bar: quiet }]);
    strictEqual(notices(events).length, 1);
  }),
);

Deno.test(
  "a line that is refused is told by its symbol",
  feed(async ({ quoteId, barsId, hear }, { events }) => {
    await hear(
      [4, 2, quoteId, 354, "Requested market data is not subscribed.", ""],
      [4, 2, barsId, 420, "Invalid Real-time Query: No permissions", ""],
    );
    deepStrictEqual(notices(events), [
      "354 AAPL: Requested market data is not subscribed.",
      "420 AAPL: Invalid Real-time Query: No permissions",
    ]);
  }),
);

Deno.test(
  "after 1101 every line is asked for again, and the old ones are dead",
  feed(async ({ broker, peer, quoteId, hear }) => {
    await hear([1, 6, quoteId, 1, "10", 300, 0]);
    await hear([4, 2, -1, 1100, "lost", ""], [4, 2, -1, 1101, "restored, data lost", ""]);
    const [, again] = peer.requestsOf(1);
    strictEqual(peer.requestsOf(50).length, 2);
    deepStrictEqual(await hear([1, 6, quoteId, 1, "9", 1, 0]), []);
    const events = await hear([1, 6, again?.[2], 1, "12", 100, 0]);
    deepStrictEqual(quotes(events), [{ ...EMPTY, bid: 12, bidSize: 100 }]);
    await hear([4, 2, -1, 1102, "restored", ""]);
    await broker.currentTime();
    strictEqual(peer.requestsOf(1).length, 2);
  }),
);

Deno.test(
  "ticks of a line nobody has are dropped",
  feed(async ({ hear }) => {
    deepStrictEqual(
      await hear([1, 6, 10_000_777, 1, "10", 300, 0], [50, 3, 5, 1, 1, 1, 1, 1, 1, 1, 1]),
      [],
    );
  }),
);
