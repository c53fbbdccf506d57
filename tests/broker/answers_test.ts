import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { NotReadyError } from "../../lib/broker/broker.ts";
import { RequestRefusedError } from "../../lib/broker/failures.ts";
import { TimeoutError } from "../../lib/clock.ts";
import { parseMicros } from "../../lib/money.ts";
import { UNSET_ORDER } from "../../lib/wire/order_defaults.ts";
import { EMPTY_ORDER_CONTRACT } from "../../lib/wire/contract.ts";
import type { Peer } from "./hostile_tws.ts";
import { notices, ofType, rig, START_MS } from "./rig.ts";
import { contractDetails, execDetails, fieldsOf, openOrder, orderStatus } from "./words.ts";

/** Answers are whole or they are errors; late ones are dropped. */

type Answer = (fields: readonly string[], peer: Peer) => void;
type Answers = Readonly<Record<string, Answer>>;

const answering = (answers: Answers): Answer => (fields, peer) =>
  answers[fields[0] ?? ""]?.(fields, peer);
const time: Answer = (_, peer) => peer.send(49, 1, START_MS / 1000);

function positionRow(account: string, conId: number, quantity: string): (string | number)[] {
  const contract = [conId, `S${conId}`, "STK", "", 0, "", "", "NASDAQ", "USD", "S", "NMS"];
  return [61, 3, account, ...contract, quantity, "10.5"];
}

Deno.test(
  "openOrders() asks for everybody's orders and merges each with its status",
  rig({
    onRequest: answering({
      "16": (_, peer) => {
        peer.send(...openOrder({ orderId: 1, permId: 1001 }));
        peer.send(...orderStatus({ orderId: 1, permId: 1001, filled: "40" }));
        // TWS repeats itself: one order stays one.
        peer.send(...openOrder({ orderId: 1, permId: 1001 }));
        peer.send(...orderStatus({ orderId: 1, permId: 1001, filled: "40" }));
        // Entered by hand: no order id.
        peer.send(...openOrder({ orderId: 0, permId: 1002, clientId: 0, orderRef: "" }));
        peer.send(53, 1);
      },
    }),
  }, async ({ connect, events }) => {
    const rows = await (await connect()).openOrders();
    deepEqual(rows, [
      {
        orderId: 1,
        permId: 1001,
        clientId: 7,
        orderRef: "rt-1",
        symbol: "AAPL",
        conId: 265598,
        account: "DU1",
        side: "BUY",
        orderType: "LMT",
        quantity: parseMicros("100"),
        lmtPrice: parseMicros("182.94"),
        auxPrice: null,
        status: "Submitted",
        filled: parseMicros("40"),
        parentId: 0,
      },
      { ...rows[0], orderId: 0, permId: 1002, clientId: 0, orderRef: "", filled: null },
    ]);
    equal(ofType(events, "open-order").length, 3);
  }),
);

Deno.test("completedOrders() reads what became of them, from old servers too", async (t) => {
  for (const version of [160, 178, 193]) {
    const completed = fieldsOf({
      type: "completedOrder",
      contract: { ...EMPTY_ORDER_CONTRACT, conId: 265598, symbol: "AAPL", secType: "STK" },
      order: {
        ...UNSET_ORDER,
        action: "SELL",
        totalQuantity: parseMicros("100"),
        orderType: "MKT",
        orderRef: "rt-9",
        permId: 1009,
        account: "DU1",
        filledQuantity: parseMicros("60"),
      },
      status: "Cancelled",
      completedTime: "20260402 10:00:00 US/Eastern",
      completedStatus: "Cancelled by Trader",
    }, version);
    await t.step(
      `version ${version}`,
      rig({
        onGreeting: (peer) => peer.greet(version),
        onRequest: answering({
          "99": (_, peer) => {
            peer.send(...completed);
            peer.send(102);
          },
        }),
      }, async ({ connect }) => {
        const [row, ...others] = await (await connect()).completedOrders();
        equal(others.length, 0);
        deepEqual(
          [row?.permId, row?.orderRef, row?.status, row?.side, row?.account],
          [1009, "rt-9", "Cancelled", "SELL", "DU1"],
        );
        deepEqual([row?.quantity, row?.filled], [parseMicros("100"), parseMicros("60")]);
      }),
    );
  }
});

