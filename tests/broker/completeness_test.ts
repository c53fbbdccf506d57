import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { RequestRefusedError } from "../../lib/broker/failures.ts";
import { TimeoutError } from "../../lib/clock.ts";
import { answering } from "./hostile_tws.ts";
import { notices, rig, START_MS, tellTime } from "./rig.ts";
import { execDetails, openOrder, positionRow } from "./words.ts";

/** Answers are whole or they are errors; late ones are dropped. */

Deno.test(
  "an answer whose End never comes is an error that names it",
  rig({}, async ({ connect }) => {
    const broker = await connect();
    const questions: Record<string, Promise<unknown>> = {
      "openOrderEnd (53)": broker.openOrders(),
      "completedOrdersEnd (102)": broker.completedOrders(),
      "positionEnd (62)": broker.positions(),
      "currentTime (49)": broker.currentTime(),
      "execDetailsEnd (55)": broker.executions(),
      "accountSummaryEnd (64)": broker.accountValues("DU1"),
      "contractDetailsEnd (52)": broker.instrument("AAPL"),
    };
    const settled = await Promise.allSettled(Object.values(questions));
    Object.keys(questions).forEach((endMarker, i) => {
      const result = settled[i];
      ok(result?.status === "rejected" && result.reason instanceof TimeoutError);
      strictEqual(result.reason.what, endMarker);
    });
  }),
);

Deno.test(
  "rows of an open-order list whose End came too late do not shorten the next list",
  rig({
    onRequest: answering({
      "16": (_, peer) => {
        if (peer.requestsOf(16).length > 1) return;
        peer.send(...openOrder({ orderId: 1, permId: 1001 }));
      },
    }),
  }, async ({ connect, tws }) => {
    const broker = await connect();
    await rejects(broker.openOrders(), TimeoutError);
    const second = broker.openOrders();
    await tws.peer.until(() => tws.peer.requestsOf(16).length === 2);
    // What was left of the first answer, its End included, before a word of the second.
    tws.peer.send(...openOrder({ orderId: 2, permId: 1002 }));
    tws.peer.send(53, 1);
    deepStrictEqual((await second).map(({ permId }) => permId), [1001, 1002]);
  }),
);

Deno.test(
  "a late answer to a numbered question is dropped, and its errors too",
  rig({ onRequest: answering({ "49": tellTime }) }, async ({ connect, tws, events }) => {
    const broker = await connect();
    await rejects(broker.executions(), TimeoutError);
    const [[, , reqId] = []] = tws.peer.requestsOf(7);
    events.length = 0;
    tws.peer.send(...execDetails({ reqId: Number(reqId) }));
    tws.peer.send(55, 1, reqId);
    tws.peer.send(4, 2, reqId, 162, "Historical data refused", "");
    await broker.currentTime();
    deepStrictEqual(events, []);
  }),
);

Deno.test(
  "questions without an id wait for each other, so that their answers cannot be mixed up",
  rig({
    onRequest: answering({
      "61": (_, peer) => {
        const turn = peer.requestsOf(61).length;
        peer.send(...positionRow("DU1", turn, "1"));
        peer.send(62, 1);
      },
    }),
  }, async ({ connect }) => {
    const broker = await connect();
    const [first, second] = await Promise.all([broker.positions(), broker.positions()]);
    deepStrictEqual(first.map(({ conId }) => conId), [1]);
    deepStrictEqual(second.map(({ conId }) => conId), [2]);
  }),
);

Deno.test(
  "the time for an answer starts when the question leaves, not while the rate holds it back",
  rig({
    onRequest: answering({
      "7": ([, , reqId], peer) => peer.send(55, 1, reqId),
    }),
  }, async ({ connect, clock }) => {
    const broker = await connect({ maxMessagesPerSecond: 1, answerTimeoutMs: 100 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => broker.executions()));
    strictEqual(answers.length, 10);
    ok(clock.now() - START_MS >= 9_000);
  }),
);

Deno.test(
  "no more questions wait for an answer than a bound allows",
  rig({}, async ({ connect }) => {
    const broker = await connect();
    const questions = Array.from({ length: 200 }, () => broker.executions());
    const settled = Promise.allSettled(questions);
    await rejects(broker.executions(), /200 questions wait for an answer already/);
    const lists = Array.from({ length: 21 }, () => broker.positions());
    const listsSettled = Promise.allSettled(lists);
    await rejects(broker.positions(), /20 are waiting already/);
    await broker.close();
    for (const result of [...await settled, ...await listsSettled]) {
      ok(result.status === "rejected" && result.reason instanceof NotReadyError);
    }
  }),
);

Deno.test(
  "a read-only API is said at once by the questions it refuses without an id",
  rig({
    onRequest: answering({
      "16": (_, peer) => peer.send(4, 2, -1, 321, "Error validating request: Read-Only mode.", ""),
    }),
  }, async ({ connect, clock, events }) => {
    const broker = await connect();
    await rejects(broker.openOrders(), (error) => {
      ok(error instanceof RequestRefusedError);
      match(error.message, /error 321: .*Read-Only/);
      return true;
    });
    strictEqual(clock.now(), START_MS);
    deepStrictEqual(notices(events), ["321 Error validating request: Read-Only mode."]);
  }),
);

Deno.test(
  "errors go by their id to the system, an order or a request",
  rig({
    onRequest: answering({
      "49": tellTime,
      "7": ([, , reqId], peer) => {
        // A warning does not fail the request.
        peer.send(4, 2, reqId, 2174, "Warning: no time zone", "");
        peer.send(55, 1, reqId);
      },
    }),
  }, async ({ connect, tws, events }) => {
    const broker = await connect();
    events.length = 0;
    tws.peer.send(4, 2, -1, 2104, "Market data farm connection is OK:usfarm", "");
    tws.peer.send(4, 2, 1, 399, "Order Message:\nWarning", "");
    tws.peer.send(4, 2, 0, 202, "Order Canceled - reason:", "");
    // An id nobody gave out: TWS speaks of itself.
    tws.peer.send(4, 2, 2_147_483_647, 2110, "Connectivity is broken", "");
    await broker.executions();
    deepStrictEqual(events, [
      { type: "notice", code: 2104, text: "Market data farm connection is OK:usfarm" },
      { type: "order-message", orderId: 1, code: 399, text: "Order Message:\nWarning" },
      { type: "order-message", orderId: 0, code: 202, text: "Order Canceled - reason:" },
      { type: "notice", code: 2110, text: "Connectivity is broken" },
      { type: "connection", state: "upstream-lost", detail: "Connectivity is broken" },
      { type: "notice", code: 2174, text: "Warning: no time zone" },
    ]);
  }),
);
