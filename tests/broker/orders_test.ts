import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { CANCEL_NOT_SENT, ORDER_NOT_SENT } from "../../lib/broker/codes.ts";
import { sleep } from "../../lib/clock.ts";
import { parseMicros } from "../../lib/money.ts";
import type { Order } from "../../lib/orders/order.ts";
import { decodeRequest } from "../../lib/wire/requests.ts";
import type { Peer } from "./hostile_tws.ts";
import { ofType, order, rig, states, tellTime } from "./rig.ts";
import { execDetails, openOrder, orderStatus } from "./words.ts";

/** From an Order to bytes: ids, the border, the deadline, and the certainty of what was not sent. */

function orders(count: number, changes: Parameters<typeof order>[0] = {}): Order[] {
  return Array.from(
    { length: count },
    (_, i) => order({ intentId: `I${i}`, orderRef: `rt-${i}`, ...changes }),
  );
}

const idsOf = (peer: Peer): number[] => peer.requestsOf(3).map(([, id]) => Number(id));

Deno.test("place() sends every field of the order, at the oldest and newest layouts", async (t) => {
  for (const version of [178, 193]) {
    await t.step(
      `version ${version}`,
      rig({ onGreeting: (peer) => peer.greet(version) }, async ({ connect, tws }) => {
        const broker = await connect({ account: "DU1" });
        const parent = broker.place(order({ intentId: "P", transmit: false }));
        broker.place(order({
          intentId: "C",
          orderRef: "rt-C",
          side: "SELL",
          orderType: "STP LMT",
          tif: "GTC",
          quantity: parseMicros("12.5"),
          lmtPrice: parseMicros("180.01"),
          auxPrice: parseMicros("180.5"),
          outsideRth: true,
          parentIntentId: "P",
          ocaGroup: "oca-1",
        }));
        await tws.peer.until(() => tws.peer.requestsOf(3).length === 2);
        const request = decodeRequest(tws.peer.requestsOf(3)[1] ?? [], version);
        ok(request.type === "placeOrder");
        strictEqual(request.orderId, parent.orderId + 1);
        strictEqual(request.contract.conId, 265598);
        strictEqual(request.contract.secType, "STK");
        strictEqual(request.contract.exchange, "SMART");
        const { order: sent } = request;
        deepStrictEqual(
          [sent.action, sent.orderType, sent.tif, sent.account, sent.orderRef],
          ["SELL", "STP LMT", "GTC", "DU1", "rt-C"],
        );
        strictEqual(sent.totalQuantity, parseMicros("12.5"));
        strictEqual(sent.lmtPrice, parseMicros("180.01"));
        strictEqual(sent.auxPrice, parseMicros("180.5"));
        deepStrictEqual([sent.transmit, sent.outsideRth, sent.parentId], [
          true,
          true,
          parent.orderId,
        ]);
        deepStrictEqual([sent.ocaGroup, sent.ocaType], ["oca-1", 2]);
      }),
    );
  }
});

Deno.test(
  "place() writes prices as plain decimals and the transmit flag always",
  rig({}, async ({ connect, tws }) => {
    const broker = await connect();
    broker.place(order({ lmtPrice: parseMicros("0.000001"), transmit: false }));
    await tws.peer.until(() => tws.peer.requestsOf(3).length === 1);
    const [fields = []] = tws.peer.requestsOf(3);
    strictEqual(fields.length, 114);
    // id, orderId, 12 of the contract, secIdType, secId, action, quantity, type, lmtPrice …
    deepStrictEqual(fields.slice(16, 20), ["BUY", "100", "LMT", "0.000001"]);
    strictEqual(fields[27], "0");
  }),
);

Deno.test("place() refuses at the border what must not reach the wire", async (t) => {
  const bad: Record<string, Parameters<typeof order>[0]> = {
    "NUL in orderRef": { orderRef: "a\0b" },
    "a newline in orderRef": { orderRef: "a\nb" },
    "orderRef that is not ASCII": { orderRef: "ordré" },
    "an empty orderRef": { orderRef: "" },
    "NUL in ocaGroup": { ocaGroup: "oca\0" },
    "no transmit": { transmit: undefined },
    "no outsideRth": { outsideRth: undefined },
    "no quantity": { quantity: 0n },
    "a negative quantity": { quantity: -1_000_000n },
    "a quantity that is a number": { quantity: NaN },
    "a quantity a double cannot hold": { quantity: 12_345_678_901_234_567_891n },
    "a limit order without a price": { lmtPrice: null },
    "a limit price of zero": { lmtPrice: 0n },
    "a limit price that is infinite": { lmtPrice: Infinity },
    "a market order with a price": { orderType: "MKT" },
    "a stop without a trigger": { orderType: "STP", lmtPrice: null },
    "an unknown order type": { orderType: "TRAIL" },
    "an unknown side": { side: "SHORT" },
    "an unknown time in force": { tif: "GTD" },
    "conId 0": { conId: 0 },
    "a deadline that is no time": { deadlineMs: NaN },
    "a parent nobody placed": { parentIntentId: "P" },
  };
  for (const [name, changes] of Object.entries(bad)) {
    await t.step(
      name,
      rig({ onRequest: tellTime }, async ({ connect, tws }) => {
        const broker = await connect();
        throws(() => broker.place(order(changes)), RangeError);
        // Nothing is jammed: the next order goes out, whole.
        broker.place(order({ intentId: "good" }));
        await broker.currentTime();
        strictEqual(tws.peer.requestsOf(3).length, 1);
      }),
    );
  }
});