Deno.test(
  "positions() ends its subscription, and what is held no more is no position",
  rig({
    onRequest: answering({
      "61": (_, peer) => {
        peer.send(...positionRow("DU1", 1, "100"));
        peer.send(...positionRow("DU1", 2, "0"));
        peer.send(...positionRow("DU2", 1, "-7.5"));
        peer.send(62, 1);
      },
      "49": time,
    }),
  }, async ({ connect, tws, events }) => {
    const broker = await connect();
    const rows = await broker.positions();
    deepEqual(rows.map(({ account, conId, quantity }) => [account, conId, quantity]), [
      ["DU1", 1, parseMicros("100")],
      ["DU2", 1, parseMicros("-7.5")],
    ]);
    equal(rows[0]?.avgCost, parseMicros("10.5"));
    await broker.currentTime();
    equal(tws.peer.requestsOf(64).length, 1);
    deepEqual(ofType(events, "position"), []);
    // Unasked, it is news.
    tws.peer.send(...positionRow("DU1", 3, "5"));
    await broker.currentTime();
    equal(ofType(events, "position").length, 1);
  }),
);

Deno.test(
  "executions() comes with the commissions that came, and no executions as news",
  rig({
    onRequest: answering({
      "7": ([, , reqId], peer) => {
        peer.send(...execDetails({ reqId: Number(reqId), execId: "a.01" }));
        peer.send(59, 1, "a.01", "1.000003", "USD", "1.7976931348623157E308", "", 0);
        peer.send(...execDetails({ reqId: Number(reqId), execId: "b.01", side: "SLD" }));
        peer.send(59, 1, "b.01", "1.7976931348623157E308", "USD", "", "", 0);
        peer.send(59, 1, "other.01", "2", "USD", "3.5", "", 0);
        peer.send(55, 1, reqId);
      },
    }),
  }, async ({ connect, events }) => {
    const answer = await (await connect()).executions();
    deepEqual(answer.executions.map(({ execId, side }) => [execId, side]), [
      ["a.01", "BUY"],
      ["b.01", "SELL"],
    ]);
    deepEqual(answer.commissions, [
      { execId: "a.01", amount: parseMicros("1.000003"), currency: "USD", realizedPnl: null },
    ]);
    deepEqual(ofType(events, "execution"), []);
    deepEqual(ofType(events, "commission").map(({ commission }) => commission.execId), [
      "a.01",
      "other.01",
    ]);
  }),
);

Deno.test(
  "a commission TWS does not know yet is no commission",
  rig({ onRequest: answering({ "49": time }) }, async ({ connect, tws, events }) => {
    const broker = await connect();
    tws.peer.send(59, 1, "a", "-1", "USD", "1.7976931348623157E308", "", 0);
    tws.peer.send(59, 1, "a", "1.7976931348623157E308", "USD", "", "", 0);
    tws.peer.send(59, 1, "a", "-0.35", "USD", "-1", "", 0);
    tws.peer.send(59, 1, "b", "1", "USD", "-12.25", "", 0);
    await broker.currentTime();
    const said = ofType(events, "commission").map(({ commission }) => commission);
    deepEqual(said.map(({ amount, realizedPnl }) => [amount, realizedPnl]), [
      [parseMicros("-0.35"), null],
      [parseMicros("1"), parseMicros("-12.25")],
    ]);
  }),
);

Deno.test(
  "an execution says when, where and for which order it was",
  rig({ onRequest: answering({ "49": time }) }, async ({ connect, tws, events }) => {
    const broker = await connect();
    tws.peer.send(...execDetails({ orderId: 5 }));
    await broker.currentTime();
    deepEqual(ofType(events, "execution").map(({ execution }) => execution), [{
      execId: "0000e0d5.6ab9ea82.01.01",
      orderId: 5,
      permId: 1001,
      clientId: 7,
      orderRef: "rt-1",
      account: "DU1",
      symbol: "AAPL",
      conId: 265598,
      side: "BUY",
      quantity: parseMicros("100"),
      price: parseMicros("182.94"),
      time: Date.UTC(2026, 3, 13, 19, 27, 4),
      exchange: "ISLAND",
      cumQty: parseMicros("100"),
      lastLiquidity: 2,
    }]);
  }),
);

