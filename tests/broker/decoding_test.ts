import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import type { BrokerEvent } from "../../lib/broker/broker.ts";
import { parseMicros } from "../../lib/money.ts";
import { framePayload } from "../../lib/wire/frame.ts";
import type { Peer } from "./hostile_tws.ts";
import { AAPL, notices, ofType, type Rig, rig, tellTime } from "./rig.ts";
import { contractDetails, execDetails, history, openOrder, orderStatus } from "./words.ts";

/** Messages that lie about themselves: none may crash us, leak into the next one, or shorten a list. */

const TIME_MS = 1_775_136_600_000;

/** Sends the messages, then proves that the connection still works. Says what the broker said of them. */
function heard(
  say: (peer: Peer) => void,
  body: (events: BrokerEvent[]) => void,
): () => Promise<void> {
  return rig({ onRequest: tellTime }, async ({ connect, tws, events }) => {
    const broker = await connect();
    events.length = 0;
    say(tws.peer);
    strictEqual(await broker.currentTime(), TIME_MS);
    body(events);
  });
}

Deno.test(
  "unknown message types and binary frames are told of and skipped",
  heard((peer) => {
    peer.send(108, 1, "a", "b");
    peer.send(109, 1);
    peer.send(999, 1, 2, 3);
    peer.raw(framePayload(new Uint8Array([0, 0, 0, 201, 8, 1, 18, 3, 255, 254])));
  }, (events) => {
    const texts = notices(events);
    strictEqual(texts.length, 4);
    match(texts[0] ?? "", /^505 Message 1 of type 108 cannot be read: Unknown message type "108"/);
  }),
);

Deno.test(
  "messages nobody asked for are skipped without a word, counts of -1 and of nonsense included",
  heard((peer) => {
    for (const count of [-1, "x", 1e12, 4_294_967_295]) {
      // historicalTicks, histogramData, marketRule, symbolSamples, secDefOptParams, scannerData
      for (const msgId of [96, 97, 98, 89, 93, 79]) peer.send(msgId, 7, count);
      peer.send(75, 7, "SMART", 1, "AAPL", 100, count);
      peer.send(20, 3, 7, count);
    }
    peer.send(46, 6, 7, 45, "1775136600");
    peer.send(81, 7, 0.01, "9c0001", 3);
  }, (events) => deepStrictEqual(events, [])),
);

Deno.test("a count that is no count makes the answer fail, not the process", async (t) => {
  const counts = { "-1": "-1", "nonsense": "x", "a billion": "1000000000" };
  for (const [name, count] of Object.entries(counts)) {
    await t.step(
      `history with ${name} bars`,
      rig({
        onRequest: (fields, peer) => {
          if (fields[0] === "20") peer.send(17, fields[1], "", "", count, 1, 2, 3);
        },
      }, async ({ connect }) => {
        const broker = await connect();
        await rejects(askHistory(broker), /incomplete: Message 1 of type 17 cannot be read/);
      }),
    );
    await t.step(
      `contract with ${name} security ids`,
      rig({
        onRequest: (fields, peer) => {
          if (fields[0] !== "9") return;
          const details = contractDetails(Number(fields[2]));
          details[details.indexOf("ISIN") - 1] = count;
          peer.send(...details);
          peer.send(52, 1, fields[2]);
        },
      }, async ({ connect }) => {
        const broker = await connect();
        await rejects(broker.instrument("AAPL"), /incomplete: Message 1 of type 10 cannot be read/);
      }),
    );
  }
});

const askHistory = (broker: Awaited<ReturnType<Rig["connect"]>>): Promise<unknown> =>
  broker.history({
    instrument: AAPL,
    endMs: null,
    duration: "60 S",
    barSize: "5 secs",
    barMs: 5e3,
  });

Deno.test("short and long messages are not used, and leave the next one alone", async (t) => {
  await t.step(
    "a tick one field short, one too long",
    heard((peer) => {
      peer.send(1, 6, 10_000_000, 4, "182.94", 100);
      peer.send(1, 6, 10_000_000, 4, "182.94", 100, 0, "extra");
    }, (events) =>
      deepStrictEqual(notices(events), [
        "505 Message 1 of type 1 cannot be read: It ends after 6 fields",
        "505 Message 2 of type 1 cannot be read: It has 1 fields too many",
      ])),
  );
  await t.step(
    "an execution one field too long, then a good one",
    heard(
      (peer) => {
        peer.send(...execDetails({ execId: "a.01" }), "extra");
        peer.send(...execDetails({ execId: "b.01" }));
      },
      (events) =>
        deepStrictEqual(ofType(events, "execution").map(({ execution }) => execution.execId), [
          "b.01",
        ]),
    ),
  );
});

Deno.test(
  "an order rejection whose JSON is broken still arrives, and the next message is whole",
  heard((peer) => {
    peer.send(4, 2, 5, 201, "Order rejected - reason:margin", '{"a": [1,');
    peer.send(...orderStatus({ orderId: 5, status: "Inactive" }));
  }, (events) => {
    deepStrictEqual(events[0], {
      type: "order-message",
      orderId: 5,
      code: 201,
      text: "Order rejected - reason:margin",
    });
    strictEqual(ofType(events, "order-status")[0]?.status, "Inactive");
    strictEqual(events.length, 2);
  }),
);