Deno.test(
  "place() refuses a fraction of a share from a server that would round it",
  rig({ onGreeting: (peer) => peer.greet(100) }, async ({ connect }) => {
    const broker = await connect();
    throws(
      () => broker.place(order({ quantity: parseMicros("0.5") })),
      /version 100 takes no fractions/,
    );
  }),
);

Deno.test("order ids", async (t) => {
  await t.step(
    "start at nextValidId and are never used twice, not by a refused order either",
    rig({ onStart: (peer) => peer.ready(41) }, async ({ connect, clock }) => {
      const broker = await connect();
      strictEqual(broker.place(order({ intentId: "A" })).orderId, 41);
      throws(() => broker.place(order({ intentId: "B", deadlineMs: clock.now() - 1 })));
      ok(broker.place(order({ intentId: "C" })).orderId > 41);
    }),
  );
  await t.step(
    "stay above what TWS mentions, when it starts again below",
    rig({
      onStart: (peer) => {
        peer.ready(5);
        peer.send(...openOrder({ orderId: 70 }));
        peer.send(...orderStatus({ orderId: 80 }));
        peer.send(...execDetails({ orderId: 90 }));
        // Another client's order: its ids are its own.
        peer.send(...execDetails({ orderId: 5_000, clientId: 99 }));
      },
      onRequest: tellTime,
    }, async ({ connect }) => {
      const broker = await connect();
      await broker.currentTime();
      strictEqual(broker.place(order()).orderId, 91);
    }),
  );
  await t.step(
    "stay above the floor the ledger gives",
    rig({ onStart: (peer) => peer.ready(1) }, async ({ connect }) => {
      strictEqual((await connect({ orderIdFloor: 500 })).place(order()).orderId, 501);
    }),
  );
  await t.step(
    "end below the ids of requests",
    rig({ onStart: (peer) => peer.ready(9_999_999) }, async ({ connect }) => {
      const broker = await connect();
      strictEqual(broker.place(order({ intentId: "A" })).orderId, 9_999_999);
      throws(() => broker.place(order({ intentId: "B" })), /all order ids/);
    }),
  );
});

Deno.test(
  "place() refuses an intent it has placed already",
  rig({ onRequest: tellTime }, async ({ connect, tws }) => {
    const broker = await connect();
    broker.place(order());
    throws(() => broker.place(order()), /again: it is order 1/);
    await broker.currentTime();
    deepStrictEqual(idsOf(tws.peer), [1]);
  }),
);

Deno.test("place() needs to know which account when the login manages several", async (t) => {
  const two = { onStart: (peer: Peer) => peer.ready(1, "DU1,DU2,") };
  await t.step(
    "none configured",
    rig(two, async ({ connect }) => {
      const broker = await connect();
      throws(() => broker.place(order()), /manages 2 accounts/);
    }),
  );
  await t.step(
    "one configured",
    rig(two, async ({ connect, tws }) => {
      (await connect({ account: "DU2" })).place(order());
      await tws.peer.until(() => tws.peer.requestsOf(3).length === 1);
      ok(tws.peer.requestsOf(3)[0]?.includes("DU2"));
    }),
  );
});

Deno.test(
  "an order placed after the link went down is refused, and never sent over the next link",
  rig({ onRequest: tellTime }, async ({ connect, tws, events }) => {
    const broker = await connect();
    const closed = broker.currentTime().catch(() => {});
    tws.peer.reset();
    await rejects(broker.positions(), NotReadyError);
    await closed;
    deepStrictEqual(states(events).at(-1), "closed");
    throws(() => broker.place(order()), (error) => {
      ok(error instanceof NotReadyError);
      strictEqual(error.missing, "tcp");
      return true;
    });
    throws(() => broker.cancel(1), NotReadyError);
    const second = await connect();
    await second.currentTime();
    deepStrictEqual(idsOf(tws.peer), []);
  }),
);

Deno.test(
  "orders that the rate limit held when the link went down are told as not sent, and stay so",
  rig({ onRequest: tellTime }, async ({ connect, tws, events }) => {
    const broker = await connect();
    const placed = orders(60).map((each) => broker.place(each).orderId);
    await tws.peer.until(() => tws.peer.requestsOf(3).length === 40);
    tws.peer.reset();
    await rejects(broker.positions(), NotReadyError);
    const unsent = ofType(events, "order-message").map(({ orderId, code }) => [orderId, code]);
    deepStrictEqual(unsent, placed.slice(40).map((orderId) => [orderId, ORDER_NOT_SENT]));
    deepStrictEqual(
      ofType(events, "order-status").map(({ orderId, status }) => [orderId, status]),
      placed.slice(40).map((orderId) => [orderId, "ApiCancelled"]),
    );
    strictEqual(events.at(-1)?.type, "connection");
    const second = await connect();
    await second.currentTime();
    deepStrictEqual(tws.peer.requests.map(([id]) => id), ["71", "49"]);
  }),
);