Deno.test(
  "accountValues() keeps the text, of this account alone, and ends its subscription",
  rig({
    onRequest: answering({
      "62": ([, , reqId], peer) => {
        peer.send(63, 1, reqId, "DU1", "NetLiquidation", "100000.000003", "USD");
        peer.send(63, 1, reqId, "DU2", "NetLiquidation", "7", "USD");
        peer.send(63, 1, reqId, "DU1", "TotalCashValue", "99999.50", "USD");
        peer.send(64, 1, reqId);
      },
      "49": time,
    }),
  }, async ({ connect, tws }) => {
    const broker = await connect();
    const { account, values } = await broker.accountValues("DU1");
    equal(account, "DU1");
    deepEqual([...values], [
      ["NetLiquidation", "100000.000003"],
      ["TotalCashValue", "99999.50"],
    ]);
    await broker.currentTime();
    deepEqual(tws.peer.requestsOf(63), [["63", "1", tws.peer.requestsOf(62)[0]?.[2]]]);
    await rejects(broker.accountValues("DU3"), /says nothing of account "DU3"/);
  }),
);

Deno.test("instrument()", async (t) => {
  await t.step(
    "knows the contract",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => {
          peer.send(...contractDetails(Number(reqId)));
          peer.send(52, 1, reqId);
        },
      }),
    }, async ({ connect }) => {
      deepEqual(await (await connect()).instrument("AAPL"), {
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
      });
    }),
  );
  await t.step(
    "is null when TWS has no such stock",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => peer.send(4, 2, reqId, 200, "No security definition", ""),
      }),
    }, async ({ connect }) => equal(await (await connect()).instrument("PRTG"), null)),
  );
  await t.step(
    "refuses to choose between two",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => {
          peer.send(...contractDetails(Number(reqId), { conId: 1 }));
          peer.send(...contractDetails(Number(reqId), { conId: 2 }));
          peer.send(52, 1, reqId);
        },
      }),
    }, async ({ connect }) => {
      await rejects((await connect()).instrument("AAPL"), /ambiguous: 1 at NASDAQ, 2 at NASDAQ/);
    }),
  );
  await t.step(
    "fails for any other refusal",
    rig({
      onRequest: answering({
        "9": ([, , reqId], peer) => peer.send(4, 2, reqId, 321, "Error validating request", ""),
      }),
    }, async ({ connect }) => {
      await rejects((await connect()).instrument("AAPL"), (error) => {
        ok(error instanceof RequestRefusedError);
        equal(error.code, 321);
        return true;
      });
    }),
  );
});

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
      equal(result.reason.what, endMarker);
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
    deepEqual((await second).map(({ permId }) => permId), [1001, 1002]);
  }),
);

Deno.test(
  "a late answer to a numbered question is dropped, and its errors too",
  rig({ onRequest: answering({ "49": time }) }, async ({ connect, tws, events }) => {
    const broker = await connect();
    await rejects(broker.executions(), TimeoutError);
    const [[, , reqId] = []] = tws.peer.requestsOf(7);
    events.length = 0;
    tws.peer.send(...execDetails({ reqId: Number(reqId) }));
    tws.peer.send(55, 1, reqId);
    tws.peer.send(4, 2, reqId, 162, "Historical data refused", "");
    await broker.currentTime();
    deepEqual(events, []);
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
    deepEqual(first.map(({ conId }) => conId), [1]);
    deepEqual(second.map(({ conId }) => conId), [2]);
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
    equal(answers.length, 10);
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
    equal(clock.now(), START_MS);
    deepEqual(notices(events), ["321 Error validating request: Read-Only mode."]);
  }),
);

Deno.test(
  "errors go by their id to the system, an order or a request",
  rig({
    onRequest: answering({
      "49": time,
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
    deepEqual(events, [
      { type: "notice", code: 2104, text: "Market data farm connection is OK:usfarm" },
      { type: "order-message", orderId: 1, code: 399, text: "Order Message:\nWarning" },
      { type: "order-message", orderId: 0, code: 202, text: "Order Canceled - reason:" },
      { type: "notice", code: 2110, text: "Connectivity is broken" },
      { type: "connection", state: "upstream-lost", detail: "Connectivity is broken" },
      { type: "notice", code: 2174, text: "Warning: no time zone" },
    ]);
  }),
);