Deno.test(
  "an error text full of escapes costs its length, not its square",
  heard((peer) => peer.send(4, 2, 5, 201, "\\u0041".repeat(500_000), ""), (events) => {
    const [message] = ofType(events, "order-message");
    strictEqual(message?.text.length, 1_670);
    strictEqual(message?.text.slice(0, 3), "AAA");
  }),
);

Deno.test("numbers that are no numbers never become ids, sizes or prices", async (t) => {
  const spoilt: Record<string, (string | number)[]> = {
    "order id": [3, "x", "Submitted", 0, 100, 0, 1001, 0, 0, 7, "", 0],
    "permId beyond 2^53": [3, 1, "Submitted", 0, 100, 0, "9007199254740993", 0, 0, 7, "", 0],
    "filled NaN": [3, 1, "Submitted", "NaN", 100, 0, 1001, 0, 0, 7, "", 0],
    "an unknown status": [3, 1, "Sumbitted", 0, 100, 0, 1001, 0, 0, 7, "", 0],
    "a quantity a double cannot hold": [
      ...[61, 3, "DU1", 1, "AAPL", "STK", "", 0, "", "", "", "USD", "AAPL", "NMS"],
      ...["1234567890123456.789", "1.5"],
    ],
  };
  for (const [name, fields] of Object.entries(spoilt)) {
    await t.step(
      name,
      heard((peer) => peer.send(...fields), (events) => {
        strictEqual(events.length, 1);
        match(notices(events)[0] ?? "", /^505 Message 1 of type \d+ cannot be read/);
      }),
    );
  }
});

Deno.test(
  "quantities and prices arrive exact",
  heard((peer) => {
    peer.send(...orderStatus({ filled: "0.1" }).with(4, "0.2").with(5, "182.940001"));
    peer.send(...execDetails({ shares: parseMicros("0.3"), price: parseMicros("182.123456") }));
  }, (events) => {
    const [status] = ofType(events, "order-status");
    strictEqual((status?.filled ?? 0n) + (status?.remaining ?? 0n), parseMicros("0.3"));
    strictEqual(status?.avgFillPrice, parseMicros("182.940001"));
    const [execution] = ofType(events, "execution");
    strictEqual(execution?.execution.quantity, parseMicros("0.3"));
    strictEqual(execution?.execution.price, parseMicros("182.123456"));
  }),
);

Deno.test(
  "a flood of unreadable messages is told of sparingly",
  heard((peer) => {
    for (let i = 0; i < 1_000; i++) peer.send(3, "x");
  }, (events) => {
    const counts = notices(events).map((text) => /Message (\d+)/.exec(text)?.[1]);
    deepStrictEqual(counts, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "100", "1000"]);
  }),
);

Deno.test(
  "an unreadable row makes its list fail, and the next list is whole",
  rig({
    onRequest: (fields, peer) => {
      if (fields[0] !== "16") return;
      const first = peer.requestsOf(16).length === 1;
      peer.send(...openOrder({ orderId: 1, permId: 1001 }));
      if (first) peer.send(...openOrder({ orderId: 2, permId: 1002 }).slice(0, 40));
      else peer.send(...openOrder({ orderId: 2, permId: 1002 }));
      peer.send(...openOrder({ orderId: 3, permId: 1003 }));
      peer.send(53, 1);
    },
  }, async ({ connect }) => {
    const broker = await connect();
    const first = broker.openOrders();
    const second = broker.openOrders();
    await rejects(first, /openOrderEnd \(53\) is incomplete: .*It ends after 40 fields/);
    deepStrictEqual((await second).map(({ permId }) => permId), [1001, 1002, 1003]);
  }),
);

Deno.test(
  "an unreadable execution makes the executions fail",
  rig({
    onRequest: (fields, peer) => {
      if (fields[0] !== "7") return;
      peer.send(...execDetails({ reqId: Number(fields[2]), execId: "a" }));
      peer.send(...execDetails({ reqId: Number(fields[2]), execId: "b" }).slice(0, 20));
      peer.send(55, 1, fields[2]);
    },
  }, async ({ connect }) => {
    await rejects((await connect()).executions(), /execDetailsEnd \(55\) is incomplete/);
  }),
);

Deno.test(
  "a message that ends inside a list leaves nothing of itself to the next",
  rig({
    onRequest: (fields, peer) => {
      if (fields[0] !== "20") return;
      if (peer.requestsOf(20).length > 1) {
        peer.send(...history(fields[1] ?? "", 2, TIME_MS - 10_000));
      } else peer.send(...history(fields[1] ?? "", 4, TIME_MS - 60_000).slice(0, 20));
    },
  }, async ({ connect }) => {
    const broker = await connect();
    await rejects(askHistory(broker), /cannot be read/);
    const bars = await broker.history({
      instrument: AAPL,
      endMs: TIME_MS,
      duration: "10 S",
      barSize: "5 secs",
      barMs: 5_000,
    });
    strictEqual(bars.length, 2);
  }),
);
