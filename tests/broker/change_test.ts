import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { CHANGE_NOT_SENT } from "../../lib/broker/codes.ts";
import { parseMicros } from "../../lib/money.ts";
import type { Change } from "../../lib/orders/order.ts";
import { decodeRequest } from "../../lib/wire/requests.ts";
import { ofType, order, rig, START_MS, tellTime } from "./rig.ts";
import { openOrder } from "./words.ts";

/** From a Change to bytes: the whole order once more, under the id it has. */

const STOP = {
  intentId: "C",
  orderRef: "rt-C",
  side: "SELL",
  role: "stop",
  orderType: "STP",
  tif: "GTC",
  lmtPrice: null,
  auxPrice: parseMicros("180.5"),
  parentIntentId: "P",
} as const;

/** As `tighten()` makes them; the types let nobody else. */
function change(orderId: number, rest: Parameters<typeof order>[0] = {}): Change {
  const moved = order({ ...STOP, auxPrice: parseMicros("181.5"), ...rest });
  return { orderId, order: moved } as unknown as Change;
}

Deno.test(
  "change() sends the same order under the same id, with its parent and the new price",
  rig({}, async ({ connect, tws }) => {
    const broker = await connect();
    const parent = broker.place(order({ intentId: "P", transmit: false }));
    const { orderId } = broker.place(order(STOP));
    broker.change(change(orderId));
    await tws.peer.until(() => tws.peer.requestsOf(3).length === 3);
    const [before = [], after = []] = tws.peer.requestsOf(3).slice(1);
    const differing = after.flatMap((field, at) => field === before[at] ? [] : [field]);
    deepStrictEqual(differing, ["181.5"]);
    const request = decodeRequest(after, 178);
    ok(request.type === "placeOrder");
    deepStrictEqual(
      [request.orderId, request.order.parentId, request.order.auxPrice, request.order.transmit],
      [orderId, parent.orderId, parseMicros("181.5"), true],
    );
  }),
);

Deno.test(
  "a change of an order of an earlier connection goes out under the id and the parent TWS shows",
  rig({
    onRequest: (fields, peer) => {
      tellTime(fields, peer);
      if (fields[0] !== "16") return;
      peer.send(...openOrder({ orderId: 41, clientId: 7, parentId: 40 }));
      peer.send(...openOrder({ orderId: 42, clientId: 9, parentId: 3 }));
      peer.send(53, 1);
    },
  }, async ({ connect, tws }) => {
    const broker = await connect();
    throws(() => broker.change(change(41)), /order 41: TWS has not shown it/);
    await broker.openOrders();
    broker.change(change(41));
    throws(() => broker.change(change(42)), RangeError, "another client's order");
    await tws.peer.until(() => tws.peer.requestsOf(3).length === 1);
    const request = decodeRequest(tws.peer.requestsOf(3)[0] ?? [], 178);
    ok(request.type === "placeOrder");
    deepStrictEqual([request.orderId, request.order.parentId], [41, 40]);
  }),
);

Deno.test(
  "change() refuses at the border what must not reach the wire",
  rig({ onRequest: tellTime }, async ({ connect, tws }) => {
    const broker = await connect();
    broker.place(order({ intentId: "P", transmit: false }));
    const { orderId } = broker.place(order(STOP));
    throws(() => broker.change(change(orderId, { auxPrice: null })), RangeError);
    throws(() => broker.change(change(orderId, { auxPrice: 0n })), RangeError);
    throws(() => broker.change(change(orderId, { orderRef: "a\0b" })), RangeError);
    throws(() => broker.change(change(99)), RangeError);
    throws(() => broker.change(change(orderId, { deadlineMs: START_MS - 1 })), RangeError);
    await broker.currentTime();
    strictEqual(tws.peer.requestsOf(3).length, 2);
  }),
);

Deno.test(
  "a change that the rate limit held when the link went down is told as not sent",
  rig({ onRequest: tellTime }, async ({ connect, tws, events }) => {
    const broker = await connect({ maxMessagesPerSecond: 10 });
    broker.place(order({ intentId: "P", transmit: false }));
    const { orderId } = broker.place(order(STOP));
    throws(
      () => {
        for (let n = 0; n < 50; n++) broker.change(change(orderId, { deadlineMs: START_MS + 1 }));
      },
      /Cannot send before the deadline/,
    );
    broker.change(change(orderId));
    tws.peer.reset();
    await rejects(broker.positions(), NotReadyError);
    const unsent = ofType(events, "order-message").map((said) => [said.orderId, said.code]);
    deepStrictEqual(unsent, [[orderId, CHANGE_NOT_SENT]]);
  }),
);

Deno.test(
  "change() is refused while TWS has lost IB, and over a closed link",
  rig({ onRequest: tellTime }, async ({ connect, tws }) => {
    const broker = await connect();
    broker.place(order({ intentId: "P", transmit: false }));
    const { orderId } = broker.place(order(STOP));
    tws.peer.send(4, 2, -1, 1100, "Connectivity between IB and TWS has been lost.", "");
    await broker.currentTime();
    throws(() => broker.change(change(orderId)), NotReadyError);
    tws.peer.send(4, 2, -1, 1102, "Connectivity has been restored.", "");
    await broker.currentTime();
    broker.change(change(orderId));
    await broker.close();
    throws(() => broker.change(change(orderId)), /Connect again and reconcile first/);
  }),
);