Deno.test(
  "a cancel overtakes every request that waits",
  rig({ onRequest: tellTime }, async ({ connect, tws }) => {
    const broker = await connect();
    const { orderId } = broker.place(order());
    const questions = Array.from({ length: 150 }, () => broker.executions());
    const failed = Promise.allSettled(questions);
    broker.cancel(orderId);
    await tws.peer.until(() => tws.peer.requestsOf(4).length === 1);
    const before = tws.peer.requests.findIndex(([id]) => id === "4");
    // START_API, the order, and the requests that a free second let through at once.
    ok(before <= 35, `${before} messages left before the cancel`);
    await broker.close();
    await failed;
  }),
);

Deno.test(
  "a cancel of an order that has not left takes the order back instead of missing it",
  rig({ onRequest: tellTime }, async ({ connect, tws, events, clock }) => {
    const broker = await connect();
    const placed = orders(50).map((each) => broker.place(each).orderId);
    const last = placed.at(-1) ?? 0;
    broker.cancel(last);
    const [message] = ofType(events, "order-message");
    strictEqual(message?.orderId, last);
    match(message?.text ?? "", /was not sent: it was cancelled before/);
    await sleep(clock, 2_000);
    await broker.currentTime();
    deepStrictEqual(idsOf(tws.peer), placed.slice(0, -1));
    deepStrictEqual(tws.peer.requestsOf(4), []);
  }),
);

Deno.test(
  "an order that cannot leave before its deadline is refused and never leaves",
  rig({ onRequest: tellTime }, async ({ connect, tws, clock }) => {
    const broker = await connect();
    orders(40).forEach((each) => broker.place(each));
    const late = order({ intentId: "late", deadlineMs: clock.now() + 500 });
    throws(() => broker.place(late), /the message rate is used up/);
    throws(
      () => broker.place(order({ intentId: "past", deadlineMs: clock.now() - 1 })),
      /it has passed/,
    );
    await sleep(clock, 3_000);
    await broker.currentTime();
    strictEqual(tws.peer.requestsOf(3).length, 40);
    // Free again: the same intent may be placed, with a deadline it can keep.
    broker.place(order({ intentId: "late", deadlineMs: clock.now() + 500 }));
  }),
);

Deno.test(
  "an order that cancels overtook beyond its deadline is dropped, its children with it, and told",
  rig({ onRequest: tellTime }, async ({ connect, tws, clock, events }) => {
    const broker = await connect();
    orders(40).forEach((each) => broker.place(each));
    const inTime = { deadlineMs: clock.now() + 1_500, intentId: "P", transmit: false };
    const parent = broker.place(order(inTime));
    const child = broker.place(order({ intentId: "C", parentIntentId: "P" }));
    for (let i = 0; i < 85; i++) broker.cancel(1 + i % 40);
    await sleep(clock, 5_000);
    await broker.currentTime();
    strictEqual(tws.peer.requestsOf(4).length, 85);
    strictEqual(tws.peer.requestsOf(3).length, 40);
    deepStrictEqual(ofType(events, "order-message").map(({ orderId, text }) => [orderId, text]), [
      [
        parent.orderId,
        "Order 41 was not sent: its deadline passed while the message rate was used up",
      ],
      [child.orderId, "Order 42 was not sent: its parent was not sent"],
    ]);
    throws(() => broker.place(order({ intentId: "D", parentIntentId: "P" })), /was not placed/);
  }),
);

Deno.test(
  "cancels that were held back at close are told, for their orders live on",
  rig({}, async ({ connect, events }) => {
    const broker = await connect();
    for (let id = 1; id <= 50; id++) broker.cancel(id);
    await broker.close();
    const codes = ofType(events, "order-message").map(({ orderId, code }) => [orderId, code]);
    deepStrictEqual(codes, [46, 47, 48, 49, 50].map((orderId) => [orderId, CANCEL_NOT_SENT]));
  }),
);

Deno.test(
  "place() refuses while TWS has no link to IB, and places again afterwards",
  rig({ onRequest: tellTime }, async ({ connect, tws, events }) => {
    const broker = await connect();
    tws.peer.send(4, 2, -1, 1100, "Connectivity has been lost.", "");
    await broker.currentTime();
    throws(() => broker.place(order()), (error) => {
      ok(error instanceof NotReadyError);
      strictEqual(error.missing, "upstream");
      return true;
    });
    tws.peer.send(4, 2, -1, 1102, "Connectivity has been restored.", "");
    await broker.currentTime();
    broker.place(order());
    deepStrictEqual(states(events), ["connecting", "ready", "upstream-lost", "ready"]);
  }),
);
